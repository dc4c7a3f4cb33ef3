//! Members of an answer, read in spite of what is wrong with them.

use serde_json::{Map, Value};

use crate::model::{
    json::parse_text,
    lenient::integer_of,
    url::{is_relative_url, is_url},
};

/// The deepest nesting of lists, objects and JSON texts that a value is looked for in.
const MAX_VALUE_DEPTH: usize = 6;

/// A member that is there and not null.
pub(super) fn member<'a>(object: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    object.get(name).filter(|value| !value.is_null())
}

/// A member in depth, by the names that lead to it.
pub(super) fn member_at<'a>(object: &'a Map<String, Value>, path: &[&str]) -> Option<&'a Value> {
    let (first, rest) = path.split_first()?;
    let first = member(object, first);
    rest.iter()
        .fold(first, |value, name| member(value?.as_object()?, name))
}

/// A text with something in it, also if it is the only item of a list, or JSON text.
pub(super) fn text(value: &Value) -> Option<String> {
    text_within(value, MAX_VALUE_DEPTH)
}

fn text_within(value: &Value, depth: usize) -> Option<String> {
    let depth = depth.checked_sub(1)?;
    match value {
        Value::String(text) => match json_text(text) {
            Some(inner @ (Value::String(_) | Value::Array(_))) => text_within(&inner, depth),
            _ => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        },
        Value::Array(items) => match items.as_slice() {
            [one] => text_within(one, depth),
            _ => None,
        },
        _ => None,
    }
}

/// An integer, also if it is written as text or as the only item of a list.
pub(super) fn integer(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => integer_of(number),
        Value::String(_) => match parse_text(&text(value)?)? {
            Value::Number(number) => integer_of(&number),
            _ => None,
        },
        Value::Array(items) => match items.as_slice() {
            [Value::Number(number)] => integer_of(number),
            [Value::String(text)] => integer(&Value::from(text.as_str())),
            _ => None,
        },
        _ => None,
    }
}

/// A URL that can be used, wherever it stands in a value: blanks around it are no part of it.
pub(super) fn url(value: &Value) -> Option<String> {
    url_within(value, true, MAX_VALUE_DEPTH)
}

/// The same, but for URLs that are relative to the gateway: for members that can hold any text.
pub(super) fn absolute_url(value: &Value) -> Option<String> {
    url_within(value, false, MAX_VALUE_DEPTH)
}

/// The same of a text, whether it may be relative or not.
pub(super) fn url_of_text(text: &str, relative: bool) -> Option<String> {
    url_in_text(text, relative, MAX_VALUE_DEPTH - 1)
}

fn url_in_text(text: &str, relative: bool, depth: usize) -> Option<String> {
    let url = text.trim();
    if is_url(url) || (relative && is_relative_url(url)) {
        return Some(url.to_owned());
    }
    json_text(url).and_then(|inner| url_within(&inner, relative, depth))
}

fn url_within(value: &Value, relative: bool, depth: usize) -> Option<String> {
    let depth = depth.checked_sub(1)?;
    match value {
        Value::String(text) => url_in_text(text, relative, depth),
        Value::Array(items) => items
            .iter()
            .find_map(|item| url_within(item, relative, depth)),
        Value::Object(members) => members
            .values()
            .find_map(|member| url_within(member, relative, depth)),
        _ => None,
    }
}

/// The value of a text that is JSON and no mere number or word.
pub(super) fn json_text(text: &str) -> Option<Value> {
    let text = text.trim();
    text.starts_with(['{', '[', '"'])
        .then(|| parse_text(text))?
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{absolute_url, integer, text, url};

    #[test]
    fn a_value_is_read_in_spite_of_its_type() {
        for value in [json!("a"), json!([" a "]), json!("\"a\""), json!("[\"a\"]")] {
            assert_eq!(text(&value).as_deref(), Some("a"), "{value}");
        }
        for value in [
            json!(""),
            json!(" "),
            json!(1),
            json!(["a", "b"]),
            json!({"a": "b"}),
        ] {
            assert_eq!(text(&value), None, "{value}");
        }
        for value in [json!(7), json!(7.0), json!("7"), json!("7.0"), json!([7])] {
            assert_eq!(integer(&value), Some(7), "{value}");
        }
        for value in [json!("seven"), json!(true), json!(null), json!(7.5)] {
            assert_eq!(integer(&value), None, "{value}");
        }
    }

    #[test]
    fn a_url_is_found_wherever_it_stands() {
        for value in [
            json!(" https://a.example/v\n"),
            json!(["https://a.example/v"]),
            json!({"url": "https://a.example/v"}),
            json!("{\"url\":\"https://a.example/v\"}"),
            json!([{"type": "video_url", "video_url": {"url": "https://a.example/v"}}]),
        ] {
            assert_eq!(
                url(&value).as_deref(),
                Some("https://a.example/v"),
                "{value}"
            );
        }
        assert_eq!(
            url(&json!("/v1/videos/t/content")).as_deref(),
            Some("/v1/videos/t/content")
        );
        assert_eq!(absolute_url(&json!("/v1/videos/t/content")), None);
        assert_eq!(url(&json!("see https://a.example/v")), None);
        let mut deep = json!("https://a.example/v");
        for _ in 0..100 {
            deep = json!([deep]);
        }
        assert_eq!(url(&deep), None);
    }
}
