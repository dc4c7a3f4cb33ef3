//! Resolves composition: every schema becomes one flat object, union or scalar.
//!
//! `allOf` says that an object has what another one has, and more; JSON Schema would check the
//! parts one by one, know no undocumented member, and name the part rather than the whole. Flat
//! objects avoid all three, for the validator and for the client's types. Each schema and each
//! property keeps the place that it was written at as `x-spec`.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::{
    error::Fault,
    pointer::{Pointer, schema_name},
};

/// The flat component schemas that the two bodies of the operation need.
pub struct Schemas {
    pub by_name: BTreeMap<String, Value>,
    /// The body of a successful response.
    pub success: String,
    /// The body of every other response.
    pub error: String,
}

/// Keywords that say something about a schema without changing what it accepts.
pub const ANNOTATIONS: [&str; 5] = [
    "description",
    "x-presence",
    "x-source",
    "x-spec",
    "x-valid-for-seconds",
];

pub fn flatten(document: &Value) -> Result<Schemas, Fault> {
    let (success, error) = bodies(document)?;
    let mut flattener = Flattener {
        document,
        done: BTreeMap::new(),
        under_way: Vec::new(),
    };
    let mut wanted = vec![success.clone(), error.clone()];
    let mut reachable = BTreeSet::new();
    while let Some(name) = wanted.pop() {
        if reachable.insert(name.clone()) {
            let schema = flattener.component(&name)?;
            collect_references(&schema, &mut wanted);
        }
    }
    let by_name = flattener
        .done
        .into_iter()
        .filter(|(name, _)| reachable.contains(name))
        .collect();
    refuse_cycles(&by_name)?;
    Ok(Schemas {
        by_name,
        success,
        error,
    })
}

/// A schema whose values could hold others of its kind has no end.
fn refuse_cycles(by_name: &BTreeMap<String, Value>) -> Result<(), Fault> {
    for name in by_name.keys() {
        let mut seen = BTreeSet::new();
        let mut wanted = vec![name.clone()];
        while let Some(next) = wanted.pop() {
            let mut references = Vec::new();
            if let Some(schema) = by_name.get(&next) {
                collect_references(schema, &mut references);
            }
            if references.contains(name) {
                return Err(Fault::at(
                    &Pointer::schema(name),
                    "a schema that contains itself is not supported",
                ));
            }
            let news = references
                .into_iter()
                .filter(|name| seen.insert(name.clone()));
            wanted.extend(news);
        }
    }
    Ok(())
}

/// The one operation of the document and its place.
pub fn operation(document: &Value) -> Result<(Pointer, &Map<String, Value>), Fault> {
    let at = Pointer::root().join("paths");
    let mut operations = document
        .get("paths")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .flat_map(|(path, item)| {
            let at = at.join(path);
            item.as_object()
                .into_iter()
                .flatten()
                .filter_map(move |(method, operation)| {
                    Some((at.join(method), operation.as_object()?))
                })
        });
    match (operations.next(), operations.next()) {
        (Some(operation), None) => Ok(operation),
        _ => Err(Fault::at(
            &at,
            "the document has to hold exactly one operation",
        )),
    }
}

/// The schemas of the operation's success and error bodies.
fn bodies(document: &Value) -> Result<(String, String), Fault> {
    let (at, operation) = operation(document)?;
    let at = at.join("responses");
    let responses = operation
        .get("responses")
        .and_then(Value::as_object)
        .ok_or_else(|| Fault::at(&at, "the operation has no responses"))?;
    let (mut success, mut error): (Option<String>, Option<String>) = (None, None);
    for (status, response) in responses {
        let at = at.join(status);
        let name = response
            .pointer("/content/application~1json/schema/$ref")
            .and_then(Value::as_str)
            .and_then(schema_name)
            .ok_or_else(|| {
                Fault::at(
                    &at,
                    "a response needs `application/json` content whose schema is a `$ref`",
                )
            })?;
        let slot = if status.starts_with('2') {
            &mut success
        } else {
            &mut error
        };
        if slot.get_or_insert_with(|| name.to_owned()) != name {
            return Err(Fault::at(
                &at,
                "all successes have to share one schema, and all errors another one",
            ));
        }
    }
    match (success, error) {
        (Some(success), Some(error)) => Ok((success, error)),
        _ => Err(Fault::at(
            &at,
            "there has to be a 2xx response and an error response",
        )),
    }
}

/// The component schemas that a schema refers to.
pub fn collect_references(schema: &Value, names: &mut Vec<String>) {
    match schema {
        Value::Object(object) => {
            if let Some(name) = object
                .get("$ref")
                .and_then(Value::as_str)
                .and_then(schema_name)
            {
                names.push(name.to_owned());
            }
            object
                .values()
                .for_each(|value| collect_references(value, names));
        }
        Value::Array(items) => items
            .iter()
            .for_each(|item| collect_references(item, names)),
        _ => {}
    }
}

struct Flattener<'a> {
    document: &'a Value,
    done: BTreeMap<String, Value>,
    /// The schemas being composed, outermost first.
    under_way: Vec<String>,
}

impl Flattener<'_> {
    fn component(&mut self, name: &str) -> Result<Value, Fault> {
        if let Some(done) = self.done.get(name) {
            return Ok(done.clone());
        }
        let at = Pointer::schema(name);
        if self.under_way.iter().any(|outer| outer == name) {
            return Err(Fault::at(&at, format!("`{name}` is composed of itself")));
        }
        self.under_way.push(name.to_owned());
        let raw = self.document["components"]["schemas"][name]
            .as_object()
            .cloned()
            .unwrap_or_default();
        let flat = self.compose(raw, &at)?;
        self.under_way.pop();
        self.done.insert(name.to_owned(), flat.clone());
        Ok(flat)
    }

    fn compose(&mut self, mut raw: Map<String, Value>, at: &Pointer) -> Result<Value, Fault> {
        let parents = raw.remove("allOf");
        let mut own = flat_properties(&mut raw, at)?;
        let mut required = names(raw.remove("required"));
        let mut properties = Map::new();
        for (index, parent) in list(parents).iter().enumerate() {
            let at = at.join("allOf").join(index);
            let parent = self.parent(parent, &at)?;
            if raw.get("nullable") == Some(&json!(true)) && parent.get("nullable").is_none() {
                return Err(Fault::at(
                    &at,
                    "this part can never be null, so the whole cannot",
                ));
            }
            required.extend(names(parent.get("required").cloned()));
            for (name, schema) in parent["properties"].as_object().into_iter().flatten() {
                merge_property(&mut properties, name, schema.clone(), &at)?;
            }
        }
        for (name, schema) in std::mem::take(&mut own) {
            let at = at.join("properties").join(&name);
            merge_property(&mut properties, &name, schema, &at)?;
        }
        if let Some(missing) = required.iter().find(|name| !properties.contains_key(*name)) {
            return Err(Fault::at(
                &at.join("required"),
                format!("`{missing}` is required but is not one of the properties"),
            ));
        }
        if !properties.is_empty() {
            raw.insert("properties".into(), Value::Object(properties));
        }
        if !required.is_empty() {
            raw.insert("required".into(), json!(required));
        }
        raw.insert("x-spec".into(), json!(at.to_string()));
        Ok(Value::Object(raw))
    }

    fn parent(&mut self, part: &Value, at: &Pointer) -> Result<Value, Fault> {
        let name = part
            .get("$ref")
            .and_then(Value::as_str)
            .and_then(schema_name)
            .ok_or_else(|| Fault::at(at, "a part of an `allOf` has to be a reference"))?;
        let parent = self.component(name)?;
        if parent.get("properties").is_none() || has_branches(&parent) {
            return Err(Fault::at(
                at,
                format!("`{name}` is not an object with properties"),
            ));
        }
        Ok(parent)
    }
}

fn has_branches(schema: &Value) -> bool {
    schema.get("oneOf").is_some() || schema.get("anyOf").is_some()
}

fn list(value: Option<Value>) -> Vec<Value> {
    match value {
        Some(Value::Array(items)) => items,
        _ => Vec::new(),
    }
}

fn names(value: Option<Value>) -> BTreeSet<String> {
    list(value)
        .iter()
        .filter_map(|name| name.as_str().map(str::to_owned))
        .collect()
}

/// Takes the properties out of a schema, each flat and with the place it was written at.
fn flat_properties(
    raw: &mut Map<String, Value>,
    at: &Pointer,
) -> Result<Map<String, Value>, Fault> {
    let mut flat = Map::new();
    if let Some(Value::Object(properties)) = raw.remove("properties") {
        for (name, schema) in properties {
            let at = at.join("properties").join(&name);
            flat.insert(name, flat_property(schema, &at)?);
        }
    }
    Ok(flat)
}

/// A property is a reference with annotations, a scalar, an array, or a free-form object.
fn flat_property(schema: Value, at: &Pointer) -> Result<Value, Fault> {
    let Value::Object(mut schema) = schema else {
        return Err(Fault::at(at, "a schema has to be an object"));
    };
    if let Some(parts) = schema.remove("allOf") {
        let reference = match list(Some(parts)).as_slice() {
            [part] => part.get("$ref").cloned(),
            _ => None,
        };
        let annotated = schema.keys().all(|key| ANNOTATIONS.contains(&key.as_str()));
        let (Some(reference), true) = (reference, annotated) else {
            return Err(Fault::at(
                at,
                "the `allOf` of a property holds one reference and stands beside annotations only; \
                 compose in a component schema",
            ));
        };
        schema.insert("$ref".into(), reference);
    }
    let composed = ["properties", "discriminator", "oneOf", "anyOf"];
    if composed.iter().any(|keyword| schema.contains_key(*keyword)) {
        return Err(Fault::at(
            at,
            "make this a component schema and refer to it",
        ));
    }
    schema.insert("x-spec".into(), json!(at.to_string()));
    Ok(Value::Object(schema))
}

/// Adds a property, or what a more specific schema says about one that is there already.
fn merge_property(
    properties: &mut Map<String, Value>,
    name: &str,
    schema: Value,
    at: &Pointer,
) -> Result<(), Fault> {
    let Some(general) = properties.get_mut(name).and_then(Value::as_object_mut) else {
        properties.insert(name.to_owned(), schema);
        return Ok(());
    };
    let Value::Object(specific) = schema else {
        return Ok(());
    };
    let only_annotates = specific
        .keys()
        .all(|key| ANNOTATIONS.contains(&key.as_str()));
    let same_type = specific.get("type").is_some() && specific.get("type") == general.get("type");
    if only_annotates {
        let written_at = general.get("x-spec").cloned();
        general.extend(specific);
        general.extend(written_at.map(|place| ("x-spec".to_owned(), place)));
    } else if same_type {
        general.extend(specific);
    } else if *general != specific {
        return Err(Fault::at(
            at,
            format!("`{name}` is something else in another part"),
        ));
    }
    Ok(())
}
