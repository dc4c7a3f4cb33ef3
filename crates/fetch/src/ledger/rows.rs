//! What a ledger knows of a task and of a video.

use seedance_query::model::TaskId;

use crate::video_kind::VideoKind;

/// How far a task is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TaskState {
    Waiting,
    Succeeded,
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
pub(crate) enum VideoState {
    /// It is not there, or only a part of it.
    Wanted,
    /// It is whole, and about to appear under its name.
    Placing,
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
pub(crate) struct TaskRow {
    pub task_id: TaskId,
    pub state: TaskState,
    pub shape: Option<String>,
    pub billed_tokens: Option<i64>,
    pub reason: Option<String>,
    pub problem: Option<String>,
    /// The gateway's id of the request that submitted it.
    pub request_id: Option<String>,
}

/// A video that is wanted or has arrived.
#[derive(Clone, Debug)]
pub(crate) struct VideoRow {
    pub task_id: TaskId,
    pub kind: VideoKind,
    pub state: VideoState,
    pub file: Option<String>,
    pub bytes: Option<u64>,
    pub sha256: Option<String>,
    /// What vouches for it being whole.
    pub verification: Option<String>,
}
