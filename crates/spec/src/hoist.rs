//! Moves inline objects, unions and compositions into the components, where they get a name.
//!
//! Each keeps the place that it was written at, so that what is said of it names that place.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::{
    compose::ANNOTATIONS,
    keywords::is_ignored,
    pointer::{Pointer, schema_reference},
    problem::Problem,
    read_operations::{METHODS, is_json},
};

/// Where schemas stand now, and where they were written.
#[derive(Default)]
pub struct Hoisted(Vec<(Pointer, Pointer)>);

impl Hoisted {
    /// Where the text has what a pointer into the components leads to.
    pub fn written(&self, pointer: &Pointer) -> Pointer {
        let mut pointer = pointer.clone();
        while let Some((now, written)) = self.0.iter().find(|(now, _)| pointer.is_below(now)) {
            let rest: Vec<String> = pointer.tokens().skip(now.tokens().count()).collect();
            pointer = rest
                .iter()
                .fold(written.clone(), |at, token| at.join(token));
        }
        pointer
    }

    /// The problem, at the place that the text has it.
    pub fn restore(&self, problem: Problem) -> Problem {
        match problem {
            Problem::At { pointer, message } => Problem::at(&self.written(&pointer), message),
            syntax @ Problem::Syntax { .. } => syntax,
        }
    }

    /// Puts the written places into a lowered schema.
    pub fn restore_places(&self, schema: &mut Value) {
        match schema {
            Value::Object(members) => {
                for (name, member) in members {
                    match member {
                        Value::String(place) if name == "x-spec" => {
                            *place = self.written(&Pointer::parse(place)).to_string();
                        }
                        member => self.restore_places(member),
                    }
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.restore_places(item)),
            _ => {}
        }
    }
}

/// Moves what is inline into the components.
pub fn hoist(document: &mut Value) -> Hoisted {
    let Some(Value::Object(schemas)) = document.pointer_mut("/components/schemas") else {
        return Hoisted::default();
    };
    let mut hoist = Hoist {
        names: schemas.keys().cloned().collect(),
        waiting: Vec::new(),
        hoisted: Hoisted::default(),
    };
    let mut done = Map::new();
    hoist.waiting.extend(std::mem::take(schemas));
    contents(document, &mut hoist);
    while let Some((name, mut schema)) = hoist.waiting.pop() {
        hoist.inside(&mut schema, &name, &Pointer::schema(&name));
        done.insert(name, schema);
    }
    document["components"]["schemas"] = Value::Object(done);
    hoist.hoisted
}

struct Hoist {
    names: BTreeSet<String>,
    /// Component schemas whose parts have not been looked at.
    waiting: Vec<(String, Value)>,
    hoisted: Hoisted,
}

/// The schemas of the bodies of all operations.
fn contents(document: &mut Value, hoist: &mut Hoist) {
    let at = Pointer::root().join("paths");
    let Some(Value::Object(paths)) = document.get_mut("paths") else {
        return;
    };
    for (path, item) in paths {
        for (method, operation) in item.as_object_mut().into_iter().flatten() {
            if !METHODS.contains(&method.as_str()) {
                continue;
            }
            let at = at.join(path).join(method);
            let id = operation.get("operationId").and_then(Value::as_str);
            let id = id.map_or_else(|| format!("{method} {path}"), str::to_owned);
            if let Some(request) = operation.get_mut("requestBody") {
                content(
                    request,
                    &format!("{id} request"),
                    &at.join("requestBody"),
                    hoist,
                );
            }
            let responses = operation
                .get_mut("responses")
                .and_then(Value::as_object_mut);
            for (status, response) in responses.into_iter().flatten() {
                let at = at.join("responses").join(status);
                content(response, &format!("{id} response {status}"), &at, hoist);
            }
        }
    }
}

fn content(holder: &mut Value, name: &str, at: &Pointer, hoist: &mut Hoist) {
    let content = holder.get_mut("content").and_then(Value::as_object_mut);
    for (kind, media) in content.into_iter().flatten() {
        let at = at.join("content").join(kind).join("schema");
        if let Some(schema) = media.get_mut("schema").filter(|_| is_json(kind))
            && schema.is_object()
            && schema.get("$ref").is_none()
        {
            hoist.lift(schema, name, &at);
        }
    }
}

impl Hoist {
    /// Looks for inline schemas in a component schema, or in a list within it.
    fn inside(&mut self, schema: &mut Value, name: &str, at: &Pointer) {
        let Some(schema) = schema.as_object_mut() else {
            return;
        };
        let properties = schema.get_mut("properties").and_then(Value::as_object_mut);
        for (property, schema) in properties.into_iter().flatten() {
            let at = at.join("properties").join(property);
            self.part(schema, &format!("{name} {property}"), &at);
        }
        for (keyword, part) in [("items", "item"), ("additionalProperties", "member")] {
            if let Some(inner) = schema.get_mut(keyword) {
                self.part(inner, &format!("{name} {part}"), &at.join(keyword));
            }
        }
        for (keyword, part) in [("allOf", "part"), ("oneOf", "branch"), ("anyOf", "branch")] {
            let parts = schema.get_mut(keyword).and_then(Value::as_array_mut);
            for (index, inner) in parts.into_iter().flatten().enumerate() {
                let at = at.join(keyword).join(index);
                self.part(inner, &format!("{name} {part} {}", index + 1), &at);
            }
        }
    }

    /// A schema within another one.
    fn part(&mut self, schema: &mut Value, name: &str, at: &Pointer) {
        if is_inline(schema) {
            self.lift(schema, name, at);
        } else if schema.get("items").is_some() || schema.get("additionalProperties").is_some() {
            self.inside(schema, name, at);
        }
    }

    /// Gives a schema a name, and leaves a reference to it behind.
    fn lift(&mut self, schema: &mut Value, name: &str, at: &Pointer) {
        let Some(object) = schema.as_object_mut() else {
            return;
        };
        let mut name = pascal(name);
        while !self.names.insert(name.clone()) {
            name.push('2');
        }
        let mut moved = std::mem::take(object);
        // What is said of the member stays with it.
        let stays = |keyword: &str| {
            keyword == "nullable" || (keyword != "description" && ANNOTATIONS.contains(&keyword))
        };
        let kept: Vec<String> = moved.keys().filter(|name| stays(name)).cloned().collect();
        for keyword in kept {
            if let Some(value) = moved.remove(&keyword) {
                object.insert(keyword, value);
            }
        }
        let is_object = moved.contains_key("properties") || moved.contains_key("allOf");
        if is_object && !moved.contains_key("type") {
            moved.insert("type".into(), json!("object"));
        }
        let reference = json!({ "$ref": schema_reference(&name) });
        if object.is_empty() {
            *schema = reference;
        } else {
            object.insert("allOf".into(), json!([reference]));
        }
        self.hoisted.0.push((Pointer::schema(&name), at.clone()));
        self.waiting.push((name, Value::Object(moved)));
    }
}

/// Whether a schema needs a name: it has members, branches or parts of its own.
fn is_inline(schema: &Value) -> bool {
    let Some(schema) = schema.as_object() else {
        return false;
    };
    let has = |keyword: &str| schema.contains_key(keyword);
    if has("properties") || has("oneOf") || has("anyOf") {
        return true;
    }
    let Some(parts) = schema.get("allOf").and_then(Value::as_array) else {
        return false;
    };
    let is_annotation = |keyword: &str| {
        matches!(keyword, "allOf" | "nullable")
            || ANNOTATIONS.contains(&keyword)
            || is_ignored(keyword)
    };
    parts.len() != 1
        || parts[0].get("$ref").is_none()
        || !schema.keys().all(|keyword| is_annotation(keyword))
}

fn pascal(name: &str) -> String {
    let words = name.split(|c: char| !c.is_ascii_alphanumeric());
    words
        .map(|word| {
            let (head, tail) = word.split_at(word.len().min(1));
            head.to_ascii_uppercase() + tail
        })
        .collect()
}
