//! The policy of a wait: interval, timeout and error handling.

use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBuilder};
use serde::{Deserialize, Serialize};

use super::{
    classify::{Classifier, FailureClassifier},
    duration_limit::{MAX_DURATION, limited},
    upstream::UpstreamGrace,
};
use crate::{client::MAX_RETRY_AFTER, model::tables};

/// When the next query of a task is due, and when a wait ends.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
///
/// use seedance_query::{ErrorPolicy, WaitPolicy};
///
/// let policy = WaitPolicy::default()
///     .interval(Duration::from_secs(5))
///     .timeout(Duration::from_hours(1))
///     .errors(ErrorPolicy::default().max_consecutive_errors(30));
/// # let _ = policy;
/// ```
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
#[must_use]
pub struct WaitPolicy {
    #[serde(deserialize_with = "limited")]
    pub(super) interval: Duration,
    pub(super) jitter: f64,
    #[serde(deserialize_with = "limited")]
    pub(super) timeout: Duration,
    #[serde(deserialize_with = "limited")]
    pub(super) max_retry_after: Duration,
    pub(super) max_consecutive_unknown_statuses: u32,
    pub(super) upstream_grace: UpstreamGrace,
    pub(super) errors: ErrorPolicy,
}

impl Default for WaitPolicy {
    fn default() -> Self {
        Self {
            interval: Duration::from_secs(tables::POLL_INTERVAL_SECONDS),
            jitter: 0.1,
            timeout: Duration::from_mins(30),
            max_retry_after: MAX_RETRY_AFTER,
            max_consecutive_unknown_statuses: 20,
            upstream_grace: UpstreamGrace::default(),
            errors: ErrorPolicy::default(),
        }
    }
}

impl WaitPolicy {
    /// The time between an answer and the next query: the documented 15 s unless set. A
    /// `Retry-After` that asks for more is honoured, up to a limit.
    pub fn interval(mut self, interval: Duration) -> Self {
        self.interval = interval.min(MAX_DURATION);
        self
    }

    /// By which fraction the interval varies at random, between 0 and 1: 0.1 unless set, so that
    /// many clients do not query in step.
    pub fn jitter(mut self, fraction: f64) -> Self {
        self.jitter = fraction.clamp(0.0, 1.0);
        self
    }

    /// The longest time to wait: 30 min unless set. The last query is made when it is over, so that
    /// the wait can take longer by the time of one request.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout.min(MAX_DURATION);
        self
    }

    /// The longest `Retry-After` that is honoured: 5 min unless set. A gateway that asks for more is
    /// queried again after this time; [`Observation::retry_after`](crate::Observation::retry_after)
    /// has both.
    pub fn max_retry_after(mut self, longest: Duration) -> Self {
        self.max_retry_after = longest.min(MAX_DURATION);
        self
    }

    /// How long to go on after the upstream has ended (`data.data.status`) while the gateway's own
    /// status is still pending: until this number of consecutive answers said so, over at least
    /// this time. 3 answers over 60 s unless set.
    ///
    /// Then the wait ends: with the upstream's video, or as
    /// [`Outcome::UpstreamEnded`](crate::Outcome::UpstreamEnded).
    pub fn upstream_grace(mut self, answers: u32, span: Duration) -> Self {
        self.upstream_grace = UpstreamGrace {
            answers: answers.max(1),
            span: span.min(MAX_DURATION),
        };
        self
    }

    /// The number of consecutive undocumented statuses that ends the wait: 20 unless set.
    pub fn max_consecutive_unknown_statuses(mut self, limit: u32) -> Self {
        self.max_consecutive_unknown_statuses = limit.max(1);
        self
    }

    /// Sets how failed queries are handled.
    pub fn errors(mut self, policy: ErrorPolicy) -> Self {
        self.errors = policy;
        self
    }

    /// The same policy with another [`ErrorPolicy::unknown_task_grace`].
    #[doc(hidden)]
    pub fn unknown_task_grace(mut self, grace: Duration) -> Self {
        self.errors = self.errors.unknown_task_grace(grace);
        self
    }

    /// The interval with its jitter.
    pub(super) fn next_interval(&self) -> Duration {
        let factor = 1.0 + self.jitter * (2.0 * fastrand::f64() - 1.0);
        Duration::try_from_secs_f64(self.interval.as_secs_f64() * factor).unwrap_or(self.interval)
    }
}

/// How a wait handles failed queries.
///
/// A [`FailureClassifier`] separates transient failures from those that end the wait. After a
/// transient failure the task is queried again; each consecutive failure lengthens the delay. The
/// failure budget is separate from the timeout and reset by each answer with a task.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
#[must_use]
pub struct ErrorPolicy {
    pub(super) max_consecutive_errors: u32,
    #[serde(deserialize_with = "limited")]
    min_delay: Duration,
    #[serde(deserialize_with = "limited")]
    max_delay: Duration,
    #[serde(deserialize_with = "limited")]
    pub(super) unknown_task_grace: Duration,
    #[serde(skip)]
    pub(super) classifier: Classifier,
}

impl Default for ErrorPolicy {
    fn default() -> Self {
        Self {
            max_consecutive_errors: 12,
            min_delay: Duration::from_secs(1),
            max_delay: Duration::from_mins(1),
            unknown_task_grace: Duration::from_secs(15),
            classifier: Classifier::default(),
        }
    }
}

impl ErrorPolicy {
    /// The number of consecutive failures that ends the wait: 12 unless set, which with the default
    /// back-off is a gateway that cannot be reached for 6 to 12 minutes.
    pub fn max_consecutive_errors(mut self, limit: u32) -> Self {
        self.max_consecutive_errors = limit.max(1);
        self
    }

    /// The delay after a first failure, 1 s unless set, and the longest one, 60 s unless set. Each
    /// consecutive failure doubles it; at random, up to the same time is added. A `Retry-After` that
    /// asks for more is honoured, up to a limit.
    pub fn backoff(mut self, first: Duration, longest: Duration) -> Self {
        self.min_delay = first.min(MAX_DURATION);
        self.max_delay = longest.clamp(self.min_delay, MAX_DURATION);
        self
    }

    /// How long a task may be unknown to the gateway, as it can be just after it was submitted: 15 s
    /// unless set.
    pub fn unknown_task_grace(mut self, grace: Duration) -> Self {
        self.unknown_task_grace = grace.min(MAX_DURATION);
        self
    }

    /// Sets the classifier of failures: [`DefaultClassifier`](crate::DefaultClassifier) unless set.
    pub fn classifier(mut self, classifier: impl FailureClassifier + 'static) -> Self {
        self.classifier = Classifier(std::sync::Arc::new(classifier));
        self
    }

    /// The delay after the last of this many consecutive failures.
    pub(super) fn delay(&self, consecutive: u32) -> Duration {
        /// Whatever the first delay is, this many doublings reach the longest one.
        const DOUBLINGS: usize = 64;
        let mut delays = ExponentialBuilder::default()
            .with_min_delay(self.min_delay)
            .with_max_delay(self.max_delay)
            .with_factor(2.0)
            .with_jitter()
            .without_max_times()
            .build();
        let index = usize::try_from(consecutive.saturating_sub(1)).unwrap_or(DOUBLINGS);
        delays.nth(index.min(DOUBLINGS)).unwrap_or(self.max_delay)
    }
}
