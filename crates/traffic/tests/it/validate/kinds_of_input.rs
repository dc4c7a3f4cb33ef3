//! Inputs as people have them: what comes out, whether it can be used, and what is said.

use std::{fs, path::Path};

use serde_json::{Value, json};

use super::Input;

/// A sound response.
fn body(status: &str) -> String {
    format!(
        r#"{{"code":"success","message":"","data":{{"task_id":"asyntask_Qm4tZ81kWvYc3RbN7sXeLh2GpD6uJa0F","action":"generate","status":"{status}","submit_time":1780000000,"start_time":0,"finish_time":0,"progress":"10%","request_id":"20260901100000000000000AbCdEfGh"}}}}"#
    )
}

fn pretty() -> String {
    serde_json::to_string_pretty(&parsed()).unwrap()
}

fn parsed() -> Value {
    serde_json::from_str(&body("QUEUED")).unwrap()
}

/// A body as a JSON string.
fn quoted() -> String {
    Value::from(body("QUEUED")).to_string()
}

const URL: &str =
    "https://gateway.example/v1/video/generations/asyntask_Qm4tZ81kWvYc3RbN7sXeLh2GpD6uJa0F";

fn entry(response: &Value) -> Value {
    json!({ "startedDateTime": "2026-09-01T10:05:00Z", "request": { "method": "GET", "url": URL }, "response": response })
}

fn sound_entry() -> Value {
    let text = body("QUEUED");
    entry(&json!({ "status": 200, "headers": [], "content": { "size": text.len(), "text": text } }))
}

fn archive(entries: &[Value]) -> String {
    json!({ "log": { "version": "1.2", "entries": entries } }).to_string()
}

/// The responses found and how each was recorded, or what is said instead.
fn outcome(name: &str, bytes: &[u8]) -> String {
    let (kept, summary) = Input::new(name, bytes).validate();
    let forms: Vec<String> = summary
        .recorded_as
        .iter()
        .map(|form| format!("{} {}", form.count, form.name))
        .collect();
    let errors = summary.verdicts.violates;
    let violated = if errors > 0 {
        format!(" ({errors} violate)")
    } else {
        String::new()
    };
    let complaints: Vec<&str> = kept
        .unreadable
        .iter()
        .map(|one| one.message.as_str())
        .collect();
    format!("{}{violated}{}", forms.join(", "), complaints.join("; "))
}

#[test]
fn inputs_as_people_have_them() {
    let (task, text) = (body("QUEUED"), quoted());
    let object = parsed();
    let refusal = |what: &str| what.to_owned();
    let line = |record: &Value| format!("{record}\n{record}\n");
    let cut = &task[..90];
    let table = |delimiter: &str, quote: bool| {
        let cell = if quote {
            format!("\"{}\"", task.replace('"', "\"\""))
        } else {
            task.clone()
        };
        format!(
            "id{delimiter}status_code{delimiter}reply\n1{delimiter}200{delimiter}{cell}\n2{delimiter}200{delimiter}{cell}\n"
        )
    };
    let cases: Vec<(&str, String, &str)> = vec![
        // Bodies by themselves.
        ("body.json", task.clone(), "1 body"),
        ("pretty.json", pretty(), "1 body"),
        ("lines.ndjson", format!("{task}\n{task}\n"), "2 body"),
        ("array.json", format!("[{task},{task}]"), "2 body"),
        ("string.json", text.clone(), "1 in a string"),
        ("string-of-string.json", Value::from(text.clone()).to_string(), "1 in a string"),
        ("strings.json", format!("[{text},{text}]"), "2 in a string"),
        ("map.json", format!(r#"{{"a":{task},"b":{task}}}"#), "1 at .a, 1 at .b"),
        ("bom.json", format!("\u{feff}{task}"), "1 body"),
        // Logs of JSON records.
        ("pino.ndjson", line(&json!({ "level": 30, "time": 1_780_601_335_123_u64, "res": { "statusCode": 200, "body": object } })), "2 at .res.body"),
        ("docker.log", line(&json!({ "log": format!("{task}\n"), "stream": "stdout", "time": "2026-09-01T10:05:00.1Z" })), "2 at .log"),
        ("docker-pino.log", line(&json!({ "log": json!({ "level": 30, "body": object }).to_string(), "stream": "stdout" })), "2 at .log.body"),
        ("docker-text.log", line(&json!({ "log": format!("INFO poll: {task}\n"), "stream": "stdout" })), "2 at .log"),
        ("cloudwatch.json", json!({ "events": [{ "timestamp": 1_780_601_335_123_u64, "message": "START" }, { "timestamp": 1_780_601_335_124_u64, "message": task }] }).to_string(), "1 at .events[].message"),
        ("elastic.json", json!({ "hits": { "hits": [{ "_source": { "http": { "response": { "status_code": 200, "body": { "content": task } } } } }] } }).to_string(), "1 at .hits.hits[]._source.http.response.body.content"),
        ("envelope.ndjson", format!("{}\n{}\n", json!({ "status": 200, "body": object }), json!({ "status": 404, "body": { "code": "task_not_exist", "message": "no", "data": null } })), "2 at .body"),
        ("envelope-base64.json", json!({ "status": 200, "body": base64(&task) }).to_string(), "1 at .body"),
        ("buffer.json", json!({ "status": 200, "body": { "type": "Buffer", "data": task.as_bytes() } }).to_string(), "1 at .body"),
        ("cut-field.ndjson", line(&json!({ "level": 30, "body": cut })), "the recorder cut this body off after 90 bytes; the response itself may be sound; the recorder cut this body off after 90 bytes; the response itself may be sound"),
        ("other.ndjson", line(&json!({ "level": "info", "message": "hello", "code": "E1" })), "there is no response of the task query in this input; skipped: 2 × not a response; seen: code, level, message"),
        ("node-error.ndjson", line(&json!({ "level": "error", "error": { "message": "no answer", "code": "ECONNREFUSED" } })), "there is no response of the task query in this input; skipped: 2 × not a response; seen: error, level"),
        // Text.
        ("text.log", format!("starting\n2026-09-01 10:05:00,123 INFO poll -> HTTP 200: {task} in 3 ms\n"), "1 body"),
        ("logfmt.log", format!("level=info status=200 body={text}\n"), "1 in a string"),
        ("pretty.log", format!("10:05 INFO response:\n{}\n10:06 INFO response:\n{}\n", pretty(), pretty()), "2 body"),
        ("brackets.log", format!("[INFO] poll: {task}\n"), "1 body"),
        ("cut.log", format!("10:05 INFO poll: {cut}... [truncated]\n10:06 INFO poll: {task}\n"), "1 bodythe recorder cut this body off after 90 bytes; the response itself may be sound"),
        ("sse.txt", format!("event: poll\ndata: {task}\n\n: ping\n\ndata: {task}\n\n"), "2 body"),
        ("fence.md", format!("The reply:\n\n```json\n{}\n```\n", pretty()), "1 body"),
        ("fence-http.md", format!("```\nHTTP/1.1 200 OK\n\n{task}\n```\n"), "1 HTTP message"),
        ("cut.ndjson", format!("{task}\n{task}\n{cut}"), "2 bodythe recording is cut off in the middle of this line; the response itself may be sound"),
        ("note.txt", refusal("Remember to poll.\n"), "this is text without JSON or HTTP messages, not a recording; record responses with `curl -i`, the proxy or a browser's network log (HAR)"),
        ("js.txt", refusal("polled { code: 'success', data: { task_id: 'x' } }\n"), "this shows an object as JavaScript prints it, not JSON; print `JSON.stringify(…)` to get what can be read"),
        // HTTP.
        ("two.http", format!("HTTP/2 200 \n\n{task}\nHTTP/2 200 \n\n{task}\n"), "2 HTTP message"),
        ("glued.http", format!("HTTP/1.1 200 OK\n\n{task}HTTP/1.1 200 OK\n\n{task}"), "2 HTTP message"),
        ("interim.http", format!("HTTP/1.1 200 Connection established\n\nHTTP/1.1 100 Continue\n\nHTTP/1.1 302 Found\nLocation: /x\n\nHTTP/1.1 200 OK\n\n{task}"), "1 HTTP message"),
        ("cut.http", format!("HTTP/1.1 200 OK\nContent-Length: {}\n\n{cut}", task.len()), "the recording is cut off: 90 of 252 bytes of the body are there; the response itself may be sound"),
        ("submit.http", "POST /v1/video/generations HTTP/1.1\n\nHTTP/1.1 200 OK\n\n{\"id\":\"x\"}".to_owned(), "1 HTTP message"),
        ("image.http", refusal("POST /v1/images/generations HTTP/1.1\n\nHTTP/1.1 200 OK\n\n{\"id\":\"x\"}"), "there is no response of the task query in this input; skipped: 1 × other operation; seen: POST /v1/images/generations"),
        // HTTP archives.
        ("a.har", archive(&[sound_entry()]), "1 HAR entry"),
        ("entry.json", sound_entry().to_string(), "1 HAR entry"),
        ("entries.ndjson", line(&sound_entry()), "2 HAR entry"),
        ("entries.json", json!([sound_entry(), sound_entry()]).to_string(), "2 HAR entry"),
        ("null.har", archive(&[sound_entry(), entry(&json!({ "status": 200, "content": null }))]), "1 HAR entrythe body of the response was not recorded"),
        ("cut.har", archive(&[entry(&json!({ "status": 200, "content": { "size": 252, "text": cut } }))]), "the recorder cut this body off: 90 of 252 bytes are there; the response itself may be sound"),
        ("missing.har", archive(&[entry(&json!({ "status": 200, "content": { "size": 1, "_file": "../secret.json" } }))]), "the body of the response is in the file `../secret.json`, which is not beside the recording"),
        ("other.har", archive(&[json!({ "request": { "method": "GET", "url": "https://a.example/v1/models" }, "response": { "status": 200, "content": { "text": "{}" } } })]), "there is no response of the task query in this input; skipped: 1 × other operation; seen: GET /v1/models"),
        // Exports of tools.
        ("postman.json", json!({ "item": [{ "name": "q", "response": [{ "name": "ok", "code": 200, "body": task }] }] }).to_string(), "1 at .item[].response[].body"),
        ("insomnia.json", json!({ "resources": [{ "_type": "response", "statusCode": 200, "url": URL, "body": task }] }).to_string(), "1 at .resources[].body"),
        ("mapping.json", json!({ "request": { "method": "GET", "url": URL }, "response": { "status": 200, "jsonBody": object } }).to_string(), "1 at .response.jsonBody"),
        ("cassette.yaml", format!("http_interactions:\n- request:\n    method: get\n    uri: {URL}\n  response:\n    status:\n      code: 200\n    body:\n      encoding: UTF-8\n      string: '{task}'\n"), "1 at .http_interactions[].response.body.string"),
        ("page.json", json!({ "request": { "method": "GET", "url": URL }, "response": { "status": 502, "body": "<html>Bad Gateway</html>" } }).to_string(), "1 at .response.body"),
        ("compose.yaml", refusal("services:\n  web:\n    image: x\n"), "there is no response of the task query in this input; skipped: 1 × not a response; seen: services"),
        // Tables.
        ("t.csv", table(",", true), "2 in column reply"),
        ("t.tsv", table("\t", true), "2 in column reply"),
        ("semicolons.csv", table(";", true), "2 in column reply"),
        ("other.csv", refusal("id,status\n1,SUCCESS\n"), "this is a table with the columns id, status, and none has responses; name the column with the bodies with `--column`"),
        // Other files.
        ("package.json", refusal(r#"{"name":"x","version":"1","scripts":{}}"#), "this JSON is not a response of the task query; its members are name, version, scripts; if a response is in it, name its place with `--body-at`"),
        ("submit.json", json!({ "model": "m", "content": [{ "type": "text", "text": "a cat" }], "ratio": "16:9", "duration": 5 }).to_string(), "this JSON is not a response of the task query; its members are content, duration, model, ratio; if a response is in it, name its place with `--body-at`"),
        ("page.html", refusal("<!doctype html><title>x</title>"), "this is an HTML or XML document, not a recording; to validate it as a response, record it with its HTTP status (`curl -i`)"),
    ];
    assert!(cases.len() >= 45, "{}", cases.len());
    let wrong: Vec<String> = cases
        .iter()
        .map(|(name, content, expected)| (name, outcome(name, content.as_bytes()), expected))
        .filter(|(_, found, expected)| found != *expected)
        .map(|(name, found, expected)| {
            format!("{name}\n  found:    {found}\n  expected: {expected}")
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn base64(text: &str) -> String {
    base64::Engine::encode(&base64::engine::general_purpose::STANDARD, text)
}

/// What real tools wrote; `tests/recordings/README.md` has their versions.
#[test]
fn recordings_by_real_tools() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/recordings");
    let cassette = "2 at .interactions[].response.body.string";
    let cases = [
        ("curl-i-three.txt", "3 HTTP message"),
        ("curl-raw-chunked.txt", "1 HTTP message"),
        ("curl-i-gbk.txt", "1 HTTP message"),
        ("curl-i-gzip.bin", "1 HTTP message"),
        ("curl-iL.txt", "1 HTTP message"),
        ("curl-v.txt", "1 HTTP message"),
        ("curl-v-chunked.txt", "1 HTTP message"),
        ("curl-trace.txt", "1 HTTP message"),
        ("curl-trace-ascii.txt", "1 HTTP message"),
        ("curl-trace-time.txt", "1 HTTP message"),
        ("curl-w.txt", "1 body"),
        ("curl-w-line.txt", "1 body"),
        ("curl-w-loop.txt", "3 body"),
        ("curl-w-loop-same.txt", "3 body"),
        ("curl-w-words.txt", "1 body"),
        ("curl-w-json.txt", "1 body"),
        ("vcrpy.yaml", cassette),
        ("vcrpy-gzip.yaml", cassette),
        ("vcrpy-gzip.json", cassette),
        (
            "betamax.json",
            "2 at .http_interactions[].response.body.base64_string",
        ),
        (
            "betamax-bytes.json",
            "1 at .http_interactions[].response.body.base64_string",
        ),
        ("mitm.flow", "4 flow"),
        ("mitm.har", "4 HAR entry"),
        ("newman.json", "1 at .run.executions[].response.stream"),
        ("bruno.json", "1 at .results[].response.data"),
        ("wiremock-inline.json", "1 at .mappings[].response.body"),
        ("wiremock-requests.json", "2 at .requests[].response.body"),
        ("plain.zip", "2 body"),
        ("plain.tar.xz", "2 body"),
        ("plain.tar.bz2", "2 body"),
        ("nested.zip", "4 body"),
        ("one.json.br", "1 body"),
    ];
    let wrong: Vec<String> = cases
        .into_iter()
        .map(|(name, expected)| {
            (
                name,
                outcome(name, &fs::read(directory.join(name)).unwrap()),
                expected,
            )
        })
        .filter(|(_, found, expected)| found != expected)
        .map(|(name, found, expected)| {
            format!("{name}\n  found:    {found}\n  expected: {expected}")
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let printed = outcome(
        "python.txt",
        &fs::read(directory.join("python-repr.txt")).unwrap(),
    );
    assert!(printed.contains("as Python prints it"), "{printed}");
}

/// An error's text is judged where the record tells that it is about a task, and counted otherwise.
#[test]
fn a_text_beside_a_status_needs_a_sign_that_it_is_about_a_task() {
    let line = |record: &Value| format!("{record}\n{record}\n");
    for text in ["no such route", "<html>Bad Gateway</html>"] {
        let mut record = json!({ "statusCode": 502, "body": text });
        assert_eq!(
            outcome("a.ndjson", line(&record).as_bytes()),
            "there is no response of the task query in this input; skipped: 2 × not a response; seen: body, statusCode"
        );
        record["task_id"] = json!("asyntask_Qm4tZ81kWvYc3RbN7sXeLh2GpD6uJa0F");
        let found = outcome("a.ndjson", line(&record).as_bytes());
        assert!(found.starts_with("2 at .body"), "{found}");
    }
}

/// `curl --trace-ascii` loses what is beyond ASCII.
#[test]
fn a_trace_that_has_lost_bytes_is_refused() {
    let trace = fs::read_to_string(
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/recordings/curl-trace-ascii.txt"),
    )
    .unwrap();
    let lost = trace.replacen("generate\"", "........\"", 1);
    assert_ne!(trace, lost);
    let found = outcome("trace.txt", lost.as_bytes());
    assert!(found.contains("use `curl --trace` to get"), "{found}");
}

/// The status that a tool prints after the body counts.
#[test]
fn the_status_after_a_body_counts() {
    let not_found = r#"{"code":"task_not_exist","message":"no","data":null}"#;
    for content in [
        format!("{not_found}404"),
        format!("{not_found}\n404\n"),
        format!("{not_found}\nHTTP 404 in 1 s\n"),
    ] {
        let (kept, _) = Input::new("a.txt", &content).validate();
        assert_eq!(super::rules(&kept.responses[0].1), [], "{content}");
        let wrong = content.replace("404", "200");
        let (kept, _) = Input::new("a.txt", &wrong).validate();
        assert_ne!(super::rules(&kept.responses[0].1), [], "{wrong}");
    }
}

/// A status at the seam of two chunks belongs to the body before it, too.
#[test]
fn statuses_across_chunks() {
    let not_found = r#"{"code":"task_not_exist","message":"no","data":null}"#;
    let (kept, summary) =
        Input::new("a.txt", format!("{not_found}\n404\n").repeat(20_000)).validate();
    assert_eq!(
        (summary.responses, summary.verdicts.conforms),
        (20_000, 20_000),
        "{:?}",
        kept.complaints()
    );
}

/// Files beside an archive, and in the same zip, hold the bodies.
#[test]
fn attached_bodies_are_read() {
    let har = archive(&[entry(
        &json!({ "status": 200, "content": { "size": 1, "_file": "4f2c.json" } }),
    )]);
    let input = Input::new("a.har", har);
    fs::write(input.directory().join("4f2c.json"), body("QUEUED")).unwrap();
    let (kept, summary) = input.validate();
    assert_eq!((summary.responses, kept.complaints()), (1, Vec::new()));
}
