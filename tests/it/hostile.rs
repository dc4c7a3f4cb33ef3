//! Bodies that mean harm: a finding in bounded time and stack.

use std::{
    fmt::Write as _,
    thread,
    time::{Duration, Instant},
};

use seedance_query::{MAX_BODY_BYTES, Report, Rule, Validator, Verdict, decode, validate};

/// Validates on a thread whose stack is far smaller than the default of 2 MiB.
fn in_little_stack(body: Vec<u8>) -> Report {
    let work = move || {
        let started = Instant::now();
        let validator = Validator::new().max_body_bytes(usize::MAX);
        let report = validator.validate(&body);
        let _ = decode(&body);
        let _ = validator.status(502).validate(&body);
        // Not a benchmark: a quadratic algorithm would need hours.
        assert!(started.elapsed() < Duration::from_mins(2));
        report
    };
    thread::Builder::new()
        .stack_size(512 << 10)
        .spawn(work)
        .unwrap()
        .join()
        .unwrap()
}

fn only_rule(report: &Report) -> Rule {
    assert_eq!(report.findings().len(), 1, "{:?}", report.findings());
    report.findings()[0].rule
}

#[test]
fn deep_nesting() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let deep = format!("{}1{}", open.repeat(20_000), close.repeat(20_000));
        for body in [
            deep.clone(),
            format!(
                r#"{{"code":"success","message":"","data":{{"status":"QUEUED","data":{deep}}}}}"#
            ),
        ] {
            let report = in_little_stack(body.into_bytes());
            assert_eq!(only_rule(&report), Rule::NotJson);
            assert!(
                report.findings()[0].message.contains("too deep"),
                "{:?}",
                report.findings()
            );
        }
    }
    // What the parser still takes, everything behind it takes too.
    let deep = format!("{}1{}", "{\"a\":".repeat(120), "}".repeat(120));
    let body =
        format!(r#"{{"code":"success","message":"","data":{{"status":"QUEUED","x":{deep}}}}}"#);
    assert_eq!(
        in_little_stack(body.into_bytes()).verdict(),
        Verdict::Violates
    );
}

#[test]
fn a_hundred_megabytes_of_string() {
    let long = "https://a.example/v?sig=".to_owned() + &"x".repeat(100_000_000);
    for body in [
        format!(r#"{{"code":"success","message":"","data":{{"task_id":"t","status":"{long}"}}}}"#),
        format!(
            r#"{{"code":"success","message":"","data":{{"task_id":"{long}","status":"QUEUED"}}}}"#
        ),
        format!(r#"{{"code":"{long}","message":"{long}"}}"#),
        format!(r#"{{"error":{{"message":"{long}"}}}}"#),
        long.clone(),
    ] {
        let report = in_little_stack(body.into_bytes());
        for finding in report.findings() {
            assert!(finding.to_string().len() < 1000);
            assert!(!finding.to_string().contains("sig="), "{finding}");
        }
    }
}

#[test]
fn ninety_thousand_members() {
    let mut members = String::new();
    for number in 0..90_000 {
        let _ = write!(members, r#","x{number}":1"#);
    }
    let body = format!(
        r#"{{"code":"success","message":"","data":{{"task_id":"t","status":"QUEUED"{members}}}}}"#
    );
    let report = in_little_stack(body.into_bytes());
    assert!(report.findings().len() < 200, "{}", report.findings().len());
    assert!(
        report
            .findings()
            .iter()
            .any(|finding| finding.message.contains("89900 more fields"))
    );
}

#[test]
fn ninety_thousand_faults() {
    let ones = vec!["1"; 90_000].join(",");
    let task = format!(r#""task_id":"t","status":"QUEUED","data":{{"tools":[{ones}]}}"#);
    let body = format!(r#"{{"code":"success","message":"","data":{{{task}}}}}"#);
    let report = in_little_stack(body.into_bytes());
    assert_eq!(report.verdict(), Verdict::Violates);
    assert!(
        report.findings().len() <= 250,
        "{}",
        report.findings().len()
    );
    assert!(
        report
            .findings()
            .iter()
            .any(|finding| finding.rule == Rule::TooManyFindings)
    );
}

#[test]
fn more_values_than_are_read() {
    for item in ["1", "[]", "{\"a\":1}"] {
        let items = vec![item; 1_000_000].join(",");
        let report = in_little_stack(format!("[{items}]").into_bytes());
        assert_eq!(only_rule(&report), Rule::OversizedBody);
    }
}

#[test]
fn more_bytes_than_are_read() {
    let report = validate(&vec![b' '; MAX_BODY_BYTES + 1]);
    assert_eq!(only_rule(&report), Rule::OversizedBody);
    let message = &report.findings()[0].message;
    assert!(
        message.contains("4194305 bytes, the limit is 4194304"),
        "{message}"
    );
    assert_eq!(
        only_rule(&validate(&vec![b' '; MAX_BODY_BYTES])),
        Rule::NotJson
    );
}

/// A name that leads to many places is not kept for each of them.
#[test]
fn a_long_name_and_many_keys_that_come_again() {
    let name = "n".repeat(1_000_000);
    let objects = vec![r#"{"k":1,"k":2}"#; 8_000].join(",");
    let report =
        in_little_stack(format!(r#"{{"code":"success","{name}":[{objects}]}}"#).into_bytes());
    let duplicates = report
        .findings()
        .iter()
        .filter(|finding| finding.rule == Rule::DuplicateKey);
    assert_eq!(duplicates.count(), 200);
}

#[test]
fn bytes_that_are_no_text() {
    let report = in_little_stack(b"{\"code\":\"success\",\"data\":\"\xff\xfe\"}".to_vec());
    assert_eq!(only_rule(&report), Rule::NotJson);
    assert!(report.findings()[0].message.contains("not UTF-8"));
}

#[test]
fn keys_that_come_again() {
    let body = br#"{"code":"success","message":"","data":{"task_id":"a","task_id":"b","status":"QUEUED","data":{"tools":[{"x":1,"x":2}]}}}"#;
    let report = in_little_stack(body.to_vec());
    let places: Vec<&str> = report
        .findings()
        .iter()
        .filter(|finding| finding.rule == Rule::DuplicateKey)
        .map(|finding| finding.pointer.as_str())
        .collect();
    assert_eq!(places, ["/data/data/tools/0/x", "/data/task_id"]);
    assert_eq!(decode(body).unwrap().data.task_id().unwrap().as_str(), "b");
}

#[test]
fn what_is_no_json_is_told_apart() {
    for (body, message) in [
        (&b""[..], "the body is empty"),
        (b" \n ", "the body is empty"),
        (
            b"<html><head><TITLE>Just a moment...</TITLE>",
            "HTML or XML: \"Just a moment...\"",
        ),
        (b"<?xml version='1.0'?>", "the body is HTML or XML"),
        (b"\x1f\x8b\x08\x00", "gzip data"),
        (b"\x28\xb5\x2f\xfd\x00", "zstd data"),
        (b"\xef\xbb\xbf{}", "byte order mark"),
        (
            b"{\"code\": ",
            "ends in the middle of its JSON (line 1, column 9)",
        ),
        (
            b"{\"code\": nope}",
            "the body is not JSON: expected ident (line 1, column 11)",
        ),
        (b"{} {}", "trailing characters"),
        (b"[1e999]", "number out of range"),
    ] {
        let report = validate(body);
        assert_eq!(only_rule(&report), Rule::NotJson);
        let found = &report.findings()[0].message;
        assert!(
            found.contains(message),
            "{found:?} does not say {message:?}"
        );
        assert_eq!(report.shape(), None);
    }
}
