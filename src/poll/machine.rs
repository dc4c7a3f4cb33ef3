//! The state machine of a wait: no clock, no sleeping.

use std::{sync::Arc, time::Duration};

use http::StatusCode;
use tokio::time::Instant;

use super::{
    budget::Budget,
    error::{WaitError, WaitErrorKind},
    event::WaitEvent,
    observation::{Observation, RetryAfter},
    outcome::{Ended, Failed, Outcome, Succeeded, TimedOut, UpstreamEnded},
    policy::WaitPolicy,
    snapshot::WaitSnapshot,
    upstream::{UpstreamEnd, has_video},
};
use crate::{
    client::{Client, Error, QueryResponse, trace},
    model::{TaskId, TaskState},
};

/// The state of a wait.
pub(super) struct Machine {
    task_id: TaskId,
    policy: Arc<WaitPolicy>,
    /// The longest time to wait, in all.
    timeout: Duration,
    /// When the task was first queried, in this process.
    started: Instant,
    /// How long the wait had taken before.
    elapsed_before: Duration,
    polls: u32,
    /// Whether the gateway has returned the task.
    has_answered: bool,
    /// The last status.
    status: Option<String>,
    budget: Budget,
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
            status: None,
            budget: Budget::default(),
            last: None,
        }
    }

    /// Continues a saved wait until its deadline.
    pub fn resumed(snapshot: WaitSnapshot, policy: Arc<WaitPolicy>, now: Instant) -> Self {
        let elapsed = snapshot.elapsed();
        Self {
            timeout: elapsed.saturating_add(snapshot.left()),
            elapsed_before: elapsed,
            polls: snapshot.polls,
            has_answered: snapshot.has_answered,
            status: snapshot.status,
            budget: snapshot.budget.at(elapsed),
            ..Self::new(snapshot.task_id, policy, now)
        }
    }

    pub fn task_id(&self) -> &TaskId {
        &self.task_id
    }

    /// The moment of the last query.
    pub fn deadline(&self) -> Instant {
        self.started + self.timeout.saturating_sub(self.elapsed_before)
    }

    /// Brings a snapshot up to date.
    pub fn record(&self, snapshot: &mut WaitSnapshot) {
        snapshot.polls = self.polls;
        snapshot.has_answered = self.has_answered;
        snapshot.status.clone_from(&self.status);
        snapshot.budget.clone_from(&self.budget);
    }

    /// Processes the answer received at `now`; after an observation, the next query is due when its
    /// `next_in` has passed.
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
        let retry_after = self.retry_after(client, now, &answer);
        let (delay, answer) = match answer {
            Ok(response) => {
                self.has_answered = true;
                self.budget.answered();
                if response.view().state.is_terminal() {
                    return self.ended(client, response, elapsed);
                }
                let time = (elapsed, left);
                if self.budget.upstream_decides(&self.policy, &response, time) {
                    return self.ended_by_upstream(client, response, elapsed);
                }
                match self.budget.after_status(&self.policy, &response) {
                    Ok(delay) => (delay, Ok(response)),
                    Err(kind) => return self.given_up(kind, Ok(response), elapsed),
                }
            }
            Err(error) => {
                let (policy, has_answered) = (&self.policy, self.has_answered);
                let after = self
                    .budget
                    .after_error(policy, &error, has_answered, elapsed);
                match after {
                    Ok(delay) => (delay, Err(error)),
                    Err(kind) => return self.given_up(kind, Err(error), elapsed),
                }
            }
        };
        let at_least = retry_after.map_or(Duration::ZERO, |retry_after| retry_after.honoured);
        // A pause caused by another query of the client applies to this one as well.
        let pause = client.paused_until(None).unwrap_or(now);
        let pause = pause.saturating_duration_since(now);
        let next_in = delay.max(at_least).max(pause).min(left);
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
        if let (Err(error), Some(failures)) = (observation.answer(), &self.budget.failures) {
            trace::wait_goes_on(&self.task_id, failures.count(), error, next_in);
        }
        if let Some(status) = observation.status() {
            self.status = Some(status.to_owned());
            self.last = Some(observation.clone());
        }
        if left.is_zero() {
            trace::wait_ended(&self.task_id, self.polls, elapsed, "timed out");
            return WaitEvent::Ended(Ok(Outcome::TimedOut(TimedOut {
                client: client.clone(),
                snapshot: Box::new(self.snapshot(elapsed)),
                last: self.last.take(),
                elapsed,
            })));
        }
        WaitEvent::Observed(observation)
    }

    /// The pause that the gateway asks for. After a 429 it applies to all queries of the client.
    fn retry_after(
        &self,
        client: &Client,
        now: Instant,
        answer: &Result<QueryResponse, Error>,
    ) -> Option<RetryAfter> {
        let (status, asked) = match answer {
            Ok(response) => (Some(response.status()), response.retry_after()?),
            Err(error) => (error.status(), error.retry_after()?),
        };
        let retry_after = RetryAfter {
            asked,
            honoured: asked.min(self.policy.max_retry_after),
        };
        if status == Some(StatusCode::TOO_MANY_REQUESTS) {
            client.pause(now, asked, retry_after.honoured);
        }
        Some(retry_after)
    }

    /// The wait as data.
    fn snapshot(&self, elapsed: Duration) -> WaitSnapshot {
        let policy = (*self.policy).clone();
        let mut snapshot = WaitSnapshot::begun(self.task_id.clone(), policy, elapsed);
        self.record(&mut snapshot);
        snapshot
    }

    fn given_up(
        &mut self,
        kind: WaitErrorKind,
        answer: Result<QueryResponse, Error>,
        elapsed: Duration,
    ) -> WaitEvent {
        trace::wait_ended(&self.task_id, self.polls, elapsed, "given up");
        // Resuming it is a decision to tolerate more.
        self.budget = Budget::default();
        let spent = (self.polls, elapsed);
        let (id, last) = (self.task_id.clone(), self.last.take());
        WaitEvent::Ended(Err(WaitError::new(kind, id, spent, answer, last)))
    }

    fn ended(&mut self, client: &Client, response: QueryResponse, elapsed: Duration) -> WaitEvent {
        let state = response.view().state;
        trace::wait_ended(&self.task_id, self.polls, elapsed, state.name());
        let ended = Ended {
            task_id: self.task_id.clone(),
            response: Box::new(response),
            polls: self.polls,
            elapsed,
        };
        let budget = std::mem::take(&mut self.budget);
        WaitEvent::Ended(Ok(match state {
            TaskState::Succeeded => Outcome::Succeeded(Succeeded(ended)),
            TaskState::Failed => Outcome::Failed(Failed(ended)),
            // Its status is pending; what has ended is the upstream.
            _ => Outcome::UpstreamEnded(UpstreamEnded {
                ended,
                client: client.clone(),
                snapshot: Box::new(self.snapshot(elapsed)),
                answers: budget.upstream.as_ref().map_or(0, UpstreamEnd::answers),
            }),
        }))
    }

    fn ended_by_upstream(
        &mut self,
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
}
