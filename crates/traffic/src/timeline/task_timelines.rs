//! The states that tasks went through.

use std::collections::HashMap;

use super::position::{Inputs, Position};
use crate::report::{ObservedState, TaskTimeline};
use seedance_query::validate::{Finding, Rule};

/// Maximum number of tasks whose timelines are kept.
const MAX_TASKS: usize = 10_000;
/// Maximum number of states kept of a task.
const MAX_STATES: usize = 100;

/// The state that a poll found a task in, as text.
#[derive(Clone, Debug)]
pub(crate) struct State {
    pub task_id: String,
    pub status: String,
    pub progress: Option<String>,
}

#[derive(Debug, Default)]
pub(super) struct TaskTimelines {
    of_task: HashMap<String, usize>,
    timelines: Vec<(String, Vec<Seen>)>,
}

/// Polls in a row that found the same status.
#[derive(Debug)]
struct Seen {
    state: State,
    polls: u64,
    first: Position,
    /// When it was first and last seen.
    times: Option<(i64, i64)>,
    rules: Vec<Rule>,
}

impl Seen {
    /// Adds a poll that found the same status.
    fn again(&mut self, state: State, time: Option<i64>, rules: impl Iterator<Item = Rule>) {
        self.polls += 1;
        self.state.progress = state.progress.or(self.state.progress.take());
        self.times = match (self.times, time) {
            (Some((since, until)), Some(time)) => Some((since.min(time), until.max(time))),
            (known, time) => known.or(time.map(|time| (time, time))),
        };
        for rule in rules {
            if !self.rules.contains(&rule) {
                self.rules.push(rule);
            }
        }
    }
}

impl TaskTimelines {
    pub fn add(&mut self, state: State, position: Position, time: Option<i64>, found: &[Finding]) {
        let index = match self.of_task.get(&state.task_id) {
            Some(index) => *index,
            None if self.timelines.len() >= MAX_TASKS => return,
            None => {
                self.of_task
                    .insert(state.task_id.clone(), self.timelines.len());
                self.timelines.push((state.task_id.clone(), Vec::new()));
                self.timelines.len() - 1
            }
        };
        let seen = &mut self.timelines[index].1;
        let rules = found.iter().map(|finding| finding.rule);
        let is_same = |last: &Seen| last.state.status == state.status;
        if seen.last().is_some_and(is_same) {
            if let Some(last) = seen.last_mut() {
                last.again(state, time, rules);
            }
        } else if seen.len() < MAX_STATES {
            seen.push(Seen {
                state,
                polls: 1,
                first: position,
                times: time.map(|time| (time, time)),
                rules: rules.collect(),
            });
        }
    }

    pub fn all(&self, inputs: &Inputs) -> Vec<TaskTimeline> {
        let timelines = self.timelines.iter().map(|(task_id, seen)| TaskTimeline {
            task_id: task_id.clone(),
            observed: observed(seen, inputs),
        });
        timelines.collect()
    }
}

fn observed(seen: &[Seen], inputs: &Inputs) -> Vec<ObservedState> {
    let next_times = seen.iter().skip(1).map(|next| next.times).chain([None]);
    seen.iter()
        .zip(next_times)
        .map(|(seen, next)| ObservedState {
            status: seen.state.status.clone(),
            progress: seen.state.progress.clone(),
            polls: seen.polls,
            since: seen.times.map(|(since, _)| since),
            seconds: seen
                .times
                .map(|(since, until)| next.map_or(until, |(next, _)| next) - since),
            first: seen.first.source(inputs),
            rules: seen.rules.clone(),
        })
        .collect()
}
