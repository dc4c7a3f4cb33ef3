//! Upstream answers that are not Seedance's: each is one fact, not a missing field many times over.

use serde_json::{Map, Value};

use super::{
    super::{
        coverage::is_documented,
        report::{Finding, shorten},
        rule::Rule,
    },
    outcome::Outcome,
};
use crate::model::{name, pointer::join, pointers};

const AT: &str = pointers::DATA_DATA;
/// The most foreign members that a message names.
const NAMES: usize = 5;

/// Whether the upstream's answer, if there is one, is of the documented kind.
pub(super) fn check(row: &Map<String, Value>, outcome: &mut Outcome) -> bool {
    let Some(upstream) = row.get(name::DATA).and_then(Value::as_object) else {
        return true;
    };
    if upstream.contains_key(name::CODE) && upstream.contains_key(name::DATA) {
        let message = "the upstream is a gateway too: its answer has an envelope of its own";
        outcome.add_for_all_below(Finding::new(Rule::NestedEnvelope, AT, message));
        return false;
    }
    let is_there = |name: &str| upstream.contains_key(name);
    let model = upstream.get(name::MODEL).and_then(Value::as_str);
    let of_seedance = model.is_some_and(|model| model.contains("seedance"));
    let other: Vec<&str> = upstream
        .keys()
        .map(String::as_str)
        .filter(|name| !is_documented(&join(AT, name)))
        .collect();
    if of_seedance || is_there(name::CONTENT) || is_there(name::ERROR) || other.is_empty() {
        return true;
    }
    let mut names = other
        .iter()
        .take(NAMES)
        .copied()
        .collect::<Vec<_>>()
        .join(", ");
    if other.len() > NAMES {
        names.push_str(", …");
    }
    let message = format!(
        "the upstream's answer is not that of Seedance: it has {}",
        shorten(&names)
    );
    outcome.add_for_all_below(Finding::new(Rule::ForeignUpstream, AT, message));
    false
}
