//! Where the tasks of a batch stand at its end.

use std::path::PathBuf;

use seedance_query::model::TaskId;
use serde::Serialize;

use super::video_kind::VideoKind;

/// Where a batch stands at its end.
#[derive(Clone, Debug, Default, Serialize)]
#[non_exhaustive]
pub struct FetchSummary {
    /// Every task of the ledger, in the order in which it was given.
    pub tasks: Vec<FetchedTask>,
    /// Whether the run was stopped.
    pub is_stopped: bool,
    /// Whether the gateway did not accept the API key, which ended the run early.
    pub is_unauthorized: bool,
    /// Whether some task is left, and none of those could be asked for: there was no connection.
    pub is_unreachable: bool,
}

/// A task at the end of a batch.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct FetchedTask {
    /// The task.
    pub task_id: TaskId,
    /// How far it is.
    pub state: FetchState,
    /// Whether this run brought it there.
    pub is_new: bool,
    /// Its shape, once it has ended.
    pub shape: Option<String>,
    /// The tokens that are billed.
    pub billed_tokens: Option<i64>,
    /// Why it failed, why a video is missing, why it is not further, or what else went wrong.
    pub reason: Option<String>,
    /// Its videos that are on disk.
    pub files: Vec<FetchedFile>,
}

/// A verified video on disk.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct FetchedFile {
    /// Which of the task's videos.
    pub kind: VideoKind,
    /// The file.
    pub file: PathBuf,
    /// Its length.
    pub bytes: u64,
    /// Its SHA-256 in hexadecimal digits.
    pub sha256: String,
    /// What vouches for it being whole, such as `container`; `unverified` if nothing does.
    pub verification: Option<String>,
    /// Whether it is still there, with this length.
    pub is_there: bool,
}

/// How far a task is at the end of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FetchState {
    /// All of its videos are on disk.
    Arrived,
    /// It failed, and the platform refunds it.
    Failed,
    /// A video is missing that cannot be had, as far as can be told: the task ended without a
    /// usable URL, or the gateway does not know it. Each run asks for it once more.
    Unavailable,
    /// Another run has to go on with it.
    Left,
}

impl FetchedFile {
    /// Whether nothing vouches for the video being whole.
    #[must_use]
    pub fn is_unverified(&self) -> bool {
        self.verification.as_deref() == Some("unverified")
    }
}

impl FetchSummary {
    /// How many tasks are in a state.
    #[must_use]
    pub fn count(&self, state: FetchState) -> usize {
        self.tasks.iter().filter(|task| task.state == state).count()
    }
}
