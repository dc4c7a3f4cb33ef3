//! Walks the bodies of two documents side by side.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{
    change::Change,
    kind::Kind,
    spec::Spec,
    statuses, values,
    view::{Field, Object, View},
};
use seedance_query::model::Shape;
use seedance_spec::{Places, compose::Schemas, pointer::Pointer};

/// The changes between two documents, as they are found.
pub(super) struct Comparison<'a> {
    pub old: &'a Spec,
    pub new: &'a Spec,
    old_places: Places<'a>,
    new_places: Places<'a>,
    pub changes: Vec<Change>,
}

/// Where in the bodies the walk is.
#[derive(Clone)]
pub(super) struct Spot {
    /// Where in a body.
    pub pointer: Pointer,
    /// What the bodies can be.
    pub shapes: Vec<Shape>,
}

impl Spot {
    fn below(&self, member: &str) -> Self {
        Self {
            pointer: self.pointer.join(member),
            shapes: self.shapes.clone(),
        }
    }
}

impl<'a> Comparison<'a> {
    pub(super) fn new(old: &'a Spec, new: &'a Spec) -> Self {
        Self {
            old_places: old.places(),
            new_places: new.places(),
            old,
            new,
            changes: Vec::new(),
        }
    }

    /// Adds a change; the places are in the old and in the new document.
    pub(super) fn add(
        &mut self,
        kind: Kind,
        spot: &Spot,
        message: impl Into<String>,
        old: Option<&Pointer>,
        new: Option<&Pointer>,
    ) {
        let old = old.and_then(|pointer| self.old.place(&self.old_places, pointer));
        let new = new.and_then(|pointer| self.new.place(&self.new_places, pointer));
        self.changes.push(Change {
            kind,
            pointer: spot.pointer.to_string(),
            shapes: spot.shapes.clone(),
            message: message.into(),
            old,
            new,
        });
    }

    /// Compares the body of a success and that of an error.
    pub(super) fn bodies(&mut self) {
        let (old, new) = (&self.old.parsed, &self.new.parsed);
        let mut shapes = statuses::shapes(&new.facts);
        shapes.extend(statuses::shapes(&old.facts));
        let shapes: Vec<Shape> = shapes.into_iter().collect();
        let (old, new) = (&old.schemas, &new.schemas);
        for (shapes, old, new) in [
            (shapes, &old.success, &new.success),
            (vec![Shape::Error], &old.error, &new.error),
        ] {
            let spot = Spot {
                pointer: Pointer::root(),
                shapes,
            };
            let old = named(&self.old.parsed.schemas, old);
            let new = named(&self.new.parsed.schemas, new);
            self.view(&spot, &old, &new, false);
        }
    }

    /// Compares what a value can be; `field` is the member that holds it.
    fn value(
        &mut self,
        spot: &Spot,
        old: (&'a Value, &Pointer),
        new: (&'a Value, &Pointer),
        tells: bool,
    ) {
        let old = View::of(&self.old.parsed.schemas, old.0, old.1);
        let new = View::of(&self.new.parsed.schemas, new.0, new.1);
        self.view(spot, &old, &new, tells);
    }

    /// Compares two views; `tells` is whether the value tells the shape of a task.
    fn view(&mut self, spot: &Spot, old: &View<'a>, new: &View<'a>, tells: bool) {
        if !values::types(self, spot, old, new) {
            return;
        }
        if !tells {
            values::sets(self, spot, old, new);
        }
        values::texts(self, spot, old, new);
        self.objects(spot, old, new);
        if let (Some((old, old_at)), Some((new, new_at))) = (&old.items, &new.items) {
            self.value(&spot.below("*"), (old, old_at), (new, new_at), false);
        } else if old.items.is_some() != new.items.is_some() {
            values::items(self, &spot.below("*"), old, new);
        }
    }

    /// Compares the objects that a value can be, each with its counterpart.
    fn objects(&mut self, spot: &Spot, old: &View<'a>, new: &View<'a>) {
        if old.discriminator != new.discriminator {
            let name = |view: &View<'_>| match view.discriminator {
                Some(name) => format!("by `{name}`"),
                None => "by nothing".to_owned(),
            };
            let message = format!("shapes were told {}, and are {}", name(old), name(new));
            let (old, new) = (old.at.join("discriminator"), new.at.join("discriminator"));
            self.add(
                Kind::DiscriminatorChanged,
                spot,
                message,
                Some(&old),
                Some(&new),
            );
        }
        self.conditions(spot, old, new);
        let tells = old
            .discriminator
            .filter(|name| new.discriminator == Some(name));
        if let Some(name) = tells {
            statuses::compare(self, &spot.below(name));
        }
        let (pairs, gone, come) = pairs(&old.objects, &new.objects);
        for (old, new) in pairs {
            let mut spot = spot.clone();
            if let Some(shape) = known(new.shape) {
                spot.shapes = vec![shape];
            }
            self.object(&spot, old, new, tells);
        }
        for (kind, view, objects) in [
            (Kind::VariantRemoved, old, gone),
            (Kind::VariantAdded, new, come),
        ] {
            let is_old = kind == Kind::VariantRemoved;
            for object in objects {
                // A value that was no object at all has another type now, and that is said.
                if old.objects.is_empty() || new.objects.is_empty() {
                    continue;
                }
                let (mut spot, mut kind) = (spot.clone(), kind);
                let message = if let Some(shape) = known(object.shape) {
                    spot.shapes = vec![shape];
                    kind = if is_old {
                        Kind::ShapeRemoved
                    } else {
                        Kind::ShapeAdded
                    };
                    format!(
                        "the shape `{shape}` is {}",
                        if is_old { "gone" } else { "new" }
                    )
                } else {
                    let own = object.own_members(&view.objects);
                    let own: Vec<String> = own.iter().map(|name| format!("`{name}`")).collect();
                    format!(
                        "objects that have {} are {}",
                        own.join(" and "),
                        if is_old { "gone" } else { "new" }
                    )
                };
                let at = Some(&object.at);
                let (old, new) = if is_old { (at, None) } else { (None, at) };
                self.add(kind, &spot, message, old, new);
            }
        }
    }

    /// Compares which members select a shape, of the shapes that both documents have.
    fn conditions(&mut self, spot: &Spot, old: &View<'a>, new: &View<'a>) {
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
            let mut spot = spot.clone();
            if let Some(shape) = known(*shape) {
                spot.shapes = vec![shape];
            }
            let list = |list: Vec<String>| match list.len() {
                0 => "nothing".to_owned(),
                _ => list.join(" or "),
            };
            let message = format!("it was told by {}, and is by {}", list(before), list(after));
            self.add(
                Kind::ShapeConditionChanged,
                &spot,
                message,
                Some(&old.at),
                Some(&new.at),
            );
        }
    }

    fn object(&mut self, spot: &Spot, old: &Object<'a>, new: &Object<'a>, tells: Option<&str>) {
        if old.is_observed != new.is_observed {
            let message = if new.is_observed {
                "it was documented, and is only observed"
            } else {
                "it was only observed, and is documented"
            };
            self.add(
                Kind::DocumentedTypesChanged,
                spot,
                message,
                Some(&old.at),
                Some(&new.at),
            );
        }
        if old.is_free != new.is_free {
            let (kind, message) = if new.is_free {
                (
                    Kind::MembersOpened,
                    "members that are not listed are documented now",
                )
            } else {
                (
                    Kind::MembersClosed,
                    "members that are not listed are undocumented now",
                )
            };
            self.add(kind, spot, message, Some(&old.at), Some(&new.at));
        }
        let names: BTreeSet<&str> = old
            .fields
            .keys()
            .chain(new.fields.keys())
            .copied()
            .collect();
        for name in names {
            let spot = spot.below(name);
            match (old.fields.get(name), new.fields.get(name)) {
                (Some(old), Some(new)) => {
                    self.field(&spot, name, old, new);
                    let tells = tells == Some(name);
                    self.value(&spot, (old.schema, &old.at), (new.schema, &new.at), tells);
                }
                (Some(old), None) => {
                    let message = format!("`{name}` is gone");
                    self.add(Kind::FieldRemoved, &spot, message, Some(&old.at), None);
                }
                (None, Some(new)) if new.is_required => {
                    let message = format!("`{name}` is new and required");
                    self.add(
                        Kind::RequiredFieldAdded,
                        &spot,
                        message,
                        None,
                        Some(&new.at),
                    );
                }
                (None, Some(new)) => {
                    let message = format!("`{name}` is new");
                    self.add(Kind::FieldAdded, &spot, message, None, Some(&new.at));
                }
                (None, None) => {}
            }
        }
    }

    /// Compares what is said of a member beside what its value can be.
    fn field(&mut self, spot: &Spot, name: &str, old: &Field<'a>, new: &Field<'a>) {
        let (old_at, new_at) = (Some(&old.at), Some(&new.at));
        match (old.is_required, new.is_required) {
            (false, true) => {
                let message = format!("`{name}` is required now");
                self.add(Kind::RequiredAdded, spot, message, old_at, new_at);
            }
            (true, false) => {
                let message = format!("`{name}` is required no more");
                self.add(Kind::RequiredRemoved, spot, message, old_at, new_at);
            }
            _ => {}
        }
        match (old.is_promised, new.is_promised) {
            (false, true) if !old.is_required && !new.is_required => {
                let message = format!("`{name}` is promised now");
                self.add(Kind::PresenceAdded, spot, message, old_at, new_at);
            }
            (true, false) if !old.is_required && !new.is_required => {
                let message = format!("`{name}` is promised no more");
                self.add(Kind::PresenceRemoved, spot, message, old_at, new_at);
            }
            _ => {}
        }
        if old.valid_for != new.valid_for {
            let time = |seconds: Option<u64>| match seconds {
                Some(seconds) => format!("{seconds} s"),
                None => "a time that is not said".to_owned(),
            };
            let message = format!(
                "it could be used for {}, and can for {}",
                time(old.valid_for),
                time(new.valid_for)
            );
            let old = old.at.join("x-valid-for-seconds");
            let new = new.at.join("x-valid-for-seconds");
            self.add(Kind::ValidForChanged, spot, message, Some(&old), Some(&new));
        }
    }
}

fn named<'a>(schemas: &'a Schemas, name: &str) -> View<'a> {
    let schema = schemas.by_name.get(name).unwrap_or(&Value::Null);
    View::of(schemas, schema, &Pointer::schema(name))
}

/// The shape that a document names.
pub(super) fn known(name: Option<&str>) -> Option<Shape> {
    let mut shapes = Shape::TASKS.into_iter();
    shapes.find(|shape| name == Some(shape.name()))
}

type Pairs<'v, 'a> = (
    Vec<(&'v Object<'a>, &'v Object<'a>)>,
    Vec<&'v Object<'a>>,
    Vec<&'v Object<'a>>,
);

/// Which object of one document is which of the other, and those that have no counterpart: shapes
/// have names, and other objects have members of their own.
fn pairs<'v, 'a>(old: &'v [Object<'a>], new: &'v [Object<'a>]) -> Pairs<'v, 'a> {
    let (mut pairs, mut gone) = (Vec::new(), Vec::new());
    let mut come: Vec<&Object<'a>> = new.iter().collect();
    for object in old {
        let own = object.own_members(old);
        let found = come
            .iter()
            .position(|other| match (object.shape, other.shape) {
                (None, None) => !own.is_disjoint(&other.own_members(new)),
                (shape, other) => shape == other,
            });
        match found {
            Some(index) => pairs.push((object, come.remove(index))),
            None => gone.push(object),
        }
    }
    // What is left over on both sides and has no name can only be the same.
    if let ([one], [other]) = (gone.as_slice(), come.as_slice())
        && one.shape.is_none()
        && other.shape.is_none()
    {
        pairs.push((one, other));
        return (pairs, Vec::new(), Vec::new());
    }
    (pairs, gone, come)
}
