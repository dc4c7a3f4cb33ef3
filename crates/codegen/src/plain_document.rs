//! The document in the form that progenitor reads: flat schemas, and nothing but what makes types.

use std::collections::{BTreeMap, btree_map::Entry};

use serde_json::{Map, Value, json};

use super::{
    names::method_name,
    received::{bodies, sent_only},
    required_members,
};
use seedance_spec::{
    Document, branch_references,
    compose::Schemas,
    operation::Operation,
    pointer::{schema_name, schema_reference},
    references::collect_references,
    union_ends::leaves,
};

/// The document with flat schemas, without what only this crate's tools read.
pub fn plain_document(document: &Document) -> Value {
    let (json, schemas) = (&document.lowered, &document.schemas);
    let sent = sent_only(document);
    let mut plain = json.clone();
    for operation in &document.operations {
        name_methods(&mut plain, operation);
    }
    // First, so that what only an extension refers to has no type.
    strip(&mut plain["paths"]);
    let mut definitions = BTreeMap::new();
    let mut wanted: Vec<String> = bodies(document).map(str::to_owned).collect();
    collect_references(&plain["paths"], &mut wanted);
    while let Some(name) = wanted.pop() {
        let Some(flat) = schemas.by_name.get(&name).and_then(Value::as_object) else {
            continue;
        };
        if let Entry::Vacant(entry) = definitions.entry(name) {
            let mut schema = plain_schema(flat, schemas, true);
            // What is received can lack anything; what is sent has to be whole.
            if !sent.contains(entry.key().as_str()) {
                let required = required_members::required(schemas, entry.key());
                require_only(&mut schema, &required);
            }
            collect_references(&schema, &mut wanted);
            entry.insert(schema);
        }
    }
    plain["components"] = json!({ "schemas": definitions });
    if let Some(schemes) = json.pointer("/components/securitySchemes") {
        plain["components"]["securitySchemes"] = schemes.clone();
    }
    plain_parameters(&mut plain["paths"]);
    responses_are_bytes(&mut plain["paths"]);
    plain
}

/// The types of parameters, without what would make other types of them.
fn plain_parameters(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for (name, member) in members.iter_mut() {
                match member {
                    Value::Object(schema) if name == "schema" => {
                        schema.retain(|keyword, _| is_of_types(keyword));
                        types_only(schema);
                    }
                    other => plain_parameters(other),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(plain_parameters),
        _ => {}
    }
}

/// Gives each operation the name of its method.
fn name_methods(plain: &mut Value, operation: &Operation) {
    if let Some(json) = plain.pointer_mut(&operation.at.to_string()) {
        json["operationId"] = method_name(operation).into();
    }
}

/// The types can do without all members but these.
fn require_only(schema: &mut Value, members: &[&str]) {
    let Some(schema) = schema.as_object_mut() else {
        return;
    };
    schema.remove("required");
    if !members.is_empty() {
        schema.insert("required".into(), json!(members));
    }
}

/// Whatever comes is passed on as bytes: what a body says is read member by member, and a member
/// that does not fit its type must not cost the rest.
fn responses_are_bytes(paths: &mut Value) {
    let items = paths.as_object_mut().into_iter().flat_map(Map::values_mut);
    let operations =
        items.flat_map(|item| item.as_object_mut().into_iter().flat_map(Map::values_mut));
    for operation in operations {
        if let Some(responses) = operation.get_mut("responses") {
            let schema = json!({ "type": "string", "format": "binary" });
            *responses = json!({ "default": {
                "description": "Any response.",
                "content": { "application/octet-stream": { "schema": schema } },
            } });
        }
    }
}

fn plain_schema(flat: &Map<String, Value>, schemas: &Schemas, component: bool) -> Value {
    let mut schema = flat.clone();
    schema.retain(|keyword, _| is_of_types(keyword));
    types_only(&mut schema);
    if component {
        // Null is said where the component is used: `Option` belongs to the field.
        schema.remove("nullable");
    }
    if flat.contains_key("discriminator") || flat.contains_key("x-branch-when-present") {
        let leaves: Vec<Value> = leaves(schemas, flat)
            .iter()
            .map(|(name, _)| json!({ "$ref": schema_reference(name) }))
            .collect();
        return json!({ "description": schema.remove("description"), "oneOf": leaves });
    }
    if !branch_references(flat).is_empty() || flat.contains_key("oneOf") {
        schema.remove("type");
    }
    if let Some(Value::Object(properties)) = schema.get_mut("properties") {
        for property in properties.values_mut() {
            if let Some(flat) = property.as_object() {
                *property = plain_schema(flat, schemas, false);
            }
        }
    }
    for keyword in ["oneOf", "anyOf"] {
        if let Some(Value::Array(branches)) = schema.get_mut(keyword) {
            for branch in branches {
                if let Some(flat) = branch.as_object() {
                    *branch = plain_schema(flat, schemas, false);
                }
            }
        }
    }
    if let Some(reference) = schema.remove("$ref") {
        let target = reference
            .as_str()
            .and_then(schema_name)
            .and_then(|name| schemas.by_name.get(name));
        if target.is_some_and(|target| target.get("nullable") == Some(&json!(true))) {
            schema.insert("nullable".into(), json!(true));
        }
        if schema.is_empty() {
            return json!({ "$ref": reference });
        }
        schema.insert("allOf".into(), json!([{ "$ref": reference }]));
    }
    Value::Object(schema)
}

/// Whether a keyword says something of the type of a value: the types hold what is in a body, and
/// the schemas judge it.
fn is_of_types(keyword: &str) -> bool {
    matches!(
        keyword,
        "$ref"
            | "additionalProperties"
            | "allOf"
            | "anyOf"
            | "description"
            | "enum"
            | "format"
            | "items"
            | "nullable"
            | "oneOf"
            | "properties"
            | "required"
            | "type"
    )
}

/// Leaves out of these keywords what would make another type than the plain one.
fn types_only(schema: &mut Map<String, Value>) {
    if schema.get("type").is_some_and(|kind| kind != "integer") {
        schema.remove("format");
    }
    if schema.get("type").is_some_and(|kind| kind == "integer") {
        // Any integer of a body fits, whatever its bounds.
        schema.insert("format".into(), json!("int64"));
        schema.remove("enum");
    }
    match schema.get("additionalProperties") {
        None => {}
        Some(_) if schema.contains_key("properties") => {
            schema.remove("additionalProperties");
        }
        Some(_) => {
            schema.insert("additionalProperties".into(), json!(true));
        }
    }
    if let Some(Value::Object(items)) = schema.get_mut("items") {
        items.retain(|keyword, _| is_of_types(keyword));
        types_only(items);
    }
}

/// Removes examples and vendor extensions.
fn strip(value: &mut Value) {
    match value {
        Value::Object(object) => {
            object.retain(|key, _| !key.starts_with("x-") && key != "examples" && key != "example");
            object.values_mut().for_each(strip);
        }
        Value::Array(items) => items.iter_mut().for_each(strip),
        _ => {}
    }
}
