//! Lowers OpenAPI 3.1 to 3.0, in place: JSON Schema 2020-12 to the keywords that 3.0 has.
//!
//! Everything keeps its place as far as it can, so that a pointer into the lowered document leads to
//! the same text, or to what encloses it.

use serde_json::{Map, Value, json};

use super::{note::Note, pointer::Pointer, schema_places::each_schema, type_branches::distribute};

/// The version that a lowered document says it has.
const LOWERED: &str = "3.0.3";

/// Keywords that say nothing of what a value is.
const SILENT: [&str; 4] = ["$comment", "$schema", "$id", "$anchor"];

/// Whether a document says that it is OpenAPI 3.1.
#[must_use]
pub fn is_31(document: &Value) -> bool {
    let version = document.get("openapi").and_then(Value::as_str);
    version.is_some_and(|version| version == "3.1" || version.starts_with("3.1."))
}

/// Lowers a document that [`is_31`]; the notes say what has no counterpart in 3.0.
pub fn lower(document: &mut Value) -> Vec<Note> {
    let mut notes = Vec::new();
    if let Some(root) = document.as_object_mut() {
        root.insert("openapi".into(), json!(LOWERED));
        for member in ["webhooks", "jsonSchemaDialect"] {
            if root.remove(member).is_some() {
                let at = Pointer::root().join(member);
                notes.push(Note::at(&at, format!("`{member}` is ignored")));
            }
        }
        root.entry("paths").or_insert_with(|| json!({}));
        if let Some(Value::Object(info)) = root.get_mut("info") {
            info.remove("summary");
            if let Some(Value::Object(license)) = info.get_mut("license") {
                license.remove("identifier");
            }
        }
    }
    each_schema(document, &mut |schema, at| {
        lower_schema(schema, at, &mut notes);
    });
    notes
}

fn lower_schema(schema: &mut Map<String, Value>, at: &Pointer, notes: &mut Vec<Note>) {
    for keyword in SILENT {
        schema.remove(keyword);
    }
    // A list of values, none of which is checked.
    schema.remove("examples");
    if let Some(value) = schema.remove("const") {
        schema.insert("enum".into(), json!([value]));
    }
    for (exclusive, inclusive) in [
        ("exclusiveMinimum", "minimum"),
        ("exclusiveMaximum", "maximum"),
    ] {
        if let Some(limit) = schema
            .get(exclusive)
            .filter(|limit| limit.is_number())
            .cloned()
        {
            schema.insert(inclusive.into(), limit);
            schema.insert(exclusive.into(), json!(true));
        }
    }
    for keyword in ["contentEncoding", "contentMediaType", "contentSchema"] {
        if schema.remove(keyword).is_some() {
            let message = format!("`{keyword}` is ignored: nothing checks it");
            notes.push(Note::at(&at.join(keyword), message));
        }
    }
    null_branch(schema);
    null_value(schema);
    types(schema);
    beside_reference(schema);
}

/// A branch for null is `nullable`.
fn null_branch(schema: &mut Map<String, Value>) {
    for keyword in ["oneOf", "anyOf"] {
        let Some(Value::Array(branches)) = schema.get_mut(keyword) else {
            continue;
        };
        let before = branches.len();
        branches.retain(|branch| !is_null(branch));
        if branches.len() == before {
            continue;
        }
        if let [_] = branches.as_slice() {
            let only = schema.remove(keyword).unwrap_or_default();
            let parts = schema.entry("allOf").or_insert_with(|| json!([]));
            if let (Value::Array(parts), Value::Array(only)) = (parts, only) {
                parts.extend(only);
            }
        }
        schema.insert("nullable".into(), json!(true));
    }
}

/// A schema for null alone, as it was written or as it has been lowered.
fn is_null(branch: &Value) -> bool {
    let mut members = branch.as_object().into_iter().flatten();
    branch["type"] == "null"
        || branch["enum"] == json!([null])
        || (branch["nullable"] == true
            && members.all(|(keyword, _)| keyword == "nullable" || keyword == "description"))
}

/// A null among the values is `nullable`.
fn null_value(schema: &mut Map<String, Value>) {
    if let Some(Value::Array(values)) = schema.get_mut("enum") {
        let before = values.len();
        values.retain(|value| !value.is_null());
        if values.is_empty() {
            schema.remove("enum");
            schema.insert("nullable".into(), json!(true));
        } else if values.len() != before {
            schema.insert("nullable".into(), json!(true));
        }
    }
}

/// Several types are one that can be null, or a union.
fn types(schema: &mut Map<String, Value>) {
    let mut types: Vec<Value> = match schema.get("type") {
        Some(Value::Array(types)) => types.clone(),
        Some(Value::String(kind)) if kind == "null" => vec![json!(kind)],
        _ => return,
    };
    let before = types.len();
    types.retain(|kind| kind != "null");
    if types.len() != before {
        schema.insert("nullable".into(), json!(true));
    }
    match types.as_slice() {
        [] => {
            schema.remove("type");
        }
        [one] => {
            schema.insert("type".into(), one.clone());
        }
        _ => {
            schema.remove("type");
            let mut branches: Vec<Value> =
                types.iter().map(|kind| json!({ "type": kind })).collect();
            distribute(schema, &mut branches);
            schema.insert("oneOf".into(), Value::Array(branches));
        }
    }
}

/// What stands beside a reference counts in 3.1, and is ignored in 3.0.
fn beside_reference(schema: &mut Map<String, Value>) {
    if schema.len() < 2 {
        return;
    }
    if let Some(reference) = schema.remove("$ref") {
        let parts = schema.entry("allOf").or_insert_with(|| json!([]));
        if let Value::Array(parts) = parts {
            parts.push(json!({ "$ref": reference }));
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::lower;

    /// What becomes of a component schema.
    fn lowered(schema: &Value) -> Value {
        let mut document =
            json!({ "openapi": "3.1.0", "components": { "schemas": { "A": schema } } });
        lower(&mut document);
        document["components"]["schemas"]["A"].clone()
    }

    #[test]
    fn keywords_of_31_become_those_of_30() {
        for (written, expected) in [
            (
                json!({"type": ["string", "null"]}),
                json!({"type": "string", "nullable": true}),
            ),
            (json!({"const": "a"}), json!({"enum": ["a"]})),
            (
                json!({"type": "string", "enum": ["a", null]}),
                json!({"type": "string", "enum": ["a"], "nullable": true}),
            ),
            (
                json!({"type": "integer", "exclusiveMinimum": 0}),
                json!({"type": "integer", "minimum": 0, "exclusiveMinimum": true}),
            ),
            (
                json!({"type": ["string", "integer"], "minLength": 1, "minimum": 2, "format": "int64"}),
                json!({"oneOf": [{"type": "string", "minLength": 1}, {"type": "integer", "minimum": 2, "format": "int64"}]}),
            ),
            (
                json!({"anyOf": [{"$ref": "#/components/schemas/B"}, {"type": "null"}]}),
                json!({"allOf": [{"$ref": "#/components/schemas/B"}], "nullable": true}),
            ),
            (
                json!({"oneOf": [{"type": "string"}, {"type": "boolean"}, {"type": "null"}]}),
                json!({"oneOf": [{"type": "string"}, {"type": "boolean"}], "nullable": true}),
            ),
            (
                json!({"properties": {"b": {"$ref": "#/components/schemas/B", "description": "x", "examples": [1]}}}),
                json!({"properties": {"b": {"description": "x", "allOf": [{"$ref": "#/components/schemas/B"}]}}}),
            ),
            // What 3.0 has too stays as it is, also a property that is called like a keyword.
            (
                json!({"type": "object", "properties": {"const": {"type": "string"}, "examples": {"type": "array"}}}),
                json!({"type": "object", "properties": {"const": {"type": "string"}, "examples": {"type": "array"}}}),
            ),
        ] {
            assert_eq!(lowered(&written), expected, "{written}");
        }
    }

    #[test]
    fn what_has_no_counterpart_is_noted_with_its_place() {
        let mut document = json!({
            "openapi": "3.1.0",
            "webhooks": {},
            "components": { "schemas": { "A": { "type": "string", "contentEncoding": "base64" } } },
        });
        let places: Vec<String> = lower(&mut document)
            .iter()
            .map(|note| note.pointer.to_string())
            .collect();
        assert_eq!(
            places,
            ["/webhooks", "/components/schemas/A/contentEncoding"]
        );
        assert_eq!(document["openapi"], "3.0.3");
    }
}
