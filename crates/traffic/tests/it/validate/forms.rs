//! The same responses in each input format.

use std::{fmt::Write as _, fs, io::Write as _, path::Path};

use base64::{Engine, engine::general_purpose::STANDARD};
use seedance_query::Report;
use seedance_traffic::Summary;
use serde_json::{Value, json};

use super::{Input, rules, validate};
use seedance_testing::files::{Body, enter_root, read_all, root, snapshots};

fn bodies() -> Vec<Body> {
    [read_all("tests/captures"), read_all("tests/drift")].concat()
}

/// A body on one line, which for JSON means the same.
fn in_a_line(body: &[u8]) -> Vec<u8> {
    body.iter()
        .map(|byte| if *byte == b'\n' { b' ' } else { *byte })
        .collect()
}

fn entry(body: &Body, content: &Value, headers: &Value) -> Value {
    json!({
        "startedDateTime": "2026-04-27T11:20:00.000Z",
        "request": {
            "method": "GET",
            "url": "https://gateway.example/v1/video/generations/t1",
            "headers": [{ "name": "Authorization", "value": "Bearer sk-live-0123456789" }],
        },
        "response": { "status": body.status.unwrap_or(200), "headers": headers, "content": content },
    })
}

fn archive(entries: &[Value]) -> Vec<u8> {
    let log =
        json!({ "log": { "version": "1.2", "creator": { "name": "t" }, "entries": entries } });
    log.to_string().into_bytes()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    ruzstd::encoding::compress_to_vec(bytes, ruzstd::encoding::CompressionLevel::Fastest)
}

fn brotli(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    brotli::CompressorWriter::new(&mut out, 4096, 5, 22)
        .write_all(bytes)
        .unwrap();
    out
}

/// A report without lines and columns, which depend on the format.
fn said(
    report: &Report,
) -> (
    Option<seedance_query::Shape>,
    Vec<(seedance_query::Rule, String)>,
) {
    let findings = report.findings().iter();
    let findings = findings.map(|finding| (finding.rule, finding.pointer.clone()));
    (report.shape(), findings.collect())
}

/// Asserts that an input has these responses with these reports.
fn holds(input: &Input, bodies: &[&Body], expected: &dyn Fn(&Body) -> Report) -> Summary {
    let (kept, summary) = input.validate();
    assert_eq!(
        kept.complaints(),
        Vec::<String>::new(),
        "{}",
        input.path.display()
    );
    assert_eq!(
        kept.responses.len(),
        bodies.len(),
        "{}",
        input.path.display()
    );
    for ((source, report), body) in kept.responses.iter().zip(bodies) {
        // Without findings that compare polls.
        let own = report
            .findings()
            .iter()
            .filter(|finding| finding.earlier.is_none());
        let own: Vec<_> = own
            .map(|finding| (finding.rule, finding.pointer.clone()))
            .collect();
        assert_eq!(
            (report.shape(), own),
            said(&expected(body)),
            "{source}: {}",
            body.name
        );
    }
    summary
}

/// The report on a body alone.
fn alone(body: &Body) -> Report {
    seedance_query::validate(&body.bytes)
}

/// The report on a body with its HTTP status.
fn answered(body: &Body) -> Report {
    seedance_query::validate_response(body.status.unwrap_or(200), &body.bytes)
}

#[test]
fn bodies_without_their_status() {
    let bodies = bodies();
    let all: Vec<&Body> = bodies
        .iter()
        // A list is a list of responses here.
        .filter(|body| !body.bytes.is_empty() && !body.bytes.starts_with(b"["))
        .collect();
    let is_json = |body: &&&Body| serde_json::from_slice::<Value>(&body.bytes).is_ok();
    let of_json: Vec<&Body> = all.iter().filter(is_json).copied().collect();
    assert!(
        of_json.len() >= 90 && all.len() > of_json.len(),
        "{} of {}",
        of_json.len(),
        all.len()
    );

    let mut lines = Vec::new();
    for body in &all {
        lines.extend_from_slice(&in_a_line(&body.bytes));
        lines.push(b'\n');
    }
    let mut array = b"[".to_vec();
    let mut row = Vec::new();
    for (index, body) in of_json.iter().enumerate() {
        array.extend_from_slice(if index == 0 { b"\n" } else { b",\n" });
        array.extend_from_slice(&body.bytes);
        row.extend_from_slice(&body.bytes);
    }
    array.extend_from_slice(b"]");

    // Words on a line of their own are not a response.
    let is_word = |body: &&Body| !matches!(body.bytes.trim_ascii_start(), [b'{' | b'"' | b'<', ..]);
    let in_lines: Vec<&Body> = all.iter().copied().filter(|body| !is_word(body)).collect();
    let summary = holds(&Input::new("a.ndjson", &lines), &in_lines, &alone);
    let skipped = summary.skipped_by_reason.iter();
    let skipped: Vec<(&str, u64)> = skipped.map(|one| (one.name.as_str(), one.count)).collect();
    let words = (all.len() - in_lines.len()) as u64;
    assert_eq!(skipped, [("not a response", words)]);
    for (name, bytes) in [
        ("a.ndjson.gz", gzip(&lines)),
        ("a.ndjson.zst", zstd(&lines)),
    ] {
        let compressed = holds(&Input::new(name, bytes), &in_lines, &alone);
        assert_eq!(compressed.verdicts, summary.verdicts);
        assert_eq!(compressed.rules, summary.rules);
    }
    holds(&Input::new("a.json", &array), &of_json, &alone);
    holds(&Input::new("b.json", &row), &of_json, &alone);
    // Pages and plain text are responses only with their status.
    let is_object = |body: &&&Body| body.bytes.trim_ascii_start().starts_with(b"{");
    for body in all.iter().filter(|body| !is_object(body)) {
        let (kept, _) = Input::new("a.json", &body.bytes).validate();
        let counts = (kept.responses.len(), kept.unreadable.len());
        assert_eq!(counts, (0, 1), "{}", body.name);
    }
    for body in all.iter().filter(is_object) {
        holds(&Input::new("a.json", &body.bytes), &[body], &alone);
        holds(&Input::new("a.json.gz", gzip(&body.bytes)), &[body], &alone);
    }
}

#[test]
fn responses_with_their_status() {
    let bodies = bodies();
    let all: Vec<&Body> = bodies.iter().collect();
    let mut archives = [const { Vec::new() }; 5];
    let (none, gz, br) = (
        json!([]),
        json!([{ "name": "Content-Encoding", "value": "gzip" }]),
        json!([{ "name": "content-encoding", "value": "br" }]),
    );
    for body in &all {
        // As text, if it is text; otherwise as base64.
        let base64 = |bytes: &[u8]| json!({ "encoding": "base64", "text": STANDARD.encode(bytes) });
        let text = match std::str::from_utf8(&body.bytes) {
            Ok(text) => json!({ "mimeType": "application/json", "text": text }),
            Err(_) => base64(&body.bytes),
        };
        archives[0].push(entry(body, &text, &none));
        archives[1].push(entry(body, &base64(&body.bytes), &none));
        archives[2].push(entry(body, &base64(&gzip(&body.bytes)), &gz));
        archives[3].push(entry(body, &base64(&brotli(&body.bytes)), &br));
        // A recorder that has undone the encoding, and still has its header.
        archives[4].push(entry(body, &text, &br));
    }
    for entries in &archives {
        holds(&Input::new("a.har", archive(entries)), &all, &answered);
    }
    let laid_out =
        serde_json::to_vec_pretty(&json!({ "log": { "entries": archives[0] } })).unwrap();
    holds(&Input::new("a.har.gz", gzip(&laid_out)), &all, &answered);
    for body in &all {
        for version in ["HTTP/1.1", "HTTP/2"] {
            let status = body.status.unwrap_or(200);
            let mut capture = format!("{version} {status} \r\nx-a: b\r\n\r\n").into_bytes();
            capture.extend_from_slice(&body.bytes);
            holds(&Input::new("a.http", capture), &[body], &answered);
        }
    }
}

/// Everything in `tests/` in one run, as a user would validate it.
#[test]
fn the_summary_of_all_matches_its_snapshot() {
    let here = |name: &str| Path::new(name).to_owned();
    enter_root();
    let (kept, summary) = validate(&[&here("tests/captures"), &here("tests/drift")]);
    assert_eq!(kept.complaints(), Vec::<String>::new());
    let mut text = String::new();
    let _ = writeln!(
        text,
        "{} inputs, {} responses, {} tasks\n{:?}\n{:?}",
        summary.inputs, summary.responses, summary.tasks, summary.verdicts, summary.severities
    );
    for shape in &summary.shapes {
        let _ = writeln!(text, "{}: {}", shape.name, shape.count);
    }
    for drift in &summary.drifts {
        let value = drift.value.as_deref().unwrap_or_default();
        let _ = writeln!(
            text,
            "{}× {} {} {value}  {} .. {}",
            drift.count, drift.rule, drift.pointer, drift.first, drift.last
        );
        for line in drift.yaml.iter().flat_map(|yaml| yaml.lines()) {
            let _ = writeln!(text, "    {line}");
        }
    }
    for set in &summary.values {
        let _ = writeln!(
            text,
            "{}: {:?} {:?}",
            set.pointer, set.documented, set.undocumented
        );
    }
    for field in summary.fields.iter().filter(|field| field.count == 0) {
        let _ = writeln!(text, "never there: {}", field.pointer);
    }
    snapshots().bind(|| insta::assert_snapshot!("check-summary", text));
}

#[test]
fn directories_are_read_in_order_with_mixed_formats() {
    let body = fs::read(root().join("tests/drift/9p-numeric-progress.json")).unwrap();
    let input = Input::new("b.json", &body);
    let below = input.directory().join("a");
    fs::create_dir(&below).unwrap();
    fs::write(
        below.join("z.jsonl"),
        [in_a_line(&body), in_a_line(&body)].join(&b'\n'),
    )
    .unwrap();
    fs::write(below.join("notes.txt"), "no input").unwrap();
    fs::write(below.join(".hidden.json"), "{}").unwrap();
    fs::write(input.directory().join("c.har.zst"), zstd(&archive(&[
        entry(&read_all("tests/captures")[0], &json!({ "text": "{}" }), &json!([])),
        json!({ "request": { "method": "POST", "url": "https://a.example/v1/images/generations" }, "response": { "status": 200 } }),
    ]))).unwrap();
    let (kept, summary) = validate(&[input.directory()]);
    let sources: Vec<&str> = kept
        .responses
        .iter()
        .map(|(source, _)| source.rsplit('/').next().unwrap())
        .collect();
    assert_eq!(sources, ["z.jsonl:1", "z.jsonl:2", "b.json", "c.har.zst#1"]);
    assert_eq!((summary.inputs, summary.skipped), (4, 1));
    assert_eq!(rules(&kept.responses[0].1), rules(&kept.responses[2].1));
}
