//! The formats of strings and numbers that are checked.

use schemars::Schema;
use serde_json::{Value, json};

use super::{note::Note, pointer::Pointer, promises::add_keyword};

/// Formats of strings, each as a pattern of what every value of it has.
const PATTERNS: [(&str, &str); 4] = [
    (
        "date",
        "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$",
    ),
    (
        "date-time",
        "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])[Tt]([01][0-9]|2[0-3]):[0-5][0-9]:\
         ([0-5][0-9]|60)([.][0-9]+)?([Zz]|[+-]([01][0-9]|2[0-3]):[0-5][0-9])$",
    ),
    ("uri", "^[A-Za-z][A-Za-z0-9+.-]*:[^ ]+$"),
    (
        "uuid",
        "^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$",
    ),
];

/// The keywords that stand for a format of a type.
pub fn keywords(kind: &str, format: Option<&str>) -> Vec<(&'static str, Value)> {
    match (kind, format) {
        ("integer", Some("int32")) => {
            vec![("minimum", json!(i32::MIN)), ("maximum", json!(i32::MAX))]
        }
        // The types hold no others.
        ("integer", _) => vec![("minimum", json!(i64::MIN)), ("maximum", json!(i64::MAX))],
        ("string", Some(format)) => {
            let mut patterns = PATTERNS.iter().filter(|(name, _)| *name == format);
            let pattern = patterns.next();
            pattern
                .map(|(_, pattern)| ("pattern", json!(pattern)))
                .into_iter()
                .collect()
        }
        _ => Vec::new(),
    }
}

/// A format is what its keywords say, beside those that are there.
pub fn to_keywords(schema: &mut Schema) {
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
        for (keyword, value) in keywords(kind, format.as_ref().and_then(Value::as_str)) {
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

/// Whether both are numbers, and the first is no less than the second.
fn at_least(one: Option<&Value>, other: &Value) -> bool {
    let numbers = one.and_then(Value::as_f64).zip(other.as_f64());
    numbers.is_some_and(|(one, other)| one >= other)
}

/// What there is to say of a format that nothing checks.
pub fn note(kind: &str, format: &Value, at: &Pointer) -> Option<Note> {
    let name = format.as_str()?;
    let is_checked = match kind {
        "integer" => matches!(name, "int32" | "int64"),
        _ => !keywords(kind, Some(name)).is_empty(),
    };
    let message = format!("format `{name}` is ignored: nothing checks it");
    (!is_checked).then(|| Note::at(at, message))
}
