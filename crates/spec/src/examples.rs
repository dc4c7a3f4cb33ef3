//! Examples are promises too: one that does not validate stops the build.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::{
    compose::Schemas,
    lower::lower,
    operation::Operation,
    pointer::{Pointer, schema_name},
    problem::Problem,
    reading::Reading,
};

/// Checks every example against the documentation, or against the contract alone where it shows
/// what was only observed.
pub fn check(document: &Value, operations: &[Operation], schemas: &Schemas) -> Result<(), Problem> {
    let mut used = BTreeSet::new();
    for operation in operations {
        let at = &operation.at;
        let operation = operation.json(document);
        for (status, response) in members(operation.get("responses")) {
            let at = at.join("responses").join(status).join("content");
            check_content(document, schemas, response, &at, &mut used)?;
        }
        if let Some(request) = operation.get("requestBody") {
            let at = at.join("requestBody").join("content");
            check_content(document, schemas, request, &at, &mut used)?;
        }
        for (index, parameter) in list(operation.get("parameters")).enumerate() {
            let at = at.join("parameters").join(index).join("example");
            let root = parameter.pointer("/schema/$ref").and_then(Value::as_str);
            if let (Some(example), Some(root)) = (parameter.get("example"), root) {
                check_value(schemas, Reading::Documentation, root, example, &at)?;
            }
        }
    }
    let at = Pointer::root().join("components").join("examples");
    for (name, _) in members(document.pointer("/components/examples")) {
        if !used.contains(&format!("#/components/examples/{name}")) {
            return Err(Problem::at(
                &at.join(name),
                "no operation references this example",
            ));
        }
    }
    Ok(())
}

/// Checks the examples of a response or a request body.
fn check_content(
    document: &Value,
    schemas: &Schemas,
    holder: &Value,
    at: &Pointer,
    used: &mut BTreeSet<String>,
) -> Result<(), Problem> {
    for (kind, media) in members(holder.get("content")) {
        let at = at.join(kind);
        let root = media.pointer("/schema/$ref").and_then(Value::as_str);
        for (name, example) in members(media.get("examples")) {
            let mut at = at.join("examples").join(name);
            let mut example = example;
            if let Some(target) = example.get("$ref").and_then(Value::as_str) {
                let local = target.trim_start_matches('#');
                example = document.pointer(local).unwrap_or(&Value::Null);
                at = Pointer::parse(local);
                used.insert(target.to_owned());
            }
            let observed = example
                .get("x-source")
                .is_some_and(|source| source == "observed");
            let reading = if observed {
                Reading::Contract
            } else {
                Reading::Documentation
            };
            if let Some(root) = root {
                check_value(schemas, reading, root, &example["value"], &at.join("value"))?;
            }
        }
    }
    Ok(())
}

fn members(value: Option<&Value>) -> impl Iterator<Item = (&String, &Value)> {
    value
        .and_then(Value::as_object)
        .into_iter()
        .flat_map(Map::iter)
}

fn list(value: Option<&Value>) -> impl Iterator<Item = &Value> {
    value.and_then(Value::as_array).into_iter().flatten()
}

fn check_value(
    schemas: &Schemas,
    reading: Reading,
    root: &str,
    example: &Value,
    at: &Pointer,
) -> Result<(), Problem> {
    let root = schema_name(root).unwrap_or_default();
    let schema = lower(schemas, reading, root, None)?;
    let validator = jsonschema::validator_for(&schema).map_err(|error| {
        Problem::at(
            &Pointer::schema(root),
            format!("the lowered schema is not valid: {error}"),
        )
    })?;
    let Some(error) = validator.iter_errors(example).next() else {
        return Ok(());
    };
    let place = error.instance_path().to_string();
    let place = Pointer::parse(&place);
    let at = place.tokens().fold(at.clone(), |at, part| at.join(part));
    Err(Problem::at(
        &at,
        format!("the example does not match its schema: {error}"),
    ))
}
