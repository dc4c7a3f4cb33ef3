//! The waits and the progress of a download as events.

use seedance_query::{download::Download, model::TaskId};
use tokio::sync::mpsc;

use super::{event::FetchEvent, video_kind::VideoKind};

/// Sends a download's waits and progress as [`FetchEvent`]s. An event is dropped if the channel is
/// full; the next one supersedes it.
#[doc(hidden)]
pub fn with_events(
    download: Download,
    task_id: &TaskId,
    kind: VideoKind,
    events: &mpsc::Sender<FetchEvent>,
) -> Download {
    let (waits, waiting_id) = (events.clone(), task_id.clone());
    let (progress, task_id) = (events.clone(), task_id.clone());
    download
        .on_wait(move |wait| {
            let _ = waits.try_send(FetchEvent::DownloadWaiting {
                task_id: waiting_id.clone(),
                kind,
                next_in: wait.delay.as_secs_f64(),
                reason: wait.reason,
            });
        })
        .on_progress(move |seen| {
            let _ = progress.try_send(FetchEvent::Downloading {
                task_id: task_id.clone(),
                kind,
                bytes: seen.bytes,
                total: seen.total,
            });
        })
}
