//! What follows from each answer. No clock is read here and nothing sleeps.

use std::{sync::Arc, time::Duration};

use backon::ExponentialBackoff;
use tokio::time::Instant;

use super::{
    error::{Kind, WaitError},
    observation::Observation,
    outcome::{Ended, Failed, Outcome, Succeeded, TimedOut},
    policy::WaitPolicy,
    wait::{Wait, WaitEvent},
};
use crate::{
    client::{Client, Error, QueryResponse},
    model::{TaskId, TaskState},
};

/// A task that is being waited for.
pub(crate) struct Machine {
    task_id: TaskId,
    policy: Arc<WaitPolicy>,
    /// When the task was first asked for.
    started: Instant,
    polls: u32,
    failures: Option<Box<Failures>>,
    /// Since when the gateway has known no such task.
    unknown_since: Option<Instant>,
    unknown_statuses: u32,
    last: Option<Observation>,
}

/// A row of failures.
struct Failures {
    in_row: u32,
    delays: ExponentialBackoff,
}

impl Machine {
    pub fn new(task_id: TaskId, policy: Arc<WaitPolicy>, now: Instant) -> Self {
        Self {
            task_id,
            policy,
            started: now,
            polls: 0,
            failures: None,
            unknown_since: None,
            unknown_statuses: 0,
            last: None,
        }
    }

    pub fn task_id(&self) -> &TaskId {
        &self.task_id
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
        let elapsed = now.saturating_duration_since(self.started);
        let (delay, answer) = match answer {
            Ok(response) => {
                let state = response.view().state;
                if state.is_terminal() {
                    return WaitEvent::Ended(Ok(self.outcome(state, response, elapsed)));
                }
                self.failures = None;
                self.unknown_since = None;
                match self.after_status(&response) {
                    Ok(delay) => (delay, Ok(response)),
                    Err(kind) => return self.given_up(kind, Ok(response), elapsed),
                }
            }
            Err(error) => match self.after_error(now, &error) {
                Ok(delay) => (delay, Err(error)),
                Err(kind) => return self.given_up(kind, Err(error), elapsed),
            },
        };
        let asked_for = match &answer {
            Ok(response) => response.retry_after(),
            Err(error) => error.retry_after(),
        };
        let left = self.policy.timeout.saturating_sub(elapsed);
        let next_in = delay.max(asked_for.unwrap_or_default()).min(left);
        let status_before = self.last.as_ref().and_then(Observation::status);
        let observation = Observation::new(
            self.task_id.clone(),
            self.polls,
            elapsed,
            next_in,
            answer,
            status_before,
        );
        if observation.status().is_some() {
            self.last = Some(observation.clone());
        }
        if left.is_zero() {
            let wait = Wait::new(
                client.clone(),
                self.task_id.clone(),
                Arc::clone(&self.policy),
            );
            return WaitEvent::Ended(Ok(Outcome::TimedOut(TimedOut {
                wait,
                last: self.last.take(),
                polls: self.polls,
                elapsed,
            })));
        }
        WaitEvent::Observed(observation)
    }

    fn given_up(
        &mut self,
        kind: Kind,
        answer: Result<QueryResponse, Error>,
        elapsed: Duration,
    ) -> WaitEvent {
        let spent = (self.polls, elapsed);
        let (id, last) = (self.task_id.clone(), self.last.take());
        WaitEvent::Ended(Err(WaitError::new(kind, id, spent, answer, last)))
    }

    /// How long to wait after a task that has not ended, or why to give up.
    fn after_status(&mut self, response: &QueryResponse) -> Result<Duration, Kind> {
        let view = response.view();
        if view.state == TaskState::Pending {
            self.unknown_statuses = 0;
            return Ok(self.policy.next_interval());
        }
        self.unknown_statuses += 1;
        if self.unknown_statuses < self.policy.max_consecutive_unknown_statuses {
            return Ok(self.policy.next_interval());
        }
        Err(Kind::Drift {
            status: view.status.clone().unwrap_or_else(|| "null".to_owned()),
            in_row: self.unknown_statuses,
        })
    }

    fn outcome(&self, state: TaskState, response: QueryResponse, elapsed: Duration) -> Outcome {
        let ended = Ended {
            task_id: self.task_id.clone(),
            response: Box::new(response),
            polls: self.polls,
            elapsed,
        };
        if state == TaskState::Failed {
            Outcome::Failed(Failed(ended))
        } else {
            Outcome::Succeeded(Succeeded(ended))
        }
    }

    /// How long to wait after an error, or why to give up.
    fn after_error(&mut self, now: Instant, error: &Error) -> Result<Duration, Kind> {
        let policy = Arc::clone(&self.policy);
        if error.is_unknown_task() {
            let since = *self.unknown_since.get_or_insert(now);
            let left = policy
                .errors
                .unknown_task_grace
                .saturating_sub(now.saturating_duration_since(since));
            return if left.is_zero() {
                Err(Kind::UnknownTask)
            } else {
                // Just at the end of the grace is the last time that tells something.
                Ok(self.failed().1.min(left))
            };
        }
        if !error.is_retryable() {
            return Err(Kind::Final);
        }
        let (in_row, delay) = self.failed();
        if in_row < policy.errors.max_consecutive_errors {
            Ok(delay)
        } else {
            Err(Kind::Exhausted { in_row })
        }
    }

    /// Counts a failure, and gives the delay that follows it.
    fn failed(&mut self) -> (u32, Duration) {
        let policy = &self.policy.errors;
        let failures = self.failures.get_or_insert_with(|| {
            Box::new(Failures {
                in_row: 0,
                delays: policy.delays(),
            })
        });
        failures.in_row += 1;
        let delay = failures.delays.next();
        (failures.in_row, delay.unwrap_or(policy.max_delay()))
    }
}
