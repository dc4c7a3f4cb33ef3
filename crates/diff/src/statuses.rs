//! Which status of a task means which shape.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    change_kind::ChangeKind,
    change_log::{ChangeLog, Position},
};
use seedance_query::model::Shape;
use seedance_spec::{MappedStatus, Metadata, pointer::Pointer};

/// The shapes that a document has, in the library's order.
pub(super) fn shapes(metadata: &Metadata) -> BTreeSet<Shape> {
    metadata.statuses.iter().flat_map(shapes_of).collect()
}

/// What a status can mean.
fn shapes_of(status: &MappedStatus) -> BTreeSet<Shape> {
    let special = status.when_present.iter().map(|(shape, _)| *shape);
    let names = special.chain([status.shape]);
    names.filter_map(|name| known(Some(name))).collect()
}

/// Compares the statuses; `position` is the member that holds one.
pub(super) fn compare(log: &mut ChangeLog<'_>, position: &Position) {
    let (old, new) = (&log.old.parsed.metadata, &log.new.parsed.metadata);
    let in_both: BTreeSet<Shape> = shapes(old).intersection(&shapes(new)).copied().collect();
    let (before, after) = (by_value(old), by_value(new));
    let values: BTreeSet<&str> = before.keys().chain(after.keys()).copied().collect();
    for value in values {
        let (old_at, new_at) = (place(old, value), place(new, value));
        let mut position = position.clone();
        match (before.get(value), after.get(value)) {
            (None, Some(shapes)) => {
                position.shapes = shapes.iter().copied().collect();
                let message = format!("the status `{value}` was added");
                log.add(
                    ChangeKind::StatusAdded,
                    &position,
                    message,
                    None,
                    Some(&new_at),
                );
            }
            (Some(shapes), None) => {
                position.shapes = shapes.iter().copied().collect();
                let message = format!("the status `{value}` was removed");
                log.add(
                    ChangeKind::StatusRemoved,
                    &position,
                    message,
                    Some(&old_at),
                    None,
                );
            }
            (Some(was), Some(is)) => {
                // A shape that comes or goes is said for itself.
                let kept = |shapes: &BTreeSet<Shape>| -> BTreeSet<Shape> {
                    shapes.intersection(&in_both).copied().collect()
                };
                if kept(was) == kept(is) && !kept(was).is_empty() {
                    continue;
                }
                position.shapes = was.union(is).copied().collect();
                let message = format!(
                    "the status `{value}` moved from {} to {}",
                    names(was),
                    names(is)
                );
                let at = (Some(&old_at), Some(&new_at));
                log.add(ChangeKind::StatusMoved, &position, message, at.0, at.1);
            }
            (None, None) => {}
        }
    }
}

fn by_value(metadata: &Metadata) -> BTreeMap<&str, BTreeSet<Shape>> {
    let statuses = metadata.statuses.iter();
    statuses
        .map(|status| (status.value.as_str(), shapes_of(status)))
        .collect()
}

fn names(shapes: &BTreeSet<Shape>) -> String {
    let names: Vec<&str> = shapes.iter().map(|shape| shape.name()).collect();
    names.join(" or ")
}

/// Where a document maps a status.
fn place(metadata: &Metadata, value: &str) -> Pointer {
    let union = Pointer::schema(&metadata.union);
    union.join("discriminator").join("mapping").join(value)
}

/// The shape that a document names.
pub(super) fn known(name: Option<&str>) -> Option<Shape> {
    let mut shapes = Shape::TASKS.into_iter();
    shapes.find(|shape| name == Some(shape.name()))
}
