//! The shapes that bodies can have.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{json_body, node::Node, operation::Operation};
use seedance_query::model::Shape;

/// What a body of an error is called.
pub(super) const ERROR: &str = "error";

/// The shapes of all bodies of a document that have one, those that the library knows in its order.
pub(super) fn all_shapes(document: &Value) -> Vec<String> {
    let mut found = BTreeSet::new();
    for operation in Operation::all(document) {
        for (_, response) in operation.node.members("responses") {
            if let Some(schema) = json_body::schema(document, &response.resolved(document)) {
                found.extend(shapes_in(document, &schema));
            }
        }
    }
    let rank = |name: &str| Shape::TASKS.iter().position(|shape| shape.name() == name);
    let mut shapes: Vec<String> = found.into_iter().map(str::to_owned).collect();
    shapes.sort_by_key(|name| rank(name).unwrap_or(usize::MAX));
    shapes
}

/// The shapes of the objects in a body.
pub(super) fn shapes_in<'a>(document: &'a Value, body: &Node<'a>) -> BTreeSet<&'a str> {
    let mut shapes = BTreeSet::new();
    let mut seen = BTreeSet::new();
    collect(document, body.schema, &mut shapes, &mut seen);
    shapes
}

fn collect<'a>(
    document: &'a Value,
    schema: &'a Value,
    shapes: &mut BTreeSet<&'a str>,
    seen: &mut BTreeSet<&'a str>,
) {
    match schema {
        Value::Object(members) => {
            shapes.extend(members.get("x-shape").and_then(Value::as_str));
            let reference = members.get("$ref").and_then(Value::as_str);
            if let Some(reference) = reference
                && seen.insert(reference)
                && let Some(target) = reference
                    .strip_prefix('#')
                    .and_then(|at| document.pointer(at))
            {
                collect(document, target, shapes, seen);
            }
            for member in members.values() {
                collect(document, member, shapes, seen);
            }
        }
        Value::Array(items) => {
            for item in items {
                collect(document, item, shapes, seen);
            }
        }
        _ => {}
    }
}
