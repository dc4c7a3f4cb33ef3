//! One fault, one message: a value that stands elsewhere is said once, with both places, and the
//! body is judged as if the value stood where it belongs.

use serde_json::Value;

use super::{
    body::Body,
    displaced::{Displaced, Way, below, find, says_missing},
    documented_places::place_at,
    report::Finding,
    rule::Rule,
};
use crate::model::{
    Shape,
    pointer::{join, members},
};

/// What was found in a body, and the shape that it has.
pub(super) type Judgement = (Option<Shape>, Vec<Finding>);

/// Puts together what has the same cause; `judge` is how the body was judged.
pub(super) fn one_message(
    body: Body,
    value: &Value,
    first: Judgement,
    judge: impl Fn(&Value) -> Judgement,
) -> Judgement {
    let (shape, findings) = first;
    let displaced = find(body, value, &findings);
    if displaced.is_empty() {
        return (shape, findings);
    }
    let mut repaired = value.clone();
    for one in &displaced {
        put_right(&mut repaired, one);
    }
    let (new_shape, new) = judge(&repaired);
    // What stands elsewhere can hold more to be found; otherwise more findings mean a wrong guess.
    let holds_more = displaced.iter().any(|one| {
        let value = value.pointer(&one.found);
        one.is_missing && value.is_some_and(Value::is_object)
    });
    if new.len() + displaced.len() > findings.len() && !holds_more {
        return (shape, findings);
    }
    let explained = displaced.iter().map(|one| explained(one, value, &findings));
    let mut all: Vec<Finding> = explained.collect();
    all.extend(new.into_iter().map(|finding| placed(finding, &displaced)));
    (new_shape, all)
}

/// Puts a value where it is documented.
fn put_right(body: &mut Value, displaced: &Displaced) {
    let Some(value) = take(body, &displaced.found) else {
        return;
    };
    if displaced.way == Way::Wrapped {
        if let Some(place) = body.pointer_mut(&displaced.documented) {
            *place = value;
        }
    } else if let Some((holder, name)) = split(&displaced.documented)
        && let Some(Value::Object(holder)) = body.pointer_mut(holder)
    {
        holder.insert(name, value);
    }
}

fn take(body: &mut Value, pointer: &str) -> Option<Value> {
    let (holder, name) = split(pointer)?;
    body.pointer_mut(holder)?.as_object_mut()?.remove(&name)
}

/// The pointer to what holds a member, and the member's name.
fn split(pointer: &str) -> Option<(&str, String)> {
    let (holder, _) = pointer.rsplit_once('/')?;
    Some((holder, members(pointer).last()?))
}

/// The one finding on a displaced value. It keeps the rule of what was said before, and so the
/// severity: what a client relies on is missing all the same.
fn explained(displaced: &Displaced, body: &Value, findings: &[Finding]) -> Finding {
    let Displaced {
        found, documented, ..
    } = displaced;
    let missing = findings
        .iter()
        .filter(|finding| says_missing(finding.rule))
        .filter(|finding| below(&finding.pointer, documented).is_some())
        .max_by_key(|finding| finding.severity());
    let rule = missing.map_or(Rule::OmittedField, |finding| finding.rule);
    let at_place = findings.iter().find(|finding| finding.pointer == *found);
    let name = last(documented);
    let finding = if displaced.is_missing {
        let message = match displaced.way {
            Way::Renamed => format!("`{name}` is missing, but `{}` looks like it", last(found)),
            Way::Moved => format!("`{name}` is missing here, but there is one at {found}"),
            Way::Wrapped => format!(
                "what belongs here is one level deeper, in `{}`",
                last(found)
            ),
        };
        Finding::new(rule, documented.as_str(), message).related(found.as_str())
    } else {
        let message = match displaced.way {
            Way::Moved => format!("this field is documented at {documented}, not here"),
            _ => format!("this field is not documented; it looks like `{name}`"),
        };
        let rule = at_place.map_or(Rule::UndocumentedField, |finding| finding.rule);
        Finding::new(rule, found.as_str(), message).related(documented.as_str())
    };
    let mut finding = match body.pointer(found) {
        Some(value) => finding.found(value),
        None => finding,
    };
    finding.expected = missing.and_then(|finding| finding.expected.clone());
    finding.spec = missing
        .or(at_place)
        .and_then(|finding| finding.spec.clone());
    finding
}

fn last(pointer: &str) -> String {
    members(pointer).last().unwrap_or_default()
}

/// A finding on the repaired body, at its place in the body as it came.
fn placed(mut finding: Finding, displaced: &[Displaced]) -> Finding {
    let holder = displaced
        .iter()
        .filter_map(|one| Some((one, below(&finding.pointer, &one.documented)?.to_owned())))
        .max_by_key(|(one, _)| one.documented.len());
    if let Some((one, rest)) = holder {
        finding.pointer = format!("{}{rest}", one.found);
    }
    finding
}

/// Says of an object that has nothing in it that it is empty, and not each thing that it lacks.
pub(super) fn say_once_what_is_empty(value: &Value, findings: &mut Vec<Finding>) {
    let lacks = |finding: &Finding| {
        let is_missing = says_missing(finding.rule) && finding.related.is_none();
        let (holder, _) = split(&finding.pointer).filter(|_| is_missing)?;
        let object = value.pointer(holder).and_then(Value::as_object)?;
        (object.is_empty() && !holder.is_empty()).then(|| holder.to_owned())
    };
    let Some((holder, rule)) = findings
        .iter()
        .filter_map(|finding| Some((lacks(finding)?, finding.rule)))
        .max_by_key(|(_, rule)| rule.severity())
    else {
        return;
    };
    let (lacking, others): (Vec<_>, Vec<_>) = std::mem::take(findings)
        .into_iter()
        .partition(|finding| lacks(finding).as_deref() == Some(holder.as_str()));
    *findings = others;
    if let [one] = lacking.as_slice() {
        findings.push(one.clone().related(holder));
        return;
    }
    let names: Vec<String> = lacking
        .iter()
        .map(|finding| format!("`{}`", last(&finding.pointer)))
        .collect();
    let message = format!("this object is empty: it lacks {}", names.join(", "));
    findings.push(Finding::new(rule, holder, message).found(&Value::Object(<_>::default())));
}

/// Says of a value in a wrapping of the wrong type where the value is that was expected.
pub(super) fn say_what_is_inside(body: Body, value: &Value, findings: &mut [Finding]) {
    let wrong = findings.iter_mut().filter(|finding| {
        let is_wrong = matches!(finding.rule, Rule::WrongType | Rule::UnknownStatus);
        is_wrong && finding.related.is_none()
    });
    for finding in wrong {
        let pointer = finding.pointer.as_str();
        let Some(place) = place_at(body, pointer) else {
            continue;
        };
        let inside = match value.pointer(pointer) {
            Some(Value::Array(items)) if items.len() == 1 => Some((join(pointer, "0"), &items[0])),
            Some(Value::Object(members)) if members.len() == 1 => {
                let mut members = members.iter();
                members
                    .next()
                    .map(|(name, value)| (join(pointer, name), value))
            }
            _ => None,
        };
        if let Some((at, inner)) = inside
            && place.fits(inner)
        {
            finding.message.push_str("; what is in it would fit");
            finding.related = Finding::new(finding.rule, at, "").pointer.into();
        }
    }
}
