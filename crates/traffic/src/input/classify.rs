//! Tells responses from other JSON, and finds the responses inside log records and exports of tools.

use std::{collections::BTreeSet, ops::Range, sync::LazyLock};

use jsonc_parser::{
    CollectOptions, ParseOptions,
    ast::{Object, ObjectPropName, Value},
    common::Ranged,
    parse_to_ast,
};
use seedance_query::validate::coverage::FIELDS;

/// Maximum number of JSON texts inside JSON strings that are unwrapped on the way to a response.
const MAX_UNWRAPPED: usize = 3;
/// Maximum number of names that a message lists.
const MAX_NAMES: usize = 6;

/// What a JSON text is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Item {
    /// A response, or something that may only be judged as one, such as truncated JSON.
    Response,
    /// It contains responses.
    Embedded(Vec<Embedded>),
    /// Neither; the names of its members.
    Foreign(String),
}

/// A response inside another JSON text.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Embedded {
    pub body: Body,
    /// The HTTP status that stands beside it.
    pub status: Option<u16>,
    /// The way to it, such as `.http.body`.
    pub path: String,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Body {
    /// These bytes of the text.
    Within(Range<usize>),
    /// It stood in a string.
    Unwrapped(Vec<u8>),
}

/// The documented names at the three levels of a response.
struct Names {
    envelope: BTreeSet<&'static str>,
    task: BTreeSet<&'static str>,
    upstream: BTreeSet<&'static str>,
}

static NAMES: LazyLock<Names> = LazyLock::new(|| {
    let at_depth = |depth: usize| {
        let fields = FIELDS.iter().filter(move |field| field.path.len() == depth);
        fields
            .filter_map(|field| field.path.last().copied())
            .collect()
    };
    Names {
        envelope: at_depth(1),
        task: at_depth(2),
        upstream: at_depth(3),
    }
});

/// The member of an error response that holds the error.
const ERROR: &str = "error";

/// Classifies one JSON text.
pub(super) fn classify(text: &[u8]) -> Item {
    if starts_like_a_response(text) {
        return Item::Response;
    }
    let Some(source) = std::str::from_utf8(text).ok() else {
        return Item::Response;
    };
    let Some(value) = parse(source) else {
        return Item::Response;
    };
    let mut search = Search {
        is_match: is_complete,
        found: Vec::new(),
    };
    search.value(source, &value, &Way::default());
    if search.found.is_empty() {
        search.is_match = is_likely;
        search.value(source, &value, &Way::default());
    }
    match search.found.as_slice() {
        [] => foreign_names(&value).map_or(Item::Response, Item::Foreign),
        [only] if only.path.is_empty() && matches!(only.body, Body::Within(_)) => Item::Response,
        _ => Item::Embedded(search.found),
    }
}

/// Whether the first two members are documented ones of the envelope: the common case, which needs
/// no parsing.
fn starts_like_a_response(text: &[u8]) -> bool {
    fn member(text: &[u8]) -> Option<&[u8]> {
        let rest = text.trim_ascii_start().strip_prefix(b"\"")?;
        let name = &rest[..rest.iter().position(|byte| *byte == b'"')?];
        let name = std::str::from_utf8(name).ok()?;
        NAMES
            .envelope
            .contains(name)
            .then(|| &rest[name.len() + 1..])
    }
    let second = || {
        let first = text.trim_ascii_start().strip_prefix(b"{")?;
        let value = member(first)?;
        // A scalar without escapes; anything else is parsed.
        let scalar = value
            .trim_ascii_start()
            .strip_prefix(b":")?
            .trim_ascii_start();
        let end = match scalar.strip_prefix(b"\"") {
            Some(string) => {
                2 + string
                    .iter()
                    .position(|byte| matches!(byte, b'"' | b'\\'))?
            }
            None => scalar.iter().position(|byte| *byte == b',')?,
        };
        member(scalar[end..].trim_ascii_start().strip_prefix(b",")?)
    };
    second().is_some()
}

fn parse(source: &str) -> Option<Value<'_>> {
    let strict = ParseOptions {
        allow_comments: false,
        allow_loose_object_property_names: false,
        allow_trailing_commas: false,
        allow_missing_commas: false,
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
    };
    parse_to_ast(source, &CollectOptions::default(), &strict)
        .ok()?
        .value
}

fn names<'a>(object: &'a Object<'_>) -> impl Iterator<Item = &'a str> {
    object
        .properties
        .iter()
        .filter_map(|property| match &property.name {
            ObjectPropName::String(name) => Some(name.value.as_ref()),
            ObjectPropName::Word(_) => None,
        })
}

fn count(object: &Object<'_>, known: &BTreeSet<&str>) -> usize {
    names(object).filter(|name| known.contains(name)).count()
}

/// Whether an object has the envelope of a response, with a task or nothing in it.
fn is_complete(object: &Object<'_>) -> bool {
    let child = |name: &str| {
        let property = object.properties.iter().find(|property| {
            matches!(&property.name, ObjectPropName::String(known) if known.value == name)
        })?;
        Some(&property.value)
    };
    let has_task = NAMES.envelope.iter().any(
        |name| matches!(child(name), Some(Value::Object(task)) if count(task, &NAMES.task) > 1),
    );
    has_task || count(object, &NAMES.envelope) > 2
}

/// Whether an object may be a response in another form: a bare task, the upstream's object, an error.
fn is_likely(object: &Object<'_>) -> bool {
    let has_error = object.properties.iter().any(|property| {
        property.name.as_str() == ERROR
            && matches!(&property.value, Value::Object(error) if count(error, &NAMES.envelope) > 0)
    });
    has_error
        || is_complete(object)
        || count(object, &NAMES.envelope) > 1
        || count(object, &NAMES.task) > 1
        || count(object, &NAMES.upstream) > 2
}

/// The names of an object that has no documented one at all.
fn foreign_names(value: &Value<'_>) -> Option<String> {
    let Value::Object(object) = value else {
        return None;
    };
    let is_known =
        |name: &str| name == ERROR || NAMES.envelope.contains(name) || NAMES.task.contains(name);
    let all: Vec<&str> = names(object).collect();
    if all.is_empty() || all.iter().any(|name| is_known(name)) {
        return None;
    }
    let shown: Vec<&str> = all.iter().copied().take(MAX_NAMES).collect();
    let more = if all.len() > MAX_NAMES { ", …" } else { "" };
    Some(format!("{}{more}", shown.join(", ")))
}

/// How a value was reached.
#[derive(Clone, Default)]
struct Way {
    path: String,
    status: Option<u16>,
    unwrapped: usize,
}

/// Collects the outermost objects that match.
struct Search {
    is_match: fn(&Object<'_>) -> bool,
    found: Vec<Embedded>,
}

impl Search {
    fn value(&mut self, source: &str, value: &Value<'_>, way: &Way) {
        match value {
            Value::Object(object) if (self.is_match)(object) => {
                let body = if way.unwrapped == 0 {
                    Body::Within(object.start()..object.end())
                } else {
                    Body::Unwrapped(source.as_bytes()[object.start()..object.end()].to_vec())
                };
                self.found.push(Embedded {
                    body,
                    status: way.status,
                    path: way.path.clone(),
                });
            }
            Value::Object(object) => {
                let beside = object.properties.iter().find_map(|property| {
                    let name = property.name.as_str();
                    is_status_name(name).then(|| status(&property.value))?
                });
                for property in &object.properties {
                    let way = Way {
                        path: format!("{}.{}", way.path, property.name.as_str()),
                        status: beside.or(way.status),
                        unwrapped: way.unwrapped,
                    };
                    self.value(source, &property.value, &way);
                }
            }
            Value::Array(array) => {
                let beside = array.elements.iter().find_map(status);
                for element in &array.elements {
                    let way = Way {
                        path: format!("{}[]", way.path),
                        status: beside.or(way.status),
                        unwrapped: way.unwrapped,
                    };
                    self.value(source, element, &way);
                }
            }
            Value::StringLit(text) if way.unwrapped < MAX_UNWRAPPED => {
                let inner = text.value.trim();
                if inner.starts_with(['{', '[', '"'])
                    && let Some(value) = parse(inner)
                {
                    let way = Way {
                        unwrapped: way.unwrapped + 1,
                        ..way.clone()
                    };
                    self.value(inner, &value, &way);
                }
            }
            _ => {}
        }
    }
}

/// Whether loggers and tools give the HTTP status under a name.
fn is_status_name(name: &str) -> bool {
    let letters = name.chars().filter(char::is_ascii_alphabetic);
    let plain: String = letters.map(|letter| letter.to_ascii_lowercase()).collect();
    matches!(
        plain.as_str(),
        "status" | "statuscode" | "httpstatus" | "responsestatus" | "code"
    )
}

fn status(value: &Value<'_>) -> Option<u16> {
    let text = match value {
        Value::NumberLit(number) => number.value,
        Value::StringLit(text) => text.value.as_ref(),
        _ => return None,
    };
    let status: u16 = text.parse().ok()?;
    (100..600).contains(&status).then_some(status)
}

#[cfg(test)]
mod tests {
    use super::{Body, Embedded, Item, classify};

    const TASK: &str = r#"{"code":"success","data":{"task_id":"t","status":"QUEUED"}}"#;

    fn embedded(text: &str) -> Vec<(Option<u16>, String, String)> {
        let Item::Embedded(found) = classify(text.as_bytes()) else {
            panic!("{text}")
        };
        let shown = |Embedded { body, status, path }| {
            let body = match body {
                Body::Within(range) => text[range].to_owned(),
                Body::Unwrapped(body) => String::from_utf8(body).unwrap(),
            };
            (status, path, body)
        };
        found.into_iter().map(shown).collect()
    }

    #[test]
    fn recognises_responses_of_every_form() {
        for text in [
            TASK,
            r#"{"code":"success","message":"","data":null}"#,
            r#"{"data":{"task_id":"t","status":"QUEUED"}}"#,
            r#"{"task_id":"t","status":"SUCCESS","data":{"error":{"code":"x","message":"y"}}}"#,
            r#"{"id":"cgt-1","model":"m","status":"running","content":{}}"#,
            r#"{"error":{"message":"x","type":"y"}}"#,
            r#"{"data":null,"code":"404","codeMsg":"task not found"}"#,
            "{}",
            "[1]",
            "{\"code\": [",
        ] {
            assert_eq!(classify(text.as_bytes()), Item::Response, "{text}");
        }
    }

    #[test]
    fn other_json_is_foreign() {
        let package = r#"{"name":"x","version":"1","scripts":{},"dependencies":{"a":"1"}}"#;
        let expected = "name, version, scripts, dependencies".to_owned();
        assert_eq!(classify(package.as_bytes()), Item::Foreign(expected));
    }

    #[test]
    fn finds_responses_in_records() {
        let text = serde_json::Value::from(TASK).to_string();
        for (record, status, path) in [
            (
                format!(r#"{{"level":"info","status":200,"body":{text}}}"#),
                Some(200),
                ".body",
            ),
            (
                format!(r#"{{"http":{{"code":"404","res":{TASK}}}}}"#),
                Some(404),
                ".http.res",
            ),
            (format!(r"[503, {{}}, {TASK}]"), Some(503), "[]"),
            (
                format!(
                    r#"{{"log":{}}}"#,
                    serde_json::Value::from(format!("{{\"b\":{text}}}"))
                ),
                None,
                ".log.b",
            ),
            (text.clone(), None, ""),
        ] {
            assert_eq!(
                embedded(&record),
                [(status, path.to_owned(), TASK.to_owned())],
                "{record}"
            );
        }
        let map = format!(r#"{{"asyntask_1":{TASK},"asyntask_2":{TASK}}}"#);
        assert_eq!(embedded(&map).len(), 2);
    }
}
