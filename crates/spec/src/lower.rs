//! Lowers the flat schemas to JSON Schema 2020-12, once for each reading.

use std::collections::{BTreeMap, BTreeSet};

use schemars::{
    Schema,
    transform::{RecursiveTransform, Transform, transform_subschemas},
};
use serde_json::{Map, Value, json};

use super::{
    compose::Schemas,
    formats,
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
    null_beside_references(&mut definitions)?;
    if reading == Reading::Contract {
        null_is_absence(&mut definitions);
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
        formats_to_keywords,
        local_references,
        strip_extensions,
    ];
    for step in steps {
        RecursiveTransform(step).transform(&mut schema);
    }
    Ok(schema.to_value())
}

/// Where a property says that what it refers to can be null, the schema itself can be, and every
/// other property that refers to it says that it cannot.
fn null_beside_references(definitions: &mut Map<String, Value>) -> Result<(), Problem> {
    let mut nullable = BTreeMap::new();
    for schema in definitions.values_mut() {
        each_property(schema, &mut |property, _| {
            if let (Some(target), Some(Value::Bool(true))) =
                (target(property), property.get("nullable"))
            {
                nullable.insert(target.to_owned(), property["x-spec"].clone());
            }
        });
    }
    let mut types = Map::new();
    for (name, at) in nullable {
        let Some(Value::Object(schema)) = definitions.get_mut(&name) else {
            continue;
        };
        if schema.get("nullable") == Some(&json!(true)) {
            continue;
        }
        let Some(kind) = schema.get("type").cloned() else {
            let at = Pointer::parse(at.as_str().unwrap_or_default()).join("nullable");
            let message = "a union without a `type` cannot be null; add null to its branches";
            return Err(Problem::at(&at, message));
        };
        schema.insert("nullable".into(), json!(true));
        types.insert(name, kind);
    }
    for schema in definitions.values_mut() {
        each_property(schema, &mut |property, _| {
            let kind = target(property).and_then(|name| types.get(name)).cloned();
            if let (Some(kind), None) = (kind, property.get("nullable")) {
                property.insert("type".into(), kind);
            }
        });
    }
    Ok(())
}

/// A member that does not have to be there can be null, which means the same.
fn null_is_absence(definitions: &mut Map<String, Value>) {
    let mut optional = BTreeSet::new();
    for schema in definitions.values_mut() {
        each_property(schema, &mut |property, is_required| {
            if is_required {
                return;
            }
            if let Some(target) = target(property).map(str::to_owned) {
                // Said where another property with the same schema can be null.
                property.remove("type");
                optional.insert(target);
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
            let is_nullable = property.get("nullable") == Some(&json!(true));
            if let (true, false, Some(kind)) = (is_required, is_nullable, kind) {
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
    /// The component schemas that can be null, each with its other type.
    nullable: BTreeMap<String, Value>,
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
                add_keyword(object, keyword, value);
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
        if let Some(kind) = target.and_then(|name| self.nullable.get(name)).cloned() {
            property.insert("type".into(), kind);
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
        if let Some(Value::Array(values)) = schema.get_mut("enum") {
            values.push(Value::Null);
        }
    }
}

/// A format is what its keywords say, beside those that are there.
fn formats_to_keywords(schema: &mut Schema) {
    let format = schema.remove("format");
    let kinds = match schema.get("type") {
        Some(Value::Array(kinds)) => kinds.clone(),
        Some(kind) => vec![kind.clone()],
        None => return,
    };
    for (bound, exclusive) in [
        ("minimum", "exclusiveMinimum"),
        ("maximum", "exclusiveMaximum"),
    ] {
        if schema.remove(exclusive) == Some(json!(true))
            && let Some(limit) = schema.remove(bound)
        {
            schema.insert(exclusive.into(), limit);
        }
    }
    for kind in kinds.iter().filter_map(Value::as_str) {
        for (keyword, value) in formats::keywords(kind, format.as_ref().and_then(Value::as_str)) {
            match keyword {
                "pattern" => add_keyword(schema.ensure_object(), keyword, value),
                // A bound that is there is the closer one, unless it lies beyond.
                "minimum" if at_least(schema.get("minimum"), &value) => {}
                "maximum"
                    if at_least(Some(&value), schema.get("maximum").unwrap_or(&Value::Null)) => {}
                _ => {
                    schema.insert(keyword.into(), value);
                }
            }
        }
    }
}

/// A keyword beside what is there already.
fn add_keyword(schema: &mut Map<String, Value>, keyword: &str, value: Value) {
    if schema.contains_key(keyword) {
        let all = schema.entry("allOf").or_insert_with(|| json!([]));
        if let Value::Array(all) = all {
            all.push(json!({ keyword: value }));
        }
    } else {
        schema.insert(keyword.into(), value);
    }
}

/// Whether both are numbers, and the first is no less than the second.
fn at_least(one: Option<&Value>, other: &Value) -> bool {
    let numbers = one.and_then(Value::as_f64).zip(other.as_f64());
    numbers.is_some_and(|(one, other)| one >= other)
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
