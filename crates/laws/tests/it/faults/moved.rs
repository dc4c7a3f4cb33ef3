//! Members in another object than they belong in.

use serde_json::Value;

use super::{
    edit::{at, moved, split},
    planted::Fault,
};

pub fn faults(body: &Value, place: &str) -> Vec<Fault> {
    let (holder, name) = split(place);
    let mut targets = Vec::new();
    if !holder.is_empty() {
        let (up, _) = split(holder);
        targets.push(("moved up", up.to_owned()));
        for other in objects(body, up).filter(|other| other != holder) {
            targets.push(("moved sideways", other));
        }
    }
    for other in objects(body, holder).filter(|other| other != place) {
        targets.push(("moved down", other));
    }
    let mut faults = Vec::new();
    for (kind, target) in targets {
        let to = format!("{target}/{name}");
        if let Some(body) = moved(body, place, &to) {
            faults.push(Fault::moved(kind, place, to, &body));
        }
    }
    faults
}

/// The pointers to the members of an object that are objects.
fn objects<'a>(body: &'a Value, holder: &'a str) -> impl Iterator<Item = String> + 'a {
    let members = at(body, holder).as_object().into_iter().flatten();
    let objects = members.filter(|(_, value)| value.is_object());
    objects.map(move |(name, _)| format!("{holder}/{name}"))
}
