//! Errors of a query, with everything that is known about them.

use std::{fmt, time::Duration};

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

use super::{exchange::Exchange, retry_after::retry_after};
use crate::{
    capture::Capture,
    model::TaskView,
    validate::{Reason, Report},
};

/// A query that did not return a task.
///
/// Predicates tell the kinds apart, and accessors give what is known: nothing that arrived is lost.
/// Neither `Debug` nor `Display` shows the API key or a signed URL.
pub struct Error(pub(super) Box<Inner>);

pub(super) struct Inner {
    pub kind: ErrorKind,
    pub message: String,
    pub cause: Option<reqwest::Error>,
    pub answer: Option<ErrorResponse>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ErrorKind {
    Input,
    Key,
    Connect,
    Timeout,
    Interrupted,
    Api,
    NotUnderstood,
    OtherTask,
}

/// A response, and what is known of it.
pub(super) struct ErrorResponse {
    pub exchange: Exchange,
    pub report: Option<Report>,
    pub reason: Reason,
    pub view: Option<TaskView>,
}

impl ErrorResponse {
    pub fn new(exchange: Exchange, report: Option<Report>) -> Self {
        Self {
            exchange,
            report,
            reason: Reason::default(),
            view: None,
        }
    }
}

impl Error {
    fn answer(&self) -> Option<&ErrorResponse> {
        self.0.answer.as_ref()
    }

    /// An argument or a setting cannot be used: a base URL, a key, a task id.
    #[must_use]
    pub fn is_input(&self) -> bool {
        self.0.kind == ErrorKind::Input
    }

    /// The provider of the API key had none, so the request was not made.
    #[must_use]
    pub fn is_key_unavailable(&self) -> bool {
        self.0.kind == ErrorKind::Key
    }

    /// No connection could be made.
    #[must_use]
    pub fn is_connect(&self) -> bool {
        self.0.kind == ErrorKind::Connect
    }

    /// The request timed out. That does not affect the task.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        self.0.kind == ErrorKind::Timeout
    }

    /// The connection broke before the whole answer had arrived.
    #[must_use]
    pub fn is_interrupted(&self) -> bool {
        self.0.kind == ErrorKind::Interrupted
    }

    /// The gateway answered with an error; see [`status`](Self::status), [`code`](Self::code) and
    /// [`message`](Self::message).
    #[must_use]
    pub fn is_api(&self) -> bool {
        self.0.kind == ErrorKind::Api
    }

    /// The answer tells neither a status nor a URL of a task; see [`report`](Self::report) and
    /// [`body`](Self::body). That is usually transient, so it is [retryable](Self::is_retryable).
    #[must_use]
    pub fn is_not_understood(&self) -> bool {
        self.0.kind == ErrorKind::NotUnderstood
    }

    /// The answer is about another task than the requested one, for example from a cache in between;
    /// see [`view`](Self::view). Nothing in it belongs to the requested task. That is usually
    /// transient, so it is [retryable](Self::is_retryable).
    #[must_use]
    pub fn is_other_task(&self) -> bool {
        self.0.kind == ErrorKind::OtherTask
    }

    /// The gateway does not accept the API key.
    #[must_use]
    pub fn is_unauthorized(&self) -> bool {
        self.is_api() && self.status() == Some(StatusCode::UNAUTHORIZED)
    }

    /// The gateway knows no such task (HTTP 400 or 404). In the first seconds after the submit that
    /// can be transient.
    #[must_use]
    pub fn is_unknown_task(&self) -> bool {
        self.is_api()
            && self
                .answer()
                .is_some_and(|answer| answer.reason.is_unknown_task())
    }

    /// The same query can succeed later: there was no key, no connection, no complete answer, or one
    /// that tells of no task or of another one; or HTTP 408, 429, 5xx, or an overloaded upstream
    /// under any HTTP status.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self.0.kind {
            ErrorKind::Key
            | ErrorKind::Connect
            | ErrorKind::Timeout
            | ErrorKind::Interrupted
            | ErrorKind::NotUnderstood
            | ErrorKind::OtherTask => true,
            ErrorKind::Input => false,
            ErrorKind::Api => self.answer().is_some_and(|answer| {
                answer.reason.is_saturated()
                    || answer.exchange.status.is_server_error()
                    || matches!(answer.exchange.status.as_u16(), 408 | 429)
            }),
        }
    }

    /// Whether the request can have reached the gateway.
    pub(crate) fn was_sent(&self) -> bool {
        let cause = self.0.cause.as_ref();
        match self.0.kind {
            ErrorKind::Input | ErrorKind::Key | ErrorKind::Connect => false,
            _ => !cause.is_some_and(reqwest::Error::is_connect),
        }
    }

    /// The HTTP status, if an answer came.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.answer().map(|answer| answer.exchange.status)
    }

    /// The HTTP headers, if an answer came.
    #[must_use]
    pub fn headers(&self) -> Option<&HeaderMap> {
        self.answer().map(|answer| &answer.exchange.headers)
    }

    /// The body byte for byte, or as much of it as arrived.
    #[must_use]
    pub fn body(&self) -> Option<&Bytes> {
        self.answer().map(|answer| &answer.exchange.body)
    }

    /// The report on the answer, if that was complete.
    #[must_use]
    pub fn report(&self) -> Option<&Report> {
        self.answer()?.report.as_ref()
    }

    /// The gateway's error code, unwrapped if the error is JSON in a string.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.answer()?
            .reason
            .code
            .as_deref()
            .filter(|_| self.is_api())
    }

    /// The gateway's message, unwrapped in the same way, with key and signatures redacted.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        self.answer()?
            .reason
            .message
            .as_deref()
            .filter(|_| self.is_api())
    }

    /// How long the gateway asks to wait before the next request, from its `Retry-After`.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        retry_after(self.headers()?)
    }

    pub(crate) fn exchange(&self) -> Option<&Exchange> {
        self.answer().map(|answer| &answer.exchange)
    }

    /// The exchange as text, redacted and without the key, if an answer came.
    #[must_use]
    pub fn capture(&self) -> Option<Capture> {
        Some(self.answer()?.exchange.capture())
    }

    /// What the answer tells of another task than the requested one; see
    /// [`is_other_task`](Self::is_other_task).
    #[must_use]
    pub fn view(&self) -> Option<&TaskView> {
        self.answer()?.view.as_ref()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Error");
        debug
            .field("kind", &self.0.kind)
            .field("message", &self.0.message);
        if let Some(answer) = self.answer() {
            debug.field("status", &answer.exchange.status);
            debug.field(
                "body",
                &format_args!("{} bytes", answer.exchange.body.len()),
            );
        }
        debug.field("cause", &self.0.cause).finish_non_exhaustive()
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.cause.as_ref().map(|cause| cause as _)
    }
}
