//! The lines against the schema of a line.

use std::fs;

use jsonschema::Validator;
use seedance_query::Source;
use seedance_traffic::{
    Output, Recordings, Session,
    output::json::{self, Json},
};
use serde_json::{Value, json};

use super::validate_all;
use seedance_testing::files::{files, read_all, root, snapshots};

fn schema() -> Validator {
    let schema: Value = serde_json::from_str(&json::schema()).unwrap();
    jsonschema::meta::validate(&schema).unwrap();
    jsonschema::draft202012::new(&schema).unwrap()
}

fn lines(text: &[u8]) -> Vec<Value> {
    let text = std::str::from_utf8(text).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[test]
fn every_line_follows_the_schema() {
    let mut out = Vec::new();
    validate_all(&mut Json::new(&mut out).with_summary(true));
    let lines = lines(&out);
    let bodies = super::DIRECTORIES.map(read_all);
    let is_response = |line: &&Value| line.get("verdict").is_some();
    let responses = lines.iter().filter(is_response).count();
    assert_eq!(responses, bodies.iter().map(Vec::len).sum::<usize>());
    // The directories are not in the order of their names.
    let across = lines.iter().filter(|line| line.get("across").is_some());
    assert_eq!(across.count() + responses + 1, lines.len());
    let schema = schema();
    for line in &lines {
        if let Err(error) = schema.validate(line) {
            panic!("{error} at {} of {line}", error.instance_path());
        }
    }
    assert!(lines.last().unwrap()["summary"]["responses"].is_u64());
}

#[test]
fn a_line_is_the_report_with_its_source() {
    for (path, body) in files("tests/drift").iter().zip(read_all("tests/drift")) {
        if body.bytes.starts_with(b"[") {
            // A file with a list is read as a list of responses.
            continue;
        }
        let path = path.strip_prefix(root()).unwrap();
        let mut out = Vec::new();
        let recordings = Recordings::new([path.to_owned()]);
        recordings
            .validate(Session::new(), &mut Json::new(&mut out))
            .unwrap();
        let mut expected = serde_json::to_value(&body.report).unwrap();
        expected["source"] = path.to_str().into();
        let mut lines = lines(&out);
        let line = lines[0].as_object_mut().unwrap();
        for name in ["task_id", "status", "http_status", "time"] {
            line.remove(name).expect("always there");
        }
        assert_eq!(lines, [expected]);
    }
}

#[test]
fn a_line_says_which_task_it_is_about_and_when_it_was_received() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("poll.http");
    let body =
        r#"{"code":"success","message":"","data":{"task_id":"asyntask_1","status":"QUEUED"}}"#;
    let head = "HTTP/1.1 200 OK\r\nDate: Thu, 26 Nov 2026 04:00:00 GMT\r\n";
    let length = body.len();
    fs::write(
        &path,
        format!("{head}Content-Length: {length}\r\n\r\n{body}"),
    )
    .unwrap();
    let mut out = Vec::new();
    let recordings = Recordings::new([path]);
    recordings
        .validate(Session::new(), &mut Json::new(&mut out))
        .unwrap();
    let line = &lines(&out)[0];
    assert_eq!(line["task_id"], "asyntask_1");
    assert_eq!(line["status"], "QUEUED");
    assert_eq!(line["http_status"], 200);
    assert_eq!(line["time"], 1_795_665_600);
}

#[test]
fn the_schema_rejects_a_changed_line() {
    let validated = Session::new().validate(Source::whole("a"), None, None, b"{}");
    let mut out = Vec::new();
    Json::new(&mut out).response(&validated).unwrap();
    let line = lines(&out).remove(0);
    let schema = schema();
    assert!(schema.is_valid(&line));
    for (pointer, value) in [
        ("/source", json!(1)),
        ("/shape", json!("square")),
        ("/verdict", json!("fine")),
        ("/findings", json!(null)),
        ("/findings/0/rule", json!("no-such-rule")),
        ("/findings/0/severity", json!("fatal")),
        ("/findings/0/pointer", json!(null)),
        ("/findings/0/message", json!(["a", "b"])),
        ("/findings/0/expected", json!(5)),
        ("/findings/0/earlier", json!({"input": "a"})),
    ] {
        let mut changed = line.clone();
        *changed.pointer_mut(pointer).unwrap() = value;
        assert!(!schema.is_valid(&changed), "{pointer} can be anything");
    }
    for pointer in ["", "/findings/0"] {
        let members: Vec<String> = line
            .pointer(pointer)
            .unwrap()
            .as_object()
            .unwrap()
            .keys()
            .cloned()
            .collect();
        for name in members {
            let mut changed = line.clone();
            let object = changed
                .pointer_mut(pointer)
                .unwrap()
                .as_object_mut()
                .unwrap();
            let value = object.remove(&name).unwrap();
            assert!(!schema.is_valid(&changed), "{pointer}/{name} is not missed");
            let object = changed
                .pointer_mut(pointer)
                .unwrap()
                .as_object_mut()
                .unwrap();
            object.insert(format!("{name}s"), value);
            assert!(
                !schema.is_valid(&changed),
                "{pointer}/{name} can be renamed"
            );
        }
    }
}

#[test]
fn the_schema_matches_its_snapshot() {
    snapshots().bind(|| insta::assert_snapshot!("schema-report", json::schema()));
}
