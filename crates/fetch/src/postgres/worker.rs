//! A batch as one worker of a fleet.

use std::{
    future::Future,
    pin::pin,
    sync::{Arc, Mutex, PoisonError},
};

use futures_util::Stream;
use seedance_query::{download::create_directories, model::TaskId};
use tokio::sync::oneshot;

use super::{address::PostgresAddress, ledger::PostgresLedger};
use crate::{
    blocking::blocking, directory_lock::DirectoryLock, error::FetchError, event::FetchEvent,
    fleet::Fleet, options::Options, run::Run, summary::FetchSummary, video_store::VideoStore,
};

/// Runs a batch with the ledger of a fleet.
pub(crate) async fn run_worker(
    mut options: Options,
    fleet: &Fleet,
    ids: impl Stream<Item = TaskId>,
    on_event: impl FnMut(FetchEvent),
    stop: impl Future<Output = ()>,
) -> Result<FetchSummary, FetchError> {
    let address: PostgresAddress = fleet.url.parse()?;
    let store = VideoStore::open_if_any(options.store.as_ref()).await?;
    options.held_at_a_time = Some(fleet.tasks);
    let directory = options.directory.clone();
    let _lock = blocking(move || {
        create_directories(&directory).map_err(|cause| {
            FetchError::io(format!("cannot create {}", directory.display()), cause)
        })?;
        DirectoryLock::share(&directory)
    })
    .await?;
    let opened = PostgresLedger::open(&address, fleet.lease, fleet.patience);
    let (ledger, mut notices) = opened.await?;
    let rate = options.requests_per_second.take();
    ledger.set_limits(rate, fleet.downloads).await?;
    options.client = options.client.taking_turns(Arc::new(ledger.turns()));
    let fetch = Arc::new(options);
    // The run and what is noticed of the database tell their events in turn.
    let on_event = Mutex::new(on_event);
    let say = |event| (on_event.lock().unwrap_or_else(PoisonError::into_inner))(event);
    let (end, is_ended) = oneshot::channel::<()>();
    let mut end = Some(end);
    let run = Run::new(fetch, ledger.clone(), store).run(ids, &say, async {
        let _ = is_ended.await;
    });
    let (mut run, mut stop) = (pin!(run), pin!(stop));
    let summary = loop {
        tokio::select! {
            summary = &mut run => break summary,
            Some(event) = notices.recv() => say(event),
            () = &mut stop, if end.is_some() => {
                ledger.hurry();
                if let Some(end) = end.take() {
                    let _ = end.send(());
                }
            }
        }
    };
    let mut summary = summary?;
    summary.fleet = Some(ledger.status().await?);
    Ok(summary)
}
