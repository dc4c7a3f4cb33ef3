//! What all responses of a run have is said once a run, and not once a response.

use std::{fs, path::Path};

use serde_json::{Value, json};

use super::validate::run_in;

/// A row of the open-source gateway as it sends it, with its number in all that differs.
fn row(number: u64) -> Value {
    json!({ "code": "success", "message": "", "data": {
        "id": number, "created_at": 1_780_000_000 + number, "updated_at": 1_780_000_020 + number,
        "task_id": format!("task_{number:032}"), "platform": "54", "user_id": 1, "group": "default",
        "channel_id": number % 9, "quota": 5_750_000, "action": "generate", "status": "IN_PROGRESS",
        "fail_reason": "", "submit_time": 1_780_000_000 + number,
        "start_time": 1_780_000_010 + number, "finish_time": 0, "progress": "50%",
        "properties": { "input": "", "origin_model_name": "seedance-2.0" }, "data": null,
    }})
}

/// The same task in the gateway's short form.
fn list(number: u64) -> Value {
    json!({ "id": format!("task_{number:032}"), "status": "processing" })
}

fn write(directory: &Path, name: &str, body: &Value) {
    fs::write(directory.join(name), format!("{body:#}\n")).unwrap();
}

fn rows(count: u64) -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    for number in 0..count {
        write(directory.path(), &format!("{number}.json"), &row(number));
    }
    directory
}

fn times(out: &str, rule: &str) -> usize {
    out.matches(&format!("[{rule}]")).count()
}

#[test]
fn what_each_row_of_a_gateway_has_is_said_once() {
    let directory = rows(25);
    let (code, out, err) = run_in(directory.path(), &["."]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert_eq!(times(&out, "gateway-row"), 1, "{out}");
    let (before, after) = out.split_once("in all 25 responses:\n").unwrap();
    // Each response still has its line.
    assert_eq!(before.matches("drifts ").count(), 25, "{before}");
    assert!(after.starts_with("info[gateway-row]"), "{after}");
    assert!(!out.contains("not shown"), "{out}");
    // So it is in lines of one file, of which a single one was shown before.
    let lines: Vec<String> = (0..25).map(|number| row(number).to_string()).collect();
    fs::write(directory.path().join("rows.ndjson"), lines.join("\n")).unwrap();
    let (_, out, _) = run_in(directory.path(), &["rows.ndjson"]);
    assert!(
        out.starts_with("in all 25 responses:\ninfo[gateway-row]"),
        "{out}"
    );
    assert_eq!(times(&out, "gateway-row"), 1, "{out}");
}

#[test]
fn what_one_row_lacks_or_only_two_have_is_said_with_each() {
    let directory = rows(6);
    let documented = json!({ "code": "success", "message": "", "data": {
        "task_id": "asyntask_Qm4tZ81kWvYc3RbN7sXeLh2GpD6uJa0F", "action": "generate",
        "status": "QUEUED", "submit_time": 1_780_000_000, "start_time": 0, "finish_time": 0,
        "progress": "0%", "request_id": "r1",
    }});
    write(directory.path(), "9.json", &documented);
    let (_, out, _) = run_in(directory.path(), &["."]);
    assert!(out.contains("conforms  ./9.json (pending)"), "{out}");
    assert_eq!(times(&out, "gateway-row"), 6, "{out}");
    assert!(!out.contains("in all"), "{out}");

    let (_, out, _) = run_in(directory.path(), &["0.json", "1.json"]);
    assert_eq!(times(&out, "gateway-row"), 2, "{out}");
}

#[test]
fn each_of_two_forms_is_named() {
    let directory = rows(4);
    for number in 0..3 {
        write(
            directory.path(),
            &format!("list-{number}.json"),
            &list(number),
        );
    }
    let (_, out, _) = run_in(directory.path(), &["."]);
    let (_, after) = out
        .split_once("in all 3 responses of the form `content_list`:")
        .unwrap();
    assert!(after.contains("warning[other-form]"), "{after}");
    assert!(
        out.contains("in all 4 responses of the form `enveloped`:\ninfo[gateway-row]"),
        "{out}"
    );
    assert_eq!(
        (times(&out, "other-form"), times(&out, "gateway-row")),
        (1, 1),
        "{out}"
    );
}

/// As a gateway's three operations tell of its tasks.
#[test]
fn what_two_forms_have_in_common_is_said_once() {
    let directory = rows(4);
    for number in 0..3 {
        let video = json!({
            "id": format!("task_{number:032}"), "object": "video", "model": "seedance-2.0",
            "status": "queued", "progress": 0, "created_at": 1_780_000_000 + number,
        });
        write(
            directory.path(),
            &format!("list-{number}.json"),
            &list(number),
        );
        write(directory.path(), &format!("video-{number}.json"), &video);
    }
    let (_, out, _) = run_in(directory.path(), &["."]);
    assert!(
        out.contains("in all 6 responses of the forms `content_list` and `video_object`:"),
        "{out}"
    );
    assert_eq!(times(&out, "other-form"), 1, "{out}");
}

#[test]
fn copies_of_a_response_are_responses() {
    let directory = tempfile::tempdir().unwrap();
    for name in ["a.json", "b.json", "c.json"] {
        write(directory.path(), name, &row(1));
    }
    let (_, out, _) = run_in(directory.path(), &["."]);
    assert!(
        out.contains("in all 3 responses:\ninfo[gateway-row]"),
        "{out}"
    );
    assert!(out.contains("\n3 responses: 0 conform, 3 drift"), "{out}");
}

#[test]
fn errors_are_said_with_each_response() {
    let directory = tempfile::tempdir().unwrap();
    for number in 0..4 {
        let mut body = row(number);
        body["data"]["status"] = "LOST".into();
        write(directory.path(), &format!("{number}.json"), &body);
    }
    let (code, out, _) = run_in(directory.path(), &["."]);
    assert_eq!((code, times(&out, "unknown-status")), (1, 4), "{out}");
}

#[test]
fn the_exit_status_and_formats_for_programs_stay_complete() {
    let directory = rows(5);
    for (severity, code) in [("never", 0), ("error", 0), ("warning", 0), ("info", 1)] {
        let (status, ..) = run_in(directory.path(), &["--fail-on", severity, "."]);
        assert_eq!(status, code, "{severity}");
    }
    for format in ["json", "junit", "sarif", "github"] {
        let (_, out, _) = run_in(directory.path(), &["--format", format, "."]);
        let found = match format {
            "json" => out.matches("\"rule\":\"gateway-row\"").count(),
            "junit" => out.matches("info[gateway-row]").count(),
            "sarif" => out.matches("\"ruleId\":\"gateway-row\"").count(),
            _ => out.matches("title=gateway-row::").count(),
        };
        assert_eq!(found, 5, "{format}: {out}");
    }
}
