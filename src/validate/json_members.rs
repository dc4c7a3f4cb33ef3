//! How the documented types read a member of JSON that is not as documented: what has another type is
//! absent.

use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::model::lenient::integer_of;

type Members = Map<String, Value>;

pub(super) fn text<'a>(object: &'a Members, name: &str) -> Option<Cow<'a, str>> {
    object.get(name)?.as_str().map(Cow::Borrowed)
}

pub(super) fn integer(object: &Members, name: &str) -> Option<i64> {
    match object.get(name)? {
        Value::Number(number) => integer_of(number),
        _ => None,
    }
}

pub(super) fn boolean(object: &Members, name: &str) -> Option<bool> {
    object.get(name)?.as_bool()
}

pub(super) fn object<'a>(object: &'a Members, name: &str) -> Option<&'a Members> {
    object.get(name)?.as_object()
}
