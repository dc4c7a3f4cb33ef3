//! JSON types and sets of values as messages name them.

use jsonschema::error::TypeKind;
use serde_json::Value;

fn types(kind: &TypeKind) -> Vec<String> {
    match kind {
        TypeKind::Single(kind) => vec![kind.to_string()],
        // Null is absence: no member has to be null.
        TypeKind::Multiple(kinds) => {
            let names = kinds.iter().map(|kind| kind.to_string());
            names.filter(|name| name != "null").collect()
        }
    }
}

pub(super) fn type_names(kind: &TypeKind) -> String {
    types(kind).join(" or ")
}

pub(super) fn with_articles(kind: &TypeKind) -> String {
    let names = types(kind).into_iter().map(|name| match name.as_str() {
        "null" => name,
        "array" | "integer" | "object" => format!("an {name}"),
        _ => format!("a {name}"),
    });
    names.collect::<Vec<_>>().join(" or ")
}

/// A value's JSON type with its article.
pub(super) fn described(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

pub(super) fn one_of(options: &Value) -> String {
    let options = options.as_array().map(Vec::as_slice).unwrap_or_default();
    let name = |option: &Value| match option {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    // Null is said by the type.
    let options = options.iter().filter(|option| !option.is_null());
    let names: Vec<String> = options.map(name).collect();
    match names.as_slice() {
        [one] => one.clone(),
        names => format!("one of {}", names.join(", ")),
    }
}

/// The option that differs from the value in upper and lower case only.
pub(super) fn same_letters<'a>(value: &Value, options: &'a Value) -> Option<&'a str> {
    let value = value.as_str()?;
    let mut options = options.as_array()?.iter().filter_map(Value::as_str);
    options.find(|option| option.eq_ignore_ascii_case(value))
}
