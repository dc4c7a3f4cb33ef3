//! The states that tasks go through, for whoever wants to see them.

use std::collections::HashMap;

use super::super::{
    Life, Observed,
    spot::{Inputs, Spot},
};
use seedance_query::validate::{Finding, Rule};

/// The lives of more tasks are not kept.
const TASKS: usize = 10_000;
/// A task that changes more often is not well.
const STATES: usize = 100;

/// The state that a poll found a task in, as text.
#[derive(Clone, Debug)]
pub(crate) struct State {
    pub task_id: String,
    pub status: String,
    pub progress: Option<String>,
}

#[derive(Debug, Default)]
pub(super) struct Lives {
    of_task: HashMap<String, usize>,
    lives: Vec<(String, Vec<Seen>)>,
}

/// Polls in a row that found the same status.
#[derive(Debug)]
struct Seen {
    state: State,
    polls: u64,
    first: Spot,
    /// When it was first and last seen.
    times: Option<(i64, i64)>,
    rules: Vec<Rule>,
}

impl Seen {
    /// One more poll that found the status.
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

impl Lives {
    pub fn add(&mut self, state: State, spot: Spot, time: Option<i64>, found: &[Finding]) {
        let index = match self.of_task.get(&state.task_id) {
            Some(index) => *index,
            None if self.lives.len() >= TASKS => return,
            None => {
                self.of_task.insert(state.task_id.clone(), self.lives.len());
                self.lives.push((state.task_id.clone(), Vec::new()));
                self.lives.len() - 1
            }
        };
        let seen = &mut self.lives[index].1;
        let rules = found.iter().map(|finding| finding.rule);
        let is_same = |last: &Seen| last.state.status == state.status;
        if seen.last().is_some_and(is_same) {
            if let Some(last) = seen.last_mut() {
                last.again(state, time, rules);
            }
        } else if seen.len() < STATES {
            seen.push(Seen {
                state,
                polls: 1,
                first: spot,
                times: time.map(|time| (time, time)),
                rules: rules.collect(),
            });
        }
    }

    pub fn all(&self, inputs: &Inputs) -> Vec<Life> {
        let lives = self.lives.iter().map(|(task_id, seen)| Life {
            task_id: task_id.clone(),
            observed: observed(seen, inputs),
        });
        lives.collect()
    }
}

fn observed(seen: &[Seen], inputs: &Inputs) -> Vec<Observed> {
    let next_times = seen.iter().skip(1).map(|next| next.times).chain([None]);
    seen.iter()
        .zip(next_times)
        .map(|(seen, next)| Observed {
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
