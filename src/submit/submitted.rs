//! A task that was accepted.

use std::fmt;

use bytes::Bytes;

use crate::{capture::Capture, client::Exchange, model::TaskId, validate::Report};

/// A task that the gateway has accepted.
pub struct Submitted {
    pub(super) task_id: TaskId,
    pub(super) request_id: Option<String>,
    pub(super) report: Report,
    pub(super) exchange: Exchange,
}

impl Submitted {
    /// The id to query: the reply's `task_id`, or its `id`.
    #[must_use]
    pub fn task_id(&self) -> &TaskId {
        &self.task_id
    }

    /// The gateway's id of the request, from the header `X-Oneapi-Request-Id`. It is the only link
    /// from the task to its charge in the gateway's log, which names no task.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    /// What is odd about the reply.
    #[must_use]
    pub fn report(&self) -> &Report {
        &self.report
    }

    /// The reply byte for byte.
    #[must_use]
    pub fn body(&self) -> &Bytes {
        &self.exchange.body
    }

    /// The exchange as text, redacted and without the key.
    #[must_use]
    pub fn capture(&self) -> Capture {
        self.exchange.capture()
    }
}

impl fmt::Debug for Submitted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Submitted")
            .field("task_id", &self.task_id)
            .field("request_id", &self.request_id)
            .finish_non_exhaustive()
    }
}
