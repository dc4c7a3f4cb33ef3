//! The result of a download: the video is registered, or the download is retried or given up.

use std::time::Duration;

use super::{
    blocking::blocking,
    error::FetchError,
    event::FetchEvent,
    ledger::{Claim, Ledger, Placing},
    queue::{DownloadOutcome, Fetched},
    run::Run,
    store_url::location,
    video_kind::VideoKind,
};
use seedance_query::{
    download::{self, DownloadError, StagedVideo},
    model::TaskId,
};

/// Maximum number of downloads of a video in a run.
const TRIES: u32 = 3;

/// A download that fails after more than this is left for another run.
const MAX_RETRIED: Duration = Duration::from_mins(2);

impl<L: Ledger> Run<L> {
    /// Adopts a complete video that already exists under its name, such as after the loss of a ledger.
    /// A store is asked where the download begins, so that nothing else waits for it.
    pub(super) async fn adopt(
        &mut self,
        claim: &Claim,
        kind: VideoKind,
        on_event: &mut impl FnMut(FetchEvent),
    ) -> Result<bool, FetchError> {
        if self.store.is_some() {
            return Ok(false);
        }
        let name = file_name(&claim.task_id, kind);
        let path = self.fetch.directory.join(&name);
        let Ok(found) = blocking(move || download::inspect(&path)).await else {
            return Ok(false);
        };
        let placing = Placing {
            file: name,
            bytes: found.bytes,
            sha256: found.sha256,
            verification: None,
        };
        self.ledger.placing(claim, kind, placing).await?;
        self.ledger.placed(claim, kind, true).await?;
        self.arrived(&claim.task_id, kind, true, on_event).await?;
        Ok(true)
    }

    /// Takes in the end of a download of a task that this run still holds.
    pub(super) async fn downloaded(
        &mut self,
        download: DownloadOutcome,
        on_event: &mut impl FnMut(FetchEvent),
    ) -> Result<(), FetchError> {
        let DownloadOutcome {
            wanted,
            tries,
            took,
            outcome,
        } = download;
        let (claim, kind) = (wanted.claim.clone(), wanted.kind);
        if !self.held.has(&claim) {
            return Ok(());
        }
        let placed = match outcome {
            Fetched::Failed(error) => Err(error),
            Fetched::Staged(staged) => match self.place(&claim, kind, staged).await {
                Ok(placed) => placed.map(|()| false),
                Err(error) => return self.settle(&claim, Err(error), on_event).await,
            },
            Fetched::Stored(staged) => {
                if let Err(error) = self.ledger.placed(&claim, kind, true).await {
                    return self.settle(&claim, Err(error), on_event).await;
                }
                let was_there = staged.is_none();
                let file = self.fetch.directory.join(file_name(&claim.task_id, kind));
                blocking(move || match staged {
                    Some(staged) => staged.remove(),
                    None => download::remove_unfinished(&file),
                })
                .await;
                Ok(was_there)
            }
            Fetched::NotStored(problem) => {
                let mut outcome = self.ledger.placed(&claim, kind, false).await;
                if outcome.is_ok() {
                    outcome = self.leave(&claim, &problem, on_event).await;
                }
                self.held.video_done(&claim);
                return self.settle(&claim, outcome, on_event).await;
            }
            Fetched::NotNoted(error) => return self.settle(&claim, Err(error), on_event).await,
        };
        let outcome = match placed {
            Ok(was_there) => {
                let id = &claim.task_id;
                self.arrived(id, kind, was_there, on_event).await
            }
            Err(error) if error.is_retryable() && tries < TRIES && took < MAX_RETRIED => {
                self.begin_download(wanted, tries + 1);
                return Ok(());
            }
            Err(error) if error.is_already_exists() => {
                let problem = format!("{error}; move it away and run again");
                self.leave(&claim, &problem, on_event).await
            }
            Err(error) if error.is_retryable() || error.is_io() => {
                self.leave(&claim, &error.to_string(), on_event).await
            }
            Err(error) => self.unavailable(&claim, &error.to_string(), on_event).await,
        };
        self.held.video_done(&claim);
        self.settle(&claim, outcome, on_event).await
    }

    /// Records the checksum in the ledger, then gives the verified file its name.
    async fn place(
        &self,
        claim: &Claim,
        kind: VideoKind,
        staged: StagedVideo,
    ) -> Result<Result<(), DownloadError>, FetchError> {
        let placing = Placing {
            file: file_name(&claim.task_id, kind),
            bytes: staged.bytes(),
            sha256: staged.sha256().to_owned(),
            verification: Some(staged.verification().to_string()),
        };
        self.ledger.placing(claim, kind, placing).await?;
        let placed = blocking(move || staged.place()).await;
        self.ledger.placed(claim, kind, placed.is_ok()).await?;
        Ok(placed.map(drop))
    }

    pub(super) async fn arrived(
        &mut self,
        id: &TaskId,
        kind: VideoKind,
        was_there: bool,
        on_event: &mut impl FnMut(FetchEvent),
    ) -> Result<(), FetchError> {
        if let Some(video) = self.ledger.video(id.clone(), kind).await? {
            on_event(FetchEvent::Arrived {
                task_id: id.clone(),
                kind,
                file: location(&self.fetch.directory, &video.file.unwrap_or_default()),
                bytes: video.bytes.unwrap_or_default(),
                sha256: video.sha256.unwrap_or_default(),
                verification: video.verification,
                was_there,
            });
        }
        Ok(())
    }
}

pub(super) fn file_name(id: &TaskId, kind: VideoKind) -> String {
    download::video_name(id, kind == VideoKind::Original)
}
