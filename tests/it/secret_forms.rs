//! What the redactor promises for each kind of text: secrets that are told by their names.

use seedance_query::redact::{self, Redactor};
use serde_json::json;

use seedance_testing::secret_names::SECRET_NAMES;

const SECRET: &str = "Xc0ffee1Zq9";

/// A named secret in every kind of text.
fn texts(name: &str) -> Vec<String> {
    vec![
        // JSON, also broken off, and many of them.
        format!(r#"{{"{name}":"{SECRET}","n":1}}"#),
        format!(r#"{{"{name}" : ["{SECRET}",{{"a":"{SECRET}"}}],"n":1}}"#),
        format!(r#"{{"{name}":{{"a":{{"b":["x","{SECRET}"]}}}}}}"#),
        format!(r#"{{"a":1,"{name}":"{SECRET}"#),
        format!("{{\"{name}\":\"{SECRET}\"}}\n{{\"{name}\":\"{SECRET}\"}}\n"),
        format!("{{'{name}': '{SECRET}'}}"),
        format!(r#"{{"name":"{name}","value":"{SECRET}"}}"#),
        format!(r#"{{"value":"{SECRET}","name":"{name}"}}"#),
        // YAML and headers.
        format!("{name}: {SECRET}\nother: 1\n"),
        format!("  {name}: '{SECRET}'\n"),
        format!("{name}:\n  - {SECRET}\n  - {SECRET}\nx: 1"),
        format!("{name}: |\n  {SECRET}\n  {SECRET}\nx: 1"),
        format!("{name}:\n  user: x\n  pass: {SECRET}\nx: 1"),
        format!("curl -H '{name}: {SECRET}' x"),
        // HTML and XML.
        format!("<input name=\"{name}\" value=\"{SECRET}\">"),
        format!("<input value='{SECRET}' name='{name}'>"),
        format!("<div data-{name}=\"{SECRET}\">"),
        format!("<div data-x=\"{{&quot;{name}&quot;:&quot;{SECRET}&quot;}}\">"),
        format!("<{name}>{SECRET}</{name}>"),
        // Plain text.
        format!("the {name}={SECRET} was refused"),
        format!("the {name}: {SECRET} was refused"),
    ]
}

#[test]
fn named_secrets_are_found_in_every_kind_of_text() {
    for text in SECRET_NAMES.into_iter().flat_map(texts) {
        for level in 0..4 {
            let body = (0..level).fold(text.clone(), |text, _| {
                json!({ "code": "fail", "message": text }).to_string()
            });
            let once = redact::bytes(body.as_bytes(), &[]);
            let shown = String::from_utf8_lossy(&once);
            assert!(!shown.contains(SECRET), "{body}\n{shown}");
            assert_eq!(redact::bytes(&once, &[]), once, "{body}");
            assert!(!redact::text(&body).contains(SECRET), "{body}");
        }
    }
}

/// Nothing but the exact placeholder is taken for one.
#[test]
fn what_begins_like_a_placeholder_is_a_secret() {
    for secret in [
        "REDACTEDc0ffee",
        "REDACTED-c0ffee",
        "REDACTED-1",
        "REDACTED-02c",
    ] {
        for text in [
            format!(r#"{{"token":"{secret}"}}"#),
            format!("https://a.example/v?sig={secret}"),
            format!("Authorization: Bearer {secret}"),
        ] {
            let redacted = redact::bytes(text.as_bytes(), &[]).into_owned();
            let redacted = String::from_utf8(redacted).unwrap();
            assert!(
                redacted.contains("REDACTED") && !redacted.contains(secret),
                "{redacted}"
            );
        }
    }
}

#[test]
fn words_are_no_secrets() {
    for text in [
        "invalid token: expired",
        "Invalid token (request id: 2026)",
        "token: invalid or expired.",
        "usage: total_tokens=108900, max_tokens: 5",
        r#"{"total_tokens":108900,"completion_tokens":"5","auth":true,"x":"token"}"#,
        "the author: me; design: new",
        "session: closed",
        "HTTP 401: unauthorized: no such token",
        "/data/data/usage/total_tokens",
    ] {
        assert_eq!(redact::text(text), text);
        assert_eq!(&*redact::bytes(text.as_bytes(), &[]), text.as_bytes());
    }
}

#[test]
fn what_a_body_is_judged_by_stays() {
    for (body, redacted) in [
        (
            &b"{\"u\":\"https://a.example/v?sig=ab\xffcd\"}"[..],
            &b"{\"u\":\"https://a.example/v?sig=REDACTED\xffREDACTED\"}"[..],
        ),
        (
            b"{\"u\":\"https://a.example/v?sig=ab\x01cd\"}",
            b"{\"u\":\"https://a.example/v?sig=REDACTED\x01REDACTED\"}",
        ),
        (
            br#"{"token":"ab\ud800cd"}"#,
            br#"{"token":"REDACTED\ud800REDACTED"}"#,
        ),
        (
            br#"{"token":"ab\qcd"}"#,
            br#"{"token":"REDACTED"} REDACTED"#,
        ),
        (br#"{"password":1e999}"#, br#"{"password":1e999}"#),
        (br#"{"password":12,"x":12}"#, br#"{"password":0,"x":12}"#),
    ] {
        let once = redact::bytes(body, &[]);
        assert_eq!(
            String::from_utf8_lossy(&once),
            String::from_utf8_lossy(redacted)
        );
        assert_eq!(redact::bytes(&once, &[]), once);
    }
}

#[test]
fn ids_are_whoever_asked_and_what_for() {
    let redactor = Redactor::new().ids(true);
    for (text, redacted) in [
        (
            r#"{"user_id": 12, "group":"vip","seed":7,"Channel_ID":-1.5e3}"#,
            r#"{"user_id": 0, "group":"REDACTED","seed":7,"Channel_ID":0}"#,
        ),
        (
            r#"{"user":{"id":5,"names":["a\"b",null,true,{"x":"y"}]},"id":5}"#,
            r#"{"user":{"id":0,"names":["REDACTED",null,true,{"x":"REDACTED"}]},"id":5}"#,
        ),
        (
            r#"{"a":"group","b":["user_id",12],"user_id":null,"group":""}"#,
            r#"{"a":"group","b":["user_id",12],"user_id":null,"group":""}"#,
        ),
        (
            r#"{"m":"{\"user_id\": 12,\"group\":\"vip\",\"x\":\"{\\\"email\\\":\\\"a@b\\\"}\"}"}"#,
            r#"{"m":"{\"user_id\": 0,\"group\":\"REDACTED\",\"x\":\"{\\\"email\\\":\\\"REDACTED\\\"}\"}"}"#,
        ),
        (
            r#"{"m":"{\"user\":{\"id\": [7,\"a\\\\\\\"b\"]},\"id\":7}"}"#,
            r#"{"m":"{\"user\":{\"id\": [0,\"REDACTED\"]},\"id\":7}"}"#,
        ),
        (
            r#"<script>x={"user_id":12}</script>"#,
            r#"<script>x={"user_id":0}</script>"#,
        ),
        (r#"{"us\u0065r_id":12}"#, r#"{"us\u0065r_id":0}"#),
        (r#"{"user_id""#, r#"{"user_id""#),
        (r#""group":"#, r#""group":"#),
        (
            r#"{"properties":{"input":"a cat, says me@a.example","origin_model_name":"m"}}"#,
            r#"{"properties":{"input":"REDACTED","origin_model_name":"m"}}"#,
        ),
        (
            r#"{"message":"ask me@a.example.","model":"ep-20260528202910-abcde"}"#,
            r#"{"message":"ask REDACTED.","model":"REDACTED"}"#,
        ),
    ] {
        let once = redactor.bytes(text.as_bytes());
        assert_eq!(String::from_utf8_lossy(&once), redacted);
        assert_eq!(redactor.bytes(&once), once);
    }
}
