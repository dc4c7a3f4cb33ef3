//! Checks the keywords of a schema: each is understood, or it stops the build.

use serde_json::{Map, Value};

use super::{
    discriminators::{check_discriminator, check_presence, check_words, is_string_list},
    pointer::Pointer,
    problem::Problem,
};

const TYPES: [&str; 6] = ["array", "boolean", "integer", "number", "object", "string"];

/// The names of the shapes that the library knows.
pub const SHAPES: [&str; 4] = ["pending", "normal", "super_resolution", "failure"];

/// Checks a schema and all schemas in it.
pub fn check_schema(document: &Value, schema: &Value, at: &Pointer) -> Result<(), Problem> {
    let object = schema
        .as_object()
        .ok_or_else(|| Problem::at(at, "a schema must be an object"))?;
    for (keyword, value) in object {
        check_keyword(document, object, keyword, value, &at.join(keyword))?;
    }
    check_together(object, at)
}

/// Keywords that mean nothing for a type, or something else beside each other.
fn check_together(schema: &Map<String, Value>, at: &Pointer) -> Result<(), Problem> {
    let Some(kind) = schema.get("type").and_then(Value::as_str) else {
        return Ok(());
    };
    let of_strings = [
        "minLength",
        "enum",
        "x-extensible-enum",
        "x-documented-pattern",
        "x-documented-min-length",
    ];
    let of_integers = ["x-documented-min", "x-documented-max"];
    let of_objects = [
        "properties",
        "required",
        "additionalProperties",
        "discriminator",
    ];
    for (keywords, owner) in [
        (&of_strings[..], "string"),
        (&of_integers[..], "integer"),
        (&of_objects[..], "object"),
        (&["items"][..], "array"),
    ] {
        let stray = keywords
            .iter()
            .find(|keyword| schema.contains_key(**keyword));
        if let (Some(keyword), true) = (stray, kind != owner) {
            let message =
                format!("`{keyword}` does not apply to type `{kind}`, so it would not be checked");
            return Err(Problem::at(&at.join(keyword), message));
        }
    }
    if kind == "integer" && !schema.contains_key("format") {
        return Err(Problem::at(
            at,
            "an integer needs `format: int64`, which the generated types use",
        ));
    }
    for (one, other) in [("enum", "x-extensible-enum"), ("enum", "nullable")] {
        if schema.contains_key(one) && schema.contains_key(other) {
            let message = format!("`{one}` and `{other}` cannot be combined");
            return Err(Problem::at(&at.join(other), message));
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
) -> Result<(), Problem> {
    let fits = match keyword {
        "description" | "$ref" | "x-rust-type" => value.is_string(),
        // Escapes mean other things in other engines; classes and counts mean the same in all.
        "x-documented-pattern" => value
            .as_str()
            .is_some_and(|text| !text.contains('\\') && regex::Regex::new(text).is_ok()),
        "nullable" => value.is_boolean(),
        "x-documented-min" | "x-documented-max" => value.is_i64(),
        "minLength" | "x-documented-min-length" | "x-valid-for-seconds" => value.is_u64(),
        "required" | "enum" | "x-extensible-enum" | "x-other-names" => is_string_list(value),
        "x-presence" => value == "always",
        "x-source" => value == "observed" || value == "documented",
        "type" => return one_of(value, &TYPES, at),
        "x-shape" => return one_of(value, &SHAPES, at),
        "additionalProperties" => {
            if value == true {
                return Ok(());
            }
            return Err(Problem::at(
                at,
                "only `true` (any member) is supported; the contract always accepts unknown members",
            ));
        }
        "format" => {
            if value == "int64" && schema.get("type").is_some_and(|kind| kind == "integer") {
                return Ok(());
            }
            return Err(Problem::at(
                at,
                format!("format {value} would not be checked; only `int64` of an integer is"),
            ));
        }
        "items" => return check_schema(document, value, at),
        "properties" => return check_schemas(document, value, at),
        "allOf" | "oneOf" | "anyOf" => return check_list(document, value, at),
        "discriminator" => return check_discriminator(document, schema, value, at),
        "x-branch-when-present" => return check_presence(schema, value, at),
        "x-status-words" => return check_words(schema, value, at),
        _ => {
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

fn check_schemas(document: &Value, value: &Value, at: &Pointer) -> Result<(), Problem> {
    let properties = value
        .as_object()
        .ok_or_else(|| Problem::at(at, "`properties` must be an object"))?;
    for (name, schema) in properties {
        check_schema(document, schema, &at.join(name))?;
    }
    Ok(())
}

fn check_list(document: &Value, value: &Value, at: &Pointer) -> Result<(), Problem> {
    let branches = value
        .as_array()
        .filter(|branches| !branches.is_empty())
        .ok_or_else(|| Problem::at(at, "expected a list of schemas"))?;
    for (index, schema) in branches.iter().enumerate() {
        check_schema(document, schema, &at.join(index))?;
    }
    Ok(())
}
