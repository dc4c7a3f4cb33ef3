//! What an observer is told of an exchange.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, SystemTime},
};

use super::exchange_head::ExchangeHead;
use crate::{
    report::{TaskTimeline, ValidatedResponse},
    validation::Session,
};

/// The header by which a client recognises its own request.
const REQUEST_ID: &str = "x-request-id";
/// Maximum length of such an id.
const MAX_REQUEST_ID: usize = 64;

/// An exchange that has ended, validated or not, without its secrets.
#[non_exhaustive]
pub struct ObservedExchange {
    /// The method.
    pub method: String,
    /// Path and query, secrets redacted.
    pub target: String,
    /// The request's `X-Request-Id`, if it consists of letters, digits, `-` and `_`.
    pub request_id: Option<String>,
    /// The HTTP status; of the proxy itself, if the upstream gave no response.
    pub status: u16,
    /// When the response began.
    pub time: SystemTime,
    /// How long the upstream took until then.
    pub elapsed: Duration,
    /// What became of it.
    pub outcome: ExchangeOutcome,
    session: Arc<Mutex<Session>>,
}

/// What became of an exchange.
#[derive(Debug)]
#[non_exhaustive]
pub enum ExchangeOutcome {
    /// It was validated: the response and its findings.
    Validated(Box<ValidatedResponse>),
    /// It was passed on without validation, and the name of the reason.
    Unvalidated(&'static str),
    /// The upstream gave no response, and why.
    NoResponse(String),
}

/// Called for each exchange.
pub(super) type Observer = Box<dyn FnMut(ObservedExchange) + Send>;

impl ObservedExchange {
    pub(super) fn new(
        head: &ExchangeHead,
        secrets: &[&str],
        outcome: ExchangeOutcome,
        session: &Arc<Mutex<Session>>,
    ) -> Self {
        let request_id = head.request_headers.get(REQUEST_ID);
        let request_id = request_id.and_then(|id| id.to_str().ok());
        let request_id = request_id.filter(|id| is_plain(id) && !secrets.contains(id));
        Self {
            method: head.method.to_string(),
            target: head.redacted_target(secrets),
            request_id: request_id.map(str::to_owned),
            status: head.status.as_u16(),
            time: head.time,
            elapsed: head.elapsed,
            outcome,
            session: Arc::clone(session),
        }
    }

    /// The states until now of the task that a validated response tells of, if the session
    /// [keeps](Session::with_task_timelines) them.
    #[must_use]
    pub fn timeline(&self) -> Option<TaskTimeline> {
        let ExchangeOutcome::Validated(response) = &self.outcome else {
            return None;
        };
        let task_id = response.task_id.as_deref()?;
        let session = self.session.lock().unwrap_or_else(PoisonError::into_inner);
        session.timeline(task_id)
    }
}

fn is_plain(id: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    (1..=MAX_REQUEST_ID).contains(&id.len()) && id.bytes().all(is_plain)
}

impl fmt::Debug for ObservedExchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ObservedExchange")
            .field("method", &self.method)
            .field("target", &self.target)
            .field("status", &self.status)
            .field("outcome", &self.outcome)
            .finish_non_exhaustive()
    }
}
