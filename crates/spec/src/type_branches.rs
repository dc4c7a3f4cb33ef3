//! Several types of one schema as branches, each with the keywords that are of its type.

use serde_json::{Map, Value, json};

/// Moves keywords of one type into the branch of that type.
pub fn distribute(schema: &mut Map<String, Value>, branches: &mut [Value]) {
    const OWNERS: [(&[&str], &[&str]); 4] = [
        (
            &["string"],
            &[
                "minLength",
                "maxLength",
                "pattern",
                "x-documented-pattern",
                "x-extensible-enum",
            ],
        ),
        (
            &["integer", "number"],
            &[
                "minimum",
                "maximum",
                "exclusiveMinimum",
                "exclusiveMaximum",
                "multipleOf",
            ],
        ),
        (
            &["object"],
            &["properties", "required", "additionalProperties"],
        ),
        (
            &["array"],
            &["items", "minItems", "maxItems", "uniqueItems"],
        ),
    ];
    for (kinds, keywords) in OWNERS {
        for keyword in keywords {
            let Some(value) = schema.remove(*keyword) else {
                continue;
            };
            for branch in branches.iter_mut() {
                if kinds.iter().any(|kind| branch["type"] == *kind) {
                    branch[*keyword] = value.clone();
                }
            }
        }
    }
    if let Some(format) = schema.remove("format") {
        let of_numbers = ["int32", "int64", "float", "double"]
            .iter()
            .any(|name| format == *name);
        for branch in branches.iter_mut() {
            let is_number = branch["type"] == "integer" || branch["type"] == "number";
            if branch["type"] == "string" && !of_numbers || is_number && of_numbers {
                branch["format"] = format.clone();
            }
        }
    }
    if let Some(Value::Array(values)) = schema.remove("enum") {
        for branch in branches.iter_mut() {
            let own: Vec<&Value> = values
                .iter()
                .filter(|value| is_of_type(value, &branch["type"]))
                .collect();
            branch["enum"] = json!(own);
        }
    }
}

fn is_of_type(value: &Value, kind: &Value) -> bool {
    match value {
        Value::String(_) => kind == "string",
        Value::Bool(_) => kind == "boolean",
        Value::Number(number) => kind == "number" || (kind == "integer" && !number.is_f64()),
        Value::Array(_) => kind == "array",
        Value::Object(_) => kind == "object",
        Value::Null => false,
    }
}
