//! Finished tasks: the video's URL, and the members of a super-resolution task.

use serde_json::{Map, Value};

use super::{
    super::{facts::Facts, report::Finding, rule::Rule},
    outcome::Outcome,
    url::best_url,
};
use crate::model::{
    Shape, is_present, name, pointers, tables,
    url::{is_relative_url, is_url, same_file},
};

const RESULT_URL: &str = pointers::DATA_RESULT_URL;

/// The video's URL, which older gateways put elsewhere.
pub(super) fn result_url(task: &Facts<'_>, outcome: &mut Outcome) {
    if !task.is_success() {
        return;
    }
    match (task.result_url, task.fail_reason) {
        (Some(url), None) if is_url(url) => {}
        (Some(url), Some(copy)) if is_url(url) => {
            if !same_file(url, copy) {
                let message = format!(
                    "a finished task says something else here than a copy of `{}`",
                    name::RESULT_URL
                );
                outcome.add(
                    Finding::new(Rule::FailReasonEcho, pointers::DATA_FAIL_REASON, message)
                        .expected(format!("nothing, or a copy of `{}`", name::RESULT_URL))
                        .found(&Value::from(copy)),
                );
            }
        }
        (None, Some(url)) if is_url(url) => {
            let message = format!(
                "the URL stands in `{}` alone, as older gateways put it",
                name::FAIL_REASON
            );
            outcome.add(Finding::new(Rule::LegacyResultUrl, RESULT_URL, message));
        }
        (Some(url), _) if is_relative_url(url) => {
            let message =
                "this URL is relative to the gateway: it needs the base URL and the API key";
            outcome.add(
                Finding::new(Rule::RelativeUrl, RESULT_URL, message)
                    .expected("a pre-signed URL")
                    .found(&Value::from(url)),
            );
            // A gateway that keeps the upstream's URL to itself keeps the rest to itself, too.
            outcome.accepts(Rule::OmittedField, pointers::DATA_DATA);
        }
        (Some(text), _) => {
            let message = "this is not a URL";
            outcome.add(
                Finding::new(Rule::NoResultUrl, RESULT_URL, message)
                    .expected("an http(s) URL")
                    .found(&Value::from(text)),
            );
        }
        (None, _) => {
            let message = "the task has finished, but there is no URL";
            let finding = Finding::new(Rule::NoResultUrl, RESULT_URL, message);
            outcome.add(finding.expected("an http(s) URL"));
        }
    }
}

/// The original's URL, which is worth as much as the video's.
pub(super) fn original_result_url(task: &Facts<'_>, outcome: &mut Outcome) {
    if let Some(text) = task
        .original_result_url
        .filter(|url| task.is_success() && !is_url(url))
    {
        let message = "what stands here is not a URL, so the original video cannot be downloaded";
        outcome.add(
            Finding::new(
                Rule::SuperResolutionIncomplete,
                pointers::DATA_ORIGINAL_RESULT_URL,
                message,
            )
            .expected("an http(s) URL")
            .found(&Value::from(text)),
        );
    }
}

/// What only the whole row tells, on tasks that are not as documented.
pub(super) fn structure(row: &Map<String, Value>, shape: Option<Shape>, outcome: &mut Outcome) {
    match shape {
        Some(Shape::SuperResolution) => super_resolution(row, outcome),
        Some(Shape::Normal) => empty_answer(row, outcome),
        _ => {}
    }
    if row
        .get(name::RESULT_URL)
        .is_some_and(|url| !url.is_string() && !url.is_null())
    {
        // A wrong type is the schema's to tell: it says more.
        outcome.withdraw(Rule::NoResultUrl);
    } else if best_url(row).is_some() {
        let original = row.get(name::ORIGINAL_RESULT_URL).and_then(Value::as_str);
        let more = match shape {
            Some(Shape::SuperResolution) if original.is_some_and(is_url) => format!(
                "; the video before the enhancement is at `{}`",
                name::ORIGINAL_RESULT_URL
            ),
            Some(Shape::SuperResolution) => {
                "; the video before the enhancement is in the upstream's answer".to_owned()
            }
            _ => "; the upstream's answer has one".to_owned(),
        };
        outcome.amend(Rule::NoResultUrl, &more);
    }
}

/// An empty answer is one fact, not a missing field many times over.
fn empty_answer(row: &Map<String, Value>, outcome: &mut Outcome) {
    const AT: &str = pointers::DATA_DATA;
    if row
        .get(name::DATA)
        .and_then(Value::as_object)
        .is_some_and(Map::is_empty)
    {
        let message = "the upstream's answer is documented, but empty";
        outcome.add_for_all_below(Finding::new(Rule::OmittedField, AT, message));
    }
}

/// Its own members come together: all or none.
fn super_resolution(row: &Map<String, Value>, outcome: &mut Outcome) {
    let members = tables::STATUSES
        .iter()
        .flat_map(|status| status.when_present)
        .filter(|(shape, _)| *shape == Shape::SuperResolution)
        .flat_map(|(_, pointers)| pointers.iter().copied());
    let missing: Vec<&str> = members
        .filter(|pointer| !is_present(row, pointer) && !has_broken_holder(row, pointer))
        .collect();
    let Some(first) = missing.first() else {
        return;
    };
    let names: Vec<String> = missing.iter().map(|pointer| at_row(pointer)).collect();
    let message = format!(
        "a super-resolution task needs {} as well: its three members come together",
        names.join(" and ")
    );
    let at = at_row(outermost_missing(row, first));
    outcome.add(Finding::new(Rule::SuperResolutionIncomplete, at, message));
    for pointer in missing {
        outcome.explains(Rule::SuperResolutionIncomplete, &at_row(pointer));
        let holder = outermost_missing(row, pointer);
        outcome.explains(Rule::SuperResolutionIncomplete, &at_row(holder));
    }
}

/// A pointer within the row as one of the body.
fn at_row(pointer: &str) -> String {
    format!("{}{pointer}", pointers::DATA)
}

/// The member, or what should hold it and is missing as a whole.
fn outermost_missing<'a>(row: &Map<String, Value>, pointer: &'a str) -> &'a str {
    let mut holders = pointer
        .match_indices('/')
        .skip(1)
        .map(|(end, _)| &pointer[..end]);
    let missing = holders.find(|holder| !is_present(row, holder));
    missing.unwrap_or(pointer)
}

/// Whether what should hold a member is there but no object, which the schema tells.
fn has_broken_holder(row: &Map<String, Value>, pointer: &str) -> bool {
    let mut holders = pointer
        .match_indices('/')
        .skip(1)
        .map(|(end, _)| &pointer[1..end]);
    holders.any(|holder| {
        let mut names = holder.split('/');
        let first = names.next().and_then(|name| row.get(name));
        let value = names.fold(first, |value, name| value?.get(name));
        value.is_some_and(|value| !value.is_object() && !value.is_null())
    })
}
