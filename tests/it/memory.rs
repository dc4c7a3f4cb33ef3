//! The most memory that hostile answers take, each measured in a process of its own.

use std::{
    env,
    process::{Command, Stdio},
};

use seedance_query::{
    Client, MAX_BODY_BYTES, Report, Rule, Validator, decode, redact::Redactor, validate,
    validate::ParsedBody, validate_response,
};
use seedance_testing::{bench::memory, http_message::json, http_server::Server};

/// Tells a test that it is the process to be measured, and what it works on.
const MEASURED: &str = "SEEDANCE_TEST_MEASURED";
const PEAK: &str = "peak in MiB: ";
const MAX_MIB: f64 = 64.0;

/// What the measured process works on, if this is one.
fn measured() -> Option<String> {
    env::var(MEASURED).ok()
}

/// Prints the most memory that this process had.
fn print_peak() {
    println!("{PEAK}{}", memory("VmHWM"));
}

/// Runs a test of this file in a process of its own; the most memory that it had, in MiB.
fn peak_of(test: &str, argument: &str) -> f64 {
    let output = Command::new(env::current_exe().unwrap())
        .args(["--exact", &format!("memory::{test}")])
        .args(["--nocapture", "--test-threads", "1"])
        .env(MEASURED, argument)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    let said = format!("{printed}{}", String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{said}");
    let peak = printed.lines().find_map(|line| line.split(PEAK).nth(1));
    let peak: f64 = peak.expect(&said).trim().parse().unwrap();
    println!("{test} {argument}: {peak:.1} MiB at most");
    peak
}

/// The client stops reading long before an answer of 60 MB is whole.
#[tokio::test(flavor = "multi_thread")]
async fn an_answer_of_60_megabytes() {
    if let Some(url) = measured() {
        let client = Client::builder()
            .base_url(url)
            .api_key("sk-test-0123456789abcdef");
        let client = client.build().unwrap();
        let error = client
            .query(&"asyntask_1".parse().unwrap())
            .await
            .unwrap_err();
        assert!(error.is_not_understood(), "{error:?}");
        assert!(error.to_string().contains("too long"), "{error}");
        print_peak();
        return;
    }
    let filler = "x".repeat(60_000_000);
    let task = format!(r#"{{"task_id":"asyntask_1","status":"QUEUED","x":"{filler}"}}"#);
    let body = format!(r#"{{"code":"success","message":"","data":{task}}}"#);
    let server = Server::always(json(body.as_bytes())).await;
    let url = server.url.clone();
    let test = "an_answer_of_60_megabytes";
    let peak = tokio::task::spawn_blocking(move || peak_of(test, &url))
        .await
        .unwrap();
    assert!(peak < MAX_MIB, "{peak} MiB");
}

/// A text that takes no more memory than its length while it is made.
fn of_values(before: &str, item: &str, after: &str, length: usize) -> String {
    let mut text = String::with_capacity(length);
    text.push_str(before);
    while text.len() + item.len() + 1 + after.len() < length {
        text.push_str(item);
        text.push(',');
    }
    text.push('0');
    text.push_str(after);
    text
}

const TASK: &str = r#"{"code":"success","data":{"task_id":"t","status":"SUCCESS","data":"#;

/// Bodies of few bytes a value: as such, within a task, and as text of the longest length that is
/// read.
fn of_many_values(what: &str) -> String {
    let long = 16_000_000;
    match what {
        "arrays" => of_values("[", "[]", "]", long),
        "objects" => of_values("[", "{}", "]", long),
        "members" => of_values("[", r#"{"a":0}"#, "]", long),
        "numbers in a task" => of_values(&format!("{TASK}{{\"tools\":["), "0", "]}}}", long),
        "arrays as text" => of_values(&format!("{TASK}\"["), "[]", "]\"}}", MAX_BODY_BYTES),
        "arrays as a reason" => of_values(
            r#"{"error":{"message":"{\"a\":["#,
            "[]",
            r#"]}"}}"#,
            MAX_BODY_BYTES,
        ),
        _ => unreachable!("{what}"),
    }
}

#[test]
fn a_body_of_16_megabytes_of_values() {
    if let Some(what) = measured() {
        let body = of_many_values(&what);
        let body = body.as_bytes();
        // Of a text, no more than one value is seen at first.
        let is_text = what.contains(" as ");
        let is_oversized = |report: &Report| {
            report
                .findings()
                .first()
                .is_some_and(|found| found.rule == Rule::OversizedBody)
        };
        for report in [validate(body), validate_response(502, body)] {
            assert_eq!(is_oversized(&report), !is_text, "{what}: {report:?}");
        }
        // The same for whoever allows any length: then the number of values is what ends it.
        let report = Validator::new().max_body_bytes(usize::MAX).validate(body);
        assert_eq!(is_oversized(&report), !is_text, "{what}: {report:?}");
        let _ = ParsedBody::new(Some(200), body).view();
        let _ = ParsedBody::new(Some(200), body).task();
        assert!(decode(body).is_err() || is_text, "{what}");
        print_peak();
        return;
    }
    for what in [
        "arrays",
        "objects",
        "members",
        "numbers in a task",
        "arrays as text",
        "arrays as a reason",
    ] {
        let peak = peak_of("a_body_of_16_megabytes_of_values", what);
        assert!(peak < MAX_MIB, "{what}: {peak} MiB");
    }
}

/// What is read at all is redacted in bounded memory, too, even if all of it is secrets.
#[test]
fn a_body_of_the_longest_length_without_its_secrets() {
    if let Some(part) = measured() {
        let body = part.repeat(MAX_BODY_BYTES / part.len());
        let redactor = Redactor::new().secret("sk-0123456789abcdef").ids(true);
        let _ = redactor.bytes(body.as_bytes());
        print_peak();
        return;
    }
    for part in [
        "\\n",
        "%41",
        "&amp;",
        "a@b.c ",
        "token=x ",
        "\"token\":1,",
        "http://a?b=c ",
    ] {
        let peak = peak_of("a_body_of_the_longest_length_without_its_secrets", part);
        assert!(peak < 1.5 * MAX_MIB, "{part}: {peak} MiB");
    }
}
