//! How an answer differs from the documented form without being the worse for it: each is one
//! finding, and what it tells is used.

use serde_json::{Map, Value};

use super::{
    locate::{Deviation, Located},
    malformed,
    operations::Operation,
    report::{Finding, excerpt},
    rule::Rule,
    type_names::described,
};
use crate::model::{Status, TaskForm, name, pointer::join, pointers, tables};

/// What there is to say of the form of the answer, where this one is expected.
pub(super) fn of_form(located: &Located<'_>, expected: TaskForm) -> Option<Finding> {
    let mut finding = match located.form {
        form if form == expected && form != TaskForm::Enveloped => return None,
        TaskForm::Enveloped if expected != TaskForm::Enveloped => {
            let message = "this is an answer of the task query, in its envelope; the task is used";
            return Some(Finding::new(Rule::OtherForm, "", message));
        }
        TaskForm::Enveloped => return of_envelope(located),
        TaskForm::Bare => malformed::bare_task(),
        TaskForm::Upstream => malformed::upstream(),
        TaskForm::NestedEnvelopes => {
            return Some(Finding::new(
                Rule::OtherForm,
                parent(&located.at),
                "there is another envelope in the envelope; the task in it is used",
            ));
        }
        sister @ (TaskForm::VideoObject | TaskForm::ContentList) => {
            let sister = Operation::of_form(sister);
            let path = sister.map_or("", Operation::path);
            let message = format!(
                "this is an answer of the sister operation `{path}`; its status and URL are used"
            );
            Finding::new(Rule::OtherForm, located.at.as_str(), message)
        }
    };
    located.at.clone_into(&mut finding.pointer);
    Some(finding)
}

/// Whether an envelope is of another kind than documented, which is one fact and not one for each
/// of its members.
pub(super) fn is_odd(envelope: &Map<String, Value>) -> bool {
    !envelope.get(CODE).is_some_and(Value::is_string)
}

/// The member of an envelope that says how the query went.
const CODE: &str = name::CODE;

fn of_envelope(located: &Located<'_>) -> Option<Finding> {
    let envelope = located
        .envelope
        .as_ref()
        .filter(|envelope| is_odd(envelope))?;
    let at = join(parent(&located.at), CODE);
    let finding = match envelope.get(CODE) {
        None => {
            let message = format!("`{CODE}` is missing; the task is used");
            Finding::new(Rule::MissingField, at, message)
        }
        Some(Value::Null) => {
            let message = format!("`{CODE}` is null; the task is used");
            Finding::new(Rule::MissingField, at, message)
        }
        Some(code) => {
            let what = described(code);
            let message = format!("expected a string, found {what}; the task is used");
            Finding::new(Rule::WrongType, at, message)
                .expected("string")
                .found(code)
        }
    };
    Some(finding)
}

/// What there is to say of members that were put right.
pub(super) fn of_members<'a>(located: &'a Located<'_>) -> impl Iterator<Item = Finding> + 'a {
    located.deviations.iter().map(|deviation| match deviation {
        Deviation::List(at) => {
            let message = "this is in a list of one; its item is used";
            Finding::new(Rule::WrappedValue, at.as_str(), message)
        }
        Deviation::JsonText(at) => {
            let message = "this is JSON as text; what the text says is used";
            Finding::new(Rule::WrappedValue, at.as_str(), message)
        }
        Deviation::Spelling(misspelt) => {
            let documented = last(&misspelt.documented);
            let message = format!(
                "`{}` is documented as `{documented}`; it is used",
                last(&misspelt.found)
            );
            Finding::new(Rule::OtherSpelling, misspelt.found.as_str(), message)
                .related(misspelt.documented.as_str())
                .expected(documented)
        }
        Deviation::Blanks(at) => {
            let message = "there are blanks around this URL, which is used without them";
            Finding::new(Rule::OddFormat, at.as_str(), message)
        }
    })
}

/// A status in other words, whose meaning is known.
pub(super) fn of_status(located: &Located<'_>, word: &str, status: &Status) -> Finding {
    let value = status.value;
    let values: Vec<&str> = tables::STATUSES.iter().map(|status| status.value).collect();
    let expected = format!("one of {}", values.join(", "));
    let shown = excerpt(&Value::from(word));
    let meaning = if word.eq_ignore_ascii_case(value) {
        format!("it differs from {value} only in case")
    } else {
        format!("it is read as {value}")
    };
    let at = join(&located.at, tables::DISCRIMINATOR);
    Finding::new(
        Rule::UnknownStatus,
        at,
        format!("{shown} is not {expected}; {meaning}"),
    )
    .expected(expected)
    .found(&Value::from(word))
}

/// A finding of the task in its documented form, at its place in the body; none if it is about an
/// envelope that the body does not have.
pub(super) fn placed(mut finding: Finding, located: &Located<'_>) -> Option<Finding> {
    const ROW: &str = pointers::DATA;
    let Some(rest) = below(&finding.pointer, ROW).map(str::to_owned) else {
        let is_kept = located.form == TaskForm::Enveloped
            && located
                .envelope
                .as_ref()
                .is_some_and(|envelope| !is_odd(envelope));
        finding.pointer = format!("{}{}", parent(&located.at), finding.pointer);
        return is_kept.then_some(finding);
    };
    finding.pointer = rest;
    Some(placed_in_row(finding, located))
}

/// A finding of the task by itself, at its place in the body.
pub(super) fn placed_in_row(mut finding: Finding, located: &Located<'_>) -> Finding {
    let mut pointer = format!("{}{}", located.at, finding.pointer);
    let misspelt = located
        .deviations
        .iter()
        .filter_map(|deviation| match deviation {
            Deviation::Spelling(misspelt) => {
                let rest = below(&pointer, &misspelt.documented)?;
                Some((misspelt, rest.to_owned()))
            }
            _ => None,
        });
    if let Some((misspelt, rest)) = misspelt.max_by_key(|(misspelt, _)| misspelt.documented.len()) {
        pointer = format!("{}{rest}", misspelt.found);
    }
    // What is in a list of one is at its item.
    for deviation in &located.deviations {
        if let Deviation::List(at) = deviation
            && below(at, &located.at).is_some_and(|rest| !rest.is_empty())
            && let Some(rest) = below(&pointer, at).filter(|rest| !rest.is_empty())
        {
            pointer = format!("{at}/0{rest}");
        }
    }
    finding.pointer = pointer;
    finding
}

/// What of a pointer is below another one.
fn below<'a>(pointer: &'a str, holder: &str) -> Option<&'a str> {
    let rest = pointer.strip_prefix(holder)?;
    (rest.is_empty() || rest.starts_with('/')).then_some(rest)
}

/// The pointer to what holds a value.
fn parent(pointer: &str) -> &str {
    pointer.rsplit_once('/').map_or("", |(holder, _)| holder)
}

/// The name that a pointer ends with.
fn last(pointer: &str) -> &str {
    pointer.rsplit_once('/').map_or(pointer, |(_, name)| name)
}
