//! Failed tasks: a reason, and no URL.

use serde_json::{Map, Value};

use super::{
    super::{report::Finding, rule::Rule},
    Outcome,
    facts::Facts,
};
use crate::model::Shape;

pub(super) fn reason(task: &Facts<'_>, outcome: &mut Outcome) {
    if task.shape == Some(Shape::Failure)
        && task
            .fail_reason
            .is_none_or(|reason| reason.trim().is_empty())
    {
        let message = "the task has failed, but does not say why";
        let finding = Finding::new(Rule::FailureWithoutReason, "/data/fail_reason", message);
        outcome.add(finding.expected("a text that is not empty"));
    }
}

/// What only the whole row tells, on tasks that are not as documented.
pub(super) fn structure(row: &Map<String, Value>, shape: Option<Shape>, outcome: &mut Outcome) {
    if shape != Some(Shape::Failure) {
        return;
    }
    let reason = row.get("fail_reason");
    if reason.is_some_and(|reason| !reason.is_string() && !reason.is_null()) {
        // A wrong type is the schema's to tell: it says more.
        outcome.withdraw(Rule::FailureWithoutReason);
    }
    if row
        .get("data")
        .and_then(|data| data.get("error"))
        .is_some_and(Value::is_object)
    {
        outcome.amend(Rule::FailureWithoutReason, "; the upstream's error does");
    }
    if let Some(url) = row
        .get("result_url")
        .filter(|url| !url.is_null() && *url != "")
    {
        let message = if Some(url) == reason {
            "the error text stands in `result_url` too, where a failed task has nothing"
        } else {
            "a failed task has no `result_url`"
        };
        outcome
            .add(Finding::new(Rule::FailureWithResultUrl, "/data/result_url", message).found(url));
    }
}
