//! Where the OpenAPI document describes a place of a body, and what it says of it.

use std::{cell::RefCell, collections::HashMap};

use serde_json::Value;

use super::body::Body;
use crate::model::{Shape, pointer::members};

/// What the lowered schemas call the shape of a task whose status is missing or unknown.
const UNMATCHED: &str = "unmatched";

/// Where the spec describes a place of a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SchemaLocation {
    /// A JSON Pointer into the document.
    pub pointer: String,
    /// The shape of tasks that the place is documented for, if the body has another one.
    pub other_shape: Option<String>,
}

/// The most places that are remembered: more than are documented.
const MAX_REMEMBERED: usize = 1024;

/// Places by their pointers, for each kind of body.
type Places = HashMap<(Body, Option<Shape>), HashMap<String, Option<SchemaLocation>>>;

thread_local! {
    /// The places that were looked up before; most findings are at one of a few.
    static PLACES: RefCell<Places> = RefCell::default();
}

/// Looks up a place of a body; what is not documented at all is described by what encloses it.
pub(crate) fn place(body: Body, pointer: &str, shape: Option<Shape>) -> Option<SchemaLocation> {
    PLACES.with_borrow_mut(|places| {
        let known = places.entry((body, shape)).or_default();
        if let Some(place) = known.get(pointer) {
            return place.clone();
        }
        let place = look_up(body, pointer, shape);
        if known.len() < MAX_REMEMBERED {
            known.insert(pointer.to_owned(), place.clone());
        }
        place
    })
}

/// Looks up the object that a member of a body of this shape belongs to.
pub(super) fn place_of_object(body: Body, pointer: &str, shape: Option<Shape>) -> Option<String> {
    let (object, _) = pointer.rsplit_once('/')?;
    // No member has this name.
    let place = place(body, &format!("{object}/\0"), shape)?;
    Some(place.pointer)
}

fn look_up(body: Body, pointer: &str, shape: Option<Shape>) -> Option<SchemaLocation> {
    let root = body.schema();
    let shape = shape.map(Shape::name);
    let mut node = root;
    let mut found = spec(resolve(root, root));
    let mut other_shape = None;
    for name in members(pointer) {
        let mut objects = Vec::new();
        collect(root, node, &mut objects);
        // The branch that the body means, then what holds for all branches, then the others.
        objects.reverse();
        objects.sort_by_key(|object| match of_shape(object) {
            Some(own) if own == shape.unwrap_or(UNMATCHED) => 0,
            None => 1,
            Some(UNMATCHED) => 3,
            Some(_) => 2,
        });
        let property = objects
            .iter()
            .find_map(|object| Some((object, object.get("properties")?.get(&name)?)));
        let Some((object, property)) = property else {
            if let Some(items) = items_of(&objects, &name) {
                node = items;
                found = spec(resolve(root, items)).or(found);
                continue;
            }
            found = objects.first().and_then(|object| spec(object)).or(found);
            break;
        };
        if other_shape.is_none() {
            other_shape = of_shape(object)
                .filter(|own| *own != UNMATCHED && shape.is_some_and(|shape| shape != *own));
        }
        node = property;
        found = spec(property).or(found);
    }
    Some(SchemaLocation {
        pointer: found?.to_owned(),
        other_shape: other_shape.map(str::to_owned),
    })
}

/// Whether the document says of a place of a body that it can be null, in any shape.
pub(super) fn can_be_null(body: Body, pointer: &str) -> bool {
    let root = body.schema();
    let mut nodes = vec![root];
    for name in members(pointer) {
        let mut objects = Vec::new();
        for node in nodes {
            collect(root, node, &mut objects);
        }
        nodes = objects
            .iter()
            .filter_map(|object| object.get("properties")?.get(&name))
            .collect();
    }
    let mut objects = Vec::new();
    for node in nodes {
        collect(root, node, &mut objects);
    }
    objects.iter().any(|object| match object.get("type") {
        Some(Value::Array(kinds)) => kinds.iter().any(|kind| kind == "null"),
        kind => kind.is_some_and(|kind| kind == "null"),
    })
}

/// The schema of the items of a list, where the name is an index.
fn items_of<'a>(lists: &[&'a Value], name: &str) -> Option<&'a Value> {
    let is_index = name.bytes().all(|byte| byte.is_ascii_digit());
    let mut items = lists.iter().filter_map(|list| list.get("items"));
    is_index.then(|| items.next()).flatten()
}

fn of_shape(schema: &Value) -> Option<&str> {
    schema.get("x-shape")?.as_str()
}

fn spec(schema: &Value) -> Option<&str> {
    schema.get("x-spec")?.as_str()
}

fn resolve<'a>(root: &'a Value, schema: &'a Value) -> &'a Value {
    schema
        .get("$ref")
        .and_then(Value::as_str)
        .and_then(|target| root.pointer(target.trim_start_matches('#')))
        .unwrap_or(schema)
}

/// The schemas that can apply to a value: the branches of unions before the unions themselves.
pub(super) fn collect<'a>(root: &'a Value, schema: &'a Value, objects: &mut Vec<&'a Value>) {
    let schema = resolve(root, schema);
    for keyword in ["then", "else"] {
        if let Some(branch) = schema.get(keyword) {
            collect(root, branch, objects);
        }
    }
    objects.push(schema);
}
