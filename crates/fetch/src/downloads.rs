//! The running downloads of a batch.

use std::time::Instant;

use super::{
    arrivals::file_name,
    download_events::with_events,
    event::FetchEvent,
    ledger::Ledger,
    queue::{DownloadOutcome, Fetched, Wanted},
    run::Run,
    video_kind::VideoKind,
};

impl<L: Ledger> Run<L> {
    /// Starts downloads up to the concurrency limit.
    pub(super) fn begin_downloads(&mut self) {
        while self.downloads.len() < self.fetch.downloads.get()
            && let Some(wanted) = self.queue.pop()
        {
            self.begin_download(wanted, 1);
        }
    }

    pub(super) fn begin_download(&mut self, wanted: Wanted, tries: u32) {
        let kind = wanted.kind;
        let fetch = &self.fetch;
        let download = fetch
            .client
            .download(&wanted.claim.task_id, wanted.url.clone());
        let mut download = with_events(download, &wanted.claim.task_id, kind, &self.progress)
            .into_dir(&fetch.directory)
            .verify(fetch.verify)
            .allow_private(fetch.allow_private)
            .allow_http(fetch.allow_http);
        if kind == VideoKind::Original {
            download = download.original();
        }
        if let Some(bytes) = fetch.max_bytes {
            download = download.max_bytes(bytes);
        }
        if let Some(speed) = fetch.min_speed {
            download = download.min_speed(speed);
        }
        if let Some(timeout) = fetch.download_timeout {
            download = download.total_timeout(timeout);
        }
        let (claim, ledger) = (wanted.claim.clone(), self.ledger.clone());
        let (store, name) = (self.store.clone(), file_name(&claim.task_id, kind));
        let started = self.downloads.spawn(async move {
            let Ok(_slot) = ledger.download_slot().await else {
                // The run finds out as well, and ends.
                return std::future::pending().await;
            };
            let began = Instant::now();
            let outcome = match store {
                Some(store) => store.fetch(&name, &wanted, download, &ledger).await,
                None => match download.stage().await {
                    Ok(staged) => Fetched::Staged(staged),
                    Err(error) => Fetched::Failed(error),
                },
            };
            DownloadOutcome {
                wanted,
                tries,
                took: began.elapsed(),
                outcome,
            }
        });
        self.held.download_begun(&claim, started);
    }

    /// Forwards the events reported so far.
    pub(super) fn report_progress(&mut self, on_event: &mut impl FnMut(FetchEvent)) {
        while let Ok(event) = self.progressed.try_recv() {
            on_event(event);
        }
    }
}
