//! The summary of a batch.

use std::path::PathBuf;

use seedance_query::model::TaskId;
use serde::Serialize;

use super::{
    fleet_status::FleetStatus, submission_record::SubmissionRecord, video_kind::VideoKind,
};

/// The state of all tasks at the end of a batch.
#[derive(Clone, Debug, Default, Serialize)]
#[non_exhaustive]
pub struct FetchSummary {
    /// Every task of the ledger, in the order in which it was given; with a fleet, those that this
    /// worker was the last to claim.
    pub tasks: Vec<FetchedTask>,
    /// The submissions that are not settled: each can have begun a task that is billed.
    pub perhaps_submitted: Vec<SubmissionRecord>,
    /// Whether the run was stopped.
    pub is_stopped: bool,
    /// Whether the gateway did not accept the API key, which ended the run early.
    pub is_unauthorized: bool,
    /// Whether tasks are left and none of them could be queried for lack of a connection.
    pub is_unreachable: bool,
    /// With a fleet, the tasks of all workers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fleet: Option<FleetStatus>,
}

/// A task at the end of a batch.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct FetchedTask {
    /// The task.
    pub task_id: TaskId,
    /// Its state.
    pub state: FetchState,
    /// Whether this run changed its state.
    pub is_new: bool,
    /// Its shape, once it has ended.
    pub shape: Option<String>,
    /// The tokens that are billed.
    pub billed_tokens: Option<i64>,
    /// Why it failed, is unfinished or has no video; or another problem.
    pub reason: Option<String>,
    /// The gateway's id of the request that submitted it, if the ledger knows that: it names the charge
    /// in the gateway's log.
    pub request_id: Option<String>,
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
    /// How it was verified as complete, such as `container`; `unverified` if it was not.
    pub verification: Option<String>,
    /// Whether the file still exists with this length.
    pub is_there: bool,
}

/// The state of a task at the end of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FetchState {
    /// All of its videos are on disk.
    Arrived,
    /// It failed, and the platform refunds it.
    Failed,
    /// A video is unavailable: the task ended without a usable URL, or the gateway does not know the
    /// task. Each run queries it once more.
    Unavailable,
    /// Another run has to continue with it.
    Left,
}

impl FetchedFile {
    /// Whether the video could not be verified as complete.
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
