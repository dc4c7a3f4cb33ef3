//! What can go wrong, with all that is known about it.

use std::{
    fmt,
    sync::Arc,
    time::{Duration, SystemTime},
};

use bytes::Bytes;
use http::{HeaderMap, StatusCode, header};

use super::{exchange::Exchange, scheme_hint};
use crate::{
    capture::Capture,
    model::{TaskId, TaskView},
    redact,
    validate::{Reason, Report},
};

/// A query that did not end in a typed task.
///
/// Predicates tell the kinds apart, and accessors give what there is: nothing that arrived is
/// lost. Neither `Debug` nor `Display` shows the API key or a signed URL.
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    message: String,
    cause: Option<reqwest::Error>,
    answer: Option<ErrorResponse>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ErrorKind {
    Input,
    Key,
    Connect,
    Timeout,
    Interrupted,
    Api,
    NotUnderstood,
    OtherTask,
}

/// What is known of a response that came.
struct ErrorResponse {
    exchange: Exchange,
    report: Option<Report>,
    reason: Reason,
    view: Option<TaskView>,
}

impl ErrorResponse {
    fn new(exchange: Exchange, report: Option<Report>) -> Self {
        Self {
            exchange,
            report,
            reason: Reason::default(),
            view: None,
        }
    }
}

impl Error {
    fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            kind,
            message: message.into(),
            cause: None,
            answer: None,
        }))
    }

    pub(crate) fn input(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Input, message)
    }

    /// There is no key for a request.
    pub(crate) fn no_key(why: &str) -> Self {
        Self::new(ErrorKind::Key, format!("no API key for the request: {why}"))
    }

    /// The HTTP client cannot be made.
    pub(crate) fn configuration(cause: reqwest::Error) -> Self {
        let mut error = Self::new(
            ErrorKind::Input,
            "the HTTP client cannot be set up as configured",
        );
        error.0.cause = Some(cause.without_url());
        error
    }

    /// No response came.
    pub(crate) fn transport(cause: reqwest::Error, base_url: &str) -> Self {
        let gateway = redact::text(base_url);
        let (kind, mut message) = if cause.is_builder() {
            (
                ErrorKind::Input,
                format!("a request to {gateway} cannot be made"),
            )
        } else if cause.is_timeout() {
            (
                ErrorKind::Timeout,
                format!("{gateway} did not answer in time"),
            )
        } else if cause.is_connect() {
            (ErrorKind::Connect, format!("no connection to {gateway}"))
        } else {
            (
                ErrorKind::Interrupted,
                format!("{gateway} closed the connection before it answered"),
            )
        };
        if let Some(hint) = scheme_hint::of_failure(&cause, base_url) {
            message.push_str(": ");
            message.push_str(hint);
        }
        let mut error = Self::new(kind, message);
        error.0.cause = Some(cause.without_url());
        error
    }

    /// A response came, but not all of it.
    pub(crate) fn interrupted(cause: reqwest::Error, exchange: Exchange) -> Self {
        let arrived = exchange.body.len();
        let (kind, what) = if cause.is_timeout() {
            (ErrorKind::Timeout, "did not come in time")
        } else {
            (ErrorKind::Interrupted, "was cut off")
        };
        let message = format!(
            "the answer (HTTP {}) {what} after {arrived} bytes",
            exchange.status.as_u16()
        );
        let mut error = Self::new(kind, message);
        error.0.cause = Some(cause.without_url());
        error.0.answer = Some(ErrorResponse::new(exchange, None));
        error
    }

    pub(crate) fn too_large(exchange: Exchange) -> Self {
        let message = format!(
            "the body is longer than {} bytes, so it cannot be a task",
            exchange.body.len()
        );
        let mut error = Self::new(ErrorKind::NotUnderstood, message);
        error.0.answer = Some(ErrorResponse::new(exchange, None));
        error
    }

    /// The gateway answered with an error.
    pub(crate) fn api(exchange: Exchange, report: Report, reason: Reason) -> Self {
        let settings = Arc::clone(&exchange.settings);
        let mut answer = ErrorResponse::new(exchange, Some(report));
        answer.reason = reason;
        // Some gateways repeat the key that they refuse.
        let hidden = |text: String| settings.without_secrets(&text);
        answer.reason.message = answer.reason.message.take().map(hidden);
        answer.reason.code = answer.reason.code.take().map(hidden);
        let status = answer.exchange.status.as_u16();
        let message = match (&answer.reason.code, &answer.reason.message) {
            _ if answer.exchange.status.is_redirection() => {
                let location = answer.exchange.headers.get(header::LOCATION);
                let target = location.and_then(|location| location.to_str().ok());
                let target = hidden(target.unwrap_or("nowhere").to_owned());
                format!("HTTP {status}: a redirect to {target}, which is not followed")
            }
            (Some(code), Some(message)) if code != message => {
                format!("HTTP {status}: {code}: {message}")
            }
            (Some(text), _) | (None, Some(text)) => format!("HTTP {status}: {text}"),
            (None, None) => match answer.report.as_ref().and_then(first_message) {
                Some(message) => message.to_owned(),
                None => format!("HTTP {status}"),
            },
        };
        let exchange = &answer.exchange;
        let base_url = &settings.base_url;
        let message = match scheme_hint::of_response(exchange.status, &exchange.body, base_url) {
            Some(hint) => format!("{message}; {hint}"),
            None => message,
        };
        let mut error = Self::new(ErrorKind::Api, message);
        error.0.answer = Some(answer);
        error
    }

    /// The gateway answered with something that tells neither a status nor a URL.
    pub(crate) fn not_understood(exchange: Exchange, report: Report) -> Self {
        let mut message = "the answer tells neither a status nor a URL of a task".to_owned();
        if let Some(finding) = report.findings().first() {
            message.push_str(&format!(": {finding}"));
        }
        let more = report.findings().len().saturating_sub(1);
        if more > 0 {
            message.push_str(&format!(" (and {more} more)"));
        }
        let mut error = Self::new(ErrorKind::NotUnderstood, message);
        error.0.answer = Some(ErrorResponse::new(exchange, Some(report)));
        error
    }

    /// The gateway answered with another task than the one that was asked for.
    pub(crate) fn other_task(
        exchange: Exchange,
        report: Report,
        view: TaskView,
        asked_for: &TaskId,
    ) -> Self {
        let found = view.task_id.as_ref().map_or("", TaskId::as_str);
        let message =
            format!("the answer is about the task {found}, but {asked_for} was asked for");
        let message = exchange.settings.without_secrets(&message);
        let mut error = Self::new(ErrorKind::OtherTask, message);
        let mut answer = ErrorResponse::new(exchange, Some(report));
        answer.view = Some(view);
        error.0.answer = Some(answer);
        error
    }

    fn answer(&self) -> Option<&ErrorResponse> {
        self.0.answer.as_ref()
    }

    /// Something that was given cannot be used: an address, a key, a task id.
    #[must_use]
    pub fn is_input(&self) -> bool {
        self.0.kind == ErrorKind::Input
    }

    /// The provider of the API key had none for this request, so that it was not made.
    #[must_use]
    pub fn is_key_unavailable(&self) -> bool {
        self.0.kind == ErrorKind::Key
    }

    /// No connection came about.
    #[must_use]
    pub fn is_connect(&self) -> bool {
        self.0.kind == ErrorKind::Connect
    }

    /// The time for the request was over. The task goes on all the same.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        self.0.kind == ErrorKind::Timeout
    }

    /// The connection broke before the whole answer was there.
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

    /// The gateway answered with something that tells neither a status nor a URL of a task; see
    /// [`report`](Self::report) and [`body`](Self::body). That passes as a rule, so it is
    /// [retryable](Self::is_retryable).
    #[must_use]
    pub fn is_not_understood(&self) -> bool {
        self.0.kind == ErrorKind::NotUnderstood
    }

    /// The gateway answered with another task than the one that was asked for, as a cache in between
    /// can; see [`view`](Self::view) for what came. Nothing of it belongs to the task that was asked
    /// for. That passes as a rule, so it is [retryable](Self::is_retryable).
    #[must_use]
    pub fn is_other_task(&self) -> bool {
        self.0.kind == ErrorKind::OtherTask
    }

    /// The gateway does not accept the API key.
    #[must_use]
    pub fn is_unauthorized(&self) -> bool {
        self.is_api() && self.status() == Some(StatusCode::UNAUTHORIZED)
    }

    /// The gateway knows no such task, which in the first seconds after the submit can be too early
    /// to tell. Comes with HTTP 400 or 404.
    #[must_use]
    pub fn is_unknown_task(&self) -> bool {
        self.is_api()
            && self
                .answer()
                .is_some_and(|answer| answer.reason.is_unknown_task())
    }

    /// The same query can succeed later: there was no key, no connection, no or half an answer, one
    /// that tells of no task or of another one, HTTP 408, 429 or 5xx, or an overloaded upstream,
    /// which comes with any HTTP status.
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

    /// The verdict on the answer and all that was found in it, if it was complete.
    #[must_use]
    pub fn report(&self) -> Option<&Report> {
        self.answer()?.report.as_ref()
    }

    /// The gateway's error code, unwrapped from errors that stand in a message as text.
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

    /// The exchange as text to be kept or shown, redacted and without the key, if an answer came.
    #[must_use]
    pub fn capture(&self) -> Option<Capture> {
        Some(self.answer()?.exchange.capture())
    }

    /// What the answer tells of a task, where it is an error all the same: another task than the
    /// one that was asked for.
    #[must_use]
    pub fn view(&self) -> Option<&TaskView> {
        self.answer()?.view.as_ref()
    }
}

/// How long a response asks to wait before the next request.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let value = headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim();
    match value.parse::<f64>() {
        Ok(seconds) => Duration::try_from_secs_f64(seconds.ceil()).ok(),
        Err(_) => httpdate::parse_http_date(value)
            .ok()
            .map(|date| date.duration_since(SystemTime::now()).unwrap_or_default()),
    }
}

fn first_message(report: &Report) -> Option<&str> {
    report
        .findings()
        .first()
        .map(|finding| finding.message.as_str())
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
