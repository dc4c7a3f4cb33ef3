//! What is redacted: no secret is left, and the report is what it was.

use std::sync::LazyLock;

use proptest::prelude::*;
use seedance_query::{
    CONTRACT_SCHEMA, DOCUMENTATION_SCHEMA, Report, Rule,
    capture::{Capture, Request},
    redact::{self, Redactor},
    validate,
};
use serde_json::{Value, json};

use seedance_testing::{arbitrary, files::read_all};

static SCHEMAS: LazyLock<[Value; 2]> = LazyLock::new(|| {
    [CONTRACT_SCHEMA, DOCUMENTATION_SCHEMA].map(|schema| serde_json::from_str(schema).unwrap())
});

/// Bodies as text, their slashes and ampersands escaped or not.
pub fn bodies() -> impl Strategy<Value = String> {
    let body = prop_oneof![arbitrary::body(&SCHEMAS[0]), arbitrary::body(&SCHEMAS[1])];
    (body, any::<bool>()).prop_map(|(body, is_escaped)| {
        let text = body.to_string();
        if is_escaped {
            text.replace('/', "\\/").replace('&', "\\u0026")
        } else {
            text
        }
    })
}

/// What must not change. The name of a member can be a secret, too; then its place does.
pub fn outline(report: &Report) -> (String, Vec<(Rule, String)>) {
    // A name can also be that of somebody, such as a mail address.
    let redactor = redact::Redactor::new().ids(true);
    let has_secret_name = |pointer: &str| {
        pointer.contains("REDACTED") || *redactor.bytes(pointer.as_bytes()) != *pointer.as_bytes()
    };
    let findings = report
        .findings()
        .iter()
        .filter(|finding| !has_secret_name(&finding.pointer) && !finding.pointer.contains('…'))
        .map(|finding| (finding.rule, finding.pointer.clone()));
    let kind = format!("{:?} {}", report.shape(), report.verdict());
    (kind, findings.collect())
}

/// Texts of what secrets are told by, in any order.
fn pieces() -> impl Strategy<Value = String> {
    "(token|auth|\"|'|:|=| |\n|\\[|\\{|\\]|\\}|,|\\\\|name|value|-|&quot;|REDACTED|Bearer |7|x|://|\\?|&|<|>|@|https://a\\.example|sk-abcdefgh|k){0,24}"
}

/// Texts with a secret in every place that a secret can have.
fn leaks(secret: &str) -> Vec<String> {
    let url = "https://storage.example/v.mp4";
    vec![
        format!("{url}?X-Tos-Date=20260629T185323Z&X-Tos-Signature={secret}"),
        format!("{url}?X-Tos-Credential={secret}%2Frequest&X-Tos-Expires=60"),
        format!("{url}?X-Tos-Expires=60&{secret}"),
        format!("{url}?{secret}"),
        format!("{url}?{secret}=="),
        format!("{url}?x={secret}={secret}?{secret}#{secret}"),
        format!("{url}#access_token={secret}"),
        format!("{url};sid={secret}"),
        format!("https://{secret}@storage.example/v.mp4"),
        format!("https://me:{secret}@storage.example"),
        format!("see {url},https://{secret}:{secret}@storage.example"),
        format!("/v.mp4?a=1&s={secret}"),
        format!("X-Tos-Signature={secret}&x=1"),
        format!("Authorization: Bearer {secret}"),
        format!("Incorrect API key provided: sk-{secret}."),
        format!("<a href='{url}?a=1&amp;s={secret}'>video</a>"),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 1024,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn the_report_stays(body in bodies()) {
        let redacted = redact::bytes(body.as_bytes(), &[]);
        prop_assert_eq!(
            outline(&validate(&redacted)),
            outline(&validate(body.as_bytes())),
            "{}\n{}", body, String::from_utf8_lossy(&redacted)
        );
    }

    /// Also if some bytes of it are others: no secret decides whether a body is UTF-8 or JSON.
    #[test]
    fn the_verdict_on_a_damaged_body_stays(
        body in bodies(),
        damages in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        is_named: bool,
    ) {
        let mut body = if is_named {
            body.replacen('{', r#"{"token":"c0ffee","session_id":{"a":["c0\u00ffee",7]},"#, 1)
        } else {
            body
        }
        .into_bytes();
        for (index, byte) in damages {
            let at = index.index(body.len());
            body[at] = byte;
        }
        let redacted = redact::bytes(&body, &[]);
        prop_assert_eq!(
            outline(&validate(&redacted)),
            outline(&validate(&body)),
            "{}\n{}", String::from_utf8_lossy(&body), String::from_utf8_lossy(&redacted)
        );
    }

    #[test]
    fn twice_is_once(text in prop_oneof![bodies(), any::<String>(), "[a-z?&#;=:/@\\\\\" %.-]{0,64}", pieces()], ids: bool) {
        let redactor = Redactor::new().secret("sk-0123456789").secret("k").ids(ids);
        let once = redactor.bytes(text.as_bytes());
        prop_assert_eq!(&redactor.bytes(&once), &once, "{}", text);
        let line = redactor.text(&text);
        prop_assert_eq!(&redactor.text(&line), &line, "{}", text);
        let is_json = |text: &[u8]| serde_json::from_slice::<Value>(text).is_ok();
        prop_assert_eq!(is_json(&once), is_json(text.as_bytes()), "{}", text);
    }

    #[test]
    fn any_bytes_will_do(bytes in prop::collection::vec(any::<u8>(), 0..256)) {
        let once = redact::bytes(&bytes, &[]);
        prop_assert_eq!(&redact::bytes(&once, &[]), &once);
    }

    #[test]
    fn no_secret_is_left(secret in "[A-Za-z0-9]{12,40}", key in "[!-~]{12,40}", escape in 0_usize..4) {
        // What has a backslash before a letter is an escape, in a key as elsewhere.
        prop_assume!(!key.contains('\\') && !key.contains("REDACTED"));
        let mut texts = leaks(&secret);
        texts.push(format!("the key is {key}, {key}"));
        for text in texts {
            // Each time as JSON in the text of the one before.
            let body = (0..escape).fold(text, |text, level| {
                let body = json!({ "code": "fail", "message": text }).to_string();
                if level == 0 { body.replace('/', "\\/").replace('&', "\\u0026") } else { body }
            });
            let redacted = redact::bytes(body.as_bytes(), &[&key]).into_owned();
            let redacted = String::from_utf8(redacted).unwrap();
            prop_assert!(!redacted.contains(&secret) && !redacted.contains(&key), "{redacted}");
            if escape > 0 {
                let mut value: Value = serde_json::from_str(&redacted).unwrap();
                for _ in 1..escape {
                    value = serde_json::from_str(value["message"].as_str().unwrap()).unwrap();
                }
                prop_assert!(!value.to_string().contains(&secret));
            }
        }
    }

    #[test]
    fn what_is_written_is_read(
        status in 100_u16..1000,
        label in prop::option::of("[a-z]([ -~]{0,30}[a-z:])?"),
        target in prop::option::of("[!-~]{1,40}"),
        headers in prop::collection::vec(("[A-Za-z][A-Za-z0-9-]{0,20}", "([!-~]([ -~]{0,30}[!-~])?)?"), 0..8),
        body in prop_oneof![bodies().prop_map(String::into_bytes), prop::collection::vec(any::<u8>(), 0..64)],
    ) {
        let headers: Vec<_> = headers
            .into_iter()
            .filter(|(name, _)| !name.eq_ignore_ascii_case("content-length"))
            .map(|(name, value)| (name, value.into_bytes()))
            .collect();
        let status = http::StatusCode::from_u16(status).unwrap();
        let mut capture = Capture::new(status, headers.clone(), body);
        capture.note.clone_from(&label);
        capture.label = label;
        capture.request = target.map(|target| Request { method: "GET".to_owned(), target, headers });
        for capture in [capture.redacted(&[]), capture] {
            let bytes = capture.to_bytes();
            let read = Capture::parse(&bytes);
            prop_assert_eq!(read.as_ref(), Ok(&capture), "{}", String::from_utf8_lossy(&bytes));
            prop_assert_eq!(&bytes[read.unwrap().body_range.unwrap()], capture.body);
        }
    }

    #[test]
    fn no_head_is_more_than_it_says(
        texts in prop::collection::vec(any::<String>(), 4),
        value in prop::collection::vec(any::<u8>(), 0..32),
        body in any::<Vec<u8>>(),
    ) {
        let headers = vec![(texts[0].clone(), value.clone()), ("X-Odd".to_owned(), value)];
        let mut capture = Capture::new(http::StatusCode::OK, headers.clone(), body);
        capture.label = Some(texts[1].clone());
        capture.request = Some(Request {
            method: texts[2].clone(),
            target: texts[3].clone(),
            headers,
        });
        let read = Capture::parse(&capture.to_bytes()).unwrap();
        prop_assert_eq!((read.status, &read.body), (capture.status, &capture.body));
        prop_assert!(read.headers.len() <= 2 && read.note.is_none() && read.label.is_some());
    }
}

/// The bodies of the repository, with signatures like real ones.
#[test]
fn the_reports_on_all_bodies_stay() {
    for directory in ["tests/captures", "tests/drift"] {
        for body in read_all(directory) {
            let text = String::from_utf8_lossy(&body.bytes);
            let signature = "0f8a2c".repeat(10);
            let signed = text.replace("REDACTED", &signature);
            let redacted = redact::bytes(signed.as_bytes(), &[]);
            assert_eq!(String::from_utf8_lossy(&redacted), text, "{}", body.name);
            assert_eq!(
                outline(&validate(&redacted)),
                outline(&validate(signed.as_bytes())),
                "{}",
                body.name
            );
        }
    }
}

/// What is signed at different times is one file, and says no more than if it was signed once.
#[test]
fn urls_that_differ_in_their_signature_are_one_fact() {
    let body = |signatures: [&str; 2]| {
        let [outer, inner] = signatures
            .map(|signature| format!("http://storage.example/v.mp4?X-Tos-Signature={signature}"));
        let upstream = json!({ "content": { "video_url": inner } });
        let task =
            json!({ "task_id": "t", "status": "SUCCESS", "result_url": outer, "data": upstream });
        json!({ "code": "success", "message": "", "data": task }).to_string()
    };
    let report = validate(body(["c0ffee", "decaf"]).as_bytes());
    let rules: Vec<Rule> = report
        .findings()
        .iter()
        .map(|finding| finding.rule)
        .collect();
    assert_eq!(
        rules
            .iter()
            .filter(|rule| **rule == Rule::InsecureUrl)
            .count(),
        1
    );
    let redacted = validate(body(["REDACTED", "REDACTED"]).as_bytes());
    assert_eq!(outline(&report), outline(&redacted));
}

/// A quadratic way would take minutes.
#[test]
fn a_long_body_is_no_long_wait() {
    let nested = |value: &str| {
        let strings = json!(vec![value; 10_000]).to_string();
        json!({ "m": json!({ "m": strings }).to_string(), "n": strings }).to_string()
    };
    let nested = [
        "sk-abcdefghijkl",
        "token: c0ffee",
        "-----BEGIN PRIVATE KEY-----",
    ]
    .map(nested);
    let parts = [
        "://",
        "?=",
        "sk-",
        "\\",
        "a:@",
        "\"",
        "=",
        ";&#?",
        "token=",
        "://a?",
        "token:'",
        "token:\\\"",
        "token:[",
        "\"token\":[",
        "\"token\":\"",
        "eyJ",
        "eyJ.",
        "bearer ",
        "basic ",
        "-----BEGIN PRIVATE KEY-----",
        "token:\n ",
        "name=token value=",
        "value=",
        "&amp;",
        "&#",
        "%25",
        "a@b.",
        "ep-1",
        "<token>",
        "-AKIA",
        "/token/",
        "://a:b@",
        "http://a1:b@x/ ",
        "\n- token:",
    ];
    let repeated = parts.map(|part| part.repeat((1 << 18) / part.len()));
    for body in repeated.into_iter().chain(nested) {
        let start = std::time::Instant::now();
        let redactor = Redactor::new().secret("sk-0123456789").ids(true);
        let _ = redactor.bytes(body.as_bytes());
        assert!(start.elapsed().as_secs() < 20, "{}", &body[..64]);
    }
}
