//! Refuses a document of which something would be ignored.

use serde_json::{Map, Value};

use super::{
    extensions::{EXTENSIONS, unknown_extension},
    keywords::{check_schema, limits_values},
    note::Note,
    operation::Operation,
    pointer::Pointer,
    problem::Problem,
};

/// Checks every keyword of the document's schemas.
pub fn check(document: &Value, notes: &mut Vec<Note>) -> Result<(), Problem> {
    let at = Pointer::root().join("components").join("schemas");
    let schemas = document
        .pointer("/components/schemas")
        .and_then(Value::as_object)
        .ok_or_else(|| Problem::at(&at, "the document has no `components/schemas`"))?;
    for (name, schema) in schemas {
        let at = at.join(name);
        let is_identifier = name.starts_with(|c: char| c.is_ascii_uppercase())
            && name.chars().all(|c| c.is_ascii_alphanumeric());
        if !is_identifier {
            return Err(Problem::at(
                &at,
                "a schema becomes a Rust type: name it LikeThis",
            ));
        }
        check_schema(document, schema, &at, notes)?;
        let says_what_it_is = ["type", "oneOf", "anyOf"];
        if !says_what_it_is
            .iter()
            .any(|keyword| schema.get(keyword).is_some())
        {
            return Err(Problem::at(&at, "a schema needs a `type`"));
        }
    }
    Ok(())
}

/// Examples outside of the components and headers would not be seen.
pub fn check_operations(
    document: &Value,
    operations: &[Operation],
    notes: &mut Vec<Note>,
) -> Result<(), Problem> {
    for operation in operations {
        let at = &operation.at;
        let json = operation.json(document);
        extensions(json, at, notes);
        let parameters = json.get("parameters").and_then(Value::as_array);
        for (index, parameter) in parameters.into_iter().flatten().enumerate() {
            let at = at.join("parameters").join(index);
            check_parameter(document, parameter, &at, notes)?;
        }
        if let Some(request) = json.get("requestBody") {
            check_content(request, &at.join("requestBody"))?;
        }
        let responses = json.get("responses").and_then(Value::as_object);
        for (status, response) in responses.into_iter().flatten() {
            let at = at.join("responses").join(status);
            extensions(response, &at, notes);
            if response.get("headers").is_some() {
                let message = "`headers` is ignored: headers of responses are not checked";
                notes.push(Note::at(&at.join("headers"), message));
            }
            check_content(response, &at)?;
        }
    }
    Ok(())
}

fn check_parameter(
    document: &Value,
    parameter: &Value,
    at: &Pointer,
    notes: &mut Vec<Note>,
) -> Result<(), Problem> {
    extensions(parameter, at, notes);
    let at = at.join("schema");
    let schema = parameter
        .get("schema")
        .ok_or_else(|| Problem::at(&at, "a parameter needs a `schema`"))?;
    if schema.get("$ref").is_some() {
        return Ok(());
    }
    check_schema(document, schema, &at, notes)?;
    for keyword in schema.as_object().into_iter().flat_map(Map::keys) {
        if limits_values(keyword) {
            let message =
                format!("`{keyword}` is ignored: the values of parameters are not checked");
            notes.push(Note::at(&at.join(keyword), message));
        }
    }
    let kind = schema.get("type").and_then(Value::as_str);
    match kind {
        Some("string" | "integer" | "number" | "boolean" | "array") => Ok(()),
        _ => Err(Problem::at(
            &at,
            "the schema of a parameter is a `$ref`, a scalar or a list",
        )),
    }
}

/// Notes the extensions of an operation, or of a part of it, that are not known.
fn extensions(holder: &Value, at: &Pointer, notes: &mut Vec<Note>) {
    for name in holder.as_object().into_iter().flat_map(Map::keys) {
        if name.starts_with("x-") && !EXTENSIONS.contains(&name.as_str()) {
            notes.push(unknown_extension(name, &at.join(name)));
        }
    }
}

fn check_content(holder: &Value, at: &Pointer) -> Result<(), Problem> {
    let content = holder.get("content").and_then(Value::as_object);
    for (kind, media) in content.into_iter().flatten() {
        if media.get("example").is_some() {
            let at = at.join("content").join(kind).join("example");
            return Err(Problem::at(
                &at,
                "only named `examples` are checked; use `examples` instead of `example`",
            ));
        }
    }
    Ok(())
}
