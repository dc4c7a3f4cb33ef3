//! Which status of a task means which shape.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    compare::{Comparison, Spot, known},
    kind::Kind,
};
use seedance_query::model::Shape;
use seedance_spec::{Facts, Status, pointer::Pointer};

/// The shapes that a document has, in the library's order.
pub(super) fn shapes(facts: &Facts) -> BTreeSet<Shape> {
    facts.statuses.iter().flat_map(shapes_of).collect()
}

/// What a status can mean.
fn shapes_of(status: &Status) -> BTreeSet<Shape> {
    let special = status.when_present.iter().map(|(shape, _)| *shape);
    let names = special.chain([status.shape]);
    names.filter_map(|name| known(Some(name))).collect()
}

/// Compares the statuses; `spot` is the member that holds one.
pub(super) fn compare(comparison: &mut Comparison<'_>, spot: &Spot) {
    let (old, new) = (&comparison.old.parsed.facts, &comparison.new.parsed.facts);
    let in_both: BTreeSet<Shape> = shapes(old).intersection(&shapes(new)).copied().collect();
    let (before, after) = (by_value(old), by_value(new));
    let values: BTreeSet<&str> = before.keys().chain(after.keys()).copied().collect();
    for value in values {
        let (old_at, new_at) = (place(old, value), place(new, value));
        let mut spot = spot.clone();
        match (before.get(value), after.get(value)) {
            (None, Some(shapes)) => {
                spot.shapes = shapes.iter().copied().collect();
                let message = format!("the status `{value}` is new");
                comparison.add(Kind::StatusAdded, &spot, message, None, Some(&new_at));
            }
            (Some(shapes), None) => {
                spot.shapes = shapes.iter().copied().collect();
                let message = format!("the status `{value}` is gone");
                comparison.add(Kind::StatusRemoved, &spot, message, Some(&old_at), None);
            }
            (Some(was), Some(is)) => {
                // A shape that comes or goes is said for itself.
                let kept = |shapes: &BTreeSet<Shape>| -> BTreeSet<Shape> {
                    shapes.intersection(&in_both).copied().collect()
                };
                if kept(was) == kept(is) && !kept(was).is_empty() {
                    continue;
                }
                spot.shapes = was.union(is).copied().collect();
                let message = format!(
                    "the status `{value}` was that of {}, and is that of {}",
                    names(was),
                    names(is)
                );
                let at = (Some(&old_at), Some(&new_at));
                comparison.add(Kind::StatusMoved, &spot, message, at.0, at.1);
            }
            (None, None) => {}
        }
    }
}

fn by_value(facts: &Facts) -> BTreeMap<&str, BTreeSet<Shape>> {
    let statuses = facts.statuses.iter();
    statuses
        .map(|status| (status.value.as_str(), shapes_of(status)))
        .collect()
}

fn names(shapes: &BTreeSet<Shape>) -> String {
    let names: Vec<&str> = shapes.iter().map(|shape| shape.name()).collect();
    names.join(" or ")
}

/// Where a document maps a status.
fn place(facts: &Facts, value: &str) -> Pointer {
    let union = Pointer::schema(&facts.union);
    union.join("discriminator").join("mapping").join(value)
}
