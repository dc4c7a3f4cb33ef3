//! The upstream's status against the task's own, which always wins.

use serde_json::Value;

use super::{
    super::{facts::Facts, report::Finding, rule::Rule},
    outcome::Outcome,
};
use crate::model::{TaskState, pointers};

pub(super) fn check(task: &Facts<'_>, outcome: &mut Outcome) {
    let Some(upstream) = task.upstream.and_then(|upstream| upstream.status) else {
        return;
    };
    let outer = task.status.unwrap_or_default();
    let message = match (task.shape.map(TaskState::of_shape), upstream) {
        (Some(TaskState::Succeeded), "queued" | "running" | "failed" | "cancelled" | "expired")
        | (Some(TaskState::Failed), "queued" | "running" | "succeeded") => {
            format!("the upstream says `{upstream}`, but the task is `{outer}`, and that counts")
        }
        // A pending task whose upstream has succeeded is being enhanced.
        (Some(TaskState::Pending), "failed" | "cancelled" | "expired") => {
            format!("the upstream has ended as `{upstream}`, but the task is still `{outer}`")
        }
        _ => return,
    };
    outcome.add(
        Finding::new(Rule::UpstreamStatus, pointers::DATA_DATA_STATUS, message)
            .found(&Value::from(upstream)),
    );
}
