//! A task as it was answered: typed, as bytes, and with what was found in it.

use std::fmt;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

use super::hook::Exchange;
use crate::{generated::types::Task, validate::Report};

/// The answer to a query: the typed task, the response as it came, and what the validator found.
#[derive(Clone)]
pub struct QueryResponse {
    task: Task,
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
    report: Report,
}

impl QueryResponse {
    pub(super) fn new(task: Task, exchange: Exchange, report: Report) -> Self {
        Self {
            task,
            status: exchange.status,
            headers: exchange.headers,
            body: exchange.body,
            report,
        }
    }

    /// The task.
    #[must_use]
    pub fn task(&self) -> &Task {
        &self.task
    }

    /// The task, without the response around it.
    #[must_use]
    pub fn into_task(self) -> Task {
        self.task
    }

    /// The HTTP status, 200 as far as documented.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The HTTP headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The body byte for byte, with fields that the types do not know and with its signed URLs.
    #[must_use]
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// The verdict on the response and all that was found.
    #[must_use]
    pub fn report(&self) -> &Report {
        &self.report
    }
}

impl fmt::Debug for QueryResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("QueryResponse")
            .field("status", &self.status)
            .field("task", &self.task)
            .field("report", &self.report)
            .field("body", &format_args!("{} bytes", self.body.len()))
            .finish_non_exhaustive()
    }
}
