//! The schemas that a union comes down to, through unions within it.

use serde_json::{Map, Value};

use super::{compose::Schemas, pointer::schema_name, references::branch_references};

/// The schemas at the ends of a union, through unions within it, by name.
#[must_use]
pub fn leaves<'a>(schemas: &'a Schemas, union: &Map<String, Value>) -> Vec<(&'a str, &'a Value)> {
    branch_references(union)
        .into_iter()
        .filter_map(schema_name)
        .flat_map(|name| ends(schemas, name))
        .collect()
}

/// What a schema stands for: itself, or the ends of the union that it is.
#[must_use]
pub fn ends<'a>(schemas: &'a Schemas, name: &str) -> Vec<(&'a str, &'a Value)> {
    let Some((name, schema)) = schemas.by_name.get_key_value(name) else {
        return Vec::new();
    };
    match schema.as_object() {
        Some(union) if !branch_references(union).is_empty() => leaves(schemas, union),
        _ => vec![(name.as_str(), schema)],
    }
}
