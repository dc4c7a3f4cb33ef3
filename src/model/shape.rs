//! The shapes that a body can have.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What a body is: a task in one of its four shapes, or an error.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Shape {
    /// A task that waits or runs.
    Pending,
    /// A finished task whose video is the upstream's own.
    Normal,
    /// A finished task whose video was enhanced.
    SuperResolution,
    /// A task that failed.
    Failure,
    /// No task but an error, in one of its envelopes.
    Error,
}

impl Shape {
    /// The shapes of tasks.
    #[doc(hidden)]
    pub const TASKS: [Self; 4] = [
        Self::Pending,
        Self::Normal,
        Self::SuperResolution,
        Self::Failure,
    ];

    /// The name as it stands in reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Normal => "normal",
            Self::SuperResolution => "super_resolution",
            Self::Failure => "failure",
            Self::Error => "error",
        }
    }

    /// Whether the task has ended, well or badly.
    #[must_use]
    pub fn is_terminal(self) -> bool {
        matches!(self, Self::Normal | Self::SuperResolution | Self::Failure)
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
