//! What a ledger knows of a task and of a video.

use seedance_query::model::TaskId;

use crate::{submission_record::SubmissionRecord, video_kind::VideoKind};

/// How far a task is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TaskState {
    /// It has not ended, as far as is known.
    Waiting,
    /// It has ended with a video.
    Succeeded,
    /// It has ended without one.
    Failed,
    /// A video is missing that cannot be had, as far as can be told.
    Unavailable,
}

impl TaskState {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Unavailable => "unavailable",
        }
    }

    pub(crate) fn of(name: &str) -> Self {
        match name {
            "succeeded" => Self::Succeeded,
            "failed" => Self::Failed,
            "unavailable" => Self::Unavailable,
            _ => Self::Waiting,
        }
    }
}

/// How far a video is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VideoState {
    /// It is not there, or only a part of it.
    Wanted,
    /// It is whole, and about to appear under its name.
    Placing,
    /// It is there.
    Arrived,
}

impl VideoState {
    pub(crate) fn of(name: &str) -> Self {
        match name {
            "arrived" => Self::Arrived,
            "placing" => Self::Placing,
            _ => Self::Wanted,
        }
    }
}

/// A row of the ledger.
#[derive(Clone, Debug)]
pub struct TaskRow {
    /// The task.
    pub task_id: TaskId,
    /// How far it is.
    pub state: TaskState,
    /// Its shape, once it has ended.
    pub shape: Option<String>,
    /// The tokens that are billed.
    pub billed_tokens: Option<i64>,
    /// Why it failed, or has no video.
    pub reason: Option<String>,
    /// What stopped the last run, or was not as it should be.
    pub problem: Option<String>,
    /// The gateway's id of the request that submitted it.
    pub request_id: Option<String>,
}

/// A video that is wanted or has arrived.
#[derive(Clone, Debug)]
pub struct VideoRow {
    /// The task.
    pub task_id: TaskId,
    /// Which of its videos.
    pub kind: VideoKind,
    /// How far it is.
    pub state: VideoState,
    /// The name of the file in the directory.
    pub file: Option<String>,
    /// Its length.
    pub bytes: Option<u64>,
    /// Its SHA-256 in hexadecimal digits.
    pub sha256: Option<String>,
    /// What vouches for it being whole.
    pub verification: Option<String>,
}

/// All that a run tells at its end.
#[derive(Clone, Debug, Default)]
pub struct LedgerRows {
    /// In the order in which the tasks were given.
    pub tasks: Vec<TaskRow>,
    /// Their videos.
    pub videos: Vec<VideoRow>,
    /// The submissions that the ledger knows.
    pub submissions: Vec<SubmissionRecord>,
}
