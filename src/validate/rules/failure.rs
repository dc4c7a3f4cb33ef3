//! Failed tasks: a reason, and no URL.

use serde_json::{Map, Value};

use super::{
    super::{facts::Facts, reason::Reason, report::Finding, rule::Rule},
    outcome::Outcome,
};
use crate::model::{Shape, name, pointers, url::is_url};

pub(super) fn reason(task: &Facts<'_>, outcome: &mut Outcome) {
    if task.shape.is_some_and(Shape::is_refunded)
        && task
            .fail_reason
            .is_none_or(|reason| reason.trim().is_empty())
    {
        let message = "the task has failed, but does not say why";
        let finding = Finding::new(
            Rule::FailureWithoutReason,
            pointers::DATA_FAIL_REASON,
            message,
        );
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
            pointers::DATA_FAIL_REASON,
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
            Finding::new(Rule::UrlAsReason, pointers::DATA_FAIL_REASON, message)
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
    let reason = row.get(name::FAIL_REASON);
    if reason.is_some_and(|reason| !reason.is_string() && !reason.is_null()) {
        // A wrong type is the schema's to tell: it says more.
        outcome.withdraw(Rule::FailureWithoutReason);
    }
    if row
        .get(name::DATA)
        .and_then(|data| data.get(name::ERROR))
        .is_some_and(Value::is_object)
    {
        outcome.amend(Rule::FailureWithoutReason, "; the upstream's error does");
    }
    if let Some(url) = row
        .get(name::RESULT_URL)
        .filter(|url| !url.is_null() && *url != "")
    {
        let (rule, message) = if Some(url) == reason {
            let message = format!(
                "the error text is repeated in `{}`, which a failed task does not have",
                name::RESULT_URL
            );
            (Rule::ErrorTextAsUrl, message)
        } else {
            let message = format!("a failed task has no `{}`", name::RESULT_URL);
            (Rule::FailureWithResultUrl, message)
        };
        outcome.add(Finding::new(rule, pointers::DATA_RESULT_URL, message).found(url));
    }
}
