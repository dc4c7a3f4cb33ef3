//! Which of a task's videos.

use serde::Serialize;

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
