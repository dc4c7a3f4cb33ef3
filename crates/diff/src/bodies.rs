//! Walks the bodies of two documents side by side.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{
    change_kind::ChangeKind,
    change_log::{ChangeLog, Position},
    field,
    object_pairs::pairs,
    shape_conditions,
    statuses::{self, known},
    values,
    view::{Object, View},
};
use seedance_query::model::Shape;
use seedance_spec::{compose::Schemas, pointer::Pointer};

/// The walk, and what it finds.
struct Walk<'l, 'a> {
    log: &'l mut ChangeLog<'a>,
}

/// Compares the body of a success and that of an error.
pub(super) fn compare(log: &mut ChangeLog<'_>) {
    Walk { log }.bodies();
}

impl<'a> Walk<'_, 'a> {
    /// Compares the body of a success and that of an error.
    fn bodies(&mut self) {
        let (old, new) = (&self.log.old.parsed, &self.log.new.parsed);
        let mut shapes = statuses::shapes(&new.metadata);
        shapes.extend(statuses::shapes(&old.metadata));
        let shapes: Vec<Shape> = shapes.into_iter().collect();
        let (old, new) = (&old.schemas, &new.schemas);
        for (shapes, old, new) in [
            (shapes, &old.success, &new.success),
            (vec![Shape::Error], &old.error, &new.error),
        ] {
            let position = Position {
                pointer: Pointer::root(),
                shapes,
            };
            let old = named(&self.log.old.parsed.schemas, old);
            let new = named(&self.log.new.parsed.schemas, new);
            self.view(&position, &old, &new, false);
        }
    }

    /// Compares what a value can be; `field` is the member that holds it.
    fn value(
        &mut self,
        position: &Position,
        old: (&'a Value, &Pointer),
        new: (&'a Value, &Pointer),
        tells: bool,
    ) {
        let old = View::of(&self.log.old.parsed.schemas, old.0, old.1);
        let new = View::of(&self.log.new.parsed.schemas, new.0, new.1);
        self.view(position, &old, &new, tells);
    }

    /// Compares two views; `tells` is whether the value tells the shape of a task.
    fn view(&mut self, position: &Position, old: &View<'a>, new: &View<'a>, tells: bool) {
        if !values::types(self.log, position, old, new) {
            return;
        }
        if !tells {
            values::sets(self.log, position, old, new);
        }
        values::texts(self.log, position, old, new);
        self.objects(position, old, new);
        if let (Some((old, old_at)), Some((new, new_at))) = (&old.items, &new.items) {
            self.value(&position.below("*"), (old, old_at), (new, new_at), false);
        } else if old.items.is_some() != new.items.is_some() {
            values::items(self.log, &position.below("*"), old, new);
        }
    }

    /// Compares the objects that a value can be, each with its counterpart.
    fn objects(&mut self, position: &Position, old: &View<'a>, new: &View<'a>) {
        if old.discriminator != new.discriminator {
            let name = |view: &View<'_>| match view.discriminator {
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
        shape_conditions::compare(self.log, position, old, new);
        let tells = old
            .discriminator
            .filter(|name| new.discriminator == Some(name));
        if let Some(name) = tells {
            statuses::compare(self.log, &position.below(name));
        }
        let (pairs, gone, come) = pairs(&old.objects, &new.objects);
        for (old, new) in pairs {
            let mut position = position.clone();
            if let Some(shape) = known(new.shape) {
                position.shapes = vec![shape];
            }
            self.object(&position, old, new, tells);
        }
        for (kind, view, objects) in [
            (ChangeKind::VariantRemoved, old, gone),
            (ChangeKind::VariantAdded, new, come),
        ] {
            let is_old = kind == ChangeKind::VariantRemoved;
            for object in objects {
                // A value that was no object at all has another type now, and that is said.
                if old.objects.is_empty() || new.objects.is_empty() {
                    continue;
                }
                let (mut position, mut kind) = (position.clone(), kind);
                let message = if let Some(shape) = known(object.shape) {
                    position.shapes = vec![shape];
                    kind = if is_old {
                        ChangeKind::ShapeRemoved
                    } else {
                        ChangeKind::ShapeAdded
                    };
                    format!(
                        "the shape `{shape}` was {}",
                        if is_old { "removed" } else { "added" }
                    )
                } else {
                    let own = object.own_members(&view.objects);
                    let own: Vec<String> = own.iter().map(|name| format!("`{name}`")).collect();
                    format!(
                        "objects with {} were {}",
                        own.join(" and "),
                        if is_old { "removed" } else { "added" }
                    )
                };
                let at = Some(&object.at);
                let (old, new) = if is_old { (at, None) } else { (None, at) };
                self.log.add(kind, &position, message, old, new);
            }
        }
    }

    fn object(
        &mut self,
        position: &Position,
        old: &Object<'a>,
        new: &Object<'a>,
        tells: Option<&str>,
    ) {
        if old.is_observed != new.is_observed {
            let message = if new.is_observed {
                "was documented; now only observed"
            } else {
                "was only observed; now documented"
            };
            self.log.add(
                ChangeKind::DocumentedTypesChanged,
                position,
                message,
                Some(&old.at),
                Some(&new.at),
            );
        }
        if old.is_free != new.is_free {
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
            self.log
                .add(kind, position, message, Some(&old.at), Some(&new.at));
        }
        let names: BTreeSet<&str> = old
            .fields
            .keys()
            .chain(new.fields.keys())
            .copied()
            .collect();
        for name in names {
            let position = position.below(name);
            match (old.fields.get(name), new.fields.get(name)) {
                (Some(old), Some(new)) => {
                    field::compare(self.log, &position, name, old, new);
                    let tells = tells == Some(name);
                    self.value(
                        &position,
                        (old.schema, &old.at),
                        (new.schema, &new.at),
                        tells,
                    );
                }
                (Some(old), None) => {
                    let message = format!("`{name}` was removed");
                    self.log.add(
                        ChangeKind::FieldRemoved,
                        &position,
                        message,
                        Some(&old.at),
                        None,
                    );
                }
                (None, Some(new)) if new.is_required => {
                    let message = format!("`{name}` was added and is required");
                    self.log.add(
                        ChangeKind::RequiredFieldAdded,
                        &position,
                        message,
                        None,
                        Some(&new.at),
                    );
                }
                (None, Some(new)) => {
                    let message = format!("`{name}` was added");
                    self.log.add(
                        ChangeKind::FieldAdded,
                        &position,
                        message,
                        None,
                        Some(&new.at),
                    );
                }
                (None, None) => {}
            }
        }
    }
}

fn named<'a>(schemas: &'a Schemas, name: &str) -> View<'a> {
    let schema = schemas.by_name.get(name).unwrap_or(&Value::Null);
    View::of(schemas, schema, &Pointer::schema(name))
}
