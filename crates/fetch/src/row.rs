//! What a ledger knows of a task and of a video.

use serde::Serialize;

use seedance_query::model::TaskId;

/// Which of a task's videos.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum VideoKind {
    /// The one that was paid for.
    Result,
    /// The one before the enhancement, of a super-resolution task.
    Original,
}

impl VideoKind {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Result => "result",
            Self::Original => "original",
        }
    }

    pub(super) fn of(name: &str) -> Self {
        if name == "original" {
            Self::Original
        } else {
            Self::Result
        }
    }
}

/// How far a task is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TaskState {
    Waiting,
    Succeeded,
    Failed,
}

impl TaskState {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
        }
    }

    pub(super) fn of(name: &str) -> Self {
        match name {
            "succeeded" => Self::Succeeded,
            "failed" => Self::Failed,
            _ => Self::Waiting,
        }
    }
}

/// How far a video is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum VideoState {
    /// It is not there, or only a part of it.
    Wanted,
    /// It is whole, and about to appear under its name.
    Placing,
    Arrived,
}

impl VideoState {
    pub(super) fn of(name: &str) -> Self {
        match name {
            "arrived" => Self::Arrived,
            "placing" => Self::Placing,
            _ => Self::Wanted,
        }
    }
}

/// A row of the ledger.
#[derive(Clone, Debug)]
pub(super) struct TaskRow {
    pub task_id: TaskId,
    pub state: TaskState,
    pub shape: Option<String>,
    pub billed_tokens: Option<i64>,
    pub reason: Option<String>,
    pub problem: Option<String>,
}

/// A video that is wanted or has arrived.
#[derive(Clone, Debug)]
pub(super) struct VideoRow {
    pub task_id: TaskId,
    pub kind: VideoKind,
    pub state: VideoState,
    pub file: Option<String>,
    pub bytes: Option<u64>,
    pub sha256: Option<String>,
}
