//! Where the schemas of an OpenAPI document stand.

use serde_json::{Map, Value};

use super::pointer::Pointer;

/// Keywords whose value is a schema.
const ONE: [&str; 10] = [
    "items",
    "additionalProperties",
    "not",
    "if",
    "then",
    "else",
    "contains",
    "propertyNames",
    "unevaluatedItems",
    "unevaluatedProperties",
];

/// Keywords whose value is a list of schemas.
const LIST: [&str; 4] = ["allOf", "anyOf", "oneOf", "prefixItems"];

/// Keywords whose value is a map from names to schemas.
const MAP: [&str; 4] = [
    "properties",
    "patternProperties",
    "dependentSchemas",
    "$defs",
];

/// Visits every schema of a document, the inner ones first.
pub fn each_schema(
    document: &mut Value,
    visit: &mut impl FnMut(&mut Map<String, Value>, &Pointer),
) {
    outside(document, &Pointer::root(), visit);
}

/// What is no schema itself: paths, responses, parameters and the components.
fn outside(
    value: &mut Value,
    at: &Pointer,
    visit: &mut impl FnMut(&mut Map<String, Value>, &Pointer),
) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                let at = at.join(name);
                match name.as_str() {
                    "schema" => inside(member, &at, visit),
                    "schemas" => below(member, &at, visit),
                    // Values, not schemas, and what only extensions know.
                    "example" | "examples" => {}
                    name if name.starts_with("x-") => {}
                    _ => outside(member, &at, visit),
                }
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter_mut().enumerate() {
                outside(item, &at.join(index), visit);
            }
        }
        _ => {}
    }
}

fn inside(
    value: &mut Value,
    at: &Pointer,
    visit: &mut impl FnMut(&mut Map<String, Value>, &Pointer),
) {
    let Value::Object(schema) = value else {
        return;
    };
    for (keyword, value) in schema.iter_mut() {
        let keyword = keyword.as_str();
        if ONE.contains(&keyword) {
            inside(value, &at.join(keyword), visit);
        } else if LIST.contains(&keyword) || MAP.contains(&keyword) {
            below(value, &at.join(keyword), visit);
        }
    }
    visit(schema, at);
}

fn below(
    value: &mut Value,
    at: &Pointer,
    visit: &mut impl FnMut(&mut Map<String, Value>, &Pointer),
) {
    match value {
        Value::Object(schemas) => {
            for (name, schema) in schemas {
                inside(schema, &at.join(name), visit);
            }
        }
        Value::Array(schemas) => {
            for (index, schema) in schemas.iter_mut().enumerate() {
                inside(schema, &at.join(index), visit);
            }
        }
        _ => {}
    }
}
