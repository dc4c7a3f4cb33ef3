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

    /// Whether this is the id of another task than `other`: it is a different id of the same form.
    /// An id of another form can be a name of the same task, such as the upstream's.
    pub(crate) fn is_other_than(&self, other: &str) -> bool {
        let (one, other) = (self.0.trim(), other.trim());
        !one.eq_ignore_ascii_case(other) && form(one) == form(other)
    }
}

/// What ids of one kind have in common: their beginning up to a separator, and their length where
/// there is none.
fn form(id: &str) -> (String, usize) {
    let is_separator = |c: char| matches!(c, '_' | '-');
    match id.split_once(is_separator) {
        Some((prefix, _)) if prefix.chars().all(|c| c.is_ascii_alphabetic()) => {
            (prefix.to_ascii_lowercase(), 0)
        }
        // Such as a UUID, which begins with any digits.
        _ => {
            let shape = id.chars().map(|c| if is_separator(c) { c } else { 'x' });
            (shape.collect(), id.len())
        }
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

#[cfg(test)]
mod tests {
    use super::TaskId;

    #[test]
    fn only_ids_of_the_same_form_name_different_tasks() {
        let is_other = |one: &str, other: &str| one.parse::<TaskId>().unwrap().is_other_than(other);
        assert!(is_other("asyntask_AAAA", "asyntask_BBBB"));
        assert!(is_other(
            "cgt-20260901180000-a1b2c",
            "cgt-20260902180000-zzzzz"
        ));
        assert!(is_other(
            "3f0a5f6e-0000-4000-8000-000000000001",
            "3f0a5f6e-0000-4000-8000-000000000002"
        ));
        assert!(is_other("17", "18"));
        for (one, other) in [
            ("asyntask_AAAA", "asyntask_AAAA"),
            ("asyntask_AAAA", " asyntask_aaaa"),
            ("cgt-20260901180000-a1b2c", "asyntask_BBBB"),
            ("task_AAAA", "asyntask_AAAA"),
            ("t", "asyntask_AAAA"),
            ("17", "018"),
        ] {
            assert!(!is_other(one, other), "{one} {other}");
        }
    }
}
