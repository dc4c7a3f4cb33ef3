//! Edits of a JSON value by pointers.

use serde_json::{Map, Value};

/// The pointer to what holds a member, and the member's name.
pub fn split(pointer: &str) -> (&str, &str) {
    pointer.rsplit_once('/').unwrap()
}

pub fn at<'a>(body: &'a Value, pointer: &str) -> &'a Value {
    body.pointer(pointer).unwrap()
}

fn object<'a>(body: &'a mut Value, pointer: &str) -> &'a mut Map<String, Value> {
    body.pointer_mut(pointer).unwrap().as_object_mut().unwrap()
}

pub fn without(body: &Value, pointer: &str) -> Value {
    let (holder, name) = split(pointer);
    let mut body = body.clone();
    object(&mut body, holder).remove(name).unwrap();
    body
}

pub fn with(body: &Value, pointer: &str, value: Value) -> Value {
    let (holder, name) = split(pointer);
    let mut body = body.clone();
    object(&mut body, holder).insert(name.to_owned(), value);
    body
}

/// The body with a value elsewhere; none if something else is there already.
pub fn moved(body: &Value, from: &str, to: &str) -> Option<Value> {
    if body.pointer(to).is_some() {
        return None;
    }
    Some(with(&without(body, from), to, at(body, from).clone()))
}
