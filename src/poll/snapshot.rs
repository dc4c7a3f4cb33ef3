//! A wait saved as data, to be continued by another process.

use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};

use super::{budget::Budget, policy::WaitPolicy};
use crate::model::TaskId;

/// A wait that can be saved and continued later, also by another process; see
/// [`Observations::snapshot`](crate::Observations::snapshot) and
/// [`Client::resume`](crate::Client::resume).
///
/// Its deadline is a wall-clock time, so it also passes while nobody waits. Consecutive failures,
/// undocumented statuses and used grace periods are carried over. The policy is serialized with it,
/// except a custom classifier; it contains no secret.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct WaitSnapshot {
    /// The task.
    pub task_id: TaskId,
    /// When the task was first queried.
    #[serde(with = "moment")]
    pub started_at: SystemTime,
    /// When the wait ends.
    #[serde(with = "moment")]
    pub deadline: SystemTime,
    /// The number of queries.
    pub polls: u32,
    /// Whether the gateway has returned the task.
    pub has_answered: bool,
    /// The last status, as written in the body.
    pub status: Option<String>,
    /// The policy.
    pub policy: WaitPolicy,
    #[serde(default)]
    pub(super) budget: Budget,
}

impl WaitSnapshot {
    /// A wait that begins now.
    pub(super) fn new(task_id: TaskId, policy: WaitPolicy, deadline: Option<SystemTime>) -> Self {
        let now = SystemTime::now();
        let deadline = deadline.unwrap_or_else(|| later(now, policy.timeout));
        Self {
            task_id,
            started_at: now,
            deadline,
            polls: 0,
            has_answered: false,
            status: None,
            policy,
            budget: Budget::default(),
        }
    }

    /// A wait that has taken this long, with the deadline of its policy.
    pub(super) fn begun(task_id: TaskId, policy: WaitPolicy, elapsed: Duration) -> Self {
        let now = SystemTime::now();
        let started_at = now.checked_sub(elapsed).unwrap_or(now);
        let deadline = later(started_at, policy.timeout);
        Self {
            started_at,
            ..Self::new(task_id, policy, Some(deadline))
        }
    }

    /// The wall-clock time since the first query; zero if the clock was set back.
    pub(super) fn elapsed(&self) -> Duration {
        let elapsed = SystemTime::now().duration_since(self.started_at);
        elapsed.unwrap_or_default()
    }

    /// The time until the deadline; setting the clock back does not extend it.
    pub(super) fn left(&self) -> Duration {
        let left = self.deadline.duration_since(SystemTime::now());
        let whole = self.deadline.duration_since(self.started_at);
        left.unwrap_or_default().min(whole.unwrap_or_default())
    }
}

/// Adds a duration of a policy, which is at most ten years and so in range.
pub(super) fn later(from: SystemTime, by: Duration) -> SystemTime {
    from.checked_add(by).unwrap_or(from)
}

/// Moments as RFC 3339.
mod moment {
    use std::{fmt::Write as _, time::SystemTime};

    use humantime::{format_rfc3339, parse_rfc3339};
    use serde::{Deserialize, Deserializer, Serializer, de, ser};

    pub fn serialize<S: Serializer>(at: &SystemTime, to: S) -> Result<S::Ok, S::Error> {
        // Formatting panics on an earlier time.
        at.duration_since(SystemTime::UNIX_EPOCH)
            .map_err(ser::Error::custom)?;
        let mut text = String::new();
        write!(text, "{}", format_rfc3339(*at)).map_err(ser::Error::custom)?;
        to.serialize_str(&text)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<SystemTime, D::Error> {
        let text = String::deserialize(from)?;
        parse_rfc3339(&text).map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use super::moment;

    #[test]
    fn a_moment_out_of_range_is_an_error() {
        let write = |at: &SystemTime| moment::serialize(at, serde_json::value::Serializer);
        let year = Duration::from_hours(24 * 366);
        assert_eq!(
            write(&SystemTime::UNIX_EPOCH).unwrap(),
            "1970-01-01T00:00:00Z"
        );
        write(&(SystemTime::UNIX_EPOCH - year)).unwrap_err();
        write(&(SystemTime::UNIX_EPOCH + year * 8100)).unwrap_err();
    }
}
