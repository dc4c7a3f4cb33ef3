//! A task: what is known of it, how old it is, and which URL it gives.

use std::time::Duration;

use sha2::{Digest, Sha256};

use super::{
    asked::Asked,
    fault::{Base, Fault, Stage},
    scenario::Scenario,
    sign::Terms,
};
use seedance_query::model::TaskId;

/// A task waits for so many seconds until it is in the queue,
const QUEUED: u64 = WAITING.unsigned_abs();
pub(super) const WAITING: i64 = 5;
/// and for so many until it runs.
pub(super) const RUNNING: u64 = 20;
/// It ends no sooner than this, and less than `SPREAD` seconds later.
const END: u64 = 140;
const SPREAD: u64 = 21;
/// A passing fault hits so many queries.
const PASSING: u32 = 2;

/// Where in its life a task is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    NotStarted,
    Queued,
    Running { percent: u64, seconds: i64 },
    Ended,
}

/// A task since its first query.
pub(super) struct Task {
    pub(super) id: TaskId,
    pub(super) base: Base,
    scenario: Scenario,
    /// Whatever differs from task to task follows from this.
    pub(super) hash: u64,
    born: Duration,
    /// The time of day of its first query.
    pub(super) submitted: i64,
    queries: u32,
    terms: Option<Terms>,
    is_spent: bool,
    /// How many tasks the gateway had with this one.
    pub(super) number: usize,
    pub(super) asked: Asked,
    /// The request that it was submitted with, if it was.
    pub(super) submission: Option<Submission>,
}

/// What the gateway keeps of a submission.
#[derive(Clone)]
pub(super) struct Submission {
    /// The gateway's id of the request.
    pub(super) request_id: String,
    pub(super) path: String,
}

impl Task {
    pub(super) fn new(id: TaskId, scenario: Scenario, born: Duration, submitted: i64) -> Self {
        Self {
            base: scenario.base(),
            scenario,
            hash: hash(&id),
            id,
            born,
            submitted,
            queries: 0,
            terms: None,
            is_spent: false,
            number: 0,
            asked: Asked::default(),
            submission: None,
        }
    }

    pub(super) fn scenario(&self) -> Scenario {
        self.scenario
    }

    pub(super) fn count_query(&mut self) {
        self.queries += 1;
    }

    /// The fault of its own that hits the query that was counted last.
    pub(super) fn query_fault(&self) -> Option<Fault> {
        let fault = self
            .scenario
            .fault()
            .filter(|fault| fault.stage() == Stage::Query)?;
        (fault == Fault::TaskNotExist || self.queries <= PASSING).then_some(fault)
    }

    /// How many seconds the task takes.
    fn life(&self) -> u64 {
        END + self.hash % SPREAD
    }

    pub(super) fn finished(&self) -> i64 {
        self.submitted + i64::try_from(self.life()).unwrap_or(i64::MAX)
    }

    /// How long it has been there.
    pub(super) fn age(&self, now: Duration) -> Duration {
        now.saturating_sub(self.born)
    }

    pub(super) fn phase(&self, now: Duration) -> Phase {
        let age = self.age(now).as_secs();
        let is_endless = self.base == Base::Stuck;
        match age {
            ..QUEUED => Phase::NotStarted,
            QUEUED..RUNNING => Phase::Queued,
            _ if age >= self.life() && !is_endless => Phase::Ended,
            _ => Phase::Running {
                // It is an estimate that starts at half and never says that all is done.
                percent: 50 + (age.min(self.life()) - RUNNING) * 49 / (self.life() - RUNNING),
                seconds: i64::try_from(age - RUNNING).unwrap_or(i64::MAX),
            },
        }
    }

    /// Makes the next query give another URL, because this one allows for no more requests.
    pub(super) fn spend(&mut self) {
        self.is_spent = true;
    }

    /// What the URL says that a query gives now: the same as before while that is good.
    pub(super) fn terms(
        &mut self,
        now: i64,
        expires: u64,
        budget: Option<u32>,
        has: impl Fn(Fault) -> bool,
    ) -> Terms {
        let is_refused = |terms: &Terms| {
            has(Fault::UrlAlwaysRefused) || has(Fault::UrlRefused) && terms.serial == 0
        };
        if let Some(terms) = self.terms
            && !terms.has_expired(now)
            && !self.is_spent
            && !is_refused(&terms)
        {
            return terms;
        }
        let serial = self.terms.map_or(0, |terms| terms.serial + 1);
        let ended = Terms {
            serial,
            date: self.finished(),
            expires,
            budget,
        };
        let date = if has(Fault::UrlAlwaysExpired) || has(Fault::UrlExpired) && serial == 0 {
            // A minute too late.
            now.saturating_sub(i64::try_from(expires).unwrap_or(i64::MAX))
                .saturating_sub(60)
        } else if serial == 0 && !ended.has_expired(now) {
            ended.date
        } else {
            now
        };
        let terms = Terms { date, ..ended };
        self.terms = Some(terms);
        self.is_spent = false;
        terms
    }
}

fn hash(id: &TaskId) -> u64 {
    let hash = Sha256::digest(id.as_str());
    let mut first = [0; 8];
    first.copy_from_slice(&hash[..8]);
    u64::from_be_bytes(first)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Phase, Task};
    use crate::{Scenario, task_id};

    #[test]
    fn lives_through_every_moment_in_order() {
        let born = Duration::from_secs(1000);
        for number in 0..50 {
            let task = Task::new(task_id(Scenario::Normal, number), Scenario::Normal, born, 0);
            let at = |age| task.phase(born + Duration::from_secs(age));
            assert_eq!(at(0), Phase::NotStarted);
            assert_eq!(at(5), Phase::Queued);
            assert_eq!(
                at(20),
                Phase::Running {
                    percent: 50,
                    seconds: 0
                }
            );
            let end = task.life();
            assert!((140..161).contains(&end));
            assert!(matches!(
                at(end - 1),
                Phase::Running {
                    percent: 98 | 99,
                    ..
                }
            ));
            assert_eq!(at(end), Phase::Ended);
        }
    }

    #[test]
    fn one_that_is_stuck_does_not_end() {
        let id = task_id(Scenario::Stuck, 1);
        let task = Task::new(id, Scenario::Stuck, Duration::ZERO, 0);
        let phase = task.phase(Duration::from_secs(1_000_000));
        assert!(matches!(phase, Phase::Running { percent: 99, .. }));
    }
}
