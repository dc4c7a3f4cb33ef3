//! The gateway's name for a task.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// The gateway's id of a task: any text but the empty one.
///
/// The vendor documents `asyntask_` and 32 letters or digits; sister gateways issue `task_…`, a
/// UUID or the upstream's `cgt-…`, so no form is insisted on. In a URL it is percent-encoded.
///
/// # Examples
///
/// ```
/// use seedance_query::TaskId;
///
/// let id: TaskId = "asyntask_Qm4tZ81kWvYc3RbN7sXeLh2GpD6uJa0F".parse()?;
/// assert_eq!(id.as_str().len(), 41);
/// assert!("".parse::<TaskId>().is_err());
/// # Ok::<(), seedance_query::InvalidTaskId>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct TaskId(String);

impl TaskId {
    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Why a text is no task id, and what to write instead. Never repeats the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidTaskId(&'static str);

impl InvalidTaskId {
    pub(super) fn new(message: &'static str) -> Self {
        Self(message)
    }
}

impl fmt::Display for InvalidTaskId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for InvalidTaskId {}

impl TryFrom<String> for TaskId {
    type Error = InvalidTaskId;

    fn try_from(text: String) -> Result<Self, InvalidTaskId> {
        if text.is_empty() {
            Err(InvalidTaskId("a task id cannot be empty"))
        } else {
            Ok(Self(text))
        }
    }
}

impl AsRef<str> for TaskId {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl From<TaskId> for String {
    fn from(id: TaskId) -> Self {
        id.0
    }
}

impl FromStr for TaskId {
    type Err = InvalidTaskId;

    fn from_str(text: &str) -> Result<Self, InvalidTaskId> {
        text.to_owned().try_into()
    }
}

impl fmt::Display for TaskId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
