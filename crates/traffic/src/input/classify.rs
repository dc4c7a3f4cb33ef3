//! Tells responses from other JSON.

use super::{
    documented_names::{NAMES, foreign_names},
    embedded::{Body, Embedded, responses},
};
use crate::strict_json;

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

/// Classifies one JSON text.
pub(super) fn classify(text: &[u8]) -> Item {
    if starts_like_a_response(text) {
        return Item::Response;
    }
    let Ok(source) = std::str::from_utf8(text) else {
        return Item::Response;
    };
    let Some(value) = strict_json::parse(source) else {
        return Item::Response;
    };
    let found = responses(source, &value);
    match found.as_slice() {
        [] => foreign_names(&value).map_or(Item::Response, Item::Foreign),
        [only] if only.path.is_empty() && matches!(only.body, Body::Within(_)) => Item::Response,
        _ => Item::Embedded(found),
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
