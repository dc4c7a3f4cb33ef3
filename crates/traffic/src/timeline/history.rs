//! The last poll of each task, with which the next one is compared.

use std::{
    cmp::Ordering,
    collections::{HashMap, hash_map::Entry},
    hash::{BuildHasherDefault, Hasher},
};

use super::{
    moment::Moment,
    poll::Poll,
    position::{Inputs, Position},
    rules,
    task_timelines::{State, TaskTimelines},
};
use crate::report::TaskTimeline;
use seedance_query::validate::Finding;

/// The last poll of at least this many tasks is kept, and of at most twice as many. A table of
/// 65,536 buckets holds this many before it grows.
const MAX_RECENT_TASKS: usize = 57_344;

/// The last poll of each task.
///
/// The memory is bounded, so that traffic of any length can be validated: a task that was not polled
/// for a long time is forgotten.
#[derive(Debug, Default)]
pub(crate) struct History {
    recent: Tasks,
    /// The tasks before; one that is polled again moves to the recent ones.
    older: Tasks,
    tasks: u64,
    timelines: Option<TaskTimelines>,
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
    /// Keeps the states of each task as well.
    pub fn with_task_timelines(mut self) -> Self {
        self.timelines = Some(TaskTimelines::default());
        self
    }

    /// The number of tasks; a forgotten one counts again.
    pub fn tasks(&self) -> u64 {
        self.tasks
    }

    /// Compares a poll with the one before it. Recorded times give the order, or else when the task
    /// changed, or else the order within an input; the order of inputs proves nothing, so that between inputs only what contradicts
    /// in both orders is reported, as information.
    pub fn add(
        &mut self,
        poll: Poll,
        position: Position,
        moment: Moment,
        inputs: &Inputs,
    ) -> Vec<Finding> {
        let new = Last {
            poll,
            position,
            moment,
        };
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
                    self.tasks += 1;
                    free.insert(new);
                    return Vec::new();
                };
                (free.insert(last), last)
            }
        };
        let order = last.moment.order(new.moment);
        let is_ordered = order.is_some() || last.position.input == position.input;
        let is_late = order.is_some_and(Ordering::is_gt);
        let (earlier, later) = if is_late {
            (&new, &last)
        } else {
            (&last, &new)
        };
        let mut findings = if is_ordered {
            rules::compare(&earlier.poll, &later.poll)
        } else {
            rules::compare_unordered(&earlier.poll, &later.poll)
        };
        for finding in &mut findings {
            let other = last.position.source(inputs);
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

    /// Notes the state that a poll found a task in, if timelines are kept.
    pub fn note(
        &mut self,
        state: &State,
        position: Position,
        time: Option<i64>,
        found: &[Finding],
    ) {
        if let Some(timelines) = &mut self.timelines {
            timelines.add(state.clone(), position, time, found);
        }
    }

    /// The timelines of the tasks, in the order of their first polls.
    pub fn timelines(&self, inputs: &Inputs) -> Vec<TaskTimeline> {
        let timelines = self.timelines.as_ref();
        timelines.map_or_else(Vec::new, |timelines| timelines.all(inputs))
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

    use super::{History, Inputs, MAX_RECENT_TASKS, Moment, Poll, Position};
    use seedance_query::{model::Place, validate::Rule};

    /// The memory is bounded for any number of tasks, and a polled task stays known.
    #[test]
    fn polled_task_is_kept_among_many() {
        let (mut history, mut inputs) = (History::default(), Inputs::default());
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
            let found = history.add(
                poll,
                Position::new(input, Place::Whole, 1),
                Moment::default(),
                &inputs,
            );
            let kept = history.recent.len() + history.older.len();
            assert!(kept <= 2 * MAX_RECENT_TASKS);
            found
                .into_iter()
                .map(|finding| finding.rule)
                .collect::<Vec<_>>()
        };
        poll(0, 50.0);
        for task in 1..4 * MAX_RECENT_TASKS {
            poll(task, 50.0);
            if task % (MAX_RECENT_TASKS / 2) == 0 {
                poll(0, 50.0);
            }
        }
        assert_eq!(poll(0, 40.0), [Rule::ProgressFell]);
        assert_eq!(poll(1, 40.0), []);
    }
}
