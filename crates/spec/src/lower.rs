//! Lowers the flat schemas to JSON Schema 2020-12, once for each reading.

use std::collections::BTreeSet;

use schemars::{
    Schema,
    transform::{RecursiveTransform, Transform, transform_subschemas},
};
use serde_json::{Map, Value, json};

use super::{
    compose::Schemas,
    pointer::{Pointer, schema_name},
    problem::Problem,
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
    if reading == Reading::Contract {
        null_is_absence(&mut definitions);
    }
    let nullable: BTreeSet<String> = definitions
        .iter()
        .filter(|(_, schema)| schema.get("nullable") == Some(&json!(true)))
        .map(|(name, _)| name.clone())
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
        int64_to_bounds,
        local_references,
        strip_extensions,
    ];
    for step in steps {
        RecursiveTransform(step).transform(&mut schema);
    }
    Ok(schema.to_value())
}

/// A member that does not have to be there can be null, which means the same.
fn null_is_absence(definitions: &mut Map<String, Value>) {
    let mut optional = BTreeSet::new();
    for schema in definitions.values_mut() {
        each_property(schema, &mut |property, is_required| {
            if is_required {
                return;
            }
            if let Some(target) = target(property) {
                optional.insert(target.to_owned());
            } else if property.contains_key("type") && !property.contains_key("enum") {
                property.insert("nullable".into(), json!(true));
            }
        });
    }
    let mut types = Map::new();
    for (name, schema) in definitions.iter_mut() {
        if let Value::Object(schema) = schema
            && optional.contains(name)
            && let Some(kind) = schema.get("type").cloned()
        {
            schema.insert("nullable".into(), json!(true));
            types.insert(name.clone(), kind);
        }
    }
    for schema in definitions.values_mut() {
        each_property(schema, &mut |property, is_required| {
            let kind = target(property).and_then(|name| types.get(name)).cloned();
            if let (true, Some(kind)) = (is_required, kind) {
                property.insert("type".into(), kind);
            }
        });
    }
}

/// Visits the properties of a schema and of the schemas in it, each with whether it is required.
fn each_property(schema: &mut Value, visit: &mut impl FnMut(&mut Map<String, Value>, bool)) {
    match schema {
        Value::Object(object) => {
            let required = object.get("required").cloned().unwrap_or_default();
            let is_required = |name: &str| {
                let names = required.as_array().into_iter().flatten();
                names.into_iter().any(|required| required == name)
            };
            if let Some(Value::Object(properties)) = object.get_mut("properties") {
                for (name, property) in properties {
                    if let Value::Object(property) = property {
                        visit(property, is_required(name));
                    }
                }
            }
            for member in object.values_mut() {
                each_property(member, visit);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| each_property(item, visit)),
        _ => {}
    }
}

/// The component schema that a property refers to.
fn target(property: &Map<String, Value>) -> Option<&str> {
    property
        .get("$ref")
        .and_then(Value::as_str)
        .and_then(schema_name)
}

pub fn reference(name: &str) -> String {
    format!("#/$defs/{name}")
}

/// Turns what the documentation promises into keywords that are checked.
struct Promises {
    /// The component schemas that can be null.
    nullable: BTreeSet<String>,
}

impl Transform for Promises {
    fn transform(&mut self, schema: &mut Schema) {
        transform_subschemas(self, schema);
        let Some(object) = schema.as_object_mut() else {
            return;
        };
        if let Some(values) = object.remove("x-extensible-enum") {
            object.insert("enum".into(), values);
        }
        for (promise, keyword) in [
            ("x-documented-pattern", "pattern"),
            ("x-documented-min", "minimum"),
            ("x-documented-max", "maximum"),
            ("x-documented-min-length", "minLength"),
        ] {
            if let Some(value) = object.remove(promise) {
                object.insert(keyword.into(), value);
            }
        }
        // A union and what stands for one is closed by its branches.
        let closed = object.contains_key("x-spec")
            && object.contains_key("properties")
            && !object.contains_key("additionalProperties")
            && !object.contains_key("if")
            && !object.contains_key("x-open");
        let mut always = BTreeSet::new();
        if let Some(Value::Object(properties)) = object.get_mut("properties") {
            for (name, property) in properties {
                if property.get("x-presence").is_some() {
                    always.insert(name.clone());
                    self.forbid_null(property);
                }
            }
        }
        if !always.is_empty() {
            let required = object.entry("required").or_insert_with(|| json!([]));
            if let Value::Array(names) = required {
                names.extend(always.into_iter().map(Value::String));
                names.sort_by(|a, b| a.as_str().cmp(&b.as_str()));
                names.dedup();
            }
        }
        if closed {
            object.insert("additionalProperties".into(), json!(false));
        }
    }
}

impl Promises {
    /// What is always present is more than a null.
    fn forbid_null(&self, property: &mut Value) {
        let Value::Object(property) = property else {
            return;
        };
        property.remove("nullable");
        let target = property
            .get("$ref")
            .and_then(Value::as_str)
            .and_then(schema_name);
        if target.is_some_and(|name| self.nullable.contains(name)) {
            property.insert("type".into(), json!("object"));
        }
    }
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
    }
}

/// `format: int64` says which integers fit; the types hold no others.
fn int64_to_bounds(schema: &mut Schema) {
    if schema.remove("format").is_some() {
        for (keyword, bound) in [("minimum", i64::MIN), ("maximum", i64::MAX)] {
            if schema.get(keyword).is_none() {
                schema.insert(keyword.into(), json!(bound));
            }
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
