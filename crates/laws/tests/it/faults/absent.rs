//! Members that are not there, or have nothing in them.

use serde_json::{Value, json};

use super::{
    edit::{at, with, without},
    planted::Fault,
};

pub fn faults(body: &Value, place: &str) -> Vec<Fault> {
    let value = at(body, place);
    let mut faults = vec![Fault::at("missing", place, &without(body, place))];
    let empty = match value {
        Value::Object(_) => json!({}),
        Value::Array(_) => json!([]),
        Value::String(_) => json!(""),
        _ => Value::Null,
    };
    for (kind, other) in [("null", Value::Null), ("empty", empty)] {
        let is_repeated = kind == "empty" && other.is_null();
        if other != *value && !is_repeated {
            faults.push(Fault::at(kind, place, &with(body, place, other)));
        }
    }
    faults
}
