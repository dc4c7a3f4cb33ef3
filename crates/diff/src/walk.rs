//! Walks the bodies of two documents side by side.

use super::{
    change_kind::ChangeKind,
    change_log::{ChangeLog, Position},
    constraints, members,
    node::Node,
    object::Object,
    object_pairs::pairs,
    shape_conditions, statuses, values,
    view::View,
};

/// The walk, and where it is.
struct Walk<'l, 'a> {
    log: &'l mut ChangeLog<'a>,
    /// The values that are being compared, so that one that holds itself ends.
    under_way: Vec<(String, String)>,
}

/// Compares what a value can be.
pub(super) fn compare<'a>(
    log: &mut ChangeLog<'a>,
    position: &Position,
    old: &[Node<'a>],
    new: &[Node<'a>],
) {
    let mut walk = Walk {
        log,
        under_way: Vec::new(),
    };
    walk.value(position, old, new, false);
}

impl<'a> Walk<'_, 'a> {
    /// Compares what a value can be; `tells` is whether it tells the shape of the object around it.
    fn value(&mut self, position: &Position, old: &[Node<'a>], new: &[Node<'a>], tells: bool) {
        let documents = self.log.documents();
        let (old, new) = (View::of(documents.0, old), View::of(documents.1, new));
        let pair = (old.at.to_string(), new.at.to_string());
        if self.under_way.contains(&pair) {
            return;
        }
        self.under_way.push(pair);
        self.view(position, &old, &new, tells);
        self.under_way.pop();
    }

    fn view(&mut self, position: &Position, old: &View<'a>, new: &View<'a>, tells: bool) {
        if !values::types(self.log, position, old, new) {
            return;
        }
        if !tells {
            values::sets(self.log, position, old, new);
        }
        values::texts(self.log, position, old, new);
        constraints::compare(self.log, position, old, new);
        self.objects(position, old, new);
        if !old.items.is_empty() && !new.items.is_empty() {
            self.value(&position.below("*"), &old.items, &new.items, false);
        } else if old.items.is_empty() != new.items.is_empty() {
            values::items(self.log, &position.below("*"), old, new);
        }
    }

    /// Compares the objects that a value can be, each with its counterpart.
    fn objects(&mut self, position: &Position, old: &View<'a>, new: &View<'a>) {
        // A value that was no object at all has another type now, and that is said.
        if old.objects.is_empty() || new.objects.is_empty() {
            return;
        }
        if (is_plain(old) && is_shaped(new)) || (is_shaped(old) && is_plain(new)) {
            self.plain_and_shaped(position, old, new);
            return;
        }
        self.discriminators(position, old, new);
        shape_conditions::compare(self.log, position, old, new);
        let tells = old.told_by().filter(|name| new.told_by() == Some(name));
        if let (Some(name), Some(before), Some(after)) =
            (tells, &old.discriminator, &new.discriminator)
        {
            statuses::compare(self.log, &position.below(name), before, after);
        }
        let (pairs, gone, come) = pairs(&old.objects, &new.objects);
        for (old, new) in pairs {
            let position = of_shape(position, new.shape.or(old.shape));
            self.members(&position, old, new, tells);
        }
        for (view, objects, is_gone) in [(old, gone, true), (new, come, false)] {
            for object in objects {
                self.only_in_one(position, view, object, is_gone);
            }
        }
    }

    /// One document has a single object where the other tells shapes apart: the object stands for
    /// each of them.
    fn plain_and_shaped(&mut self, position: &Position, old: &View<'a>, new: &View<'a>) {
        let (shaped, kind, message) = if is_plain(old) {
            (
                new,
                ChangeKind::DiscriminatorAdded,
                "shapes are told apart now",
            )
        } else {
            (
                old,
                ChangeKind::DiscriminatorRemoved,
                "shapes are no longer told apart",
            )
        };
        self.log
            .add(kind, position, message, Some(&old.at), Some(&new.at));
        let tells = shaped.told_by();
        if let Some(name) = tells {
            let views = (old, new);
            statuses::compare_with_values(self.log, &position.below(name), views, name);
        }
        for before in &old.objects {
            for after in &new.objects {
                let position = of_shape(position, after.shape.or(before.shape));
                self.members(&position, before, after, tells);
            }
        }
    }

    fn members(
        &mut self,
        position: &Position,
        old: &Object<'a>,
        new: &Object<'a>,
        tells: Option<&str>,
    ) {
        for both in members::compare(self.log, position, old, new, tells) {
            self.value(&both.position, both.old, both.new, both.tells);
        }
    }

    /// The member that tells shapes apart.
    fn discriminators(&mut self, position: &Position, old: &View<'a>, new: &View<'a>) {
        if old.told_by() == new.told_by() {
            return;
        }
        let name = |view: &View<'_>| match view.told_by() {
            Some(name) => format!("by `{name}`"),
            None => "by nothing".to_owned(),
        };
        let message = format!(
            "shapes were told apart {}, and are now told apart {}",
            name(old),
            name(new)
        );
        let (old, new) = (old.at.join("discriminator"), new.at.join("discriminator"));
        self.log.add(
            ChangeKind::DiscriminatorChanged,
            position,
            message,
            Some(&old),
            Some(&new),
        );
    }

    /// An object without a counterpart.
    fn only_in_one(
        &mut self,
        position: &Position,
        view: &View<'a>,
        object: &Object<'a>,
        is_gone: bool,
    ) {
        let fate = if is_gone { "removed" } else { "added" };
        let (kind, message) = if let Some(shape) = object.shape {
            let kind = if is_gone {
                ChangeKind::ShapeRemoved
            } else {
                ChangeKind::ShapeAdded
            };
            (kind, format!("the shape `{shape}` was {fate}"))
        } else {
            let kind = if is_gone {
                ChangeKind::VariantRemoved
            } else {
                ChangeKind::VariantAdded
            };
            let own = object.own_members(&view.objects);
            let own: Vec<String> = own.iter().map(|name| format!("`{name}`")).collect();
            (
                kind,
                format!("objects with {} were {fate}", own.join(" and ")),
            )
        };
        let position = of_shape(position, object.shape);
        let at = Some(&object.at);
        let (old, new) = if is_gone { (at, None) } else { (None, at) };
        self.log.add(kind, &position, message, old, new);
    }
}

fn of_shape(position: &Position, shape: Option<&str>) -> Position {
    match shape {
        Some(shape) => position.of_shapes([shape]),
        None => position.clone(),
    }
}

/// Whether a value is one object, of no shape in particular.
fn is_plain(view: &View<'_>) -> bool {
    matches!(view.objects.as_slice(), [object] if object.shape.is_none())
        && view.discriminator.is_none()
}

/// Whether the objects that a value can be are named, or told apart by the value of a member.
fn is_shaped(view: &View<'_>) -> bool {
    view.discriminator.is_some() || view.objects.iter().any(|object| object.shape.is_some())
}
