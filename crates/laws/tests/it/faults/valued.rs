//! Values of the right type that are not right, and members that stand twice.

use seedance_query::validate::coverage::FIELDS;
use serde_json::{Value, json};

use super::{
    edit::{at, split, with},
    examples::Example,
    planted::Fault,
};

pub fn faults(example: &Example, place: &str) -> Vec<Fault> {
    let body = &example.body;
    let mut faults = vec![duplicated(body, place)];
    match at(body, place) {
        Value::String(_) if is_set(place) && example.status < 300 => {
            let other = with(body, place, json!("zz_unknown"));
            faults.push(Fault::at("unknown word", place, &other));
        }
        Value::Number(_) => {
            for (kind, number) in [
                ("negative number", json!(-7)),
                ("fraction", json!(7.5)),
                ("too large", json!(1e300)),
            ] {
                faults.push(Fault::at(kind, place, &with(body, place, number)));
            }
        }
        _ => {}
    }
    faults
}

/// Whether the documented values of a member are a set.
fn is_set(place: &str) -> bool {
    let field = FIELDS.iter().find(|field| field.pointer == place);
    field.is_some_and(|field| !field.values.is_empty())
}

/// The body with a member that stands twice, as no JSON value can hold it.
fn duplicated(body: &Value, place: &str) -> Fault {
    const MARK: &str = "zz_mark";
    let (holder, name) = split(place);
    let value = at(body, place);
    let marked = with(body, &format!("{holder}/{MARK}"), value.clone());
    let mut fault = Fault::at("twice", place, &marked);
    fault.body = fault.body.replace(MARK, name);
    fault
}
