//! The shapes that a body can have, and how a task tells its own.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{generated::tables, pointer::members};

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

    /// The shape that a task's own members tell, if its status is a known one.
    pub(crate) fn of_task(task: &Map<String, Value>) -> Option<Self> {
        let status = Status::of(task.get(tables::DISCRIMINATOR)?.as_str()?)?;
        let special = status
            .when_present
            .iter()
            .find(|(_, pointers)| pointers.iter().any(|pointer| is_present(task, pointer)));
        Some(special.map_or(status.shape, |(shape, _)| *shape))
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A value of the discriminator; the table of them is generated from the spec.
#[derive(Debug)]
pub struct Status {
    /// The value as documented.
    pub value: &'static str,
    /// The shape of a task with this status.
    pub shape: Shape,
    /// Shapes that the status alone does not tell: each with members any one of which does.
    pub when_present: &'static [(Shape, &'static [&'static str])],
    /// Other words that mean this value, whatever their case.
    pub words: &'static [&'static str],
}

impl Status {
    /// The documented status that a word means.
    pub(crate) fn of(word: &str) -> Option<&'static Self> {
        tables::STATUSES.iter().find(|known| known.value == word)
    }
}

/// Whether there is something at the place, other than null.
pub(crate) fn is_present(task: &Map<String, Value>, pointer: &str) -> bool {
    let mut names = members(pointer);
    let first = names.next().and_then(|name| task.get(&name));
    let value = names.fold(first, |value, name| value?.get(&name));
    value.is_some_and(|value| !value.is_null())
}
