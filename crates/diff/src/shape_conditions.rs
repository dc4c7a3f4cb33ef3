//! Which members select a shape.

use std::collections::BTreeSet;

use super::{
    change_kind::ChangeKind,
    change_log::{ChangeLog, Position},
    view::View,
};

/// Compares which members select a shape, of the shapes that both documents have.
pub(super) fn compare<'a>(
    log: &mut ChangeLog<'_>,
    position: &Position,
    old: &View<'a>,
    new: &View<'a>,
) {
    let shapes = |view: &View<'a>| -> BTreeSet<Option<&'a str>> {
        view.objects.iter().map(|object| object.shape).collect()
    };
    let (old_shapes, new_shapes) = (shapes(old), shapes(new));
    for shape in old_shapes.intersection(&new_shapes) {
        let of = |view: &View<'a>| -> Vec<String> {
            let conditions = view.conditions.iter().filter(|(of, _)| of == shape);
            conditions
                .map(|(_, pointer)| format!("`{pointer}`"))
                .collect()
        };
        let (before, after) = (of(old), of(new));
        if before == after {
            continue;
        }
        let position = match shape {
            Some(shape) => position.of_shapes([*shape]),
            None => position.clone(),
        };
        let list = |list: Vec<String>| match list.len() {
            0 => "nothing".to_owned(),
            _ => list.join(" or "),
        };
        let message = format!("was told apart by {}; now by {}", list(before), list(after));
        log.add(
            ChangeKind::ShapeConditionChanged,
            &position,
            message,
            Some(&old.at),
            Some(&new.at),
        );
    }
}
