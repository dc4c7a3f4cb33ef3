//! Compares the members of two objects.

use std::{collections::BTreeSet, slice};

use super::{
    change_kind::ChangeKind,
    change_log::Position,
    field,
    object::{Field, Object},
    walk::Walk,
};

/// Compares the members of two objects; `tells` is the one that tells their shape.
pub(super) fn compare<'a>(
    walk: &mut Walk<'_, 'a>,
    position: &Position,
    old: &Object<'a>,
    new: &Object<'a>,
    tells: Option<&str>,
) {
    whole(walk, position, old, new);
    let names = old.fields.keys().chain(new.fields.keys());
    for name in names.copied().collect::<BTreeSet<&str>>() {
        let position = position.below(name);
        match (old.fields.get(name), new.fields.get(name)) {
            (Some(old), Some(new)) => {
                field::compare(walk.log, &position, name, old, new);
                walk.value(&position, &old.nodes, &new.nodes, tells == Some(name));
            }
            (Some(old), None) => gone(walk, &position, name, old),
            (None, Some(new)) => come(walk, &position, name, new),
            (None, None) => {}
        }
    }
    if let (Some(old), Some(new)) = (&old.others, &new.others) {
        let (old, new) = (slice::from_ref(old), slice::from_ref(new));
        walk.value(&position.below("*"), old, new, false);
    }
}

/// What is said of the object as a whole.
fn whole<'a>(walk: &mut Walk<'_, 'a>, position: &Position, old: &Object<'a>, new: &Object<'a>) {
    let at = (Some(&old.at), Some(&new.at));
    if let (Some(was), Some(is)) = (old.outcome, new.outcome)
        && was != is
    {
        let message = format!("the shape means `{is}`, and meant `{was}`");
        walk.log
            .add(ChangeKind::OutcomeChanged, position, message, at.0, at.1);
    }
    if old.is_observed != new.is_observed {
        let message = if new.is_observed {
            "was documented; now only observed"
        } else {
            "was only observed; now documented"
        };
        let kind = ChangeKind::DocumentedTypesChanged;
        walk.log.add(kind, position, message, at.0, at.1);
    }
    match (&old.closed, &new.closed) {
        (None, Some(place)) => {
            let message = "members that are not listed are forbidden now";
            let kind = ChangeKind::ConstraintAdded;
            walk.log.add(kind, position, message, at.0, Some(place));
        }
        (Some(place), None) => {
            let message = "members that are not listed are no longer forbidden";
            let kind = ChangeKind::ConstraintRemoved;
            walk.log.add(kind, position, message, Some(place), at.1);
        }
        _ if old.is_free != new.is_free => {
            let (kind, message) = if new.is_free {
                (
                    ChangeKind::MembersOpened,
                    "members that are not listed are allowed by the documentation now",
                )
            } else {
                (
                    ChangeKind::MembersClosed,
                    "members that are not listed are undocumented now",
                )
            };
            walk.log.add(kind, position, message, at.0, at.1);
        }
        _ => {}
    }
}

fn gone(walk: &mut Walk<'_, '_>, position: &Position, name: &str, field: &Field<'_>) {
    let kind = if field.is_observed && !field.is_required {
        ChangeKind::ObservedFieldRemoved
    } else {
        ChangeKind::FieldRemoved
    };
    let message = format!("`{name}` was removed");
    walk.log.add(kind, position, message, Some(&field.at), None);
}

fn come(walk: &mut Walk<'_, '_>, position: &Position, name: &str, field: &Field<'_>) {
    let (kind, message) = if field.is_required {
        (
            ChangeKind::RequiredFieldAdded,
            format!("`{name}` was added and is required"),
        )
    } else if field.is_observed {
        (
            ChangeKind::ObservedFieldAdded,
            format!("`{name}` was added"),
        )
    } else {
        (ChangeKind::FieldAdded, format!("`{name}` was added"))
    };
    walk.log.add(kind, position, message, None, Some(&field.at));
}
