//! Refuses what the lowering cannot carry over: a keyword is understood or it stops the build.

use serde_json::{Map, Value};

use super::{
    compose::operation,
    error::Fault,
    pointer::{Pointer, schema_name},
};

const TYPES: [&str; 6] = ["array", "boolean", "integer", "number", "object", "string"];

/// The names of the shapes that the library knows.
pub(super) const SHAPES: [&str; 4] = ["pending", "normal", "super_resolution", "failure"];

/// Checks every reference of the document and every keyword of its schemas.
pub fn check(document: &Value) -> Result<(), Fault> {
    check_references(document, document, &Pointer::root())?;
    let at = Pointer::root().join("components").join("schemas");
    let schemas = document
        .pointer("/components/schemas")
        .and_then(Value::as_object)
        .ok_or_else(|| Fault::at(&at, "the document has no schemas"))?;
    for (name, schema) in schemas {
        let at = at.join(name);
        let is_identifier = name.starts_with(|c: char| c.is_ascii_uppercase())
            && name.chars().all(|c| c.is_ascii_alphanumeric());
        if !is_identifier {
            return Err(Fault::at(&at, "a schema becomes a type: call it LikeThis"));
        }
        check_schema(document, schema, &at)?;
        let says_what_it_is = ["type", "oneOf", "anyOf"];
        if !says_what_it_is
            .iter()
            .any(|keyword| schema.get(keyword).is_some())
        {
            return Err(Fault::at(&at, "a schema needs a `type`"));
        }
    }
    check_operations(document)
}

/// Schemas and examples outside of the components would not be seen.
fn check_operations(document: &Value) -> Result<(), Fault> {
    let (at, operation) = operation(document)?;
    let parameters = operation.get("parameters").and_then(Value::as_array);
    for (index, parameter) in parameters.into_iter().flatten().enumerate() {
        if parameter.pointer("/schema/$ref").is_none() {
            let at = at.join("parameters").join(index).join("schema");
            return Err(Fault::at(
                &at,
                "the schema of a parameter has to be a `$ref`",
            ));
        }
    }
    let responses = operation.get("responses").and_then(Value::as_object);
    for (status, response) in responses.into_iter().flatten() {
        let at = at.join("responses").join(status);
        if response.get("headers").is_some() {
            return Err(Fault::at(
                &at.join("headers"),
                "headers would not be checked",
            ));
        }
        let content = response.get("content").and_then(Value::as_object);
        for (kind, media) in content.into_iter().flatten() {
            if media.get("example").is_some() {
                let at = at.join("content").join(kind).join("example");
                return Err(Fault::at(
                    &at,
                    "only `examples`, which have names, are checked",
                ));
            }
        }
    }
    Ok(())
}

fn check_references(document: &Value, value: &Value, at: &Pointer) -> Result<(), Fault> {
    match value {
        Value::Object(object) => {
            if let Some(Value::String(reference)) = object.get("$ref") {
                let at = at.join("$ref");
                resolve(document, reference, &at)?;
                if object.len() > 1 {
                    return Err(Fault::at(
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

fn resolve<'a>(document: &'a Value, reference: &str, at: &Pointer) -> Result<&'a Value, Fault> {
    let local = reference.strip_prefix('#').ok_or_else(|| {
        Fault::at(
            at,
            format!("`{reference}` is not in this file; only references into it are followed"),
        )
    })?;
    document
        .pointer(local)
        .ok_or_else(|| Fault::at(at, format!("`{reference}` points at nothing")))
}

fn check_schema(document: &Value, schema: &Value, at: &Pointer) -> Result<(), Fault> {
    let object = schema
        .as_object()
        .ok_or_else(|| Fault::at(at, "a schema has to be an object"))?;
    for (keyword, value) in object {
        check_keyword(document, object, keyword, value, &at.join(keyword))?;
    }
    check_together(object, at)
}

/// Keywords that mean nothing for a type, or something else beside each other.
fn check_together(schema: &Map<String, Value>, at: &Pointer) -> Result<(), Fault> {
    let Some(kind) = schema.get("type").and_then(Value::as_str) else {
        return Ok(());
    };
    let of_strings = [
        "minLength",
        "enum",
        "x-extensible-enum",
        "x-documented-pattern",
    ];
    let of_objects = [
        "properties",
        "required",
        "additionalProperties",
        "discriminator",
    ];
    for (keywords, owner) in [
        (&of_strings[..], "string"),
        (&of_objects[..], "object"),
        (&["items"][..], "array"),
    ] {
        let stray = keywords
            .iter()
            .find(|keyword| schema.contains_key(**keyword));
        if let (Some(keyword), true) = (stray, kind != owner) {
            let message =
                format!("`{keyword}` says nothing of type `{kind}`, so it would not be checked");
            return Err(Fault::at(&at.join(keyword), message));
        }
    }
    if kind == "integer" && !schema.contains_key("format") {
        return Err(Fault::at(
            at,
            "an integer needs `format: int64`, which the types have",
        ));
    }
    for (one, other) in [("enum", "x-extensible-enum"), ("enum", "nullable")] {
        if schema.contains_key(one) && schema.contains_key(other) {
            let message = format!("`{one}` and `{other}` do not go together");
            return Err(Fault::at(&at.join(other), message));
        }
    }
    Ok(())
}

fn check_keyword(
    document: &Value,
    schema: &Map<String, Value>,
    keyword: &str,
    value: &Value,
    at: &Pointer,
) -> Result<(), Fault> {
    let fits = match keyword {
        "description" | "$ref" | "x-rust-type" => value.is_string(),
        // Escapes mean other things in other engines; classes and counts mean the same in all.
        "x-documented-pattern" => value
            .as_str()
            .is_some_and(|text| !text.contains('\\') && regex::Regex::new(text).is_ok()),
        "nullable" => value.is_boolean(),
        "minLength" | "x-valid-for-seconds" => value.is_u64(),
        "required" | "enum" | "x-extensible-enum" => is_strings(value),
        "x-presence" => value == "always",
        "x-source" => value == "observed" || value == "documented",
        "type" => return one_of(value, &TYPES, at),
        "x-shape" => return one_of(value, &SHAPES, at),
        "additionalProperties" => {
            if value == true {
                return Ok(());
            }
            return Err(Fault::at(
                at,
                "only `true` (any member) is supported; unknown members always pass the contract",
            ));
        }
        "format" => {
            if value == "int64" && schema.get("type").is_some_and(|kind| kind == "integer") {
                return Ok(());
            }
            return Err(Fault::at(
                at,
                format!("format {value} would not be checked; only `int64` of an integer is"),
            ));
        }
        "items" => return check_schema(document, value, at),
        "properties" => return check_schemas(document, value, at),
        "allOf" | "oneOf" | "anyOf" => return check_list(document, value, at),
        "discriminator" => return check_discriminator(document, schema, value, at),
        "x-branch-when-present" => return check_presence(schema, value, at),
        _ => {
            return Err(Fault::at(
                at,
                format!(
                    "the keyword `{keyword}` is not supported here, so it would not be checked"
                ),
            ));
        }
    };
    if fits {
        Ok(())
    } else {
        Err(Fault::at(
            at,
            format!("{value} is not a value of `{keyword}`"),
        ))
    }
}

fn is_strings(value: &Value) -> bool {
    value
        .as_array()
        .is_some_and(|items| !items.is_empty() && items.iter().all(Value::is_string))
}

fn one_of(value: &Value, known: &[&str], at: &Pointer) -> Result<(), Fault> {
    if value.as_str().is_some_and(|value| known.contains(&value)) {
        return Ok(());
    }
    Err(Fault::at(
        at,
        format!("{value} is none of {}", known.join(", ")),
    ))
}

fn check_schemas(document: &Value, value: &Value, at: &Pointer) -> Result<(), Fault> {
    let properties = value
        .as_object()
        .ok_or_else(|| Fault::at(at, "`properties` has to be an object"))?;
    for (name, schema) in properties {
        check_schema(document, schema, &at.join(name))?;
    }
    Ok(())
}

fn check_list(document: &Value, value: &Value, at: &Pointer) -> Result<(), Fault> {
    let branches = value
        .as_array()
        .filter(|branches| !branches.is_empty())
        .ok_or_else(|| Fault::at(at, "has to be a list of schemas"))?;
    for (index, schema) in branches.iter().enumerate() {
        check_schema(document, schema, &at.join(index))?;
    }
    Ok(())
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

fn check_discriminator(
    document: &Value,
    schema: &Map<String, Value>,
    value: &Value,
    at: &Pointer,
) -> Result<(), Fault> {
    if !value.get("propertyName").is_some_and(Value::is_string) {
        return Err(Fault::at(at, "a discriminator has to name a property"));
    }
    let at = at.join("mapping");
    let mapping = value
        .get("mapping")
        .and_then(Value::as_object)
        .ok_or_else(|| Fault::at(&at, "every value of a discriminator has to be mapped"))?;
    let branches = branch_references(schema);
    for (value, target) in mapping {
        let at = at.join(value);
        let target = target
            .as_str()
            .filter(|target| schema_name(target).is_some())
            .ok_or_else(|| Fault::at(&at, "has to be a `#/components/schemas/...` reference"))?;
        resolve(document, target, &at).map_err(|_| {
            Fault::at(
                &at,
                format!("the value `{value}` has no schema: `{target}` points at nothing"),
            )
        })?;
        if !branches.contains(&target) {
            return Err(Fault::at(
                &at,
                format!("`{target}` is not one of the branches"),
            ));
        }
    }
    match branches
        .iter()
        .find(|branch| !mapping.values().any(|target| target == **branch))
    {
        Some(branch) => Err(Fault::at(&at, format!("no value selects `{branch}`"))),
        None => Ok(()),
    }
}

fn check_presence(schema: &Map<String, Value>, value: &Value, at: &Pointer) -> Result<(), Fault> {
    let conditions = value
        .as_object()
        .ok_or_else(|| Fault::at(at, "has to map a branch to the members that select it"))?;
    let branches = branch_references(schema);
    for (branch, pointers) in conditions {
        let at = at.join(branch);
        if !branches.contains(&branch.as_str()) {
            return Err(Fault::at(
                &at,
                format!("`{branch}` is not one of the branches"),
            ));
        }
        let pointers_fit = is_strings(pointers)
            && pointers
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
                .all(|pointer| pointer.starts_with('/'));
        if !pointers_fit {
            return Err(Fault::at(&at, "has to be a list of JSON Pointers"));
        }
    }
    if conditions.len() + 1 != branches.len() {
        return Err(Fault::at(
            at,
            "has to name every branch but one, which is taken when none of the members is there",
        ));
    }
    Ok(())
}
