//! Inputs are recognised before they are judged; what is not a recording is refused.

use std::fs;

use seedance_query::Rule;

use super::{Input, rules, validate};

/// A response of the task query without findings.
fn body(status: &str) -> String {
    format!(
        r#"{{"code":"success","message":"","data":{{"task_id":"asyntask_Qm4tZ81kWvYc3RbN7sXeLh2GpD6uJa0F","action":"generate","status":"{status}","submit_time":1780000000,"start_time":0,"finish_time":0,"progress":"0%","request_id":"20260901100000000000000AbCdEfGh"}}}}"#
    )
}

fn entry(response: &str) -> String {
    let url =
        "https://gateway.example/v1/video/generations/asyntask_Qm4tZ81kWvYc3RbN7sXeLh2GpD6uJa0F";
    format!(r#"{{"request":{{"method":"GET","url":"{url}"}},"response":{response}}}"#)
}

fn archive(entries: &[String]) -> String {
    let entries = entries.join(",");
    format!(r#"{{"log":{{"version":"1.2","entries":[{entries}]}}}}"#)
}

/// Asserts that an input is refused, with a message that contains all of these.
fn refused(name: &str, bytes: impl AsRef<[u8]>, parts: &[&str]) {
    let (kept, summary) = Input::new(name, bytes).validate();
    assert_eq!(summary.responses, 0, "{name}");
    let [unreadable] = kept.unreadable.as_slice() else {
        panic!("{name}: {:?}", kept.complaints())
    };
    for part in parts {
        assert!(
            unreadable.message.contains(part),
            "{name}: {}",
            unreadable.message
        );
    }
}

/// Asserts that an input has this many sound responses, recorded in this form.
fn holds(name: &str, bytes: impl AsRef<[u8]>, responses: usize, form: &str) {
    let (kept, summary) = Input::new(name, bytes).validate();
    assert_eq!(kept.complaints(), Vec::<String>::new(), "{name}");
    assert_eq!(kept.responses.len(), responses, "{name}");
    for (_, report) in &kept.responses {
        assert_eq!(rules(report), [], "{name}");
    }
    let forms: Vec<(&str, u64)> = summary
        .recorded_as
        .iter()
        .map(|count| (count.name.as_str(), count.count))
        .collect();
    assert_eq!(forms, [(form, responses as u64)], "{name}");
}

fn skipped(name: &str, bytes: impl AsRef<[u8]>) -> Vec<(String, u64)> {
    let (_, summary) = Input::new(name, bytes).validate();
    let counts = summary.skipped_by_reason.into_iter();
    counts.map(|count| (count.name, count.count)).collect()
}

#[test]
fn other_files_are_refused_and_not_judged() {
    refused(
        "a.7z",
        b"7z\xbc\xaf\x27\x1c\x00\x04rest",
        &["7z archive", "extract it"],
    );
    refused(
        "a.zip",
        b"PK\x03\x04\x14\x00\x00\x00\x08\x00rest",
        &["this zip archive is damaged or cut off"],
    );
    refused(
        "a.mp4",
        b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00isom",
        &["video/mp4"],
    );
    refused("a.png", b"\x89PNG\r\n\x1a\n\x00\x00", &["image/png"]);
    refused(
        "a.csv",
        "id,status\n1,SUCCESS\n",
        &["a table with the columns id, status", "--column"],
    );
    refused("note.txt", "Remember to poll.\n", &["text without JSON"]);
    refused(
        "a.html",
        "<!doctype html><title>x</title>",
        &["HTML or XML", "curl -i"],
    );
    let package = r#"{"name":"x","version":"1.0.0","scripts":{"test":"true"}}"#;
    refused(
        "package.json",
        package,
        &["not a response", "name, version, scripts"],
    );
}

#[test]
fn nothing_validated_is_an_error() {
    let other = r#"{"request":{"method":"GET","url":"https://a.example/v1/models"},"response":{"status":200,"content":{"text":"{}"}}}"#;
    let har = archive(&[other.to_owned(), other.to_owned()]);
    refused(
        "a.har",
        &har,
        &["no response of the task query", "2 × other operation"],
    );
    refused(
        "log.ndjson",
        "{\"level\":\"info\"}\n{\"level\":\"warn\"}\n",
        &["2 × not a response"],
    );
    refused(
        "post.http",
        "POST /v1/images/generations HTTP/1.1\n\nHTTP/1.1 200 OK\n\n{\"id\":\"x\"}",
        &["1 × other operation"],
    );
}

#[test]
fn other_files_in_a_directory_are_skipped_and_counted() {
    let directory = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = directory.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    file("poll.json", &body("QUEUED"));
    file("package.json", r#"{"name":"x"}"#);
    file("README.md", "A note");
    file("node_modules/a/package.json", "{}");
    file(".cache/a.json", "{}");
    file(".gitignore", "generated/\n");
    file("generated/a.json", "{}");
    let (kept, summary) = validate(&[directory.path()]);
    assert_eq!(kept.complaints(), Vec::<String>::new());
    assert_eq!(summary.responses, 1);
    let skipped: Vec<(&str, u64)> = summary
        .skipped_by_reason
        .iter()
        .map(|count| (count.name.as_str(), count.count))
        .collect();
    assert_eq!(
        skipped,
        [
            ("not a response", 1),
            ("file of another type", 1),
            ("hidden", 2),
            ("node_modules", 1),
            ("named by .gitignore", 1)
        ]
    );
}

/// Opening a pipe waits for a writer, and a device can have no end.
#[cfg(unix)]
#[test]
fn pipes_and_devices_in_a_directory_are_not_opened() {
    use std::{os::unix::fs::symlink, process::Command, sync::mpsc, thread};

    let input = Input::new("good.json", body("QUEUED"));
    let at = |name: &str| input.directory().join(name);
    let made = Command::new("mkfifo").arg(at("pipe.json")).status();
    assert!(made.unwrap().success());
    symlink(at("pipe.json"), at("linked-pipe.json")).unwrap();
    symlink("/dev/zero", at("device.json")).unwrap();
    symlink(at("good.json"), at("linked.json")).unwrap();
    let _socket = std::os::unix::net::UnixListener::bind(at("socket.json")).unwrap();
    let (done, ended) = mpsc::channel();
    let directory = input.directory().to_owned();
    thread::spawn(move || {
        let (kept, summary) = super::validate(&[&directory]);
        done.send((kept.complaints(), summary)).unwrap();
    });
    let (complaints, summary) = ended
        .recv_timeout(seedance_testing::patience::PATIENCE)
        .expect("it waits for a pipe");
    assert_eq!(complaints, Vec::<String>::new());
    assert_eq!(summary.responses, 2);
    let reasons = summary.skipped_by_reason.iter();
    let skipped: Vec<(&str, u64)> = reasons.map(|one| (one.name.as_str(), one.count)).collect();
    assert_eq!(skipped, [("not a regular file", 4)]);
}

#[test]
fn several_http_messages_in_one_file() {
    let message = |status: &str| {
        format!(
            "HTTP/2 200 \ncontent-type: application/json\n\n{}\n",
            body(status)
        )
    };
    let text = message("NOT_START") + &message("QUEUED");
    holds("two.http", &text, 2, "HTTP message");
    let (kept, _) = Input::new("two.http", &text).validate();
    assert!(kept.responses[1].0.ends_with("two.http#2"));
    let redirect = format!(
        "HTTP/1.1 307 Temporary Redirect\nlocation: /x\n\n{}",
        message("QUEUED")
    );
    holds("redirect.http", redirect, 1, "HTTP message");
}

#[test]
fn the_output_of_curl_verbose() {
    let text = format!(
        "* Connected to gateway.example\n> GET /v1/video/generations/asyntask_Qm4tZ81kWvYc3RbN7sXeLh2GpD6uJa0F HTTP/2\n\
         > Authorization: Bearer sk-live-AAAABBBBCCCCDDDD\n> \n< HTTP/2 200 \n< content-type: application/json\n< \n\
         {{ [5 bytes data]\n{}* Connection #0 to host gateway.example left intact\n",
        body("QUEUED")
    );
    holds("verbose.txt", text, 1, "HTTP message");
}

#[test]
fn bodies_inside_records_and_exports() {
    let body = body("QUEUED");
    let text = serde_json::Value::from(body.as_str()).to_string();
    holds(
        "pino.ndjson",
        format!(
            "{{\"level\":30,\"status\":200,\"body\":{text}}}\n{{\"level\":30,\"status\":200,\"body\":{text}}}\n"
        ),
        2,
        "at .body",
    );
    holds(
        "log.txt",
        format!("2026-09-01 10:05:00,123 INFO [poll] response: {body}\n"),
        1,
        "body",
    );
    holds("events.txt", format!("data: {body}\n\n"), 1, "body");
    holds(
        "note.md",
        format!("The reply:\n\n```json\n{body}\n```\n"),
        1,
        "body",
    );
    holds(
        "note.md",
        format!("```http\nHTTP/1.1 200 OK\n\n{body}\n```\n"),
        1,
        "HTTP message",
    );
    holds("string.json", &text, 1, "in a string");
    holds("list.json", format!("[[200, {{}}, {body}]]"), 1, "at []");
    let postman = format!(
        r#"{{"info":{{"name":"c"}},"item":[{{"name":"q","response":[{{"name":"ok","status":"OK","code":200,"header":[],"body":{text}}}]}}]}}"#
    );
    holds("postman.json", postman, 1, "at .item[].response[].body");
}

/// The HTTP status of a record is that of its body.
#[test]
fn the_status_beside_a_body_counts() {
    let text = serde_json::Value::from(body("QUEUED")).to_string();
    let (kept, _) =
        Input::new("a.json", format!(r#"{{"statusCode":503,"body":{text}}}"#)).validate();
    assert!(rules(&kept.responses[0].1).contains(&Rule::HttpStatusMismatch));
}

#[test]
fn byte_order_marks_and_utf_16() {
    let body = body("QUEUED");
    holds("bom.json", format!("\u{feff}{body}"), 1, "body");
    let har = archive(&[entry(&format!(
        r#"{{"status":200,"content":{{"text":{}}}}}"#,
        serde_json::Value::from(body.as_str())
    ))]);
    holds("bom.har", format!("\u{feff}{har}"), 1, "HAR entry");
    let units = format!("\u{feff}{body}");
    let little: Vec<u8> = units.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = units.encode_utf16().flat_map(u16::to_be_bytes).collect();
    holds("little.json", little, 1, "body");
    holds("big.json", big, 1, "body");
}

#[test]
fn archives_as_browsers_export_them() {
    let text = serde_json::Value::from(body("QUEUED")).to_string();
    let false_base64 = entry(&format!(
        r#"{{"status":200,"content":{{"encoding":"base64","text":{text}}}}}"#
    ));
    holds(
        "firefox.har",
        archive(std::slice::from_ref(&false_base64)),
        1,
        "HAR entry",
    );
    let aborted = entry(r#"{"status":0,"content":{"text":""}}"#);
    let not_modified = entry(r#"{"status":304,"content":{"size":0,"text":""}}"#);
    let without_content = entry(r#"{"status":304,"content":null}"#);
    let har = archive(&[aborted, not_modified, without_content, false_base64]);
    assert_eq!(
        skipped("a.har", har),
        [
            ("aborted request".to_owned(), 1),
            ("status without a body".to_owned(), 2)
        ]
    );
    let not_recorded = entry(r#"{"status":200,"content":{"size":1234,"text":""}}"#);
    refused(
        "a.har",
        archive(&[not_recorded]),
        &["was not recorded", "1234 bytes"],
    );
}

/// File names prove no order: polls in different files that contradict each other are information.
#[test]
fn polls_without_an_order_are_not_errors() {
    let directory = tempfile::tempdir().unwrap();
    let poll = |status: &str| body("QUEUED").replace("QUEUED", status);
    for status in ["FAILURE", "IN_PROGRESS", "NOT_START", "QUEUED"] {
        fs::write(
            directory.path().join(format!("{status}.json")),
            poll(status),
        )
        .unwrap();
    }
    let (kept, _) = validate(&[directory.path()]);
    let compared = kept
        .responses
        .iter()
        .flat_map(|(_, report)| report.findings());
    let compared = compared.filter(|finding| finding.earlier.is_some());
    assert_eq!(compared.count(), 0);
    // No order explains another submit time.
    let changed = poll("QUEUED").replace("1780000000", "1780000001");
    fs::write(directory.path().join("other.json"), changed).unwrap();
    let (kept, _) = validate(&[directory.path()]);
    let found = rules(&kept.responses[4].1);
    assert_eq!(found, [Rule::PollsDisagree]);
}
