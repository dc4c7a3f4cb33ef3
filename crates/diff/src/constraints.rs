//! Bounds of a value beside its type: lengths, limits, patterns, formats; and its default.

use std::{cmp::Ordering, collections::BTreeSet};

use serde_json::Value;

use super::{
    change_kind::ChangeKind,
    change_log::{ChangeLog, Position},
    view::View,
};
use seedance_spec::pointer::Pointer;

/// Formats that are sizes of a number, with the bits that it has.
const SIZES: [(&str, u32); 2] = [("int32", 32), ("int64", 64)];

/// Compares the bounds of a value.
pub(super) fn compare(
    log: &mut ChangeLog<'_>,
    position: &Position,
    old: &View<'_>,
    new: &View<'_>,
) {
    let keywords = old.constraints.keys().chain(new.constraints.keys());
    for keyword in keywords.copied().collect::<BTreeSet<&str>>() {
        let (before, after) = (old.constraints.get(keyword), new.constraints.get(keyword));
        let value = |bound: Option<&(&Value, Pointer)>| bound.map(|(value, _)| (*value).clone());
        let (was, is) = (value(before), value(after));
        let (old_at, new_at) = (
            before.map_or(&old.at, |(_, at)| at),
            after.map_or(&new.at, |(_, at)| at),
        );
        let (kind, message) = match (was, is) {
            (None, Some(is)) => (
                ChangeKind::ConstraintAdded,
                format!("`{keyword}` is now {is}"),
            ),
            (Some(was), None) => (
                ChangeKind::ConstraintRemoved,
                format!("`{keyword}` was {was}; there is none now"),
            ),
            (Some(was), Some(is)) if was != is => {
                let kind = changed(keyword, &was, &is);
                (kind, format!("`{keyword}` changed from {was} to {is}"))
            }
            _ => continue,
        };
        log.add(kind, position, message, Some(old_at), Some(new_at));
    }
    formats(log, position, old, new);
    defaults(log, position, old, new);
}

/// Whether a bound is tighter than it was.
fn changed(keyword: &str, was: &Value, is: &Value) -> ChangeKind {
    let order = match (was.as_f64(), is.as_f64()) {
        (Some(was), Some(is)) => is.partial_cmp(&was),
        _ => was
            .as_bool()
            .zip(is.as_bool())
            .map(|(was, is)| is.cmp(&was)),
    };
    let is_lower_bound = !keyword.starts_with("max");
    match order {
        Some(Ordering::Greater) if is_lower_bound => ChangeKind::ConstraintTightened,
        Some(Ordering::Less) if !is_lower_bound => ChangeKind::ConstraintTightened,
        Some(Ordering::Greater | Ordering::Less) => ChangeKind::ConstraintLoosened,
        _ => ChangeKind::ConstraintChanged,
    }
}

fn formats(log: &mut ChangeLog<'_>, position: &Position, old: &View<'_>, new: &View<'_>) {
    let name = |view: &View<'_>| view.format.as_ref().map(|(name, _)| (*name).to_owned());
    let (was, is) = (name(old), name(new));
    if was == is {
        return;
    }
    let text = |name: &Option<String>| match name {
        Some(name) => format!("`{name}`"),
        None => "none".to_owned(),
    };
    let message = format!("the format changed from {} to {}", text(&was), text(&is));
    // An integer without a format is read as one of 64 bits.
    let bits = |name: &Option<String>| match name {
        None => Some(64),
        Some(name) => {
            let mut sizes = SIZES.iter();
            sizes.find(|(size, _)| size == name).map(|(_, bits)| *bits)
        }
    };
    let is_number =
        |view: &View<'_>| view.types.contains("integer") || view.types.contains("number");
    let order = match (bits(&was), bits(&is)) {
        (Some(was), Some(is)) if is_number(old) && is_number(new) => is.cmp(&was),
        _ => Ordering::Equal,
    };
    let kind = match order {
        Ordering::Less => ChangeKind::ConstraintTightened,
        Ordering::Greater => ChangeKind::ConstraintLoosened,
        // Neither says anything that the other does not.
        Ordering::Equal if is_number(old) && is_number(new) && bits(&was) == bits(&is) => return,
        Ordering::Equal => ChangeKind::FormatChanged,
    };
    let at = |view: &View<'_>| {
        view.format
            .as_ref()
            .map_or(view.at.clone(), |(_, at)| at.clone())
    };
    log.add(kind, position, message, Some(&at(old)), Some(&at(new)));
}

fn defaults(log: &mut ChangeLog<'_>, position: &Position, old: &View<'_>, new: &View<'_>) {
    let value = |view: &View<'_>| view.default.as_ref().map(|(value, _)| (*value).clone());
    let (was, is) = (value(old), value(new));
    if was == is {
        return;
    }
    let text = |value: &Option<Value>| value.as_ref().map_or("none".to_owned(), Value::to_string);
    let message = format!("the default changed from {} to {}", text(&was), text(&is));
    let at = |view: &View<'_>| {
        view.default
            .as_ref()
            .map_or(view.at.clone(), |(_, at)| at.clone())
    };
    log.add(
        ChangeKind::DefaultChanged,
        position,
        message,
        Some(&at(old)),
        Some(&at(new)),
    );
}
