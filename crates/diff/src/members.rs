//! Compares the members of two objects.

use std::{collections::BTreeSet, slice};

use super::{
    change_kind::ChangeKind,
    change_log::{ChangeLog, Position},
    field,
    node::Node,
    object::{Field, Object},
};

/// What both objects say of a member, or of those that they do not list.
pub(super) struct InBoth<'o, 'a> {
    pub position: Position,
    pub old: &'o [Node<'a>],
    pub new: &'o [Node<'a>],
    /// Whether it tells the shape of the object.
    pub tells: bool,
}

/// Compares the members of two objects, but for what the values of those in both can be, which is
/// returned; `tells` is the one that tells their shape.
pub(super) fn compare<'o, 'a>(
    log: &mut ChangeLog<'a>,
    position: &Position,
    old: &'o Object<'a>,
    new: &'o Object<'a>,
    tells: Option<&str>,
) -> Vec<InBoth<'o, 'a>> {
    whole(log, position, old, new);
    let mut in_both = Vec::new();
    let names = old.fields.keys().chain(new.fields.keys());
    for name in names.copied().collect::<BTreeSet<&str>>() {
        let position = position.below(name);
        match (old.fields.get(name), new.fields.get(name)) {
            (Some(old), Some(new)) => {
                field::compare(log, &position, name, old, new);
                in_both.push(InBoth {
                    position,
                    old: &old.nodes,
                    new: &new.nodes,
                    tells: tells == Some(name),
                });
            }
            (Some(old), None) => gone(log, &position, name, old),
            (None, Some(new)) => come(log, &position, name, new),
            (None, None) => {}
        }
    }
    if let (Some(old), Some(new)) = (&old.others, &new.others) {
        in_both.push(InBoth {
            position: position.below("*"),
            old: slice::from_ref(old),
            new: slice::from_ref(new),
            tells: false,
        });
    }
    in_both
}

/// What is said of the object as a whole.
fn whole(log: &mut ChangeLog<'_>, position: &Position, old: &Object<'_>, new: &Object<'_>) {
    let at = (Some(&old.at), Some(&new.at));
    if let (Some(was), Some(is)) = (old.outcome, new.outcome)
        && was != is
    {
        let message = format!("the shape means `{is}`, and meant `{was}`");
        log.add(ChangeKind::OutcomeChanged, position, message, at.0, at.1);
    }
    if old.is_observed != new.is_observed {
        let message = if new.is_observed {
            "was documented; now only observed"
        } else {
            "was only observed; now documented"
        };
        let kind = ChangeKind::DocumentedTypesChanged;
        log.add(kind, position, message, at.0, at.1);
    }
    match (&old.closed, &new.closed) {
        (None, Some(place)) => {
            let message = "members that are not listed are forbidden now";
            let kind = ChangeKind::ConstraintAdded;
            log.add(kind, position, message, at.0, Some(place));
        }
        (Some(place), None) => {
            let message = "members that are not listed are no longer forbidden";
            let kind = ChangeKind::ConstraintRemoved;
            log.add(kind, position, message, Some(place), at.1);
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
            log.add(kind, position, message, at.0, at.1);
        }
        _ => {}
    }
}

fn gone(log: &mut ChangeLog<'_>, position: &Position, name: &str, field: &Field<'_>) {
    let kind = if field.is_observed && !field.is_required {
        ChangeKind::ObservedFieldRemoved
    } else {
        ChangeKind::FieldRemoved
    };
    let message = format!("`{name}` was removed");
    log.add(kind, position, message, Some(&field.at), None);
}

fn come(log: &mut ChangeLog<'_>, position: &Position, name: &str, field: &Field<'_>) {
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
    log.add(kind, position, message, None, Some(&field.at));
}
