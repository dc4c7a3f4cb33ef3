//! Checks the keywords of a schema: each is checked in bodies, ignored with a note, or refused.

use serde_json::{Map, Value};

use super::{
    discriminators::{check_discriminator, check_presence, check_words, is_string_list},
    extensions::{EXTENSIONS, unknown_extension},
    formats,
    note::Note,
    pointer::Pointer,
    problem::Problem,
    shape_values::{OUTCOMES, TASK_FORMS, is_shape_name},
};

const TYPES: [&str; 6] = ["array", "boolean", "integer", "number", "object", "string"];

/// Keywords that say nothing of what a body may have, with what becomes of them.
const IGNORED: [(&str, &str); 9] = [
    ("default", "a member that is missing stays missing"),
    ("deprecated", "the member is checked and read as any other"),
    ("example", "only named `examples` of bodies are checked"),
    ("examples", "only named `examples` of bodies are checked"),
    ("externalDocs", "nothing follows from it"),
    ("readOnly", "a body is checked the same in both directions"),
    ("title", "types have the name of their schema"),
    ("writeOnly", "a body is checked the same in both directions"),
    ("xml", "bodies are JSON"),
];

/// Whether a keyword has no effect here.
pub fn is_ignored(keyword: &str) -> bool {
    IGNORED.iter().any(|(ignored, _)| *ignored == keyword)
        || (keyword.starts_with("x-") && !EXTENSIONS.contains(&keyword))
}

/// Whether a keyword limits the values of a scalar.
pub fn limits_values(keyword: &str) -> bool {
    let mut owners = OWNERS.iter();
    owners.any(|(types, keywords)| {
        !types.contains(&"object") && !types.contains(&"array") && keywords.contains(&keyword)
    })
}

/// Keywords that apply to one type, or to the other two.
const OWNERS: [(&[&str], &[&str]); 5] = [
    (
        &["string"],
        &[
            "maxLength",
            "minLength",
            "pattern",
            "x-documented-min-length",
            "x-documented-pattern",
            "x-extensible-enum",
        ],
    ),
    (&["integer"], &["x-documented-max", "x-documented-min"]),
    (
        &["integer", "number"],
        &[
            "exclusiveMaximum",
            "exclusiveMinimum",
            "maximum",
            "minimum",
            "multipleOf",
        ],
    ),
    (
        &["object"],
        &[
            "additionalProperties",
            "allOf",
            "anyOf",
            "discriminator",
            "maxProperties",
            "minProperties",
            "oneOf",
            "properties",
            "required",
        ],
    ),
    (
        &["array"],
        &["items", "maxItems", "minItems", "uniqueItems"],
    ),
];

/// Checks a schema and all schemas in it.
pub fn check_schema(
    document: &Value,
    schema: &Value,
    at: &Pointer,
    notes: &mut Vec<Note>,
) -> Result<(), Problem> {
    let object = schema
        .as_object()
        .ok_or_else(|| Problem::at(at, "a schema must be an object"))?;
    for (keyword, value) in object {
        check_keyword(document, object, keyword, value, &at.join(keyword), notes)?;
    }
    check_together(object, at)
}

/// Keywords that mean nothing for a type, or something else beside each other.
fn check_together(schema: &Map<String, Value>, at: &Pointer) -> Result<(), Problem> {
    let Some(kind) = schema.get("type").and_then(Value::as_str) else {
        return Ok(());
    };
    for (kinds, keywords) in OWNERS {
        let mut stray = keywords.iter().filter(|name| schema.contains_key(**name));
        if let (Some(keyword), false) = (stray.next(), kinds.contains(&kind)) {
            let message =
                format!("`{keyword}` does not apply to type `{kind}`, so it would not be checked");
            return Err(Problem::at(&at.join(keyword), message));
        }
    }
    let values = schema.get("enum").and_then(Value::as_array);
    for (index, value) in values.into_iter().flatten().enumerate() {
        let fits = match kind {
            "string" => value.is_string(),
            "integer" => value.is_i64(),
            _ => false,
        };
        if !fits {
            let message = format!("{value} is not a value of type `{kind}`");
            return Err(Problem::at(&at.join("enum").join(index), message));
        }
    }
    if schema.contains_key("enum") && schema.contains_key("x-extensible-enum") {
        return Err(Problem::at(
            &at.join("x-extensible-enum"),
            "`enum` and `x-extensible-enum` cannot be combined",
        ));
    }
    for (exclusive, inclusive) in [
        ("exclusiveMinimum", "minimum"),
        ("exclusiveMaximum", "maximum"),
    ] {
        if schema.contains_key(exclusive) && !schema.contains_key(inclusive) {
            let message = format!("`{exclusive}` needs a `{inclusive}` beside it");
            return Err(Problem::at(&at.join(exclusive), message));
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
    notes: &mut Vec<Note>,
) -> Result<(), Problem> {
    let fits = match keyword {
        "description" | "$ref" | "x-rust-type" => value.is_string(),
        // Escapes mean other things in other engines; classes and counts mean the same in all.
        "x-documented-pattern" => value
            .as_str()
            .is_some_and(|text| !text.contains('\\') && regex::Regex::new(text).is_ok()),
        "x-documented-min" | "x-documented-max" => value.is_i64(),
        "pattern" => value.as_str().is_some_and(is_pattern),
        "nullable" | "uniqueItems" | "exclusiveMinimum" | "exclusiveMaximum" => value.is_boolean(),
        "minLength"
        | "maxLength"
        | "minItems"
        | "maxItems"
        | "minProperties"
        | "maxProperties"
        | "x-documented-min-length"
        | "x-valid-for-seconds" => value.is_u64(),
        "minimum" | "maximum" => value.is_number(),
        "multipleOf" => value.as_f64().is_some_and(|step| step > 0.0),
        "required" | "x-extensible-enum" | "x-other-names" => is_string_list(value),
        "enum" => is_list_of_values(value),
        "x-presence" => value == "always",
        "x-source" => value == "observed" || value == "documented",
        "type" => return one_of(value, &TYPES, at),
        "x-shape" => value.as_str().is_some_and(is_shape_name),
        "x-outcome" => return one_of(value, &OUTCOMES, at),
        "x-task-form" => return one_of(value, &TASK_FORMS, at),
        "additionalProperties" if value.is_boolean() => true,
        "format" => {
            let kind = schema.get("type").and_then(Value::as_str);
            notes.extend(formats::note(kind.unwrap_or_default(), value, at));
            value.is_string()
        }
        "additionalProperties" | "items" => return check_schema(document, value, at, notes),
        "properties" => return check_schemas(document, value, at, notes),
        "allOf" | "oneOf" | "anyOf" => return check_list(document, value, at, notes),
        "discriminator" => return check_discriminator(document, schema, value, at),
        "x-branch-when-present" => return check_presence(schema, value, at),
        "x-status-words" => return check_words(schema, value, at),
        _ if keyword.starts_with("x-") => {
            notes.push(unknown_extension(keyword, at));
            true
        }
        _ => {
            if let Some((_, why)) = IGNORED.iter().find(|(ignored, _)| *ignored == keyword) {
                notes.push(Note::at(at, format!("`{keyword}` is ignored: {why}")));
                return Ok(());
            }
            return Err(Problem::at(
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
        Err(Problem::at(
            at,
            format!("{value} is not a value of `{keyword}`"),
        ))
    }
}

fn one_of(value: &Value, known: &[&str], at: &Pointer) -> Result<(), Problem> {
    if value.as_str().is_some_and(|value| known.contains(&value)) {
        return Ok(());
    }
    Err(Problem::at(
        at,
        format!("expected one of {}, found {value}", known.join(", ")),
    ))
}

fn check_schemas(
    document: &Value,
    value: &Value,
    at: &Pointer,
    notes: &mut Vec<Note>,
) -> Result<(), Problem> {
    let properties = value
        .as_object()
        .ok_or_else(|| Problem::at(at, "`properties` must be an object"))?;
    for (name, schema) in properties {
        check_schema(document, schema, &at.join(name), notes)?;
    }
    Ok(())
}

fn check_list(
    document: &Value,
    value: &Value,
    at: &Pointer,
    notes: &mut Vec<Note>,
) -> Result<(), Problem> {
    let branches = value
        .as_array()
        .filter(|branches| !branches.is_empty())
        .ok_or_else(|| Problem::at(at, "expected a list of schemas"))?;
    for (index, schema) in branches.iter().enumerate() {
        check_schema(document, schema, &at.join(index), notes)?;
    }
    Ok(())
}

/// Whether a pattern means the same in all engines, as far as that can be told.
fn is_pattern(text: &str) -> bool {
    regex::Regex::new(text).is_ok()
}

fn is_list_of_values(value: &Value) -> bool {
    let values = value.as_array().filter(|values| !values.is_empty());
    values.is_some_and(|values| {
        values
            .iter()
            .all(|value| value.is_string() || value.is_i64())
    })
}
