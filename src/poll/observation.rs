//! One query of a wait, and its answer.

use std::{fmt, sync::Arc, time::Duration};

use serde::{Serialize, Serializer};

use crate::{
    client::{Error, QueryResponse},
    model::TaskId,
    validate::{Finding, Report},
};

/// One query of a wait, and its answer. Cloning is cheap.
#[derive(Clone, Debug)]
pub struct Observation(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    task_id: TaskId,
    poll: u32,
    elapsed: Duration,
    next_in: Duration,
    retry_after: Option<RetryAfter>,
    change: Option<StatusChange>,
    answer: SharedResult,
}

type SharedResult = Arc<Result<QueryResponse, Error>>;

/// How long the gateway asks to wait before the next query, and how much of that is honoured.
/// Serializes in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct RetryAfter {
    /// The time that the gateway asks for.
    #[serde(serialize_with = "seconds")]
    pub asked: Duration,
    /// The same, up to [`WaitPolicy::max_retry_after`](crate::WaitPolicy::max_retry_after).
    #[serde(serialize_with = "seconds")]
    pub honoured: Duration,
}

fn seconds<S: Serializer>(duration: &Duration, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_f64(duration.as_secs_f64())
}

impl RetryAfter {
    /// Whether the gateway asks for more than is honoured.
    #[must_use]
    pub fn is_capped(&self) -> bool {
        self.honoured < self.asked
    }
}

impl fmt::Display for RetryAfter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the gateway asks to wait {} s", self.asked.as_secs())?;
        if self.is_capped() {
            let honoured = self.honoured.as_secs();
            write!(f, "; {honoured} s are honoured")?;
        }
        Ok(())
    }
}

/// A change of a task's status.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct StatusChange {
    /// The status before; none for the first one.
    pub from: Option<String>,
    /// The new status, as written in the body.
    pub to: String,
}

impl Observation {
    pub(super) fn new(
        task_id: TaskId,
        (poll, elapsed): (u32, Duration),
        (next_in, retry_after): (Duration, Option<RetryAfter>),
        answer: Result<QueryResponse, Error>,
        status_before: Option<&str>,
    ) -> Self {
        let change = status(&answer)
            .filter(|status| Some(*status) != status_before)
            .map(|to| StatusChange {
                from: status_before.map(str::to_owned),
                to: to.to_owned(),
            });
        Self(Arc::new(Inner {
            task_id,
            poll,
            elapsed,
            next_in,
            retry_after,
            change,
            answer: Arc::new(answer),
        }))
    }

    /// Replaces an earlier observation that was not delivered, and takes over its status change.
    pub(super) fn after_unseen(self, before: &Self) -> Self {
        let change = match (&before.0.change, &self.0.change) {
            (None, _) => return self,
            (Some(before), None) => Some(before.clone()),
            (Some(before), Some(now)) => Some(StatusChange {
                from: before.from.clone(),
                to: now.to.clone(),
            }),
        };
        let Inner {
            task_id,
            poll,
            elapsed,
            next_in,
            retry_after,
            answer,
            ..
        } = &*self.0;
        Self(Arc::new(Inner {
            task_id: task_id.clone(),
            poll: *poll,
            elapsed: *elapsed,
            next_in: *next_in,
            retry_after: *retry_after,
            change: change.filter(|change| change.from.as_ref() != Some(&change.to)),
            answer: Arc::clone(answer),
        }))
    }

    /// The change of status, if the status differs from the last one; each change is reported once,
    /// also across failures in between.
    #[must_use]
    pub fn status_change(&self) -> Option<&StatusChange> {
        self.0.change.as_ref()
    }

    /// The task.
    #[must_use]
    pub fn task_id(&self) -> &TaskId {
        &self.0.task_id
    }

    /// The number of this query, from 1.
    #[must_use]
    pub fn poll(&self) -> u32 {
        self.0.poll
    }

    /// The time from the first query to this answer.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.0.elapsed
    }

    /// The time until the next query.
    #[must_use]
    pub fn next_in(&self) -> Duration {
        self.0.next_in
    }

    /// How long the gateway asks to wait, if its answer has a `Retry-After`.
    #[must_use]
    pub fn retry_after(&self) -> Option<RetryAfter> {
        self.0.retry_after
    }

    /// The result of the query.
    ///
    /// # Errors
    ///
    /// The error of the query, if it did not return a task.
    pub fn answer(&self) -> Result<&QueryResponse, &Error> {
        (*self.0.answer).as_ref()
    }

    /// The task's status, documented or not; none if the query did not return a task.
    #[must_use]
    pub fn status(&self) -> Option<&str> {
        status(&self.0.answer)
    }

    /// The progress as the gateway estimates it, such as `50%`; it does not tell whether a task is
    /// complete.
    #[must_use]
    pub fn progress(&self) -> Option<&str> {
        self.answer().ok()?.view().progress.as_deref()
    }

    /// The findings in the answer.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        let report = match self.answer() {
            Ok(response) => Some(response.report()),
            Err(error) => error.report(),
        };
        report.map_or(&[], Report::findings)
    }
}

fn status(answer: &Result<QueryResponse, Error>) -> Option<&str> {
    answer.as_ref().ok()?.view().status.as_deref()
}
