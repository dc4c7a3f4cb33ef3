//! What became of tasks, over time.

use serde::Serialize;

use super::{
    amounts::duration,
    periods::{MAX_PERIODS, Periods},
    status_class::status_class,
};
use crate::report::TaskTimeline;

/// What became of the tasks that were first polled within a period.
#[derive(Serialize)]
pub(super) struct TaskPeriod {
    /// Its start, in UTC.
    start: String,
    pub tasks: u64,
    pub succeeded: u64,
    pub failed: u64,
    /// Tasks with a finding across their polls.
    pub contradictory: u64,
    /// The median time from the first poll to the end, of tasks that were seen to end.
    took: Option<String>,
}

/// The tasks by the period of their first poll; nothing where all are within one.
pub(super) fn task_trend(timelines: &[TaskTimeline]) -> Vec<TaskPeriod> {
    let started = timelines
        .iter()
        .filter_map(|task| Some((task.observed.first()?.since?, task)));
    let mut started: Vec<(i64, &TaskTimeline)> = started.collect();
    started.sort_by_key(|(start, _)| *start);
    let (Some((first, _)), Some((last, _))) = (started.first(), started.last()) else {
        return Vec::new();
    };
    let length = Periods::between(*first, *last);
    let of_period = started.chunk_by(|a, b| length.start(a.0) == length.start(b.0));
    let periods: Vec<&[(i64, &TaskTimeline)]> = of_period.collect();
    if periods.len() < 2 {
        return Vec::new();
    }
    let shown = periods.len().saturating_sub(MAX_PERIODS);
    let periods = periods[shown..].iter();
    periods.map(|tasks| period(tasks, length)).collect()
}

fn period(tasks: &[(i64, &TaskTimeline)], length: Periods) -> TaskPeriod {
    let count = |class: &str| {
        let ended = tasks
            .iter()
            .filter(|(_, task)| last_class(task).as_deref() == Some(class));
        ended.count() as u64
    };
    let is_contradictory =
        |task: &TaskTimeline| task.observed.iter().any(|state| !state.rules.is_empty());
    let mut times: Vec<u64> = tasks
        .iter()
        .filter_map(|(start, task)| took(*start, task))
        .collect();
    times.sort_unstable();
    TaskPeriod {
        start: tasks
            .first()
            .map_or_else(String::new, |(start, _)| length.name(*start)),
        tasks: tasks.len() as u64,
        succeeded: count("done"),
        failed: count("failed"),
        contradictory: tasks
            .iter()
            .filter(|(_, task)| is_contradictory(task))
            .count() as u64,
        took: times.get(times.len() / 2).map(|seconds| duration(*seconds)),
    }
}

/// The class of the last state of a task.
fn last_class(task: &TaskTimeline) -> Option<String> {
    task.observed
        .last()
        .map(|state| status_class(&state.status))
}

/// Seconds from the first poll to the one that saw the end.
fn took(start: i64, task: &TaskTimeline) -> Option<u64> {
    let class = last_class(task)?;
    let has_ended = class == "done" || class == "failed";
    let end = task
        .observed
        .last()
        .filter(|_| has_ended && task.observed.len() > 1)?;
    u64::try_from(end.since? - start).ok()
}

#[cfg(test)]
mod tests {
    use super::{MAX_PERIODS, task_trend};
    use crate::report::{ObservedState, TaskTimeline};
    use seedance_query::{model::Source, validate::Rule};

    fn task(states: &[(&str, i64)]) -> TaskTimeline {
        let state = |(status, since): &(&str, i64)| ObservedState {
            status: (*status).to_owned(),
            progress: None,
            polls: 1,
            since: Some(*since),
            seconds: Some(0),
            first: Source::whole("polls"),
            rules: Vec::new(),
        };
        TaskTimeline {
            task_id: "task".to_owned(),
            observed: states.iter().map(state).collect(),
        }
    }

    /// The start of a day.
    const DAY: i64 = 1_780_012_800;

    #[test]
    fn tasks_are_counted_by_the_period_of_their_first_poll() {
        let mut tasks = vec![
            task(&[("QUEUED", DAY + 90), ("SUCCESS", DAY + 210)]),
            task(&[("QUEUED", DAY), ("FAILURE", DAY + 100_000)]),
            task(&[("QUEUED", DAY + 10)]),
            task(&[("SUCCESS", DAY + 86_400 * 3)]),
        ];
        tasks[2].observed[0].rules.push(Rule::TimeOrder);
        let periods = task_trend(&tasks);
        let facts: Vec<_> = periods
            .iter()
            .map(|period| {
                (
                    period.start.as_str(),
                    period.tasks,
                    period.succeeded,
                    period.failed,
                )
            })
            .collect();
        assert_eq!(
            facts,
            [("2026-05-29 00:00", 3, 1, 1), ("2026-06-01 00:00", 1, 1, 0)]
        );
        assert_eq!((periods[0].contradictory, periods[1].contradictory), (1, 0));
        assert_eq!(periods[0].took.as_deref(), Some("1 d 3 h"));
        // It was not seen to end.
        assert_eq!(periods[1].took, None);
    }

    #[test]
    fn one_period_is_no_trend_and_years_are_few() {
        assert!(task_trend(&[]).is_empty());
        assert!(task_trend(&[task(&[("QUEUED", DAY)]), task(&[("QUEUED", DAY + 9)])]).is_empty());
        let years: Vec<TaskTimeline> = (0..2_000)
            .map(|day| task(&[("SUCCESS", DAY + day * 86_400)]))
            .collect();
        assert_eq!(task_trend(&years).len(), MAX_PERIODS);
    }
}
