//! What a value can be: its JSON types, sets of values, and the form of a text.

use std::collections::BTreeSet;

use super::{
    change_kind::ChangeKind,
    change_log::{ChangeLog, Position},
    view::{Values, View, described},
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
    closed_set(log, position, (old, &old.values), (new, &new.values));
    let at = |view: &View<'_>, set: &Option<Values>| {
        set.as_ref()
            .map_or_else(|| view.at.clone(), |(_, at)| at.clone())
    };
    let (old_at, new_at) = (at(old, &old.open_values), at(new, &new.open_values));
    let at = (Some(&old_at), Some(&new_at));
    match (&old.open_values, &new.open_values) {
        (Some((before, _)), Some((after, _))) => {
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
        (None, Some((after, _))) if old.values.is_none() => {
            let message = format!("the documented values are now {}", names(after));
            log.add(ChangeKind::OpenSetAdded, position, message, at.0, at.1);
        }
        (Some((before, _)), None) if new.values.is_none() => {
            let message = format!(
                "values are no longer documented; they were {}",
                names(before)
            );
            log.add(ChangeKind::OpenSetRemoved, position, message, at.0, at.1);
        }
        _ => {}
    }
}

/// Compares two closed sets of values.
pub(super) fn closed_set(
    log: &mut ChangeLog<'_>,
    position: &Position,
    (old, before): (&View<'_>, &Option<Values>),
    (new, after): (&View<'_>, &Option<Values>),
) {
    let at = |view: &View<'_>, set: &Option<Values>| {
        set.as_ref()
            .map_or_else(|| view.at.clone(), |(_, at)| at.clone())
    };
    let (old_at, new_at) = (at(old, before), at(new, after));
    let at = (Some(&old_at), Some(&new_at));
    match (before, after) {
        (Some((before, _)), Some((after, _))) => {
            if let Some(gone) = listed(before, after) {
                let message = format!("values removed: {gone}");
                log.add(ChangeKind::ValuesNarrowed, position, message, at.0, at.1);
            }
            if let Some(come) = listed(after, before) {
                let message = format!("values added: {come}");
                log.add(ChangeKind::ValuesWidened, position, message, at.0, at.1);
            }
        }
        (None, Some((after, _))) => {
            let message = format!("must now be one of {}", names(after));
            log.add(ChangeKind::ValuesClosed, position, message, at.0, at.1);
        }
        (Some((before, _)), None) => {
            let message = format!("was one of {}; any text is allowed now", names(before));
            log.add(ChangeKind::ValuesOpened, position, message, at.0, at.1);
        }
        (None, None) => {}
    }
}

/// Compares the length and the form of a text.
pub(super) fn texts(log: &mut ChangeLog<'_>, position: &Position, old: &View<'_>, new: &View<'_>) {
    let (before, after) = (old.min_length.0, new.min_length.0);
    if before != after {
        let kind = if after > before {
            ChangeKind::MinLengthRaised
        } else {
            ChangeKind::MinLengthLowered
        };
        let message = format!("the minimum length changed from {before} to {after}");
        let at = (Some(&old.min_length.1), Some(&new.min_length.1));
        log.add(kind, position, message, at.0, at.1);
    }
    let pattern = |view: &View<'_>| match &view.documented_pattern {
        Some((pattern, _)) => format!("`{pattern}`"),
        None => "none".to_owned(),
    };
    if pattern(old) != pattern(new) {
        let message = format!(
            "the documented pattern changed from {} to {}",
            pattern(old),
            pattern(new)
        );
        let at = |view: &View<'_>| match &view.documented_pattern {
            Some((_, at)) => at.clone(),
            None => view.at.clone(),
        };
        let (old, new) = (at(old), at(new));
        let kind = ChangeKind::PatternChanged;
        log.add(kind, position, message, Some(&old), Some(&new));
    }
}

/// One of two lists says what its elements are, the other does not.
pub(super) fn items(log: &mut ChangeLog<'_>, position: &Position, old: &View<'_>, new: &View<'_>) {
    let (kind, message) = if new.items.is_empty() {
        (
            ChangeKind::TypeWidened,
            "its type was described; anything is allowed now",
        )
    } else {
        (
            ChangeKind::TypeNarrowed,
            "was anything; its type is now described",
        )
    };
    log.add(kind, position, message, Some(&old.at), Some(&new.at));
}

/// What one set has and the other has not.
fn listed(set: &BTreeSet<String>, other: &BTreeSet<String>) -> Option<String> {
    let only: BTreeSet<String> = set.difference(other).cloned().collect();
    (!only.is_empty()).then(|| names(&only))
}

fn names(set: &BTreeSet<String>) -> String {
    let names: Vec<String> = set.iter().map(|name| format!("`{name}`")).collect();
    names.join(", ")
}
