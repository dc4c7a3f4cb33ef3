//! How each failure is reported.

use std::sync::Arc;

use http::header;

use super::{
    error::{Error, ErrorKind, ErrorResponse, Inner},
    exchange::Exchange,
    key_source::KeyUnavailable,
    scheme_hint,
};
use crate::{
    model::{TaskId, TaskView},
    redact,
    validate::{Reason, Report},
};

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
    pub(super) fn no_key(why: &KeyUnavailable) -> Self {
        Self::new(ErrorKind::Key, format!("no API key for the request: {why}"))
    }

    /// The HTTP client cannot be created.
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

    /// The runtime ended before the answer was read.
    pub(super) fn shut_down() -> Self {
        Self::new(
            ErrorKind::Interrupted,
            "the asynchronous runtime was shut down before the answer was read",
        )
    }

    pub(crate) fn too_large(exchange: Exchange) -> Self {
        let message = format!(
            "the body is too long for a task: reading stopped after {} bytes",
            exchange.body.len()
        );
        let mut error = Self::new(ErrorKind::NotUnderstood, message);
        error.0.answer = Some(ErrorResponse::new(exchange, None));
        error
    }

    /// The gateway answered with an error.
    pub(crate) fn api(exchange: Exchange, report: Report, reason: Reason) -> Self {
        let secrets = Arc::clone(&exchange.secrets);
        let mut answer = ErrorResponse::new(exchange, Some(report));
        answer.reason = reason;
        // Some gateways repeat the key that they reject.
        let hidden = |text: String| secrets.redact(&text);
        answer.reason.message = answer.reason.message.take().map(hidden);
        answer.reason.code = answer.reason.code.take().map(hidden);
        let status = answer.exchange.status.as_u16();
        let message = match (&answer.reason.code, &answer.reason.message) {
            _ if answer.exchange.status.is_redirection() => {
                let location = answer.exchange.headers.get(header::LOCATION);
                let target = location.and_then(|location| location.to_str().ok());
                let target = hidden(target.unwrap_or("nowhere").to_owned());
                format!(
                    "HTTP {status}: a redirect to {target}, which is not followed: the API key \
                     stays with the gateway; if the gateway has moved, use its new base URL"
                )
            }
            (Some(code), Some(message)) if code != message => {
                format!("HTTP {status}: {code}: {message}")
            }
            (Some(text), _) | (None, Some(text)) => format!("HTTP {status}: {text}"),
            (None, None) => match answer.report.as_ref().and_then(first_message) {
                Some(message) => format!("HTTP {status}: {message}"),
                None => format!("HTTP {status}"),
            },
        };
        let exchange = &answer.exchange;
        let hint = scheme_hint::of_response(exchange.status, &exchange.body, &exchange.base_url);
        let message = match hint {
            Some(hint) => format!("{message}; {hint}"),
            None => message,
        };
        let mut error = Self::new(ErrorKind::Api, message);
        error.0.answer = Some(answer);
        error
    }

    /// A reply to a submission that names no task.
    pub(crate) fn without_id(exchange: Exchange, report: Report) -> Self {
        let status = exchange.status.as_u16();
        let message = format!("HTTP {status}: the reply names no task");
        let mut error = Self::new(ErrorKind::NotUnderstood, message);
        error.0.answer = Some(ErrorResponse::new(exchange, Some(report)));
        error
    }

    /// The answer tells neither a status nor a URL.
    pub(crate) fn not_understood(exchange: Exchange, report: Report) -> Self {
        let mut message = "the answer has neither a status nor a URL of a task".to_owned();
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

    /// The answer is about another task than the requested one.
    pub(crate) fn other_task(
        exchange: Exchange,
        report: Report,
        view: TaskView,
        requested: &TaskId,
    ) -> Self {
        let found = view.task_id.as_ref().map_or("", TaskId::as_str);
        let message =
            format!("the answer is about the task {found}, but {requested} was requested");
        let message = exchange.secrets.redact(&message);
        let mut error = Self::new(ErrorKind::OtherTask, message);
        let mut answer = ErrorResponse::new(exchange, Some(report));
        answer.view = Some(view);
        error.0.answer = Some(answer);
        error
    }
}

fn first_message(report: &Report) -> Option<&str> {
    report
        .findings()
        .first()
        .map(|finding| finding.message.as_str())
}
