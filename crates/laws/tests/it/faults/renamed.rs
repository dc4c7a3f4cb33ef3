//! Members with another name.

use serde_json::Value;

use super::{
    edit::{moved, split},
    names,
    planted::Fault,
};

pub fn faults(body: &Value, place: &str) -> Vec<Fault> {
    let (holder, name) = split(place);
    let mut faults = Vec::new();
    for (kind, other) in names::all(name) {
        let to = format!("{holder}/{other}");
        if other == name || other.is_empty() {
            continue;
        }
        if let Some(body) = moved(body, place, &to) {
            faults.push(Fault::moved(kind, place, to, &body));
        }
    }
    faults
}
