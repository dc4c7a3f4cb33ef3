//! The times of a task: submitted, started, finished, in this order.

use serde_json::Value;

use super::{
    super::{facts::Facts, report::Finding, rule::Rule},
    outcome::Outcome,
};
use crate::model::{Shape, name, pointer::join, pointers};

/// In seconds this is the year 5138.
const MILLISECONDS: i64 = 100_000_000_000;
/// The beginning of 2020: the API is younger.
const EARLIEST: i64 = 1_577_836_800;
/// The beginning of 2100.
const LATEST: i64 = 4_102_444_800;

pub(super) fn check(task: &Facts<'_>, outcome: &mut Outcome) {
    // Zero means "not yet", also on tasks that failed before they were started.
    let times = [
        (name::SUBMIT_TIME, task.submit_time),
        (name::START_TIME, task.start_time),
        (name::FINISH_TIME, task.finish_time),
    ];
    let mut latest: Option<(&str, i64)> = None;
    for (name, time) in times {
        let Some(time) = time.filter(|time| *time != 0) else {
            continue;
        };
        if time >= MILLISECONDS {
            let message = format!("`{name}` is so large that it must be in milliseconds");
            outcome.add(
                Finding::new(Rule::OddFormat, join(pointers::DATA, name), message)
                    .expected("Unix seconds")
                    .found(&Value::from(time)),
            );
            continue;
        }
        if !(EARLIEST..LATEST).contains(&time) {
            let message = format!("`{name}` is no time at which a task can have been");
            outcome.add(
                Finding::new(Rule::ImpossibleValue, join(pointers::DATA, name), message)
                    .expected("Unix seconds from 2020 to 2099")
                    .found(&Value::from(time)),
            );
            continue;
        }
        if let Some((earlier, bound)) = latest
            && time < bound
        {
            let message = format!("`{name}` is {} s before `{earlier}`", bound.abs_diff(time));
            outcome.add(
                Finding::new(Rule::TimeOrder, join(pointers::DATA, name), message)
                    .expected(format!("at least {bound}"))
                    .found(&Value::from(time)),
            );
            continue;
        }
        latest = Some((name, time));
    }
    if task.submit_time == Some(0) {
        let message = format!(
            "the task exists, but its `{}` is 0, which means not yet",
            name::SUBMIT_TIME
        );
        let finding = Finding::new(Rule::ImpossibleValue, pointers::DATA_SUBMIT_TIME, message);
        outcome.add(
            finding
                .expected("Unix seconds from 2020 to 2099")
                .found(&0.into()),
        );
    }
    if task.finish_time == Some(0) && task.shape.is_some_and(Shape::is_terminal) {
        let message = format!(
            "the task has ended, but its `{}` is 0, which means not yet",
            name::FINISH_TIME
        );
        outcome.add(
            Finding::new(Rule::TimeOrder, pointers::DATA_FINISH_TIME, message).found(&0.into()),
        );
    }
}
