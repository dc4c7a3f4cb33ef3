//! The last poll of each task in an input, with which the next one is compared.

use std::{
    cmp::Ordering,
    collections::{HashMap, hash_map::Entry},
    hash::{BuildHasherDefault, Hasher},
    sync::Arc,
};

use super::{moment::Moment, poll::Poll, position::Position, rules};
use seedance_query::validate::Finding;

/// The last poll of at least this many tasks is kept, and of at most twice as many. A table of
/// 32,768 buckets holds this many before it grows.
const MAX_RECENT_TASKS: usize = 28_672;

/// The last poll of each task in an input.
///
/// The memory is bounded, so that traffic of any length can be validated: a task that was not polled
/// for a long time is forgotten.
#[derive(Debug, Default)]
pub(crate) struct History {
    /// The input.
    input: Option<u32>,
    recent: Tasks,
    /// The tasks before; one that is polled again moves to the recent ones.
    older: Tasks,
}

type Tasks = HashMap<u64, Last, BuildHasherDefault<Hashed>>;

/// The last poll of a task.
#[derive(Clone, Copy, Debug)]
struct Last {
    poll: Poll,
    position: Position,
    moment: Moment,
}

impl History {
    /// Compares a poll with the one before it in the same input. Recorded times give the order, or
    /// else when the task changed, or else the order within the input.
    pub fn add(
        &mut self,
        poll: Poll,
        position: Position,
        moment: Moment,
        name: &Arc<str>,
    ) -> Vec<Finding> {
        let new = Last {
            poll,
            position,
            moment,
        };
        if self.input != Some(position.input) {
            self.input = Some(position.input);
            self.recent.clear();
            self.older.clear();
        }
        if self.recent.len() >= MAX_RECENT_TASKS && !self.recent.contains_key(&poll.task) {
            self.older = std::mem::take(&mut self.recent);
        }
        let (kept, last) = match self.recent.entry(poll.task) {
            Entry::Occupied(known) => {
                let last = *known.get();
                (known.into_mut(), last)
            }
            Entry::Vacant(free) => {
                let Some(last) = self.older.remove(&poll.task) else {
                    free.insert(new);
                    return Vec::new();
                };
                (free.insert(last), last)
            }
        };
        let is_late = last.moment.order(new.moment).is_some_and(Ordering::is_gt);
        let (earlier, later) = if is_late {
            (&new, &last)
        } else {
            (&last, &new)
        };
        let mut findings = rules::compare(&earlier.poll, &later.poll);
        for finding in &mut findings {
            rules::name_other(finding, last.position.source(name), is_late);
        }
        *kept = *later;
        findings
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

    use super::{History, MAX_RECENT_TASKS, Moment, Poll, Position};
    use seedance_query::{model::Place, validate::Rule};

    /// The memory is bounded for any number of tasks, and a polled task stays known.
    #[test]
    fn polled_task_is_kept_among_many() {
        let mut history = History::default();
        let name = Arc::from("traffic");
        let mut poll = |input, task: usize, progress| {
            let poll = Poll {
                progress: Some(progress),
                ..Poll::of_task(task as u64)
            };
            let found = history.add(
                poll,
                Position::new(input, Place::Whole, 1),
                Moment::default(),
                &name,
            );
            let kept = history.recent.len() + history.older.len();
            assert!(kept <= 2 * MAX_RECENT_TASKS);
            found
                .into_iter()
                .map(|finding| finding.rule)
                .collect::<Vec<_>>()
        };
        poll(0, 0, 50.0);
        for task in 1..4 * MAX_RECENT_TASKS {
            poll(0, task, 50.0);
            if task % (MAX_RECENT_TASKS / 2) == 0 {
                poll(0, 0, 50.0);
            }
        }
        assert_eq!(poll(0, 0, 40.0), [Rule::ProgressFell]);
        assert_eq!(poll(0, 1, 40.0), []);
        // Another input has an order of its own.
        assert_eq!(poll(1, 0, 30.0), []);
    }
}
