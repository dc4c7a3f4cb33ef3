//! Polls of the same task, compared: what has come once may not go back.

mod lives;
mod poll;
mod rules;

use std::{
    collections::{HashMap, hash_map::Entry},
    hash::{BuildHasherDefault, Hasher},
};

use self::lives::Lives;
pub(crate) use self::{lives::State, poll::Poll};
use super::{
    Life,
    spot::{Inputs, Spot},
};
use seedance_query::validate::Finding;

/// Of so many tasks at least the last poll is kept; of twice as many at most. It is what a table of
/// 65,536 places holds before it grows.
const TASKS: usize = 57_344;

/// The last poll of each task.
///
/// What is kept of a task is small and its number bounded, so that traffic of any length can be
/// checked: a task that no poll was of for a long time is forgotten.
#[derive(Debug, Default)]
pub(crate) struct Timeline {
    recent: Tasks,
    /// The ones before; a task that comes up again moves to the recent ones.
    older: Tasks,
    tasks: u64,
    lives: Option<Lives>,
}

type Tasks = HashMap<u64, Last, BuildHasherDefault<Hashed>>;

/// The last poll of a task.
#[derive(Clone, Copy, Debug)]
struct Last {
    poll: Poll,
    spot: Spot,
    time: Option<i64>,
}

impl Timeline {
    /// Keeps the states that each task goes through as well.
    pub fn with_lives(mut self) -> Self {
        self.lives = Some(Lives::default());
        self
    }

    /// How many tasks there were; one that was forgotten counts again.
    pub fn tasks(&self) -> u64 {
        self.tasks
    }

    /// Compares a poll with the one before it. If the times of both are known they say which one
    /// that is; otherwise it is the order of the inputs.
    pub fn add(
        &mut self,
        poll: Poll,
        spot: Spot,
        time: Option<i64>,
        inputs: &Inputs,
    ) -> Vec<Finding> {
        let new = Last { poll, spot, time };
        if self.recent.len() >= TASKS && !self.recent.contains_key(&poll.task) {
            self.older = std::mem::take(&mut self.recent);
        }
        let (kept, last) = match self.recent.entry(poll.task) {
            Entry::Occupied(known) => {
                let last = *known.get();
                (known.into_mut(), last)
            }
            Entry::Vacant(free) => {
                let Some(last) = self.older.remove(&poll.task) else {
                    self.tasks += 1;
                    free.insert(new);
                    return Vec::new();
                };
                (free.insert(last), last)
            }
        };
        let is_late = last
            .time
            .zip(new.time)
            .is_some_and(|(last, new)| new < last);
        let (earlier, later) = if is_late {
            (&new, &last)
        } else {
            (&last, &new)
        };
        let mut findings = rules::compare(&earlier.poll, &later.poll);
        for finding in &mut findings {
            let other = last.spot.source(inputs);
            let place = if is_late {
                format!(" here, before {other}")
            } else {
                format!(" in {other}")
            };
            finding.message.push_str(&place);
            finding.earlier = Some(Box::new(other));
        }
        *kept = *later;
        findings
    }

    /// Notes the state that a poll found a task in, if lives are kept.
    pub fn note(&mut self, state: State, spot: Spot, time: Option<i64>, found: &[Finding]) {
        if let Some(lives) = &mut self.lives {
            lives.add(state, spot, time, found);
        }
    }

    /// The lives of the tasks, in the order in which they came up.
    pub fn lives(&self, inputs: &Inputs) -> Vec<Life> {
        let lives = self.lives.as_ref();
        lives.map_or_else(Vec::new, |lives| lives.all(inputs))
    }
}

/// The keys are hashes already.
#[derive(Debug, Default)]
struct Hashed(u64);

impl Hasher for Hashed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = number;
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{Inputs, Poll, Spot, TASKS, Timeline};
    use seedance_query::{model::Place, validate::Rule};

    /// However many tasks there are, what is kept of them is bounded; one that is polled stays known.
    #[test]
    fn a_task_that_is_polled_is_not_forgotten_among_many() {
        let (mut timeline, mut inputs) = (Timeline::default(), Inputs::default());
        let input = inputs.add(&Arc::from("traffic"));
        let mut poll = |task: usize, progress| {
            let poll = Poll {
                task: task as u64,
                status: None,
                action: None,
                progress: Some(progress),
                submit_time: None,
                start_time: None,
                upstream_id: None,
                result_url: None,
            };
            let found = timeline.add(poll, Spot::new(input, Place::Whole, 1), None, &inputs);
            let kept = timeline.recent.len() + timeline.older.len();
            assert!(kept <= 2 * TASKS);
            found
                .into_iter()
                .map(|finding| finding.rule)
                .collect::<Vec<_>>()
        };
        poll(0, 50.0);
        for task in 1..4 * TASKS {
            poll(task, 50.0);
            if task % (TASKS / 2) == 0 {
                poll(0, 50.0);
            }
        }
        assert_eq!(poll(0, 40.0), [Rule::ProgressFell]);
        assert_eq!(poll(1, 40.0), []);
    }
}
