//! Lowers the flat schemas to JSON Schema 2020-12, once for each reading.

use std::collections::BTreeMap;

use schemars::{
    Schema,
    transform::{RecursiveTransform, Transform},
};
use serde_json::{Map, Value, json};

use super::{
    compose::Schemas,
    formats, null,
    pointer::{Pointer, schema_name},
    problem::Problem,
    promises::Promises,
    reading::Reading,
    references::collect_references,
    union,
};

/// A self-contained schema of the body `root`; `also` are bodies to keep beside it in `$defs`.
pub fn lower(
    schemas: &Schemas,
    reading: Reading,
    root: &str,
    also: Option<&str>,
) -> Result<Value, Problem> {
    let mut definitions = Map::new();
    let mut wanted: Vec<String> = also.into_iter().chain([root]).map(str::to_owned).collect();
    while let Some(name) = wanted.pop() {
        let Some(flat) = schemas.by_name.get(&name) else {
            continue;
        };
        if definitions.contains_key(&name) {
            continue;
        }
        let (schema, unmatched) = union::lower(schemas, &name, flat, reading)?;
        collect_references(&schema, &mut wanted);
        definitions.insert(name.clone(), schema);
        if let Some(unmatched) = unmatched {
            collect_references(&unmatched, &mut wanted);
            definitions.insert(union::unmatched_name(&name), unmatched);
        }
    }
    null::beside_references(&mut definitions)?;
    if reading == Reading::Contract {
        null::is_absence(&mut definitions);
    }
    let nullable: BTreeMap<String, Value> = definitions
        .iter()
        .filter(|(_, schema)| schema.get("nullable") == Some(&json!(true)))
        .map(|(name, schema)| (name.clone(), schema["type"].clone()))
        .collect();
    let mut schema: Schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": format!("{root}, {} reading", reading.name()),
        "description": reading.description(),
        "$ref": reference(root),
        "$defs": definitions,
    })
    .try_into()
    .map_err(|_| Problem::at(&Pointer::root(), "the lowered schema is not an object"))?;
    match reading {
        Reading::Contract => RecursiveTransform(without_other_names).transform(&mut schema),
        Reading::Documentation => Promises { nullable }.transform(&mut schema),
    }
    let steps: [fn(&mut Schema); 4] = [
        null_to_type,
        formats::to_keywords,
        local_references,
        strip_extensions,
    ];
    for step in steps {
        RecursiveTransform(step).transform(&mut schema);
    }
    Ok(schema.to_value())
}

pub fn reference(name: &str) -> String {
    format!("#/$defs/{name}")
}

/// `nullable: true` is a second type.
fn null_to_type(schema: &mut Schema) {
    if schema.remove("nullable") == Some(json!(true))
        && let Some(kind) = schema.get("type").cloned()
    {
        let mut kinds = match kind {
            Value::Array(kinds) => kinds,
            kind => vec![kind],
        };
        kinds.push(json!("null"));
        schema.insert("type".into(), Value::Array(kinds));
        if let Some(Value::Array(values)) = schema.get_mut("enum") {
            values.push(Value::Null);
        }
    }
}

fn local_references(schema: &mut Schema) {
    let target = schema
        .get("$ref")
        .and_then(Value::as_str)
        .and_then(schema_name)
        .map(reference);
    if let Some(target) = target {
        schema.insert("$ref".into(), json!(target));
    }
}

/// Other names help to say what a body means; it is no less wrong for it.
fn without_other_names(schema: &mut Schema) {
    schema.remove("x-other-names");
}

/// Only the place in the spec, the shape and other names are of use to a reader of the lowered schema.
fn strip_extensions(schema: &mut Schema) {
    if let Some(object) = schema.as_object_mut() {
        object.retain(|keyword, _| {
            !keyword.starts_with("x-")
                || matches!(keyword.as_str(), "x-spec" | "x-shape" | "x-other-names")
        });
    }
}
