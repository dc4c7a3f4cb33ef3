//! What a value can be: its JSON types, sets of values, and the form of a text.

use std::collections::BTreeSet;

use super::{
    change_kind::ChangeKind,
    change_log::{ChangeLog, Position},
    view::{View, described},
};

/// Compares types, and says whether there is more to compare.
pub(super) fn types(
    log: &mut ChangeLog<'_>,
    position: &Position,
    old: &View<'_>,
    new: &View<'_>,
) -> bool {
    let (old_at, new_at) = (Some(&old.at), Some(&new.at));
    let kind = match (
        covers(&old.types, &new.types),
        covers(&new.types, &old.types),
    ) {
        (true, true) => None,
        (true, false) => Some(ChangeKind::TypeNarrowed),
        (false, true) => Some(ChangeKind::TypeWidened),
        (false, false) => Some(ChangeKind::TypeChanged),
    };
    if let Some(kind) = kind {
        let message = format!("changed from {} to {}", old.described(), new.described());
        log.add(kind, position, message, old_at, new_at);
        if kind == ChangeKind::TypeChanged {
            return false;
        }
    } else if old.documented_types != new.documented_types {
        let message = format!(
            "the documented type changed from {} to {}",
            described(&old.documented_types),
            described(&new.documented_types)
        );
        log.add(
            ChangeKind::DocumentedTypesChanged,
            position,
            message,
            old_at,
            new_at,
        );
    }
    match (old.nullable, new.nullable) {
        (false, true) => log.add(
            ChangeKind::NullAdded,
            position,
            "can be null now",
            old_at,
            new_at,
        ),
        (true, false) => {
            let message = "can no longer be null";
            log.add(ChangeKind::NullRemoved, position, message, old_at, new_at);
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
pub(super) fn sets(log: &mut ChangeLog<'_>, position: &Position, old: &View<'_>, new: &View<'_>) {
    let (old_at, new_at) = (old.at.join("enum"), new.at.join("enum"));
    let at = (Some(&old_at), Some(&new_at));
    match (&old.values, &new.values) {
        (Some(before), Some(after)) => {
            if let Some(gone) = listed(before, after) {
                let message = format!("values removed: {gone}");
                log.add(ChangeKind::ValuesNarrowed, position, message, at.0, at.1);
            }
            if let Some(come) = listed(after, before) {
                let message = format!("values added: {come}");
                log.add(ChangeKind::ValuesWidened, position, message, at.0, at.1);
            }
        }
        (None, Some(after)) => {
            let message = format!("must now be one of {}", names(after));
            log.add(ChangeKind::ValuesClosed, position, message, at.0, at.1);
        }
        (Some(before), None) => {
            let message = format!("was one of {}; any text is allowed now", names(before));
            log.add(ChangeKind::ValuesOpened, position, message, at.0, at.1);
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
                log.add(ChangeKind::OpenValuesRemoved, position, message, at.0, at.1);
            }
            if let Some(come) = listed(after, before) {
                let message = format!("now documented: {come}");
                log.add(ChangeKind::OpenValuesAdded, position, message, at.0, at.1);
            }
        }
        // Where the set was or is closed, that has been said.
        (None, Some(after)) if old.values.is_none() => {
            let message = format!("the documented values are now {}", names(after));
            log.add(ChangeKind::OpenSetAdded, position, message, at.0, at.1);
        }
        (Some(before), None) if new.values.is_none() => {
            let message = format!(
                "values are no longer documented; they were {}",
                names(before)
            );
            log.add(ChangeKind::OpenSetRemoved, position, message, at.0, at.1);
        }
        _ => {}
    }
}

/// Compares the length and the form of a text.
pub(super) fn texts(log: &mut ChangeLog<'_>, position: &Position, old: &View<'_>, new: &View<'_>) {
    let at = |keyword: &str| (old.at.join(keyword), new.at.join(keyword));
    if old.min_length != new.min_length {
        let kind = if new.min_length > old.min_length {
            ChangeKind::MinLengthRaised
        } else {
            ChangeKind::MinLengthLowered
        };
        let message = format!(
            "the minimum length changed from {} to {}",
            old.min_length, new.min_length
        );
        let (old_at, new_at) = at("minLength");
        log.add(kind, position, message, Some(&old_at), Some(&new_at));
    }
    if old.pattern != new.pattern {
        let form = |pattern: Option<&str>| match pattern {
            Some(pattern) => format!("`{pattern}`"),
            None => "none".to_owned(),
        };
        let message = format!(
            "the documented pattern changed from {} to {}",
            form(old.pattern),
            form(new.pattern)
        );
        let (old_at, new_at) = at("x-documented-pattern");
        log.add(
            ChangeKind::PatternChanged,
            position,
            message,
            Some(&old_at),
            Some(&new_at),
        );
    }
}

/// One of two lists says what its elements are, the other does not.
pub(super) fn items(log: &mut ChangeLog<'_>, position: &Position, old: &View<'_>, new: &View<'_>) {
    let (kind, message) = if new.items.is_some() {
        (
            ChangeKind::TypeNarrowed,
            "was anything; its type is now described",
        )
    } else {
        (
            ChangeKind::TypeWidened,
            "its type was described; anything is allowed now",
        )
    };
    log.add(kind, position, message, Some(&old.at), Some(&new.at));
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
