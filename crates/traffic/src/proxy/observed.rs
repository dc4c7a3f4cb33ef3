//! What an observer is told of an exchange.

use std::time::{Duration, SystemTime};

use http::Method;

use super::queue::Job;
use crate::report::{TaskTimeline, ValidatedResponse};
use seedance_query::capture::Capture;

/// The header by which a client recognises its own request.
const REQUEST_ID: &str = "x-request-id";
/// Maximum length of such an id.
const MAX_REQUEST_ID: usize = 64;

/// An exchange that has ended, validated or not, without its secrets.
#[derive(Debug)]
#[non_exhaustive]
pub struct ProxyExchange<'a> {
    /// The method.
    pub method: &'a str,
    /// Path and query, secrets redacted.
    pub target: &'a str,
    /// The request's `X-Request-Id`, if it consists of letters, digits, `-` and `_`.
    pub request_id: Option<&'a str>,
    /// The HTTP status; of the proxy itself, if the upstream gave no response.
    pub status: u16,
    /// When the response began.
    pub time: SystemTime,
    /// How long the upstream took until then.
    pub elapsed: Duration,
    /// What became of it.
    pub outcome: ProxyOutcome<'a>,
}

/// What became of an exchange.
#[derive(Debug)]
#[non_exhaustive]
pub enum ProxyOutcome<'a> {
    /// It was validated.
    Validated {
        /// The response and its findings.
        response: &'a ValidatedResponse,
        /// The states of the task so far, if the session keeps them.
        timeline: Option<TaskTimeline>,
    },
    /// It was passed on without validation, and the name of the reason.
    Unvalidated(&'static str),
    /// The upstream gave no response, and why.
    NoResponse(&'a str),
}

/// Called for each exchange.
pub(super) type Observer = Box<dyn FnMut(&ProxyExchange<'_>) + Send>;

/// The head of an exchange, as it can be shown.
pub(super) struct ObservedHead {
    method: Method,
    target: String,
    request_id: Option<String>,
    status: u16,
    time: SystemTime,
    elapsed: Duration,
}

impl ObservedHead {
    pub fn of(job: &Job, secrets: &[&str]) -> Self {
        // By the redactor that captures are written with.
        let mut capture = Capture::new(job.status, Vec::new(), Vec::new());
        capture.note = Some(job.target.clone());
        let target = capture.redacted(secrets).note.unwrap_or_default();
        let request_id = job.request_headers.get(REQUEST_ID);
        let request_id = request_id.and_then(|id| id.to_str().ok());
        let request_id = request_id.filter(|id| is_plain(id) && !secrets.contains(id));
        Self {
            method: job.method.clone(),
            target,
            request_id: request_id.map(str::to_owned),
            status: job.status.as_u16(),
            time: job.time,
            elapsed: job.elapsed,
        }
    }

    pub fn exchange<'a>(&'a self, outcome: ProxyOutcome<'a>) -> ProxyExchange<'a> {
        ProxyExchange {
            method: self.method.as_str(),
            target: &self.target,
            request_id: self.request_id.as_deref(),
            status: self.status,
            time: self.time,
            elapsed: self.elapsed,
            outcome,
        }
    }
}

fn is_plain(id: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    (1..=MAX_REQUEST_ID).contains(&id.len()) && id.bytes().all(is_plain)
}
