//! Which failures of a query end a wait, and which are transient.

use std::{fmt, sync::Arc, time::Duration};

use http::header;

use crate::client::Error;

/// Error messages of the gateway's database or network. The gateway sends them with HTTP 400, which
/// otherwise means that a retry is useless.
const TRANSIENT_TROUBLE: [&str; 8] = [
    "database is locked",
    "deadlock",
    "too many connections",
    "bad connection",
    "connection refused",
    "connection reset",
    "i/o timeout",
    "context deadline exceeded",
];

/// What a failed query means for a wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FailureClass {
    /// The next query can succeed: retry within the budget for failures.
    Passing,
    /// The gateway does not know the task: retry within the grace period, because a new task can be
    /// unknown at first.
    UnknownTask,
    /// A retry will get the same answer: give up.
    Final,
}

/// The state of a wait whose query has failed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FailureContext {
    /// Whether the gateway has returned the task earlier in this wait, which proves key and id right.
    pub has_answered: bool,
    /// Failed queries since the last answer with a task, including this one.
    pub consecutive: u32,
    /// The time since the first query.
    pub elapsed: Duration,
}

/// Decides which failures end a wait. A closure is a classifier.
///
/// # Examples
///
/// ```
/// use seedance_query::{DefaultClassifier, ErrorPolicy, FailureClass, FailureClassifier};
///
/// // This gateway answers 451 while its region is being switched.
/// let errors = ErrorPolicy::default().classifier(
///     |error: &seedance_query::Error, context: &seedance_query::FailureContext| {
///         match error.status() {
///             Some(status) if status == 451 => FailureClass::Passing,
///             _ => DefaultClassifier.classify(error, context),
///         }
///     },
/// );
/// # let _ = errors;
/// ```
pub trait FailureClassifier: Send + Sync {
    /// What a failed query means.
    fn classify(&self, error: &Error, context: &FailureContext) -> FailureClass;
}

impl<F> FailureClassifier for F
where
    F: Fn(&Error, &FailureContext) -> FailureClass + Send + Sync,
{
    fn classify(&self, error: &Error, context: &FailureContext) -> FailureClass {
        self(error, context)
    }
}

/// The default classifier.
///
/// Transient failures: no connection, an incomplete answer, an answer without a task, a redirect,
/// HTTP 408, 423, 425, 429 and 5xx, an error under HTTP 200, an HTML page under 403, an overloaded
/// upstream, and a database error. Once the gateway has returned the task, which proves key and id
/// right, every error but 451 is transient. All other failures are final.
#[derive(Clone, Copy, Debug, Default)]
pub struct DefaultClassifier;

impl FailureClassifier for DefaultClassifier {
    fn classify(&self, error: &Error, context: &FailureContext) -> FailureClass {
        let passes = |passes: bool| {
            if passes {
                FailureClass::Passing
            } else {
                FailureClass::Final
            }
        };
        if error.is_input() {
            return FailureClass::Final;
        }
        if error.is_unknown_task() {
            // It was known, so the gateway's database or cache is temporarily unavailable.
            return if context.has_answered {
                FailureClass::Passing
            } else {
                FailureClass::UnknownTask
            };
        }
        let Some(status) = error.status().filter(|_| error.is_api()) else {
            return FailureClass::Passing;
        };
        match status.as_u16() {
            451 => FailureClass::Final,
            200..400 | 408 | 423 | 425 | 429 | 500.. => FailureClass::Passing,
            403 => passes(context.has_answered || is_html(error) || error.is_retryable()),
            _ => passes(context.has_answered || is_in_trouble(error) || error.is_retryable()),
        }
    }
}

/// A page from a firewall or a bot challenge, not from the gateway.
fn is_html(error: &Error) -> bool {
    let content_type = error
        .headers()
        .and_then(|headers| headers.get(header::CONTENT_TYPE));
    let is_declared = content_type
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.to_ascii_lowercase().contains("html"));
    let body = error.body().map_or(&[][..], |body| body);
    is_declared || body.trim_ascii_start().starts_with(b"<")
}

fn is_in_trouble(error: &Error) -> bool {
    let message = error.message().unwrap_or_default().to_ascii_lowercase();
    TRANSIENT_TROUBLE
        .iter()
        .any(|trouble| message.contains(trouble))
}

/// The classifier of a policy.
#[derive(Clone)]
pub(super) struct Classifier(pub Arc<dyn FailureClassifier>);

impl Default for Classifier {
    fn default() -> Self {
        Self(Arc::new(DefaultClassifier))
    }
}

impl fmt::Debug for Classifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Classifier").finish_non_exhaustive()
    }
}
