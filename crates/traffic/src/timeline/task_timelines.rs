//! The states that tasks went through.

use std::collections::BTreeMap;

use super::{
    across::{Across, in_order},
    inputs::InputKey,
    poll::hash,
    span::{Span, joined},
    task_polls::TaskPolls,
    task_spans::TaskSpans,
};
use crate::report::{ObservedState, TaskTimeline};
use seedance_query::validate::Rule;

/// Maximum number of timelines.
const MAX_TIMELINES: usize = 10_000;
/// Maximum number of states of a timeline.
const MAX_STATES: usize = 100;

/// The rules that polls broke in comparison with those of other inputs.
type Broken<'a> = BTreeMap<(&'a InputKey, u64), Vec<Rule>>;

/// The timelines of the tasks, in the order of their first polls.
pub(crate) fn timelines(polls: &TaskPolls, across: &[Across]) -> Vec<TaskTimeline> {
    let mut broken = Broken::new();
    for found in across {
        let rules = broken.entry((&found.input, found.ordinal)).or_default();
        rules.push(found.finding.rule);
    }
    let timelines = polls.tasks().filter_map(|(_, task)| {
        let ordered = in_order(task);
        let (time, first) = *ordered.first()?;
        let timeline = timeline(task, &ordered, &broken)?;
        Some(((time, &first.input, first.first.ordinal), timeline))
    });
    let mut timelines: Vec<_> = timelines.take(MAX_TIMELINES).collect();
    timelines.sort_by_key(|(first, _)| *first);
    timelines
        .into_iter()
        .map(|(_, timeline)| timeline)
        .collect()
}

/// The timeline of one task, without the findings between inputs.
pub(crate) fn timeline_of(polls: &TaskPolls, task_id: &str) -> Option<TaskTimeline> {
    let task = polls.task(hash(task_id))?;
    timeline(task, &in_order(task), &Broken::new())
}

fn timeline(
    task: &TaskSpans,
    ordered: &[(Option<i64>, &Span)],
    broken: &Broken<'_>,
) -> Option<TaskTimeline> {
    let mut observed: Vec<(ObservedState, Option<(i64, i64)>)> = Vec::new();
    for (_, span) in ordered {
        let text = span.text.as_deref()?;
        let of_others = span
            .ends()
            .filter_map(|end| broken.get(&(&*span.input, end.ordinal)))
            .flatten();
        let rules = text.rules.iter().chain(of_others);
        let is_full = observed.len() >= MAX_STATES;
        match observed.last_mut() {
            Some((last, times)) if last.status == text.status => {
                last.polls += span.polls;
                if text.progress.is_some() {
                    last.progress.clone_from(&text.progress);
                }
                *times = joined(*times, text.times);
                add(&mut last.rules, rules);
            }
            _ if is_full => {}
            _ => {
                let mut state = ObservedState {
                    status: text.status.clone(),
                    progress: text.progress.clone(),
                    polls: span.polls,
                    since: None,
                    seconds: None,
                    first: span.source(&span.first),
                    rules: Vec::new(),
                };
                add(&mut state.rules, rules);
                observed.push((state, text.times));
            }
        }
    }
    let next_times = observed.iter().skip(1).map(|(_, next)| *next);
    let next_times: Vec<Option<(i64, i64)>> = next_times.chain([None]).collect();
    let states = observed.into_iter().zip(next_times);
    let states = states.map(|((state, times), next)| ObservedState {
        since: times.map(|(since, _)| since),
        seconds: times.map(|(since, until)| next.map_or(until, |(next, _)| next) - since),
        ..state
    });
    Some(TaskTimeline {
        task_id: task.id.as_deref()?.to_owned(),
        observed: states.collect(),
    })
}

fn add<'a>(known: &mut Vec<Rule>, rules: impl Iterator<Item = &'a Rule>) {
    for rule in rules {
        if !known.contains(rule) {
            known.push(*rule);
        }
    }
}
