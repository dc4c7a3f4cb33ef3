//! Tasks that have not ended: nothing of a result, and no start before it starts.

use serde_json::Value;

use super::{
    super::{facts::Facts, report::Finding, rule::Rule},
    outcome::Outcome,
};
use crate::model::{Shape, name, pointer::join, pointers};

pub(super) fn check(task: &Facts<'_>, outcome: &mut Outcome) {
    if task.shape != Some(Shape::Pending) {
        return;
    }
    let texts = [
        (name::RESULT_URL, task.result_url),
        (name::FAIL_REASON, task.fail_reason),
    ];
    let finish_time = task.finish_time.filter(|time| *time > 0).map(Value::from);
    let found = texts
        .into_iter()
        .filter_map(|(name, text)| Some((name, Value::from(text?))))
        .chain(finish_time.map(|time| (name::FINISH_TIME, time)));
    for (name, value) in found {
        let message = format!("a task that has not ended has no `{name}`");
        let at = join(pointers::DATA, name);
        outcome.add(Finding::new(Rule::EarlyResult, at, message).found(&value));
    }
    let is_waiting = matches!(task.status, Some("NOT_START" | "QUEUED"));
    if let Some(time) = task.start_time.filter(|time| is_waiting && *time > 0) {
        let message = "the task is still waiting, but has a start time";
        outcome.add(
            Finding::new(Rule::EarlyStart, pointers::DATA_START_TIME, message)
                .expected("0")
                .found(&time.into()),
        );
    }
}
