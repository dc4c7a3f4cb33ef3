//! Why a submission brought no task id.

use std::fmt;

use super::acceptance::Acceptance;
use crate::{
    client::{Error, Exchange},
    model::TaskId,
};

/// A submission that did not bring a task id.
///
/// [`acceptance`](Self::acceptance) says whether a task can exist all the same; the
/// [`cause`](Self::cause) has the answer, if one came. Neither `Debug` nor `Display` shows the API
/// key or a signed URL.
#[derive(Debug)]
pub struct SubmitError(Box<Inner>);

#[derive(Debug)]
struct Inner {
    acceptance: Acceptance,
    cause: Error,
    request_id: Option<String>,
    task_id: Option<TaskId>,
}

impl SubmitError {
    pub(super) fn new(acceptance: Acceptance, cause: Error) -> Self {
        let request_id = cause.exchange().and_then(Exchange::request_id);
        Self(Box::new(Inner {
            acceptance,
            cause,
            request_id,
            task_id: None,
        }))
    }

    /// An answer that says that it failed can have an id.
    pub(super) fn with_task_id(mut self, task_id: Option<TaskId>) -> Self {
        self.0.task_id = task_id;
        self
    }

    /// Whether the gateway has accepted the task.
    #[must_use]
    pub fn acceptance(&self) -> Acceptance {
        self.0.acceptance
    }

    /// What went wrong.
    #[must_use]
    pub fn cause(&self) -> &Error {
        &self.0.cause
    }

    /// The gateway's id of the request, from the header `X-Oneapi-Request-Id`: what its log has of a
    /// submission.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// An id that the answer has although it is not one of a success; the task can exist.
    #[must_use]
    pub fn task_id(&self) -> Option<&TaskId> {
        self.0.task_id.as_ref()
    }
}

impl fmt::Display for SubmitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner {
            acceptance,
            cause,
            request_id,
            task_id,
        } = &*self.0;
        write!(f, "{cause}; {}", acceptance.advice())?;
        if let Some(task_id) = task_id {
            write!(f, "; the answer names the task {task_id}")?;
        }
        match request_id {
            // Most gateways say it themselves.
            Some(request_id) if !cause.to_string().contains(request_id) => {
                write!(f, " (request id {request_id})")
            }
            _ => Ok(()),
        }
    }
}

impl std::error::Error for SubmitError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.0.cause)
    }
}
