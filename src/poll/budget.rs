//! The limits of a wait: failures, undocumented statuses and grace periods.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{
    classify::{FailureClass, FailureContext},
    error::WaitErrorKind,
    failures::Failures,
    policy::WaitPolicy,
    upstream::{UpstreamEnd, has_video},
};
use crate::{
    client::{Error, QueryResponse},
    model::TaskState,
};

/// How much of its policy's limits a wait has used. Times count from the wait's first query, so
/// that they remain valid in another process.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Budget {
    /// Since the last answer that was a task.
    pub failures: Option<Box<Failures>>,
    /// When the gateway first said that it knows no such task.
    unknown_task_since: Option<Duration>,
    unknown_statuses: u32,
    pub upstream: Option<UpstreamEnd>,
}

impl Budget {
    /// Restores a saved budget in a wait that has taken this long. Times are capped, in case the clock
    /// was set back.
    pub fn at(mut self, elapsed: Duration) -> Self {
        self.unknown_task_since = self.unknown_task_since.map(|since| since.min(elapsed));
        self.upstream = self.upstream.map(|upstream| upstream.at(elapsed));
        self
    }

    /// An answer with a task resets the failure count.
    pub fn answered(&mut self) {
        self.failures = None;
        self.unknown_task_since = None;
    }

    /// Whether the wait ends because the upstream has ended, although the gateway's status is pending.
    pub fn upstream_decides(
        &mut self,
        policy: &WaitPolicy,
        response: &QueryResponse,
        (elapsed, left): (Duration, Duration),
    ) -> bool {
        self.upstream = UpstreamEnd::after(self.upstream.take(), response, elapsed);
        let Some(end) = &self.upstream else {
            return false;
        };
        let view = response.view();
        let is_over = end.is_over(policy.upstream_grace, elapsed);
        match view.upstream.state {
            TaskState::Failed => is_over,
            _ => has_video(view) && (is_over || left.is_zero()),
        }
    }

    /// How long to wait after a task that has not ended, or why to give up.
    pub fn after_status(
        &mut self,
        policy: &WaitPolicy,
        response: &QueryResponse,
    ) -> Result<Duration, WaitErrorKind> {
        let view = response.view();
        if view.state == TaskState::Pending {
            self.unknown_statuses = 0;
            return Ok(policy.next_interval());
        }
        self.unknown_statuses = self.unknown_statuses.saturating_add(1);
        if self.unknown_statuses < policy.max_consecutive_unknown_statuses {
            return Ok(policy.next_interval());
        }
        Err(WaitErrorKind::UnknownStatus {
            status: view.status.clone().unwrap_or_else(|| "null".to_owned()),
            consecutive: self.unknown_statuses,
        })
    }

    /// How long to wait after a failure, or why to give up.
    pub fn after_error(
        &mut self,
        policy: &WaitPolicy,
        error: &Error,
        has_answered: bool,
        elapsed: Duration,
    ) -> Result<Duration, WaitErrorKind> {
        let policy = &policy.errors;
        let failures = self.failures.get_or_insert_default();
        let delay = failures.add(error, policy);
        let context = FailureContext {
            has_answered,
            consecutive: failures.count(),
            elapsed,
        };
        match policy.classifier.0.classify(error, &context) {
            FailureClass::Final => Err(WaitErrorKind::Final),
            FailureClass::UnknownTask => {
                let since = *self.unknown_task_since.get_or_insert(elapsed);
                let unknown_for = elapsed.saturating_sub(since);
                let left = policy.unknown_task_grace.saturating_sub(unknown_for);
                if left.is_zero() {
                    Err(WaitErrorKind::UnknownTask)
                } else {
                    // One last query is made when the grace period ends.
                    Ok(delay.min(left))
                }
            }
            FailureClass::Passing if failures.count() < policy.max_consecutive_errors => Ok(delay),
            FailureClass::Passing => Err(WaitErrorKind::Exhausted(
                self.failures.take().unwrap_or_default(),
            )),
        }
    }
}
