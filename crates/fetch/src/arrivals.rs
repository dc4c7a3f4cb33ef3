//! The result of a download: the video is registered, or the download is retried or given up.

use std::time::Duration;

use super::{
    blocking::blocking, error::FetchError, event::FetchEvent, queue::DownloadOutcome, run::Run,
    video_kind::VideoKind,
};
use seedance_query::{download, model::TaskId};

/// Maximum number of downloads of a video in a run.
const TRIES: u32 = 3;

/// A download that fails after more than this is left for another run.
const MAX_RETRIED: Duration = Duration::from_mins(2);

impl Run {
    /// Adopts a complete video that already exists under its name, such as after the loss of a ledger.
    pub(super) async fn adopt(
        &mut self,
        id: &TaskId,
        kind: VideoKind,
        on_event: &mut impl FnMut(FetchEvent),
    ) -> Result<bool, FetchError> {
        let name = file_name(id, kind);
        let path = self.fetch.directory.join(&name);
        let Ok(found) = blocking(move || download::inspect(&path)).await else {
            return Ok(false);
        };
        let task_id = id.clone();
        let noted = self.ledger.with(move |ledger| {
            let found = (name.as_str(), found.bytes, found.sha256.as_str());
            ledger.placing(&task_id, kind, found, None)?;
            ledger.placed(&task_id, kind, true)
        });
        noted.await?;
        self.arrived(id, kind, true, on_event).await?;
        Ok(true)
    }

    /// Records the checksum in the ledger, then gives the verified file its name.
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
        let (id, kind) = (wanted.task_id.clone(), wanted.kind);
        let placed = match outcome {
            Ok(staged) => {
                let task_id = id.clone();
                let placed = self.ledger.with(move |ledger| {
                    let name = file_name(&task_id, kind);
                    let found = (name.as_str(), staged.bytes(), staged.sha256());
                    let verification = staged.verification().to_string();
                    ledger.placing(&task_id, kind, found, Some(&verification))?;
                    let placed = staged.place();
                    ledger.placed(&task_id, kind, placed.is_ok())?;
                    Ok(placed.map(drop))
                });
                placed.await?
            }
            Err(error) => Err(error),
        };
        match placed {
            Ok(()) => self.arrived(&id, kind, false, on_event).await,
            Err(error) if error.is_retryable() && tries < TRIES && took < MAX_RETRIED => {
                self.begin_download(wanted, tries + 1);
                Ok(())
            }
            Err(error) if error.is_already_exists() => {
                let problem = format!("{error}; move it away and run again");
                self.leave(&id, &problem, on_event).await
            }
            Err(error) if error.is_retryable() || error.is_io() => {
                self.leave(&id, &error.to_string(), on_event).await
            }
            Err(error) => self.unavailable(&id, &error.to_string(), on_event).await,
        }
    }

    pub(super) async fn arrived(
        &mut self,
        id: &TaskId,
        kind: VideoKind,
        was_there: bool,
        on_event: &mut impl FnMut(FetchEvent),
    ) -> Result<(), FetchError> {
        let task_id = id.clone();
        let video = self.ledger.with(move |ledger| ledger.video(&task_id, kind));
        if let Some(video) = video.await? {
            on_event(FetchEvent::Arrived {
                task_id: id.clone(),
                kind,
                file: self.fetch.directory.join(video.file.unwrap_or_default()),
                bytes: video.bytes.unwrap_or_default(),
                sha256: video.sha256.unwrap_or_default(),
                verification: video.verification,
                was_there,
            });
        }
        Ok(())
    }
}

fn file_name(id: &TaskId, kind: VideoKind) -> String {
    download::video_name(id, kind == VideoKind::Original)
}
