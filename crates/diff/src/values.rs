//! What a value can be: its JSON types, sets of values, and the form of a text.

use std::collections::BTreeSet;

use super::{
    compare::{Comparison, Spot},
    kind::Kind,
    view::{View, described},
};

/// Compares types, and says whether there is more to compare.
pub(super) fn types(
    comparison: &mut Comparison<'_>,
    spot: &Spot,
    old: &View<'_>,
    new: &View<'_>,
) -> bool {
    let (old_at, new_at) = (Some(&old.at), Some(&new.at));
    let kind = match (
        covers(&old.types, &new.types),
        covers(&new.types, &old.types),
    ) {
        (true, true) => None,
        (true, false) => Some(Kind::TypeNarrowed),
        (false, true) => Some(Kind::TypeWidened),
        (false, false) => Some(Kind::TypeChanged),
    };
    if let Some(kind) = kind {
        let message = format!("it was {}, and is {}", old.described(), new.described());
        comparison.add(kind, spot, message, old_at, new_at);
        if kind == Kind::TypeChanged {
            return false;
        }
    } else if old.documented_types != new.documented_types {
        let message = format!(
            "documented was {}, and is {}",
            described(&old.documented_types),
            described(&new.documented_types)
        );
        comparison.add(Kind::DocumentedTypesChanged, spot, message, old_at, new_at);
    }
    match (old.nullable, new.nullable) {
        (false, true) => comparison.add(Kind::NullAdded, spot, "it can be null", old_at, new_at),
        (true, false) => {
            let message = "it can be null no more";
            comparison.add(Kind::NullRemoved, spot, message, old_at, new_at);
        }
        _ => {}
    }
    true
}

/// Whether all types of the second are of the first: an integer is a number, too.
fn covers(types: &BTreeSet<&str>, others: &BTreeSet<&str>) -> bool {
    let is_in =
        |name: &&str| types.contains(name) || (*name == "integer" && types.contains("number"));
    others.iter().all(is_in)
}

/// Compares the closed and the open set of values.
pub(super) fn sets(comparison: &mut Comparison<'_>, spot: &Spot, old: &View<'_>, new: &View<'_>) {
    let (old_at, new_at) = (old.at.join("enum"), new.at.join("enum"));
    let at = (Some(&old_at), Some(&new_at));
    match (&old.values, &new.values) {
        (Some(before), Some(after)) => {
            if let Some(gone) = listed(before, after) {
                let message = format!("no longer one of the values: {gone}");
                comparison.add(Kind::ValuesNarrowed, spot, message, at.0, at.1);
            }
            if let Some(come) = listed(after, before) {
                let message = format!("new among the values: {come}");
                comparison.add(Kind::ValuesWidened, spot, message, at.0, at.1);
            }
        }
        (None, Some(after)) => {
            let message = format!("it has to be one of {}", names(after));
            comparison.add(Kind::ValuesClosed, spot, message, at.0, at.1);
        }
        (Some(before), None) => {
            let message = format!("it was one of {}, and can be any text", names(before));
            comparison.add(Kind::ValuesOpened, spot, message, at.0, at.1);
        }
        (None, None) => {}
    }
    let keyword = "x-extensible-enum";
    let (old_at, new_at) = (old.at.join(keyword), new.at.join(keyword));
    let at = (Some(&old_at), Some(&new_at));
    match (&old.open_values, &new.open_values) {
        (Some(before), Some(after)) => {
            if let Some(gone) = listed(before, after) {
                let message = format!("no longer documented: {gone}");
                comparison.add(Kind::OpenValuesRemoved, spot, message, at.0, at.1);
            }
            if let Some(come) = listed(after, before) {
                let message = format!("newly documented: {come}");
                comparison.add(Kind::OpenValuesAdded, spot, message, at.0, at.1);
            }
        }
        // Where the set was or is closed, that has been said.
        (None, Some(after)) if old.values.is_none() => {
            let message = format!("documented values are {}", names(after));
            comparison.add(Kind::OpenSetAdded, spot, message, at.0, at.1);
        }
        (Some(before), None) if new.values.is_none() => {
            let message = format!("documented values were {}", names(before));
            comparison.add(Kind::OpenSetRemoved, spot, message, at.0, at.1);
        }
        _ => {}
    }
}

/// Compares the length and the form of a text.
pub(super) fn texts(comparison: &mut Comparison<'_>, spot: &Spot, old: &View<'_>, new: &View<'_>) {
    let at = |keyword: &str| (old.at.join(keyword), new.at.join(keyword));
    if old.min_length != new.min_length {
        let kind = if new.min_length > old.min_length {
            Kind::MinLengthRaised
        } else {
            Kind::MinLengthLowered
        };
        let message = format!(
            "the least length was {}, and is {}",
            old.min_length, new.min_length
        );
        let (old_at, new_at) = at("minLength");
        comparison.add(kind, spot, message, Some(&old_at), Some(&new_at));
    }
    if old.pattern != new.pattern {
        let form = |pattern: Option<&str>| match pattern {
            Some(pattern) => format!("`{pattern}`"),
            None => "any".to_owned(),
        };
        let message = format!(
            "the documented form was {}, and is {}",
            form(old.pattern),
            form(new.pattern)
        );
        let (old_at, new_at) = at("x-documented-pattern");
        comparison.add(
            Kind::PatternChanged,
            spot,
            message,
            Some(&old_at),
            Some(&new_at),
        );
    }
}

/// One of two lists says what its elements are, the other does not.
pub(super) fn items(comparison: &mut Comparison<'_>, spot: &Spot, old: &View<'_>, new: &View<'_>) {
    let (kind, message) = if new.items.is_some() {
        (Kind::TypeNarrowed, "it was anything, and is described")
    } else {
        (Kind::TypeWidened, "it was described, and is anything")
    };
    comparison.add(kind, spot, message, Some(&old.at), Some(&new.at));
}

/// What one set has and the other has not.
fn listed(set: &BTreeSet<&str>, other: &BTreeSet<&str>) -> Option<String> {
    let only: BTreeSet<&str> = set.difference(other).copied().collect();
    (!only.is_empty()).then(|| names(&only))
}

fn names(set: &BTreeSet<&str>) -> String {
    let names: Vec<String> = set.iter().map(|name| format!("`{name}`")).collect();
    names.join(", ")
}
