//! Null is absence: a member that is null is judged as one that is not there.

use std::borrow::Cow;

use serde_json::Value;

use super::{body::Body, report::Finding, rule::Rule, schema::cap, spec_place::can_be_null};
use crate::model::pointer::join;

/// The members that were null, by their pointers.
pub(super) struct Nulls(Vec<String>);

/// A body without its nulls, but for those that the document speaks of.
pub(super) fn without_nulls(body: Body, value: &Value) -> (Cow<'_, Value>, Nulls) {
    let mut places = Vec::new();
    find(body, value, "", &mut places);
    if places.is_empty() {
        return (Cow::Borrowed(value), Nulls(places));
    }
    let mut value = value.clone();
    remove(body, &mut value, "");
    (Cow::Owned(value), Nulls(places))
}

fn find(body: Body, value: &Value, at: &str, places: &mut Vec<String>) {
    for (name, member) in value.as_object().into_iter().flatten() {
        match member {
            Value::Null => {
                let at = join(at, name);
                if !can_be_null(body, &at) {
                    places.push(at);
                }
            }
            Value::Object(_) => find(body, member, &join(at, name), places),
            _ => {}
        }
    }
}

fn remove(body: Body, value: &mut Value, at: &str) {
    let Value::Object(members) = value else {
        return;
    };
    members.retain(|name, member| !member.is_null() || can_be_null(body, &join(at, name)));
    for (name, member) in members {
        remove(body, member, &join(at, name));
    }
}

impl Nulls {
    /// Findings with what there is to say of the nulls: of one that matters, that it is null and
    /// not just missing; of any other, that it is there.
    pub fn added_to(self, mut findings: Vec<Finding>) -> Vec<Finding> {
        let mut more = Vec::new();
        for pointer in self.0 {
            let mut at_place = findings
                .iter_mut()
                .filter(|finding| finding.pointer == pointer);
            if let Some(finding) = at_place.next() {
                if matches!(finding.rule, Rule::OmittedField | Rule::MissingField) {
                    finding.message = finding.message.replace("missing", "null");
                    finding.found = Some("null".to_owned());
                }
            } else {
                let message = "this is null, which means that it is not there";
                more.push(Finding::new(Rule::NullField, pointer, message));
            }
        }
        cap(&mut more);
        findings.extend(more);
        findings
    }
}
