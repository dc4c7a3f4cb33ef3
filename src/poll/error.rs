//! Why a wait was given up.

use std::{fmt, time::Duration};

use super::{failures::Failures, observation::Observation};
use crate::{
    client::{Error, QueryResponse},
    model::{ResultUrl, TaskId},
};

/// A wait that was given up, although the task may go on. Neither `Debug` nor `Display` shows a
/// secret.
pub struct WaitError(Box<Inner>);

struct Inner {
    kind: WaitErrorKind,
    task_id: TaskId,
    polls: u32,
    elapsed: Duration,
    answer: Result<QueryResponse, Error>,
    last: Option<Observation>,
    result_url: Option<ResultUrl>,
}

#[derive(Debug)]
pub(super) enum WaitErrorKind {
    /// A retry would get the same answer.
    Final,
    /// The gateway does not know the task, even after the grace period.
    UnknownTask,
    /// Too many consecutive answers had an undocumented status.
    UnknownStatus { status: String, consecutive: u32 },
    /// Too many consecutive failures.
    Exhausted(Box<Failures>),
}

impl WaitError {
    pub(super) fn new(
        kind: WaitErrorKind,
        task_id: TaskId,
        (polls, elapsed): (u32, Duration),
        answer: Result<QueryResponse, Error>,
        last: Option<Observation>,
    ) -> Self {
        let result_url = answer.as_ref().ok().and_then(QueryResponse::result_url);
        Self(Box::new(Inner {
            kind,
            task_id,
            polls,
            elapsed,
            answer,
            last,
            result_url,
        }))
    }

    /// The gateway does not accept the API key.
    #[must_use]
    pub fn is_unauthorized(&self) -> bool {
        self.query_error().is_some_and(Error::is_unauthorized)
    }

    /// The gateway still does not know the task after the grace period for new tasks.
    #[must_use]
    pub fn is_unknown_task(&self) -> bool {
        matches!(self.0.kind, WaitErrorKind::UnknownTask)
    }

    /// The task has an undocumented status that did not change.
    #[must_use]
    pub fn is_unknown_status(&self) -> bool {
        matches!(self.0.kind, WaitErrorKind::UnknownStatus { .. })
    }

    /// Too many consecutive transient failures: wait again later.
    #[must_use]
    pub fn is_exhausted(&self) -> bool {
        matches!(self.0.kind, WaitErrorKind::Exhausted(_))
    }

    /// The task.
    #[must_use]
    pub fn task_id(&self) -> &TaskId {
        &self.0.task_id
    }

    /// How many queries were made.
    #[must_use]
    pub fn polls(&self) -> u32 {
        self.0.polls
    }

    /// The time from the first query to the last answer.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.0.elapsed
    }

    /// The result of the last query, with body and findings.
    ///
    /// # Errors
    ///
    /// The error of the query, if it did not return a task.
    pub fn answer(&self) -> Result<&QueryResponse, &Error> {
        self.0.answer.as_ref()
    }

    /// The error of the last query, if it did not return a task.
    #[must_use]
    pub fn query_error(&self) -> Option<&Error> {
        self.0.answer.as_ref().err()
    }

    /// The last observation with a status, if there was one.
    #[must_use]
    pub fn last(&self) -> Option<&Observation> {
        self.0.last.as_ref()
    }

    /// The URL of a video, if the last body has one: a task with an undocumented status can be
    /// finished.
    #[must_use]
    pub fn result_url(&self) -> Option<&ResultUrl> {
        self.0.result_url.as_ref()
    }
}

impl fmt::Display for WaitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { kind, answer, .. } = &*self.0;
        let error = || match answer {
            Ok(response) => format!("HTTP {}", response.status().as_u16()),
            Err(error) => error.to_string(),
        };
        match kind {
            WaitErrorKind::Final => f.write_str(&error()),
            WaitErrorKind::UnknownTask => {
                let seconds = self.0.elapsed.as_secs();
                write!(
                    f,
                    "the gateway knows no such task, even after {seconds} s: {}",
                    error()
                )
            }
            WaitErrorKind::UnknownStatus {
                status,
                consecutive,
            } => {
                let status = crate::redact::text(status);
                write!(
                    f,
                    "the status `{status}` is not documented and came {consecutive} times in a row"
                )?;
                f.write_str(match self.0.result_url {
                    Some(_) => "; its body has a URL of a video",
                    None => "; the task may have ended or not",
                })
            }
            WaitErrorKind::Exhausted(failures) => write!(
                f,
                "gave up after {} consecutive failures: {failures}",
                failures.count()
            ),
        }
    }
}

impl fmt::Debug for WaitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WaitError")
            .field("kind", &self.0.kind)
            .field("task_id", &self.0.task_id)
            .field("polls", &self.0.polls)
            .field("elapsed", &self.0.elapsed)
            .field("answer", &self.0.answer)
            .finish_non_exhaustive()
    }
}

impl std::error::Error for WaitError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.query_error().map(|error| error as _)
    }
}
