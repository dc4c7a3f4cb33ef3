//! A fault that was planted into an example.

use serde_json::Value;

use super::{absent, examples::Example, moved, renamed, typed, valued};

/// What was done to a member.
#[derive(Clone, Debug)]
pub struct Fault {
    /// What was done, such as `typo`.
    pub kind: &'static str,
    /// Where the member is in the sound example.
    pub place: String,
    /// Where its value is now, if that is another place.
    pub moved_to: Option<String>,
    /// The body with the fault.
    pub body: String,
}

impl Fault {
    /// A fault that leaves the member where it was.
    pub fn at(kind: &'static str, place: &str, body: &Value) -> Self {
        Self {
            kind,
            place: place.to_owned(),
            moved_to: None,
            body: body.to_string(),
        }
    }

    /// A fault that puts the value elsewhere.
    pub fn moved(kind: &'static str, place: &str, moved_to: String, body: &Value) -> Self {
        Self {
            moved_to: Some(moved_to),
            ..Self::at(kind, place, body)
        }
    }
}

/// All faults of an example.
pub fn all(example: &Example) -> Vec<Fault> {
    let mut places = Vec::new();
    members(&example.body, "", &mut places);
    let mut faults = Vec::new();
    for place in &places {
        faults.extend(absent::faults(&example.body, place));
        faults.extend(typed::faults(&example.body, place));
        faults.extend(renamed::faults(&example.body, place));
        faults.extend(moved::faults(&example.body, place));
        faults.extend(valued::faults(example, place));
    }
    faults
}

/// The pointers to all members of a value, also in depth.
pub fn members(value: &Value, at: &str, places: &mut Vec<String>) {
    for (name, member) in value.as_object().into_iter().flatten() {
        let at = format!("{at}/{name}");
        places.push(at.clone());
        members(member, &at, places);
    }
}
