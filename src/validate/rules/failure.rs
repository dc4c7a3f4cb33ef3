//! Failed tasks: a reason, and no URL.

use serde_json::{Map, Value};

use super::{
    super::{facts::Facts, reason::Reason, report::Finding, rule::Rule},
    outcome::Outcome,
};
use crate::model::{Shape, url::is_url};

pub(super) fn reason(task: &Facts<'_>, outcome: &mut Outcome) {
    if task.shape.is_some_and(Shape::is_refunded)
        && task
            .fail_reason
            .is_none_or(|reason| reason.trim().is_empty())
    {
        let message = "the task has failed, but does not say why";
        let finding = Finding::new(Rule::FailureWithoutReason, "/data/fail_reason", message);
        outcome.add(finding.expected("a text that is not empty"));
    }
    if task.shape.is_some_and(Shape::is_refunded)
        && let Some(reason) = task.fail_reason.map(Reason::of_text)
        && reason.depth > 0
    {
        let code = reason.code.as_deref().unwrap_or("no code");
        let message = format!("the reason is itself a JSON error, as text; it says {code}");
        outcome.add(Finding::new(
            Rule::NestedReason,
            "/data/fail_reason",
            message,
        ));
    }
}

/// A reason is words; a URL belongs to a task that did not fail.
pub(super) fn url_as_reason(task: &Facts<'_>, outcome: &mut Outcome) {
    if let Some(reason) = task.fail_reason
        && task.shape == Some(Shape::Failure)
        && is_url(reason)
        && task.result_url != Some(reason)
    {
        let message = "the task has failed, but its reason is a URL";
        outcome.add(
            Finding::new(Rule::UrlAsReason, "/data/fail_reason", message)
                .expected("why the task has failed")
                .found(&reason.into()),
        );
    }
}

/// What only the whole row tells, on tasks that are not as documented.
pub(super) fn structure(row: &Map<String, Value>, shape: Option<Shape>, outcome: &mut Outcome) {
    if !shape.is_some_and(Shape::is_refunded) {
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
        let (rule, message) = if Some(url) == reason {
            let message =
                "the error text is repeated in `result_url`, which a failed task does not have";
            (Rule::ErrorTextAsUrl, message)
        } else {
            let message = "a failed task has no `result_url`";
            (Rule::FailureWithResultUrl, message)
        };
        outcome.add(Finding::new(rule, "/data/result_url", message).found(url));
    }
}
