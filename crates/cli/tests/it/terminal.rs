//! What comes from outside controls no terminal: in the output of every command, control characters
//! and those that change the direction of writing are shown as escapes.

use std::{
    fs,
    path::Path,
    process::{Child, Command, Output, Stdio},
};

use seedance_query::OPENAPI;
use seedance_testing::{
    http_server::{Reply, Server},
    patience::until,
    raw_client::RawClient,
    replies::response,
};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::program::program;

const ID: &str = "asyntask_Qm4tZ81kWvYc3RbN7sXeLh2GpD6uJa0F";

/// C0, C1, an operating system command, a bell, overrides of the direction, and a carriage return.
const EVIL: &str = "\u{1b}]0;title\u{7}\u{9b}31m\u{202e}x\u{2066}\u{7f}\u{85}\u{1b}[2J\r";

fn task(status: &str) -> Value {
    json!({ "code": "success", "message": EVIL, "data": {
        "task_id": ID, "status": status, "fail_reason": EVIL, "action": EVIL, "progress": EVIL,
        "submit_time": 1, "start_time": 1, "finish_time": 2, "request_id": EVIL, EVIL: EVIL,
        "result_url": format!("http://127.0.0.1:9/{EVIL}"),
        "data": { "id": EVIL, "status": EVIL, "model": EVIL, EVIL: [EVIL] },
    }})
}

fn answers() -> Vec<(&'static str, Vec<u8>)> {
    let bytes = |value: Value| value.to_string().into_bytes();
    let page = format!("<html><title>{EVIL}</title>{EVIL}</html>");
    vec![
        ("200 OK", bytes(task("FAILURE"))),
        ("200 OK", bytes(task("SUCCESS"))),
        ("200 OK", bytes(task(EVIL))),
        (
            "401 No",
            bytes(json!({ "error": { "code": EVIL, "message": EVIL } })),
        ),
        (
            "404 No",
            bytes(json!({ "code": EVIL, "message": EVIL, "data": null })),
        ),
        ("502 Bad", page.into_bytes()),
        // Neither JSON nor UTF-8, with a C1 character as one byte.
        (
            "200 OK",
            [b"{\"a\":\"\x9b31m\xff", EVIL.as_bytes()].concat(),
        ),
    ]
}

/// The answer to everybody, with hostile headers.
fn hostile((status, body): &(&str, Vec<u8>)) -> Reply {
    let headers = "Content-Type: text/\u{9b}31m\u{202e}\r\nX-A: \u{9b}31m\r\nRetry-After: 1\r\n";
    response(status, headers, body)
}

/// Asserts that nothing in an output acts on a terminal; color is our own.
fn assert_harmless(what: &str, bytes: &[u8]) {
    let text = std::str::from_utf8(bytes).unwrap_or_else(|error| panic!("{what}: {error}"));
    let acts = |c: char| {
        (c.is_control() && !matches!(c, '\n' | '\t'))
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}')
    };
    if let Some(at) = text.find(acts) {
        let from = text.floor_char_boundary(at.saturating_sub(200));
        let to = text.floor_char_boundary(at + 100);
        panic!("{what}: {:?}", &text[from..to]);
    }
}

async fn output(mut command: Command) -> Output {
    let run = tokio::task::spawn_blocking(move || command.output().unwrap());
    run.await.unwrap()
}

async fn run(what: &str, command: Command) -> Output {
    let output = output(command).await;
    assert_harmless(&format!("standard output of {what}"), &output.stdout);
    assert_harmless(&format!("standard error of {what}"), &output.stderr);
    output
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_of_a_gateway() {
    for (number, answer) in answers().iter().enumerate() {
        let server = Server::always(hostile(answer)).await;
        let work = TempDir::new().unwrap();
        let short = ["--interval", "0.1s", "--wait-timeout", "0.6s"];
        for arguments in [
            &["get", ID][..],
            &["get", ID, "--json"],
            &["get", ID, "--record", "captures"],
            &[&["wait", ID][..], &short].concat(),
            &[&["wait", ID, "--json"][..], &short].concat(),
            &[&["download", ID][..], &short].concat(),
            &[&["download", ID, "--json"][..], &short].concat(),
            &[&["fetch", ID, "--into", "videos"][..], &short].concat(),
            &[
                &["fetch", ID, "--into", "videos-json", "--json"][..],
                &short,
            ]
            .concat(),
            &["fetch", "--into", "videos", "--verify"],
        ] {
            // A download from nowhere is tried again for long.
            if number == 1 && matches!(arguments[0], "download" | "fetch") {
                continue;
            }
            let mut command = program(&server.url, arguments);
            command.current_dir(work.path());
            run(&format!("{arguments:?}, answer {number}"), command).await;
        }
    }
}

/// Recordings with hostile bodies, headers, URLs and names.
fn recordings(directory: &Path) {
    let har = |body: &str| {
        let url = format!("https://a.example/v1/video/generations/{ID}?{EVIL}");
        json!({ "log": { "version": "1.2", "creator": { "name": EVIL }, "entries": [
            { "request": { "method": "GET", "url": url }, "response": {
                "status": 200, "headers": [{ "name": EVIL, "value": EVIL }],
                "content": { "text": body } } },
            { "request": { "method": "GET", "url": url }, "response": {
                "status": 200, "content": { "text": "x", "encoding": EVIL } } },
        ]}})
    };
    for (number, (_, body)) in answers().iter().enumerate() {
        let name = format!("{number} \u{202e}\u{9b}31m\u{1b}[1m.json");
        fs::write(directory.join(name), body).unwrap();
        let text = String::from_utf8_lossy(body);
        let archive = har(&text).to_string();
        fs::write(directory.join(format!("{number}.har")), archive).unwrap();
    }
    let head = format!("HTTP/1.1 200 OK\r\nX: {EVIL}\r\n\r\n{}", task(EVIL));
    fs::write(directory.join("a.http"), head).unwrap();
    let version = r#"{"log":{"version":"\u001b[1m\u202e","entries":[]}}"#;
    fs::write(directory.join("version.har"), version).unwrap();
    let other = json!({ EVIL: 1 }).to_string();
    fs::write(directory.join("other.json"), other).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn recordings_in_every_format() {
    let work = TempDir::new().unwrap();
    recordings(work.path());
    let named = work.path().join("named.txt");
    fs::write(&named, EVIL).unwrap();
    for format in ["text", "json", "junit", "sarif", "github", "html"] {
        for more in [
            &[][..],
            &["--summary", "--timeline"],
            &["--baseline", "write"],
        ] {
            let paths = [".", "named.txt", "\u{202e}nowhere\u{1b}.json"];
            let arguments = [&["validate", "--format", format][..], more, &paths].concat();
            let mut command = program("http://127.0.0.1:9", &arguments);
            command.current_dir(work.path());
            let what = format!("{format} {more:?}");
            let output = run(&what, command).await;
            assert!(output.stdout.len() > 100 || more.len() == 2, "{what}");
        }
    }
    // With the findings of the baseline gone, its entries are stale, and are quoted.
    let clean = TempDir::new().unwrap();
    fs::copy(
        work.path().join("seedance-baseline.toml"),
        clean.path().join("seedance-baseline.toml"),
    )
    .unwrap();
    fs::write(clean.path().join("a.json"), task("FAILURE").to_string()).unwrap();
    let mut command = program(
        "http://127.0.0.1:9",
        &["validate", "--baseline", "check", "a.json"],
    );
    command.current_dir(clean.path());
    let output = run("stale entries", command).await;
    assert!(String::from_utf8(output.stderr).unwrap().contains("stale"));
}

#[tokio::test(flavor = "multi_thread")]
async fn documents_that_are_compared() {
    let work = TempDir::new().unwrap();
    let captures = work.path().join("captures \u{202e}");
    fs::create_dir(&captures).unwrap();
    recordings(&captures);
    let escaped = r#""\e]0;t\a\N\x9b31m\u202e""#;
    let changed = OPENAPI
        .replace("minLength: 1", "minLength: 2")
        .replace("enum: [generate", &format!("enum: [{escaped}, generate"))
        .replacen("url: https://", "url: https://\u{202e}", 1);
    assert_ne!(changed, OPENAPI);
    let new = work.path().join("new\u{1b}[1m\u{202e}.yaml");
    fs::write(work.path().join("old.yaml"), OPENAPI).unwrap();
    fs::write(&new, &changed).unwrap();
    let broken = work.path().join("broken\u{9b}.yaml");
    fs::write(&broken, format!("openapi: 3.0.3\n{EVIL}: [\n")).unwrap();
    let captures = captures.display().to_string();
    for new in [&new, &broken] {
        let new = new.display().to_string();
        for more in [&[][..], &["--json"]] {
            let diff = ["spec", "--diff", "old.yaml", &new, "--captures", &captures];
            let arguments = [&diff[..], more].concat();
            let mut command = program("http://127.0.0.1:9", &arguments);
            command.current_dir(work.path());
            run(&format!("{arguments:?}"), command).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn arguments_that_are_refused() {
    for arguments in [
        &["get", "\u{1b}[1m\u{202e}"][..],
        &["fetch", "--into", "/dev/null/\u{9b}\u{202e}", ID],
        &["fetch", "--into", "v", "--from", "\u{9b}\u{202e}"],
        &["mock", "--fault", "\u{9b}\u{202e}"],
        &["proxy", "--upstream", "\u{1b}[1m\u{202e}"],
        &["get", ID, "--base-url", "https://\u{202e}\u{1b}.example"],
        &["validate", "--config", "\u{202e}\u{9b}", "x"],
    ] {
        let work = TempDir::new().unwrap();
        let mut command = program("http://127.0.0.1:9", arguments);
        command.current_dir(work.path());
        let output = run(&format!("{arguments:?}"), command).await;
        assert!(!output.status.success());
        assert!(!output.stderr.is_empty(), "{arguments:?}");
    }
}

/// A running proxy; it is killed if the test ends early.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
    }
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn live_traffic() {
    let answers = answers();
    let replies: Vec<Reply> = answers.iter().map(hostile).collect();
    for more in [&[][..], &["--json"]] {
        let server = Server::in_turn(replies.clone()).await;
        let work = TempDir::new().unwrap();
        let (out, err) = (work.path().join("out"), work.path().join("err"));
        let arguments = ["proxy", "--upstream", &server.url, "--record", "captures"];
        let mut command = program("http://127.0.0.1:9", &[&arguments[..], more].concat());
        command
            .current_dir(work.path())
            .stdin(Stdio::null())
            .stdout(fs::File::create(&out).unwrap())
            .stderr(fs::File::create(&err).unwrap());
        let mut running = Running(command.spawn().unwrap());
        let address = || {
            let text = fs::read_to_string(&out).unwrap();
            let (_, rest) = text.split_once("http://127.0.0.1:")?;
            let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
            digits
                .parse::<u16>()
                .ok()
                .filter(|_| rest.len() > digits.len())
        };
        until("the address", || address().is_some()).await;
        let address = ([127, 0, 0, 1], address().unwrap()).into();
        for _ in &answers {
            let mut client = RawClient::connect(address).await;
            client.get(&format!("/v1/video/generations/{ID}")).await;
            client.response().await;
        }
        let captures = work.path().join("captures");
        let recorded = || fs::read_dir(&captures).map_or(0, Iterator::count);
        until("the captures", || recorded() >= answers.len()).await;
        let id = running.0.id().to_string();
        let stopped = Command::new("kill").args(["-INT", &id]).status().unwrap();
        assert!(stopped.success());
        running.0.wait().unwrap();
        for (name, file) in [("standard output", out), ("standard error", err)] {
            let bytes = fs::read(&file).unwrap();
            assert_harmless(&format!("{name} of proxy {more:?}"), &bytes);
        }
    }
}
