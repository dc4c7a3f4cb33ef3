//! What follows from each answer. No clock is read here and nothing sleeps.

use std::{sync::Arc, time::Duration};

use tokio::time::Instant;

use super::{
    classify::{FailureClass, FailureContext},
    error::{WaitError, WaitErrorKind},
    failures::Failures,
    observation::{Observation, RetryAfter},
    outcome::{Ended, Failed, Outcome, Succeeded, TimedOut, UpstreamEnded},
    policy::WaitPolicy,
    snapshot::WaitSnapshot,
    upstream::{UpstreamEnd, has_video},
    wait::{Wait, WaitEvent},
};
use crate::{
    client::{Client, Error, QueryResponse, trace},
    model::{TaskId, TaskState},
};

/// A task that is being waited for.
pub(crate) struct Machine {
    task_id: TaskId,
    policy: Arc<WaitPolicy>,
    /// The longest time to wait, in all.
    timeout: Duration,
    /// When the task was first asked for, in this process.
    started: Instant,
    /// How long it was waited for before.
    elapsed_before: Duration,
    polls: u32,
    /// Whether the gateway has told of the task.
    has_answered: bool,
    failures: Option<Box<Failures>>,
    /// Since when the gateway has known no such task.
    unknown_since: Option<Instant>,
    unknown_statuses: u32,
    /// The last status that the gateway told.
    status: Option<String>,
    upstream: Option<UpstreamEnd>,
    last: Option<Observation>,
}

impl Machine {
    pub fn new(task_id: TaskId, policy: Arc<WaitPolicy>, now: Instant) -> Self {
        Self {
            task_id,
            timeout: policy.timeout,
            policy,
            started: now,
            elapsed_before: Duration::ZERO,
            polls: 0,
            has_answered: false,
            failures: None,
            unknown_since: None,
            unknown_statuses: 0,
            status: None,
            upstream: None,
            last: None,
        }
    }

    /// Goes on with a wait that was kept, until its deadline.
    pub fn resumed(snapshot: &WaitSnapshot, policy: Arc<WaitPolicy>, now: Instant) -> Self {
        let elapsed = snapshot.elapsed();
        Self {
            timeout: elapsed.saturating_add(snapshot.left()),
            elapsed_before: elapsed,
            polls: snapshot.polls,
            has_answered: snapshot.has_answered,
            status: snapshot.status.clone(),
            ..Self::new(snapshot.task_id.clone(), policy, now)
        }
    }

    pub fn task_id(&self) -> &TaskId {
        &self.task_id
    }

    /// Brings a snapshot up to date.
    pub fn record(&self, snapshot: &mut WaitSnapshot) {
        snapshot.polls = self.polls;
        snapshot.has_answered = self.has_answered;
        snapshot.status.clone_from(&self.status);
    }

    /// Takes in the answer that came at `now`; after an observation, the task is asked for again
    /// when its `next_in` has passed.
    pub fn step(
        &mut self,
        client: &Client,
        now: Instant,
        answer: Result<QueryResponse, Error>,
    ) -> WaitEvent {
        self.polls = self.polls.saturating_add(1);
        let waited = now.saturating_duration_since(self.started);
        let elapsed = self.elapsed_before.saturating_add(waited);
        let left = self.timeout.saturating_sub(elapsed);
        let (delay, answer) = match answer {
            Ok(response) => {
                self.has_answered = true;
                self.failures = None;
                self.unknown_since = None;
                if response.view().state.is_terminal() {
                    return self.ended(client, response, elapsed);
                }
                self.upstream = UpstreamEnd::after(self.upstream.take(), &response, now);
                if self.upstream_decides(&response, now, left) {
                    return self.ended_by_upstream(client, response, elapsed);
                }
                match self.after_status(&response) {
                    Ok(delay) => (delay, Ok(response)),
                    Err(kind) => return self.given_up(kind, Ok(response), elapsed),
                }
            }
            Err(error) => match self.after_error(now, elapsed, &error) {
                Ok(delay) => (delay, Err(error)),
                Err(kind) => return self.given_up(kind, Err(error), elapsed),
            },
        };
        let asked = match &answer {
            Ok(response) => response.retry_after(),
            Err(error) => error.retry_after(),
        };
        let retry_after = asked.map(|asked| RetryAfter {
            asked,
            honoured: asked.min(self.policy.max_retry_after),
        });
        let at_least = retry_after.map_or(Duration::ZERO, |retry_after| retry_after.honoured);
        let next_in = delay.max(at_least).min(left);
        let observation = Observation::new(
            self.task_id.clone(),
            (self.polls, elapsed),
            (next_in, retry_after),
            answer,
            self.status.as_deref(),
        );
        if let Some(change) = observation.status_change() {
            trace::status_changed(&self.task_id, change.from.as_deref(), &change.to);
        }
        if let (Err(error), Some(failures)) = (observation.answer(), &self.failures) {
            trace::wait_goes_on(&self.task_id, failures.count(), error, next_in);
        }
        if let Some(status) = observation.status() {
            self.status = Some(status.to_owned());
            self.last = Some(observation.clone());
        }
        if left.is_zero() {
            trace::wait_ended(&self.task_id, self.polls, elapsed, "timed out");
            return WaitEvent::Ended(Ok(Outcome::TimedOut(TimedOut {
                wait: self.again(client),
                last: self.last.take(),
                failures: self.failures.take(),
                polls: self.polls,
                elapsed,
            })));
        }
        WaitEvent::Observed(observation)
    }

    /// The same wait with a new deadline.
    fn again(&self, client: &Client) -> Wait {
        let policy = Arc::clone(&self.policy);
        Wait::new(client.clone(), self.task_id.clone(), policy)
    }

    fn given_up(
        &mut self,
        kind: WaitErrorKind,
        answer: Result<QueryResponse, Error>,
        elapsed: Duration,
    ) -> WaitEvent {
        trace::wait_ended(&self.task_id, self.polls, elapsed, "given up");
        let spent = (self.polls, elapsed);
        let (id, last) = (self.task_id.clone(), self.last.take());
        WaitEvent::Ended(Err(WaitError::new(kind, id, spent, answer, last)))
    }

    fn ended(&self, client: &Client, response: QueryResponse, elapsed: Duration) -> WaitEvent {
        let state = response.view().state;
        trace::wait_ended(&self.task_id, self.polls, elapsed, state.name());
        let ended = Ended {
            task_id: self.task_id.clone(),
            response: Box::new(response),
            polls: self.polls,
            elapsed,
        };
        WaitEvent::Ended(Ok(match state {
            TaskState::Succeeded => Outcome::Succeeded(Succeeded(ended)),
            TaskState::Failed => Outcome::Failed(Failed(ended)),
            // Its status waits; what has ended is the upstream.
            _ => Outcome::UpstreamEnded(UpstreamEnded {
                ended,
                wait: self.again(client),
                answers: self.upstream.as_ref().map_or(0, UpstreamEnd::answers),
            }),
        }))
    }

    /// Whether the upstream's end is the end of the wait, although the gateway's status waits.
    fn upstream_decides(&self, response: &QueryResponse, now: Instant, left: Duration) -> bool {
        let Some(end) = &self.upstream else {
            return false;
        };
        let view = response.view();
        let is_over = end.is_over(self.policy.upstream_grace, now);
        match view.upstream.state {
            TaskState::Failed => is_over,
            _ => has_video(view) && (is_over || left.is_zero()),
        }
    }

    fn ended_by_upstream(
        &self,
        client: &Client,
        response: QueryResponse,
        elapsed: Duration,
    ) -> WaitEvent {
        let has_video = has_video(response.view());
        let response = if has_video {
            response.with_upstream_video()
        } else {
            response
        };
        self.ended(client, response, elapsed)
    }

    /// How long to wait after a task that has not ended, or why to give up.
    fn after_status(&mut self, response: &QueryResponse) -> Result<Duration, WaitErrorKind> {
        let view = response.view();
        if view.state == TaskState::Pending {
            self.unknown_statuses = 0;
            return Ok(self.policy.next_interval());
        }
        self.unknown_statuses += 1;
        if self.unknown_statuses < self.policy.max_consecutive_unknown_statuses {
            return Ok(self.policy.next_interval());
        }
        Err(WaitErrorKind::UnknownStatus {
            status: view.status.clone().unwrap_or_else(|| "null".to_owned()),
            consecutive: self.unknown_statuses,
        })
    }

    /// How long to wait after an error, or why to give up.
    fn after_error(
        &mut self,
        now: Instant,
        elapsed: Duration,
        error: &Error,
    ) -> Result<Duration, WaitErrorKind> {
        let policy = &self.policy.errors;
        let new = || Box::new(Failures::new(policy));
        let failures = self.failures.get_or_insert_with(new);
        let delay = failures.add(error, policy);
        let context = FailureContext {
            has_answered: self.has_answered,
            consecutive: failures.count(),
            elapsed,
        };
        match policy.classifier.0.classify(error, &context) {
            FailureClass::Final => Err(WaitErrorKind::Final),
            FailureClass::UnknownTask => {
                let since = *self.unknown_since.get_or_insert(now);
                let left = policy
                    .unknown_task_grace
                    .saturating_sub(now.saturating_duration_since(since));
                if left.is_zero() {
                    Err(WaitErrorKind::UnknownTask)
                } else {
                    // Just at the end of the grace is the last time that tells something.
                    Ok(delay.min(left))
                }
            }
            FailureClass::Passing if failures.count() < policy.max_consecutive_errors => Ok(delay),
            FailureClass::Passing => Err(WaitErrorKind::Exhausted(
                self.failures.take().unwrap_or_else(new),
            )),
        }
    }
}
