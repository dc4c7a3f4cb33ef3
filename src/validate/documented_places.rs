//! Every place that the document has in a body, in any shape, and which values fit there.

use std::{
    collections::BTreeMap,
    sync::{LazyLock, Mutex, PoisonError},
};

use serde_json::Value;

use super::{body::Body, spec_place::collect};
use crate::model::pointer::join;

/// The deepest nesting that is followed.
const MAX_DEPTH: usize = 8;

/// A member that is documented for some shape of a body.
pub(super) struct Place {
    pub pointer: String,
    /// The pointer to the object that has the member.
    pub holder: String,
    pub name: String,
    /// Names that the member has elsewhere.
    pub other_names: Vec<&'static str>,
    /// The documented values, if they are a set.
    pub values: Vec<&'static str>,
    /// Whether this is an object whose members are listed.
    pub has_members: bool,
    /// The JSON types that are documented; empty for any.
    types: Vec<&'static str>,
}

impl Place {
    /// Whether a value has a documented type.
    pub fn fits(&self, value: &Value) -> bool {
        let kind = match value {
            Value::Null => return false,
            Value::Bool(_) => "boolean",
            Value::Number(number) if number.as_f64().is_some_and(|n| n.fract() == 0.0) => "integer",
            Value::Number(_) => "number",
            Value::String(_) => "string",
            Value::Array(_) => "array",
            Value::Object(_) => "object",
        };
        self.types.is_empty() || self.types.contains(&kind)
    }

    /// Whether a text is none of the documented values, if they are a set.
    pub fn is_other_word(&self, value: &Value) -> bool {
        let word = value.as_str().filter(|_| !self.values.is_empty());
        word.is_some_and(|word| !self.values.contains(&word))
    }
}

/// All places of a body.
pub(super) fn places(body: Body) -> &'static [Place] {
    static RESPONSE: LazyLock<Vec<Place>> = LazyLock::new(|| read(Body::Response));
    static ERROR: LazyLock<Vec<Place>> = LazyLock::new(|| read(Body::Error));
    match body {
        Body::Response => &RESPONSE,
        Body::Error => &ERROR,
        Body::Other(schema) => of_other(body, schema.name()),
    }
}

/// The places of a body that few read: of each schema they are kept for as long as the program runs.
fn of_other(body: Body, name: &'static str) -> &'static [Place] {
    static OTHERS: Mutex<BTreeMap<&str, &[Place]>> = Mutex::new(BTreeMap::new());
    let mut others = OTHERS.lock().unwrap_or_else(PoisonError::into_inner);
    others.entry(name).or_insert_with(|| read(body).leak())
}

/// A place, by its pointer.
pub(super) fn place_at(body: Body, pointer: &str) -> Option<&'static Place> {
    places(body).iter().find(|place| place.pointer == pointer)
}

fn read(body: Body) -> Vec<Place> {
    let mut places = Vec::new();
    walk(body.schema(), &[body.schema()], "", MAX_DEPTH, &mut places);
    places
}

fn walk(
    root: &'static Value,
    nodes: &[&'static Value],
    holder: &str,
    depth: usize,
    places: &mut Vec<Place>,
) {
    let properties = properties(&schemas(root, nodes));
    for (name, nodes) in properties {
        let schemas = schemas(root, &nodes);
        let texts = |keyword: &str| -> Vec<&'static str> {
            let values = schemas.iter().filter_map(|schema| schema.get(keyword));
            let values = values.flat_map(|value| match value {
                Value::Array(items) => items.as_slice(),
                one => std::slice::from_ref(one),
            });
            values.filter_map(Value::as_str).collect()
        };
        let pointer = join(holder, name);
        places.push(Place {
            holder: holder.to_owned(),
            name: name.to_owned(),
            other_names: texts("x-other-names"),
            values: texts("enum"),
            has_members: schemas
                .iter()
                .any(|schema| schema.get("properties").is_some()),
            types: texts("type"),
            pointer: pointer.clone(),
        });
        if let Some(depth) = depth.checked_sub(1) {
            walk(root, &nodes, &pointer, depth, places);
        }
    }
}

/// All schemas that can apply where these do.
fn schemas(root: &'static Value, nodes: &[&'static Value]) -> Vec<&'static Value> {
    let mut schemas = Vec::new();
    for node in nodes {
        collect(root, node, &mut schemas);
        // What stands beside a reference applies, too.
        schemas.push(node);
    }
    schemas
}

/// The properties that any of the schemas has, each with all that is said of it.
fn properties(schemas: &[&'static Value]) -> Vec<(&'static str, Vec<&'static Value>)> {
    let mut properties: Vec<(&str, Vec<&Value>)> = Vec::new();
    let all = schemas
        .iter()
        .filter_map(|schema| schema.get("properties")?.as_object());
    for (name, property) in all.flatten() {
        match properties.iter_mut().find(|(known, _)| *known == name) {
            Some((_, nodes)) => nodes.push(property),
            None => properties.push((name, vec![property])),
        }
    }
    properties
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{super::body::Body, place_at};

    #[test]
    fn places_are_those_of_all_shapes() {
        let tokens = "/data/data/usage/super_resolution_tokens";
        let tokens = place_at(Body::Response, tokens).unwrap();
        assert_eq!(tokens.holder, "/data/data/usage");
        assert!(tokens.fits(&json!(7)) && tokens.fits(&json!(7.0)));
        assert!(!tokens.fits(&json!("7")) && !tokens.fits(&json!(null)));
        assert!(
            place_at(Body::Response, "/data/data/usage")
                .unwrap()
                .has_members
        );
        assert!(place_at(Body::Response, "/data/original_result_url").is_some());
        assert!(place_at(Body::Response, "/data/error").is_none());
        assert!(place_at(Body::Error, "/error/message").is_some());
    }
}
