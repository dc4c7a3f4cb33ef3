//! References: what a schema refers to, and whether that exists.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::{
    pointer::{Pointer, schema_name},
    problem::Problem,
};

/// The component schemas that a schema refers to.
pub fn collect_references(schema: &Value, names: &mut Vec<String>) {
    match schema {
        Value::Object(object) => {
            if let Some(name) = object
                .get("$ref")
                .and_then(Value::as_str)
                .and_then(schema_name)
            {
                names.push(name.to_owned());
            }
            object
                .values()
                .for_each(|value| collect_references(value, names));
        }
        Value::Array(items) => items
            .iter()
            .for_each(|item| collect_references(item, names)),
        _ => {}
    }
}

/// The references in the `oneOf` or `anyOf` of a schema.
pub fn branch_references(schema: &Map<String, Value>) -> Vec<&str> {
    ["oneOf", "anyOf"]
        .iter()
        .filter_map(|keyword| schema.get(*keyword)?.as_array())
        .flatten()
        .filter_map(|branch| branch.get("$ref")?.as_str())
        .collect()
}

/// Refuses schemas that contain themselves, since their values have no end.
///
/// # Errors
///
/// The first schema that refers to itself.
pub fn refuse_cycles(by_name: &BTreeMap<String, Value>) -> Result<(), Problem> {
    for name in by_name.keys() {
        let mut seen = BTreeSet::new();
        let mut wanted = vec![name.clone()];
        while let Some(next) = wanted.pop() {
            let mut references = Vec::new();
            if let Some(schema) = by_name.get(&next) {
                collect_references(schema, &mut references);
            }
            if references.contains(name) {
                return Err(Problem::at(
                    &Pointer::schema(name),
                    "a schema that contains itself is not supported",
                ));
            }
            let news = references
                .into_iter()
                .filter(|name| seen.insert(name.clone()));
            wanted.extend(news);
        }
    }
    Ok(())
}

/// Refuses references that lead nowhere, and what OpenAPI 3.0 would ignore beside one.
///
/// # Errors
///
/// The first such reference.
pub fn check_references(document: &Value, value: &Value, at: &Pointer) -> Result<(), Problem> {
    match value {
        Value::Object(object) => {
            if let Some(Value::String(reference)) = object.get("$ref") {
                let at = at.join("$ref");
                resolve(document, reference, &at)?;
                if object.len() > 1 {
                    return Err(Problem::at(
                        &at,
                        "OpenAPI 3.0 ignores what stands beside `$ref`; \
                         put the reference into an `allOf`",
                    ));
                }
            }
            for (key, value) in object {
                check_references(document, value, &at.join(key))?;
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                check_references(document, item, &at.join(index))?;
            }
        }
        _ => {}
    }
    Ok(())
}

/// Refuses references that lead nowhere.
///
/// # Errors
///
/// The first such reference.
pub fn check_targets(document: &Value, value: &Value, at: &Pointer) -> Result<(), Problem> {
    match value {
        Value::Object(object) => {
            if let Some(Value::String(reference)) = object.get("$ref") {
                resolve(document, reference, &at.join("$ref"))?;
            }
            let values = object.iter().filter(|(key, _)| !is_value(key));
            for (key, value) in values {
                check_targets(document, value, &at.join(key))?;
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                check_targets(document, item, &at.join(index))?;
            }
        }
        _ => {}
    }
    Ok(())
}

/// What holds values rather than parts of the document.
fn is_value(key: &str) -> bool {
    matches!(key, "example" | "value" | "default" | "enum" | "const") || key.starts_with("x-")
}

/// What a local reference leads to.
///
/// # Errors
///
/// The reference leads out of the document or to nothing in it.
pub fn resolve<'a>(
    document: &'a Value,
    reference: &str,
    at: &Pointer,
) -> Result<&'a Value, Problem> {
    let local = reference.strip_prefix('#').ok_or_else(|| {
        Problem::at(
            at,
            format!("`{reference}` points to another file; only references within the document are supported"),
        )
    })?;
    document
        .pointer(local)
        .ok_or_else(|| Problem::at(at, format!("`{reference}` does not exist")))
}
