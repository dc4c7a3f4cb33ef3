//! The progress against the status. It is an estimate, but the documentation bounds it.

use serde_json::Value;

use super::{
    super::{facts::Facts, report::Finding, rule::Rule},
    outcome::Outcome,
};
use crate::model::{Shape, TaskState, pointers};

/// Where running tasks start, as the documentation says.
const RUNNING: f64 = 50.0;

/// The most that a task has while it waits: what the documentation shows, and what a recorded gateway
/// writes while the upstream has the task in its queue.
fn most_while_waiting(status: &str) -> Option<f64> {
    match status {
        "NOT_START" => Some(10.0),
        "QUEUED" => Some(30.0),
        _ => None,
    }
}

pub(super) fn check(task: &Facts<'_>, outcome: &mut Outcome) {
    let (Some(text), Some(shape), Some(status)) = (task.progress, task.shape, task.status) else {
        return;
    };
    let Some(percent) = percent(text) else {
        return;
    };
    let (rule, message, expected) = match most_while_waiting(status) {
        _ if shape.is_terminal() => {
            if (percent - 100.0).abs() < f64::EPSILON {
                return;
            }
            let message = format!("the task has ended as {status}, but this is not 100%");
            (Rule::ProgressMismatch, message, "100%".to_owned())
        }
        Some(most) if percent > most => {
            let message = format!("the task is {status}, but this is more than {most}%");
            (Rule::ProgressMismatch, message, format!("at most {most}%"))
        }
        None if shape == Shape::Pending && percent < RUNNING && !upstream_has_failed(task) => {
            let message = format!("a running task starts with {RUNNING}%");
            (Rule::LowProgress, message, format!("at least {RUNNING}%"))
        }
        _ => return,
    };
    outcome.add(
        Finding::new(rule, pointers::DATA_PROGRESS, message)
            .expected(expected)
            .found(&Value::from(text)),
    );
}

/// Whether the upstream has given up, which is told already and explains why nothing moves.
fn upstream_has_failed(task: &Facts<'_>) -> bool {
    let status = task.upstream.and_then(|upstream| upstream.status);
    status.map(TaskState::of_status) == Some(TaskState::Failed)
}

/// A percentage that can be one.
fn percent(text: &str) -> Option<f64> {
    let text = text.trim();
    let number: f64 = text.strip_suffix('%').unwrap_or(text).parse().ok()?;
    (0.0..=100.0).contains(&number).then_some(number)
}
