//! Inputs that are broken, of another kind, empty, huge or hostile: each is reported with its
//! location.

use std::io::Write;

use seedance_query::Rule;

use super::{Input, rules, validate};

/// The complaints about an input, without the name of its directory.
fn complaints(name: &str, bytes: impl AsRef<[u8]>) -> (usize, Vec<String>) {
    let input = Input::new(name, bytes);
    let (kept, summary) = input.validate();
    assert_eq!(summary.unreadable_count, kept.unreadable.len() as u64);
    let directory = format!("{}/", input.directory().display());
    let complaints = kept
        .complaints()
        .iter()
        .map(|text| text.replace(&directory, ""))
        .collect();
    (kept.responses.len(), complaints)
}

fn says(name: &str, bytes: impl AsRef<[u8]>, responses: usize, complaint: &str) {
    assert_eq!(
        complaints(name, bytes),
        (responses, vec![complaint.to_owned()])
    );
}

fn entry(more: &str) -> String {
    let request = r#""request":{"method":"GET","url":"https://a.example/v1/video/generations/t"}"#;
    format!(r#"{{{request},"response":{{"status":200{more}}}}}"#)
}

fn good() -> String {
    entry(r#","content":{"text":"{}"}"#)
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn a_broken_line_is_reported_with_its_location_and_the_rest_is_read() {
    let input = Input::new("a.ndjson", "{}\n\n{\"a\": [\nnonsense \u{fffd}\r\n[1]\n{}");
    let (kept, summary) = input.validate();
    assert_eq!(summary.responses, 4);
    // Words are no response.
    let skipped = summary.skipped_by_reason.iter();
    let skipped: Vec<(&str, u64)> = skipped.map(|one| (one.name.as_str(), one.count)).collect();
    assert_eq!(skipped, [("not a response", 1)]);
    let found: Vec<_> = kept
        .responses
        .iter()
        .map(|(source, report)| (source.rsplit(':').next().unwrap(), rules(report)[0]))
        .collect();
    assert_eq!(
        found,
        [
            ("1", Rule::NoEnvelope),
            ("3", Rule::NotJson),
            ("5", Rule::NoEnvelope),
            ("6", Rule::NoEnvelope),
        ]
    );
    let message = &kept.responses[1].1.findings()[0].message;
    assert!(
        message.starts_with("the body ends in the middle of its JSON"),
        "{message}"
    );
}

#[test]
fn lines_are_counted_across_chunks() {
    let mut text = String::new();
    for line in 1..=30_000 {
        // Empty lines, lines of all lengths, and a broken one now and then.
        match line % 7 {
            0 => text.push('\n'),
            3 => text.push_str("{\"a\n"),
            length => text.push_str(&format!("{{{}}}\r\n", " ".repeat(length * 16))),
        }
    }
    let (kept, _) = Input::new("a.ndjson", &text).validate();
    assert!(text.len() > 1 << 20);
    let mut expected = (1..=30_000).filter(|line| line % 7 != 0);
    for (source, report) in &kept.responses {
        let line = expected.next().unwrap();
        assert!(
            source.ends_with(&format!("a.ndjson:{line}")),
            "{source} is {line}"
        );
        let rule = if line % 7 == 3 {
            Rule::NotJson
        } else {
            Rule::NoEnvelope
        };
        assert_eq!(rules(report), [rule]);
    }
    assert_eq!(expected.next(), None);
}

#[test]
fn empty_inputs() {
    // An empty file is an empty body, which is a finding.
    let (kept, _) = Input::new("a.json", "").validate();
    assert_eq!(rules(&kept.responses[0].1), [Rule::NotJson]);
    says(
        "a.json",
        "[]",
        0,
        "a.json: there is no response in this input",
    );
    says(
        "a.har",
        r#"{"log":{"version":"1.2","entries":[]}}"#,
        0,
        "a.har: there is no response in this input",
    );
    let directory = tempfile::tempdir().unwrap();
    let (kept, _) = validate(&[directory.path()]);
    assert!(kept.complaints()[0].ends_with(
        "the directory has no file with the extension .http, .json, .ndjson, .jsonl, .har, .log, .txt, \
         .csv, .tsv, .yaml, .yml, .flow, .flows, .mitm, .zip, .tar, .tgz, .parquet, .arrow, \
         .arrows, .feather, .ipc"
    ));
}

#[test]
fn archives_that_are_cut_off_or_of_another_version() {
    let head = r#"{"log":{"version":"1.2","entries":["#;
    let (good, half) = (good(), &good()[..40]);
    says(
        "a.har",
        format!("{head}{good},{half}"),
        1,
        "a.har#2: the archive is cut off in the middle of this entry",
    );
    says(
        "a.har",
        format!("{head}{good}"),
        1,
        "a.har#2: the archive is cut off between two entries",
    );
    says(
        "a.har",
        r#"{"log":{"version":"1.2","ent"#,
        0,
        "a.har: this HTTP archive has no `log.entries`",
    );
    says(
        "a.har",
        r#"{"log":{"version":"1.2"}}"#,
        0,
        "a.har: this HTTP archive has no `log.entries`",
    );
    says(
        "a.har",
        format!(r#"{{"log":{{"version":"2.0","entries":[{good}]}}}}"#),
        0,
        "a.har: this is an HTTP archive of version 2.0; only 1.x is supported",
    );
}

#[test]
fn broken_entries_do_not_affect_the_others() {
    for (broken, complaint) in [
        (
            "{}",
            "this is not an entry of an HTTP archive: missing field `request`",
        ),
        (
            "17",
            "this is not an entry of an HTTP archive: invalid type: integer `17`, expected struct Entry",
        ),
        (&entry(""), "the body of the response was not recorded"),
        (
            &entry(r#","content":{"size":9}"#),
            "the body of the response was not recorded",
        ),
        (
            &entry(r#","content":{"text":"!","encoding":"base64"}"#),
            "the body of the response is not base64: Invalid symbol 33, offset 0.",
        ),
        (
            &entry(r#","content":{"text":"!","encoding":"rot13"}"#),
            "the body of the response is encoded as `rot13`, not as base64",
        ),
        (
            &entry(r#","content":{"text":"H4sIAAAA","encoding":"base64"}"#),
            "the body of the response cannot be decompressed: ",
        ),
    ] {
        let entries = [good(), broken.to_owned(), good()].join(",");
        let text = format!(r#"{{"log":{{"version":"1.2","entries":[{entries}]}}}}"#);
        let (responses, complaints) = complaints("a.har", text);
        assert_eq!(
            (responses, complaints.len()),
            (2, 1),
            "{broken}: {complaints:?}"
        );
        assert!(
            complaints[0].starts_with(&format!("a.har#2: {complaint}")),
            "{complaints:?}"
        );
    }
}

#[test]
fn arrays_that_are_cut_off_or_hold_other_values() {
    says(
        "a.json",
        "[{}, {}",
        2,
        "a.json#3: the array is cut off before its closing bracket",
    );
    let (kept, _) = Input::new("a.json", "[{}, 1, \"x\", {\"a\": [").validate();
    let found: Vec<_> = kept
        .responses
        .iter()
        .map(|(_, report)| rules(report)[0])
        .collect();
    assert_eq!(
        found,
        [
            Rule::NoEnvelope,
            Rule::NoEnvelope,
            Rule::NoEnvelope,
            Rule::NotJson
        ]
    );
}

#[test]
fn invalid_captures() {
    says(
        "a.http",
        "GET /x HTTP/1.1\n\nno response",
        0,
        "a.http: line 3: the response is not HTTP/1.1: invalid HTTP version",
    );
    let text = b"HTTP/1.1 200 OK\ncontent-encoding: gzip\n\n\x1f\x8b\x08broken";
    let (responses, complaints) = complaints("a.http", text);
    assert_eq!(responses, 0);
    assert!(
        complaints[0].starts_with("a.http: the body of the response cannot be decompressed: "),
        "{complaints:?}"
    );
}

#[test]
fn damaged_compressed_inputs() {
    let lines = "{ }\n".repeat(50_000);
    let mut noise = Vec::new();
    for line in 0..20_000_u32 {
        noise.extend_from_slice(
            format!("{{\"code\": {}}}\n", line.wrapping_mul(2_654_435_761)).as_bytes(),
        );
    }
    for text in [lines.as_bytes(), noise.as_slice()] {
        let whole = gzip(text);
        let (responses, complaints) = complaints("a.ndjson.gz", &whole[..whole.len() * 2 / 3]);
        assert!(responses < text.split(|byte| *byte == b'\n').count());
        assert_eq!(complaints.len(), 1, "{complaints:?}");
        assert!(
            complaints[0].contains("the input breaks off here: "),
            "{complaints:?}"
        );
    }
    let (kept, _) = Input::new("a.json.gz", b"\x1f\x8bnot gzip at all").validate();
    assert_eq!(kept.complaints().len(), 1, "{:?}", kept.complaints());
    let (kept, _) = Input::new("a.json.zst", b"\x28\xb5\x2f\xfdno").validate();
    assert_eq!(kept.complaints().len(), 1, "{:?}", kept.complaints());
}

/// Decompression bombs are stopped in every format.
#[test]
fn bombs_are_stopped() {
    let zeros = vec![b' '; 100 << 20];
    let bomb = gzip(&zeros);
    assert!(bomb.len() < 200 << 10);
    let (responses, complaints) = complaints("a.json.gz", &bomb);
    assert_eq!((responses, complaints.len()), (0, 1));
    assert!(
        complaints[0].contains("this input is longer than 16 MB"),
        "{complaints:?}"
    );
    let line = format!("{{\"code\":\"{}\"}}\n", "x".repeat(100 << 10));
    let lines = gzip(&line.repeat(1 << 10).into_bytes());
    let (responses, complaints) = self::complaints("a.ndjson.gz", &lines);
    assert!(responses > 500, "earlier lines are validated");
    assert!(
        complaints[0].contains("stopped after 64 MB"),
        "{complaints:?}"
    );
    let inner = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, &bomb);
    let entry = entry(&format!(
        r#","content":{{"text":"{inner}","encoding":"base64"}}"#
    ));
    let text = format!(
        r#"{{"log":{{"version":"1.2","entries":[{entry}, {}]}}}}"#,
        good()
    );
    let (responses, complaints) = self::complaints("a.har", text);
    assert_eq!(responses, 1);
    assert!(
        complaints[0].contains("cannot be decompressed: it decompresses to more than 4 MB"),
        "{complaints:?}"
    );
}

#[test]
fn items_that_are_too_long_are_not_kept() {
    let long = vec![b'x'; 9 << 20];
    let lines = [b"{}\n{\"a\":\"".as_slice(), &long, b"\"}\n{}\n{"].concat();
    let (responses, complaints) = complaints("a.ndjson", lines);
    assert_eq!(responses, 2);
    assert_eq!(
        complaints,
        [
            "a.ndjson:2: this line is longer than 8 MB and is skipped",
            "a.ndjson:4: the recording is cut off in the middle of this line; the response itself may be sound",
        ]
    );
    let text = String::from_utf8(long.clone()).unwrap();
    let entries = [
        good(),
        entry(&format!(r#","content":{{"text":"{text}"}}"#)),
        good(),
    ]
    .join(",");
    let archive = format!(r#"{{"log":{{"version":"1.2","entries":[{entries}]}}}}"#);
    let (responses, complaints) = self::complaints("a.har", archive);
    assert_eq!(responses, 1);
    assert_eq!(
        complaints,
        ["a.har#2: this item is longer than 8 MB; the rest of the input is not read"]
    );
    let (responses, complaints) = self::complaints("a.txt", &long);
    assert_eq!((responses, complaints.len()), (0, 1));
}

#[test]
fn bodies_that_are_too_long_are_not_judged() {
    let long = format!("{{\"code\":\"{}\"}}", "x".repeat(5 << 20));
    says(
        "a.json",
        &long,
        0,
        "a.json#1: this body is longer than 4 MB; a task has a few kilobytes",
    );
    let lines = format!("{}\n{long}\n{}\n", "{}", "{}");
    says(
        "a.ndjson",
        lines,
        2,
        "a.ndjson:2: this body is longer than 4 MB; a task has a few kilobytes",
    );
    let almost = format!("{{\"code\":\"{}\"}}", "x".repeat(3 << 20));
    let (kept, _) = Input::new("a.json", almost).validate();
    assert_eq!(kept.responses.len(), 1);
}

#[test]
fn deep_nesting_is_harmless() {
    for text in [
        "[".repeat(3 << 20),
        "{\"a\":".repeat(1 << 20),
        format!("{{\"log\":{}", "[".repeat(3 << 20)),
    ] {
        let (kept, summary) = Input::new("a.json", &text).validate();
        assert!(
            summary.responses + summary.unreadable_count > 0,
            "{:?}",
            kept.complaints()
        );
    }
}

#[test]
fn missing_files() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("nowhere.json");
    let (kept, summary) = validate(&[&path]);
    assert_eq!(summary.unreadable_count, 1);
    assert!(kept.complaints()[0].contains("nowhere.json: No such file or directory"));
}
