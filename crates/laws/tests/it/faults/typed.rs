//! Values of another type: a few that are simply wrong, and the right value in a wrapping.

use serde_json::{Value, json};

use super::{
    edit::{at, with},
    planted::Fault,
};

pub fn faults(body: &Value, place: &str) -> Vec<Fault> {
    let value = at(body, place);
    if value.is_null() {
        return Vec::new();
    }
    let (wrong, other) = match value {
        Value::String(_) => (json!(7), json!({})),
        Value::Number(_) => (json!(true), json!([])),
        Value::Bool(_) => (json!("perhaps"), json!(7)),
        _ => (json!("text"), json!(7)),
    };
    let mut faults = vec![
        Fault::at("wrong type", place, &with(body, place, wrong)),
        Fault::at("other wrong type", place, &with(body, place, other)),
        Fault::at("list of one", place, &with(body, place, json!([value]))),
        Fault::at(
            "list of two",
            place,
            &with(body, place, json!([value, value])),
        ),
        Fault::moved(
            "wrapped in an object",
            place,
            format!("{place}/value"),
            &with(body, place, json!({ "value": value })),
        ),
    ];
    if !value.is_string() {
        let text = json!(value.to_string());
        faults.push(Fault::at("stringified", place, &with(body, place, text)));
    }
    faults
}
