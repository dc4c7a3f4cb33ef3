//! Which value of a discriminator means which shape.

use std::collections::BTreeSet;

use super::{
    change_kind::ChangeKind,
    change_log::{ChangeLog, Position},
    discriminator::Discriminator,
    values,
    view::{Values, View},
};

/// Compares the values; `position` is the member that holds one.
pub(super) fn compare<'a>(
    log: &mut ChangeLog<'a>,
    position: &Position,
    old: &Discriminator<'a>,
    new: &Discriminator<'a>,
) {
    let documents = log.documents();
    let all = |it: &Discriminator<'a>, document| -> BTreeSet<&'a str> {
        let values = it.mapping.keys();
        values
            .flat_map(|value| it.shapes(document, value))
            .collect()
    };
    let in_both: BTreeSet<&str> = all(old, documents.0)
        .intersection(&all(new, documents.1))
        .copied()
        .collect();
    let values = old.mapping.keys().chain(new.mapping.keys());
    for value in values.copied().collect::<BTreeSet<&str>>() {
        let (old_at, new_at) = (old.place(value), new.place(value));
        let was = old.shapes(documents.0, value);
        let is = new.shapes(documents.1, value);
        match (
            old.mapping.contains_key(value),
            new.mapping.contains_key(value),
        ) {
            (false, true) => {
                let message = format!("the status `{value}` was added");
                let position = position.of_shapes(is);
                log.add(
                    ChangeKind::StatusAdded,
                    &position,
                    message,
                    None,
                    Some(&new_at),
                );
            }
            (true, false) => {
                let message = format!("the status `{value}` was removed");
                let position = position.of_shapes(was);
                log.add(
                    ChangeKind::StatusRemoved,
                    &position,
                    message,
                    Some(&old_at),
                    None,
                );
            }
            _ => {
                words(log, position, value, (old, new));
                // A shape that comes or goes is said for itself.
                let kept = |shapes: &[&'a str]| -> BTreeSet<&'a str> {
                    let shapes: BTreeSet<&str> = shapes.iter().copied().collect();
                    shapes.intersection(&in_both).copied().collect()
                };
                if kept(&was) == kept(&is) && (!kept(&was).is_empty() || was == is) {
                    continue;
                }
                let message = format!(
                    "the status `{value}` moved from {} to {}",
                    was.join(" or "),
                    is.join(" or ")
                );
                let shapes: BTreeSet<&str> = was.into_iter().chain(is).collect();
                let position = position.of_shapes(shapes);
                let at = (Some(&old_at), Some(&new_at));
                log.add(ChangeKind::StatusMoved, &position, message, at.0, at.1);
            }
        }
    }
}

/// Compares the other words for a value that both documents have.
fn words(
    log: &mut ChangeLog<'_>,
    position: &Position,
    value: &str,
    (old, new): (&Discriminator<'_>, &Discriminator<'_>),
) {
    let of = |it: &Discriminator<'_>| it.words.and_then(|words| words.get(value)).cloned();
    if of(old) != of(new) {
        let message = format!("the words that mean `{value}` have changed");
        let at = (Some(&old.at), Some(&new.at));
        log.add(
            ChangeKind::StatusWordsChanged,
            position,
            message,
            at.0,
            at.1,
        );
    }
}

/// Compares the values of a discriminator with those that a plain object lists for the member.
pub(super) fn compare_with_values(
    log: &mut ChangeLog<'_>,
    position: &Position,
    (old, new): (&View<'_>, &View<'_>),
    name: &str,
) {
    let documents = log.documents();
    let values = |view: &View<'_>, document| -> Option<Values> {
        if let Some(it) = &view.discriminator {
            let values = it.mapping.keys().map(|value| (*value).to_owned());
            return Some((values.collect(), it.at.join("mapping")));
        }
        let field = view.objects.first()?.fields.get(name)?;
        View::of(document, &field.nodes).values
    };
    let (before, after) = (values(old, documents.0), values(new, documents.1));
    values::closed_set(log, position, (old, &before), (new, &after));
}
