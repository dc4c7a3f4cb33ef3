//! What is held in memory, whatever comes in: peaks of the program as a child process.

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    path::Path,
    process::Stdio,
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use flate2::{Compression, write::GzEncoder};
use seedance_testing::{
    files::{captured_body, root},
    http_server::{Reply, Server},
    memory::{peak, watched},
    raw_client::{PATH, RawClient},
    replies::{ok, response},
};
use tempfile::TempDir;

use crate::program::program;

/// The bound, in MiB.
const MAX_PEAK: f64 = 48.0;

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Some 45 kB that decompress to 45 MB: blanks, brackets, objects, and one long text.
fn bombs() -> Vec<Vec<u8>> {
    let length = 45_000_000;
    let filled = |unit: &str| gzip(unit.repeat(length / unit.len()).as_bytes());
    vec![
        filled(" "),
        filled("[],"),
        filled("["),
        filled("{\"a\":1},"),
        gzip(format!("{{\"code\":\"{}\"}}", "x".repeat(length)).as_bytes()),
    ]
}

/// The same just below the limit of a body, so that each is judged.
fn small_bombs() -> Vec<Vec<u8>> {
    let length = 4_100_000;
    let array = |unit: &str| {
        let items = unit.repeat(length / unit.len());
        gzip(format!("[{}]", items.trim_end_matches(',')).as_bytes())
    };
    vec![
        array("[],"),
        array("{\"a\":1},"),
        array("1,"),
        gzip(format!("{{\"code\":\"{}\"}}", "x".repeat(length)).as_bytes()),
    ]
}

/// Ordinary bodies, so that the program goes on for a while after the others and can be measured.
fn tail(path: &Path) {
    let value: serde_json::Value =
        serde_json::from_slice(&captured_body("normal-720p.http")).unwrap();
    fs::write(path, format!("{value}\n").repeat(3_000)).unwrap();
}

fn peak_of_validate(inputs: &[(&str, Vec<u8>)]) -> f64 {
    let work = TempDir::new().unwrap();
    for (name, bytes) in inputs {
        fs::write(work.path().join(name), bytes).unwrap();
    }
    tail(&work.path().join("tail.ndjson"));
    let mut arguments = vec!["validate", "--format", "json"];
    arguments.extend(inputs.iter().map(|(name, _)| *name));
    arguments.push("tail.ndjson");
    let mut command = program("http://127.0.0.1:9", &arguments);
    command
        .current_dir(work.path())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let (status, peak) = watched(command.spawn().unwrap());
    assert!(status.code().is_some(), "{status}");
    assert!(peak > 1.0, "nothing was measured");
    peak
}

/// An archive whose entries have these bodies, each many times.
fn archive(bodies: &[Vec<u8>], times: usize) -> Vec<u8> {
    let entry = |body: &Vec<u8>| {
        let text = STANDARD.encode(body);
        format!(
            r#"{{"request":{{"method":"GET","url":"https://a.example{PATH}"}},"response":{{"status":200,
            "headers":[{{"name":"Content-Encoding","value":"gzip"}}],
            "content":{{"text":"{text}","encoding":"base64"}}}}}}"#
        )
    };
    let entries: Vec<String> = (0..times).flat_map(|_| bodies.iter().map(entry)).collect();
    format!(
        r#"{{"log":{{"version":"1.2","entries":[{}]}}}}"#,
        entries.join(",")
    )
    .into_bytes()
}

#[test]
fn an_archive_of_bombs() {
    let peak = peak_of_validate(&[("a.har", archive(&bombs(), 20))]);
    assert!(peak < MAX_PEAK, "{peak:.1} MiB");
}

#[test]
fn an_archive_of_bombs_that_are_judged() {
    let peak = peak_of_validate(&[("a.har", archive(&small_bombs(), 10))]);
    assert!(peak < MAX_PEAK, "{peak:.1} MiB");
}

#[test]
fn compressed_files_that_are_bombs() {
    let length = 45_000_000;
    let peak = peak_of_validate(&[
        ("blanks.json.gz", gzip(&vec![b' '; length])),
        ("brackets.json.gz", gzip(&vec![b'['; length])),
        (
            "text.json.gz",
            gzip(&[b"{\"a\":\"", vec![b'x'; length].as_slice()].concat()),
        ),
        ("lines.json.gz", gzip(&b"{}\n".repeat(100_000))),
    ]);
    assert!(peak < MAX_PEAK, "{peak:.1} MiB");
}

/// Some 45 MB in a few kilobytes each, made by zip, xz and bzip2; one asks for a dictionary of 128 MiB.
#[test]
fn archives_that_are_bombs() {
    let directory = root().join("crates/traffic/tests/recordings/bombs");
    let bomb = |name: &'static str| (name, fs::read(directory.join(name)).unwrap());
    let peak = peak_of_validate(&[
        bomb("all.zip"),
        bomb("all.tar.xz"),
        bomb("blanks.json.xz"),
        bomb("brackets.json.bz2"),
        bomb("text.json.xz"),
    ]);
    assert!(peak < MAX_PEAK, "{peak:.1} MiB");
}

/// Formats that are only understood when much of them is read, as long as they may be.
#[test]
fn long_inputs_of_each_format() {
    let fill = |start: &str, unit: &str, length: usize| {
        format!("{start}{}", unit.repeat(length / unit.len())).into_bytes()
    };
    let flow = format!(
        "{}:8:response;7000000:{},}}",
        7_000_000 + 22,
        "x".repeat(7_000_000)
    );
    let peak = peak_of_validate(&[
        ("list.yaml", fill("a:\n", "- {a: 1}\n", 1_900_000)),
        (
            "anchors.yaml",
            fill("a:\n", "- &a [x, y]\n- *a\n", 1_900_000),
        ),
        (
            "table.csv",
            fill("id,body\n", "1,\"{\"\"code\"\":1}\"\n", 300_000),
        ),
        (
            "quote.csv",
            fill("id,body\n1,\"{\"\"a\"\":1}\"\n1,\"", "x", 20_000_000),
        ),
        (
            "log.txt",
            fill(
                "response:\n{\n\"code\":\n\"success\",\"message\":\"\"}\n",
                "[{] ",
                1_900_000,
            ),
        ),
        (
            "trace.txt",
            fill(
                "<= Recv header, 17 bytes (0x11)\n",
                "0000: 48 54\n",
                1_900_000,
            ),
        ),
        ("a.flow", flow.into_bytes()),
    ]);
    assert!(peak < MAX_PEAK, "{peak:.1} MiB");
}

#[test]
fn inputs_that_are_too_long() {
    let long = |start: &str, unit: &str| {
        let text = unit.repeat(60_000_000 / unit.len());
        format!("{start}{text}").into_bytes()
    };
    let peak = peak_of_validate(&[
        ("one.json", long("{\"a\":\"", "x")),
        ("lines.ndjson", long("{}\n{\"a\":\"", "x")),
        ("message.http", long("HTTP/1.1 200 OK\r\n\r\n", "x")),
        ("blocks.md", long("```\n", "x\n")),
    ]);
    assert!(peak < MAX_PEAK, "{peak:.1} MiB");
}

/// Each item of two bytes has a result of some hundred.
#[test]
fn many_tiny_items() {
    let peak = peak_of_validate(&[(
        "arrays.json",
        format!("[{}[]]", "[],".repeat(100_000)).into(),
    )]);
    assert!(peak < MAX_PEAK, "{peak:.1} MiB");
}

#[tokio::test(flavor = "multi_thread")]
async fn bombs_through_the_proxy() {
    let encoded = "Content-Encoding: gzip\r\n";
    let mut replies: Vec<Reply> = [bombs(), small_bombs()]
        .concat()
        .iter()
        .map(|bomb| response("200 OK", encoded, bomb))
        .collect();
    let twice = gzip(&bombs()[0]);
    replies.push(response(
        "200 OK",
        "Content-Encoding: gzip, gzip\r\n",
        &twice,
    ));
    replies.push(ok(&vec![b'x'; 60_000_000]));
    let count = replies.len();
    let server = Server::in_turn(replies).await;
    let mut child = program(
        "http://127.0.0.1:9",
        &["proxy", "--upstream", &server.url, "--json"],
    )
    .stdout(Stdio::piped())
    .stderr(Stdio::null())
    .spawn()
    .unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    out.read_line(&mut line).unwrap();
    let line: serde_json::Value = serde_json::from_str(&line).unwrap();
    let url = line["base_url"].as_str().unwrap();
    let address = url.strip_prefix("http://").unwrap().parse().unwrap();
    // What is printed is read, so that the worker goes on.
    let printed = std::thread::spawn(move || out.lines().count());
    for _ in 0..count {
        let mut client = RawClient::connect(address).await;
        client.get(PATH).await;
        client.response().await;
    }
    // All of them are judged or passed over.
    let settled = loop {
        let mut client = RawClient::connect(address).await;
        client.get("/_report.json").await;
        let (_, report) = client.response().await;
        let report: serde_json::Value = serde_json::from_slice(&report).unwrap();
        let unvalidated: u64 = report["unvalidated"]
            .as_object()
            .unwrap()
            .values()
            .filter_map(serde_json::Value::as_u64)
            .sum();
        if report["report"]["responses"].as_u64().unwrap() + unvalidated >= count as u64 {
            break report;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    };
    let peak = peak(&child);
    child.kill().unwrap();
    child.wait().unwrap();
    printed.join().unwrap();
    let too_long = settled["unvalidated"]["too_long"].as_u64();
    assert_eq!(too_long, Some(10), "{}", settled["unvalidated"]);
    let peak = peak.unwrap();
    assert!(peak < MAX_PEAK, "{peak:.1} MiB");
}
