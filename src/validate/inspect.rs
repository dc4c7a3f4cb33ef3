//! What is wrong with a body that is JSON, but for its text.

use serde_json::{Map, Value, json};

use super::{
    body::Body,
    deviation,
    envelope::{EnvelopeKind, kind},
    locate::{CONTENT, Located, locate},
    malformed,
    nulls::without_nulls,
    observer::Observer,
    one_message::{Judgement, one_message, say_once_what_is_empty, say_what_is_inside},
    operations::{self, Operation},
    read_task,
    report::Finding,
    rule::Rule,
    rules, schema,
};
use crate::model::{
    Shape, Status, TaskForm, TaskView, is_present, name, pointer::join, pointers, tables,
};

/// The shape of a body that an operation has answered, and everything that is found in it, each
/// cause once.
pub(super) fn inspect(
    operation: &Operation,
    value: &Value,
    observer: &mut impl Observer,
) -> Judgement {
    let first = judge(operation, value, observer);
    let body = match locate(value) {
        Some(located) if is_at_its_place(&located) => {
            body_of_form(located.form).unwrap_or(Body::Response)
        }
        // Of other forms, the document has no places.
        Some(_) => return first,
        None if kind(value) == EnvelopeKind::Error => Body::Error,
        None => Body::Response,
    };
    let judge_again = |repaired: &Value| judge(operation, repaired, &mut ());
    said_once(body, value, first, judge_again)
}

/// What a schema says of a body that tells of no task.
pub(super) fn inspect_by_schema(body: Body, value: &Value) -> Judgement {
    let judge = |value: &Value| (None, operations::findings(body, value, None));
    said_once(body, value, judge(value), judge)
}

/// The schema of a task in another form than that of the task query.
fn body_of_form(form: TaskForm) -> Option<Body> {
    Operation::of_form(form)?.form_body()
}

/// The same of an error that has neither envelope, as far as that was told already.
pub(super) fn inspect_foreign_error(value: &Value, found: Finding) -> Judgement {
    let judge_again = |repaired: &Value| judge(operations::TASK_QUERY, repaired, &mut ());
    let first = (Some(Shape::Error), vec![found]);
    said_once(Body::Error, value, first, judge_again)
}

fn said_once(
    body: Body,
    value: &Value,
    first: Judgement,
    judge_again: impl Fn(&Value) -> Judgement,
) -> Judgement {
    let (shape, mut findings) = one_message(body, value, first, judge_again);
    say_once_what_is_empty(value, &mut findings);
    say_what_is_inside(body, value, &mut findings);
    (shape, findings)
}

/// Whether a task is where the document has it.
fn is_at_its_place(located: &Located<'_>) -> bool {
    match located.form {
        TaskForm::Enveloped => located.at == join("", CONTENT),
        form => located.at.is_empty() && body_of_form(form).is_some(),
    }
}

fn judge(operation: &Operation, value: &Value, observer: &mut impl Observer) -> Judgement {
    // An answer in a form that is known is judged as what it is.
    if let Some(located) = locate(value)
        && let view = read_task::of_located(&located)
        && view.is_understood()
    {
        return inspect_task(operation, &located, &view, observer);
    }
    match kind(value) {
        EnvelopeKind::Response => inspect_response(value, observer),
        EnvelopeKind::Error => inspect_error(Body::Error, value),
        EnvelopeKind::BareTask => inspect_bare_task(value, observer),
        EnvelopeKind::Upstream => (None, vec![malformed::upstream()]),
        EnvelopeKind::OtherOperation => (None, vec![malformed::other_operation()]),
        EnvelopeKind::Other => (None, vec![malformed::no_envelope(value)]),
    }
}

/// A task in any of the known forms.
fn inspect_task(
    operation: &Operation,
    located: &Located<'_>,
    view: &TaskView,
    observer: &mut impl Observer,
) -> Judgement {
    let form = deviation::of_form(located, operation.form());
    let mut findings: Vec<Finding> = form.into_iter().collect();
    findings.extend(deviation::of_members(located));
    match located.form {
        TaskForm::Enveloped | TaskForm::Bare | TaskForm::NestedEnvelopes => {}
        form => {
            // Of the upstream's own form, the document lists no members.
            if let Some(body) = body_of_form(form) {
                let row = Value::Object(located.row.clone().into_owned());
                let more = operations::findings(body, &row, view.shape());
                let placed = |finding| deviation::placed_in_row(finding, located);
                findings.extend(more.into_iter().map(placed));
            }
            return (view.shape(), findings);
        }
    }
    let mut row = located.row.clone().into_owned();
    let word = row.get(tables::DISCRIMINATOR).and_then(Value::as_str);
    let mut is_other_word = false;
    if let Some(word) = word
        && let Some(status) = Status::of_word(word)
        && status.value != word
    {
        findings.push(deviation::of_status(located, word, status));
        row.insert(tables::DISCRIMINATOR.to_owned(), status.value.into());
        is_other_word = true;
    }
    findings.extend(without_empty_conditions(&mut row, &located.at));
    // A status that cannot be read leaves the shape open, whatever the rest shows.
    let shape = Shape::of_task(&row);
    let mut envelope = match (&located.envelope, located.form) {
        (Some(envelope), TaskForm::Enveloped) if !deviation::is_odd(envelope) => envelope.clone(),
        _ => documented_envelope(),
    };
    envelope.insert(CONTENT.to_owned(), Value::Object(row));
    let whole = Value::Object(envelope);
    let (_, more) = inspect_response(&whole, observer);
    // What such a word means is known, but not what goes with it.
    let more = more
        .into_iter()
        .filter(|finding| !is_other_word || !depends_on_word(finding.rule));
    findings.extend(more.filter_map(|finding| deviation::placed(finding, located)));
    (shape, findings)
}

/// Takes out members that would select a branch, if all of those that are there are empty texts: an
/// empty text is no video.
fn without_empty_conditions(row: &mut Map<String, Value>, at: &str) -> Vec<Finding> {
    let conditions = tables::STATUSES
        .iter()
        .flat_map(|status| status.when_present)
        .flat_map(|(_, pointers)| pointers.iter().copied());
    let there: Vec<&str> = conditions
        .filter(|pointer| is_present(row, pointer))
        .collect();
    let mut value = Value::Object(std::mem::take(row));
    let is_empty = |pointer: &&str| value.pointer(pointer).is_some_and(|value| value == "");
    let mut findings = Vec::new();
    if there.iter().all(is_empty) {
        for pointer in there {
            let (holder, name) = pointer.rsplit_once('/').unwrap_or(("", pointer));
            if let Some(Value::Object(holder)) = value.pointer_mut(holder) {
                holder.remove(name);
            }
            let message = "this text is empty, and is read as if it were not there";
            let finding = Finding::new(Rule::EmptyValue, format!("{at}{pointer}"), message);
            findings.push(finding.found(&"".into()));
        }
    }
    if let Value::Object(members) = value {
        *row = members;
    }
    findings
}

/// Whether a rule is about what goes with one of several statuses of the same shape.
fn depends_on_word(rule: Rule) -> bool {
    matches!(
        rule,
        Rule::ProgressMismatch | Rule::LowProgress | Rule::EarlyStart
    )
}

fn documented_envelope() -> Map<String, Value> {
    let mut envelope = Map::new();
    for (name, value) in [(name::CODE, "success"), (name::MESSAGE, "")] {
        envelope.insert(name.to_owned(), value.into());
    }
    envelope
}

fn inspect_response(value: &Value, observer: &mut impl Observer) -> Judgement {
    let (value, nulls) = without_nulls(Body::Response, value);
    let value = &*value;
    let mut outcome = rules::Outcome::default();
    let mut shape = None;
    match value.get(CONTENT) {
        Some(Value::Object(task)) => {
            shape = Shape::of_task(task);
            rules::check_row(task, shape, &mut outcome, observer);
        }
        None | Some(Value::Null) => outcome.add(malformed::no_task()),
        Some(_) => {}
    }
    if !Body::Response.is_documented(value) {
        outcome.add_schema_findings(schema::findings(Body::Response, value));
    }
    let findings = outcome.finish(Body::Response, shape);
    (shape, nulls.added_to(findings))
}

/// An error, judged by this schema.
pub(super) fn inspect_error(body: Body, value: &Value) -> Judgement {
    let (value, nulls) = without_nulls(body, value);
    let value = &*value;
    let mut outcome = rules::Outcome::default();
    rules::check_error(value, &mut outcome);
    if !body.is_documented(value) {
        outcome.add_schema_findings(schema::findings(body, value));
    }
    let shape = Some(Shape::Error);
    let findings = outcome.finish(body, shape);
    (shape, nulls.added_to(findings))
}

/// A task without its envelope is one fault; what is in it is checked as if the envelope were there.
fn inspect_bare_task(value: &Value, observer: &mut impl Observer) -> Judgement {
    let (shape, mut findings) = inspect_response(&enveloped(value), observer);
    for finding in &mut findings {
        if let Some(pointer) = finding.pointer.strip_prefix(pointers::DATA) {
            finding.pointer = pointer.to_owned();
        }
    }
    findings.push(malformed::bare_task());
    (shape, findings)
}

pub(super) fn enveloped(task: &Value) -> Value {
    json!({ name::CODE: "success", name::MESSAGE: "", name::DATA: task })
}

/// Whether an answer tells of a task in another form than the documented one, or in its spelling.
pub(super) fn is_other_form(value: &Value) -> bool {
    let Some(located) = locate(value) else {
        return false;
    };
    let is_row = matches!(located.form, TaskForm::Enveloped | TaskForm::Bare);
    let is_documented = is_row && located.deviations.is_empty();
    !is_documented && read_task::of_located(&located).is_understood()
}
