//! How a wait ends, other than by an error.

use std::{fmt, time::Duration};

use super::{observation::Observation, snapshot::WaitSnapshot};
use crate::{
    client::{Client, QueryResponse},
    model::{ResultUrl, SensitiveString, TaskId},
};

/// After how many hours a gateway of this family gives up a task, unless its operator has set
/// another limit.
const GATEWAY_LIMIT_HOURS: u32 = 24;

/// How a wait ended.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Outcome {
    /// The video is ready.
    Succeeded(Succeeded),
    /// There will be no video; the platform refunds the task by itself.
    Failed(Failed),
    /// The upstream has ended without a video, but the gateway's own status is still pending.
    UpstreamEnded(UpstreamEnded),
    /// The deadline has passed and the task goes on: nothing is lost; do not submit it again.
    TimedOut(TimedOut),
}

impl Outcome {
    /// The task.
    #[must_use]
    pub fn task_id(&self) -> &TaskId {
        match self {
            Self::Succeeded(succeeded) => succeeded.task_id(),
            Self::Failed(failed) => failed.task_id(),
            Self::UpstreamEnded(ended) => ended.task_id(),
            Self::TimedOut(timed_out) => timed_out.task_id(),
        }
    }
}

/// What is known of a task that has ended.
#[derive(Clone, Debug)]
pub(super) struct Ended {
    pub task_id: TaskId,
    pub response: Box<QueryResponse>,
    pub polls: u32,
    pub elapsed: Duration,
}

/// A task that succeeded.
#[derive(Clone, Debug)]
pub struct Succeeded(pub(super) Ended);

impl Succeeded {
    /// The task.
    #[must_use]
    pub fn task_id(&self) -> &TaskId {
        &self.0.task_id
    }

    /// The last answer.
    #[must_use]
    pub fn response(&self) -> &QueryResponse {
        &self.0.response
    }

    /// Where the video is. For a finished task without a URL, the [`ResultUrl`] says what is wrong.
    #[must_use]
    pub fn result_url(&self) -> ResultUrl {
        self.response()
            .result_url()
            .unwrap_or_else(|| ResultUrl::new(None, "", None))
    }

    /// Whether the video is the upstream's, while the gateway's own status is still pending.
    #[must_use]
    pub fn is_upstream_video(&self) -> bool {
        self.response().is_upstream_video()
    }

    /// How many queries it took.
    #[must_use]
    pub fn polls(&self) -> u32 {
        self.0.polls
    }

    /// The time from the first query to the last answer.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.0.elapsed
    }
}

/// A task that failed.
#[derive(Clone, Debug)]
pub struct Failed(pub(super) Ended);

impl Failed {
    /// The task.
    #[must_use]
    pub fn task_id(&self) -> &TaskId {
        &self.0.task_id
    }

    /// The last answer.
    #[must_use]
    pub fn response(&self) -> &QueryResponse {
        &self.0.response
    }

    /// Why: `data.fail_reason`, or the upstream's own message (`data.data.error.message`), unwrapped
    /// if it is JSON in a string. None if there is neither.
    #[must_use]
    pub fn reason(&self) -> Option<&SensitiveString> {
        self.response().view().fail_reason.as_ref()
    }

    /// The code of the failure (`data.data.error.code`), such as
    /// `OutputVideoSensitiveContentDetected.PolicyViolation`.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.response().view().code.as_deref()
    }

    /// How many queries it took.
    #[must_use]
    pub fn polls(&self) -> u32 {
        self.0.polls
    }

    /// The time from the first query to the last answer.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.0.elapsed
    }
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.reason() {
            Some(reason) => write!(f, "{reason}")?,
            None => f.write_str("the gateway gives no reason")?,
        }
        if let Some(code) = self.code() {
            write!(f, " ({code})")?;
        }
        f.write_str("; refunded by the platform")
    }
}

/// A task whose upstream has ended while the gateway's own status is still pending.
///
/// The gateway does not query its upstream any more, and notices when its own time limit for a task
/// is over: 24 hours after the submit by default. Only then is the task refunded.
#[derive(Clone, Debug)]
pub struct UpstreamEnded {
    pub(super) ended: Ended,
    pub(super) client: Client,
    pub(super) snapshot: Box<WaitSnapshot>,
    pub(super) answers: u32,
}

impl UpstreamEnded {
    /// The task.
    #[must_use]
    pub fn task_id(&self) -> &TaskId {
        &self.ended.task_id
    }

    /// The last answer.
    #[must_use]
    pub fn response(&self) -> &QueryResponse {
        &self.ended.response
    }

    /// The gateway's status, which is pending.
    #[must_use]
    pub fn status(&self) -> Option<&str> {
        self.response().view().status.as_deref()
    }

    /// The upstream's status, such as `cancelled`.
    #[must_use]
    pub fn upstream_status(&self) -> Option<&str> {
        self.response().view().upstream.status.as_deref()
    }

    /// How many consecutive answers said so.
    #[must_use]
    pub fn answers(&self) -> u32 {
        self.answers
    }

    /// How many queries it took.
    #[must_use]
    pub fn polls(&self) -> u32 {
        self.ended.polls
    }

    /// The time from the first query to the last answer.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.ended.elapsed
    }
}

impl fmt::Display for UpstreamEnded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the upstream ended the task as {}, but the gateway still says {}; nothing was refunded \
             yet: the gateway notices by itself when its own limit is over, by default {} hours \
             after the submit",
            self.upstream_status().unwrap_or("failed"),
            self.status().unwrap_or("nothing"),
            GATEWAY_LIMIT_HOURS
        )
    }
}

/// A task that had not ended at the deadline.
#[derive(Clone, Debug)]
pub struct TimedOut {
    pub(super) client: Client,
    pub(super) snapshot: Box<WaitSnapshot>,
    pub(super) last: Option<Observation>,
    pub(super) elapsed: Duration,
}

impl TimedOut {
    /// The task, which goes on.
    #[must_use]
    pub fn task_id(&self) -> &TaskId {
        &self.snapshot.task_id
    }

    /// The last observation with a status, if there was one.
    #[must_use]
    pub fn last(&self) -> Option<&Observation> {
        self.last.as_ref()
    }

    /// How many queries were made.
    #[must_use]
    pub fn polls(&self) -> u32 {
        self.snapshot.polls
    }

    /// The time from the first query to the last answer.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.elapsed
    }
}

impl fmt::Display for TimedOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.elapsed.as_secs();
        write!(f, "{} has not ended after {seconds} s", self.task_id())?;
        match self.last.as_ref().and_then(Observation::status) {
            Some(status) => write!(f, ", its status is {status}")?,
            None => f.write_str(", and the gateway never told its status")?,
        }
        match &self.snapshot.budget.failures {
            Some(failures) if failures.count() == 1 => {
                write!(f, "; the last query failed: {failures}")
            }
            Some(failures) => {
                let count = failures.count();
                write!(f, "; the last {count} queries failed: {failures}")
            }
            None => Ok(()),
        }
    }
}
