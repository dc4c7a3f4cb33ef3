//! The states of a directory's tasks at the end of a run.

use std::collections::HashMap;

use super::{
    error::FetchError,
    ledger::{TaskRow, TaskState, VideoRow, VideoState},
    run::Run,
    summary::{FetchState, FetchSummary, FetchedFile, FetchedTask},
    video_kind::VideoKind,
};
use seedance_query::model::TaskId;

impl Run {
    pub(super) async fn summary(&self, is_stopped: bool) -> Result<FetchSummary, FetchError> {
        let rows = self
            .ledger
            .with(|ledger| Ok((ledger.videos()?, ledger.tasks()?)));
        let (rows, tasks) = rows.await?;
        let mut videos: HashMap<TaskId, Vec<VideoRow>> = HashMap::new();
        for video in rows {
            videos.entry(video.task_id.clone()).or_default().push(video);
        }
        let tasks = tasks.into_iter().map(|task| {
            let mut videos = videos.remove(&task.task_id).unwrap_or_default();
            videos.sort_by_key(|video| video.kind);
            self.fetched(task, videos)
        });
        let tasks: Vec<FetchedTask> = tasks.collect();
        let mut left = tasks.iter().filter(|task| task.state == FetchState::Left);
        let is_unreachable = left.clone().next().is_some()
            && left.all(|task| self.unreachable.contains(&task.task_id));
        Ok(FetchSummary {
            tasks,
            is_stopped,
            is_unauthorized: self.is_unauthorized,
            is_unreachable,
        })
    }

    fn fetched(&self, task: TaskRow, videos: Vec<VideoRow>) -> FetchedTask {
        let mut wanted = videos.iter().filter(|video| self.wants(video.kind));
        let state = match task.state {
            TaskState::Failed => FetchState::Failed,
            TaskState::Unavailable => FetchState::Unavailable,
            TaskState::Succeeded if wanted.all(|video| video.state == VideoState::Arrived) => {
                FetchState::Arrived
            }
            TaskState::Succeeded | TaskState::Waiting => FetchState::Left,
        };
        let reason = match state {
            FetchState::Arrived => task.problem,
            FetchState::Failed | FetchState::Unavailable => task.reason,
            FetchState::Left => {
                let reason = if self.is_unauthorized {
                    "the gateway does not accept the API key"
                } else {
                    "the run was stopped first"
                };
                Some(task.problem.unwrap_or_else(|| reason.to_owned()))
            }
        };
        let files = videos
            .into_iter()
            .filter(|video| video.state == VideoState::Arrived);
        let files = files.map(|video| FetchedFile {
            is_there: self.is_there(&video),
            kind: video.kind,
            file: self.fetch.directory.join(video.file.unwrap_or_default()),
            bytes: video.bytes.unwrap_or_default(),
            sha256: video.sha256.unwrap_or_default(),
            verification: video.verification,
        });
        FetchedTask {
            is_new: self.changed.contains(&task.task_id),
            task_id: task.task_id,
            state,
            shape: task.shape,
            billed_tokens: task.billed_tokens,
            reason,
            files: files.collect(),
        }
    }

    pub(super) fn wants(&self, kind: VideoKind) -> bool {
        kind == VideoKind::Result || self.fetch.originals
    }

    /// Whether a video that has arrived is still there.
    pub(super) fn is_there(&self, video: &VideoRow) -> bool {
        let path = self
            .fetch
            .directory
            .join(video.file.as_deref().unwrap_or_default());
        std::fs::metadata(path)
            .is_ok_and(|found| found.is_file() && Some(found.len()) == video.bytes)
    }
}
