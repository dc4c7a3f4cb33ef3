//! Tells responses from other JSON.

use jsonc_parser::ast::Value;

use super::{
    documented_names::{foreign_names, is_likely},
    places::Places,
    search::{Body, Found, responses},
    start::is_started_response,
};
use crate::strict_json;

/// What a JSON text is.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::input) enum Item {
    /// A response, or something that may only be judged as one, such as truncated JSON.
    Response,
    /// It contains responses.
    Embedded(Vec<Found>),
    /// Neither; the names of its members.
    Foreign(String),
}

/// Classifies one JSON text.
pub(in crate::input) fn classify(text: &[u8], places: &Places) -> Item {
    if places.body.is_none() && is_started_response(text) {
        return Item::Response;
    }
    let Ok(source) = std::str::from_utf8(text) else {
        return Item::Response;
    };
    let Some(value) = strict_json::parse(source) else {
        return Item::Response;
    };
    if let Some(found) = places.found(source, &value) {
        if found.is_empty() {
            let names = foreign_names(&value, true).unwrap_or_default();
            return Item::Foreign(names);
        }
        return Item::Embedded(found);
    }
    let found = responses(source, &value);
    match found.as_slice() {
        [] => foreign_names(&value, false).map_or(Item::Response, Item::Foreign),
        [Found::Response(only)] if only.path.is_empty() && matches!(only.body, Body::Within(_)) => {
            Item::Response
        }
        _ => Item::Embedded(found),
    }
}

/// Whether a text is an object with a task or an error of such a gateway.
pub(in crate::input) fn is_about_a_task(text: &[u8]) -> bool {
    let value = std::str::from_utf8(text).ok().and_then(strict_json::parse);
    match value {
        Some(Value::Object(object)) => is_likely(&object, true),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{Body, Found, Item, Places, classify};

    const TASK: &str = r#"{"code":"success","data":{"task_id":"t","status":"QUEUED"}}"#;

    fn embedded(text: &str) -> Vec<(Option<u16>, String, String)> {
        let Item::Embedded(found) = classify(text.as_bytes(), &Places::default()) else {
            panic!("{text}")
        };
        let shown = |found| {
            let Found::Response(embedded) = found else {
                panic!("{text}")
            };
            let status = embedded.status();
            let body = match embedded.body {
                Body::Within(range) => text[range].to_owned(),
                Body::Unwrapped(body) => String::from_utf8(body).unwrap(),
                Body::File(name) | Body::Broken(name) => name,
            };
            (status, embedded.path, body)
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
            assert_eq!(
                classify(text.as_bytes(), &Places::default()),
                Item::Response,
                "{text}"
            );
        }
    }

    #[test]
    fn other_json_is_foreign() {
        let package = r#"{"name":"x","version":"1","scripts":{},"dependencies":{"a":"1"}}"#;
        let expected = "name, version, scripts, dependencies".to_owned();
        assert_eq!(
            classify(package.as_bytes(), &Places::default()),
            Item::Foreign(expected)
        );
    }

    /// Records of programs have some of the names that responses have.
    #[test]
    fn records_without_a_response_are_foreign() {
        for text in [
            r#"{"level":"error","time":1780601335,"message":"no answer","code":"ECONNREFUSED"}"#,
            r#"{"level":"info","ts":"x","msg":"polled","task_id":"t","status":"QUEUED"}"#,
            r#"{"level":"error","msg":"x","error":{"message":"no answer","code":"E"}}"#,
            r#"{"level":"info","time":1,"msg":"polled","data":{"task_id":"t","status":"QUEUED"}}"#,
            r#"{"event":"submit","request":{"body":{"model":"m","content":[{"type":"text"}],"ratio":"16:9","duration":5}}}"#,
            r#"{"model":"m","content":[{"type":"text","text":"a cat"}],"ratio":"16:9","duration":5,"seed":1}"#,
        ] {
            let item = classify(text.as_bytes(), &Places::default());
            assert!(matches!(item, Item::Foreign(_)), "{text}: {item:?}");
        }
    }

    #[test]
    fn bodies_in_encodings_are_found() {
        use base64::{Engine, engine::general_purpose::STANDARD};
        let bytes: Vec<String> = TASK.bytes().map(|byte| byte.to_string()).collect();
        for (body, path) in [
            (format!("\"{}\"", STANDARD.encode(TASK)), ".body"),
            (
                format!(r#"{{"type":"Buffer","data":[{}]}}"#, bytes.join(",")),
                ".body",
            ),
            (
                format!(
                    r#"{{"encoding":"utf-8","base64_string":"{}"}}"#,
                    STANDARD.encode(TASK)
                ),
                ".body.base64_string",
            ),
        ] {
            let record = format!(r#"{{"status":{{"code":200,"message":"OK"}},"body":{body}}}"#);
            assert_eq!(
                embedded(&record),
                [(Some(200), path.to_owned(), TASK.to_owned())],
                "{record}"
            );
        }
        let cut = &serde_json::Value::from(TASK).to_string()[..40];
        let record = format!(r#"{{"status":200,"body":{cut}"}}"#);
        assert!(embedded(&record)[0].2.contains("cut this body off after"));
    }

    /// An answer that is not like any documented one is judged where the record tells what it is.
    #[test]
    fn any_answer_to_the_query_is_a_response() {
        let record = |url: &str| {
            format!(
                r#"{{"request":{{"method":"GET","url":"{url}"}},"status":502,"body":"<html>"}}"#
            )
        };
        let query = record("https://a.example/v1/video/generations/t1");
        assert_eq!(
            embedded(&query),
            [(Some(502), ".body".to_owned(), "<html>".to_owned())]
        );
        let other = record("https://a.example/v1/models");
        assert!(matches!(
            classify(other.as_bytes(), &Places::default()),
            Item::Foreign(_)
        ));
    }

    /// What has a task and an HTTP status beside a body is an envelope, not the row of a task.
    #[test]
    fn a_task_with_an_http_status_and_a_body_is_a_record() {
        for (body, status) in [
            ("<html>502 Bad Gateway</html>", 502),
            ("upstream connect error", 503),
            ("<html>sign in</html>", 200),
        ] {
            for name in ["body", "response_body", "response"] {
                let record =
                    format!(r#"{{"task_id":"t","status":{status},"{name}":"{body}","ms":12}}"#);
                assert_eq!(
                    embedded(&record),
                    [(Some(status), format!(".{name}"), body.to_owned())],
                    "{record}"
                );
            }
        }
        let record = r#"{"task_id":"t","status":"502","body":"<html>"}"#;
        assert_eq!(
            embedded(record),
            [(Some(502), ".body".to_owned(), "<html>".to_owned())]
        );
        // Nothing can be told of these.
        for record in [
            r#"{"task_id":"t","status":200,"body":"ok"}"#,
            r#"{"task_id":"t","status":204,"body":""}"#,
        ] {
            let item = classify(record.as_bytes(), &Places::default());
            assert!(matches!(item, Item::Foreign(_)), "{record}: {item:?}");
        }
        // The row of a task.
        let row = r#"{"task_id":"t","status":"FAILURE","progress":"100%","fail_reason":"x"}"#;
        assert_eq!(classify(row.as_bytes(), &Places::default()), Item::Response);
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
