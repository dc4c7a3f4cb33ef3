//! The table of commands.

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::{Command, Stdio},
};

use seedance_mock::{Fault, Scenario, Video, task_id};
use seedance_query::{OPENAPI, TaskId};
use seedance_testing::{
    http_server::Server,
    raw_client::{PATH, RawClient},
    replies::{captured, response},
};
use serde_json::Value;
use tempfile::TempDir;

use crate::{
    cli,
    commands::{command, gateway, is_video, run},
    program::{self, program},
    proxy::{self, ask},
    running::Running,
};

/// | `submit --model NAME --prompt TEXT` | checks a request, and begins a task; `--into DIR` waits and downloads |
#[tokio::test(flavor = "multi_thread")]
async fn submit() {
    let gateway = gateway().await;
    let directory = TempDir::new().unwrap();
    let into = directory.path().to_str().unwrap();
    let arguments = ["submit", "--model", "seedance-2.0", "--prompt", "a boat"];
    let refused = [&arguments[..], &["--duration", "60"]].concat();
    assert_eq!(run(command(&gateway, &refused)).await.0, 2);
    assert_eq!(gateway.requests().len(), 0);

    let waiting = ["--interval", "0.1s", "--into", into];
    let arguments = [&arguments[..], &waiting].concat();
    let (code, out, err) = run(command(&gateway, &arguments)).await;
    assert_eq!(code, 0, "{err}");
    let id: TaskId = out.lines().next().unwrap().parse().unwrap();
    let file = directory.path().join(format!("{id}.mp4"));
    is_video(&gateway, &id, Video::Result, &file);
}

/// | `get ID` | queries the task once |
#[tokio::test(flavor = "multi_thread")]
async fn get() {
    let gateway = gateway().await;
    let id = task_id(Scenario::Normal, 1);
    run(command(&gateway, &["get", id.as_str()])).await;
    assert_eq!(gateway.requests().len(), 1);
}

/// | `wait ID` | polls until the task ends: every 15 s, for 30 minutes at most |
#[tokio::test(flavor = "multi_thread")]
async fn wait() {
    let gateway = gateway().await;
    let id = task_id(Scenario::Normal, 1);
    let arguments = ["wait", "--interval", "0.1s", id.as_str()];
    let (code, out, err) = run(command(&gateway, &arguments)).await;
    assert_eq!(code, 0, "{err}");
    assert!(out.contains("SUCCESS"), "{out}");
    assert!(gateway.requests().len() > 1);
    let (_, help, _) = cli::run(&["wait", "--help"]);
    for default in ["15s", "30m"] {
        assert!(help.contains(&format!("[default: {default}]")), "{help}");
    }
}

/// | `download ID` | waits, then downloads the video; resumes a download that was interrupted |
#[tokio::test(flavor = "multi_thread")]
async fn download() {
    let gateway = gateway().await;
    let id = task_id(Scenario::Normal, 1);
    let directory = TempDir::new().unwrap();
    let into = directory.path().to_str().unwrap();
    let arguments = [
        "download",
        "--interval",
        "0.1s",
        "--into",
        into,
        id.as_str(),
    ];
    // What an earlier process left, which another test interrupts: here it is of no use.
    let file = directory.path().join(format!("{id}.mp4"));
    fs::write(file.with_extension("mp4.part"), "not of this video").unwrap();
    let (code, _, err) = run(command(&gateway, &arguments)).await;
    assert_eq!(code, 0, "{err}");
    is_video(&gateway, &id, Video::Result, &file);
    assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1);
}

/// | `fetch --into DIR ID…` | fetches the videos of many tasks; resumable; `--verify` checks the files again |
#[tokio::test(flavor = "multi_thread")]
async fn fetch() {
    let gateway = gateway().await;
    let directory = TempDir::new().unwrap();
    let into = directory.path().to_str().unwrap();
    let ids: Vec<_> = (1..=3)
        .map(|number| task_id(Scenario::Normal, number))
        .collect();
    let mut arguments = vec!["fetch", "--interval", "0.1s", "--into", into];
    arguments.extend(ids.iter().map(TaskId::as_str));
    assert_eq!(run(command(&gateway, &arguments)).await.0, 0);
    let file = |id| directory.path().join(format!("{id}.mp4"));
    for id in &ids {
        is_video(&gateway, id, Video::Result, &file(id));
    }
    let asked = gateway.requests().len();
    assert_eq!(run(command(&gateway, &arguments)).await.0, 0);
    assert_eq!(
        gateway.requests().len(),
        asked,
        "what is there is not asked for again"
    );
    let verify = ["fetch", "--into", into, "--verify"];
    assert_eq!(run(command(&gateway, &verify)).await.0, 0);
    fs::write(file(&ids[1]), "another file").unwrap();
    let (code, out, err) = run(command(&gateway, &verify)).await;
    assert_ne!(code, 0);
    assert!(
        format!("{out}{err}").contains(ids[1].as_str()),
        "{out}{err}"
    );
}

/// | `ledger DIR` | shows the tasks and submissions of a directory, and settles what was perhaps submitted |
#[tokio::test(flavor = "multi_thread")]
async fn ledger() {
    let server = Server::always(response("502 Bad Gateway", "", b"")).await;
    let directory = TempDir::new().unwrap();
    let into = directory.path().to_str().unwrap();
    let submit = ["submit", "--model", "seedance-fast", "--prompt", "a boat"];
    let submit = program(&server.url, &[&submit[..], &["--ledger", into]].concat());
    assert_eq!(program::run(submit).await.0, 8);
    let (code, out, err) = cli::run(&["ledger", into]);
    assert_eq!(code, 8, "{out}{err}");
    assert!(out.contains("seedance-fast") && err.contains("--submitted 1=TASK_ID"));
    let (code, out, err) = cli::run(&["ledger", into, "--submitted", "1=asyntask_1"]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(out.contains("asyntask_1  left"), "{out}");
}

/// | `mock` | runs a gateway on this machine, for clients in any language |
#[test]
fn mock() {
    let mut mock = Command::new(env!("CARGO_BIN_EXE_seedance-query"));
    let mock = mock
        .args(["mock", "--speed", "200", "--json"])
        .stdout(Stdio::piped());
    let mut mock = mock.stderr(Stdio::null()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(mock.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    let line: Value = serde_json::from_str(&line).unwrap();
    let [url, key] = ["base_url", "api_key"].map(|name| line[name].as_str().unwrap());
    // A client that knows no more than how HTTP is written.
    let address = url.strip_prefix("http://").unwrap();
    let mut client = TcpStream::connect(address).unwrap();
    let id = task_id(Scenario::Normal, 1);
    let request = format!(
        "GET /v1/video/generations/{id} HTTP/1.1\r\nHost: {address}\r\n\
         Authorization: Bearer {key}\r\nConnection: close\r\n\r\n"
    );
    client.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    client.read_to_string(&mut answer).unwrap();
    mock.kill().unwrap();
    mock.wait().unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    assert!(
        answer.contains("\"NOT_START\"") || answer.contains("\"QUEUED\""),
        "{answer}"
    );
}

/// | `demo` | shows all of it |
#[test]
fn demo() {
    let (code, out, err) = cli::run(&["demo"]);
    assert_eq!(code, 0, "{err}");
    let shown = format!("{out}{err}");
    for word in ["super_resolution", ".mp4", "arrived", "failed", "conforms"] {
        assert!(shown.contains(word), "no {word}: {shown}");
    }
}

/// | `validate PATH…` | checks recorded traffic of any form, and reports what is new in it |
#[test]
fn validate() {
    let directory = TempDir::new().unwrap();
    let baseline = directory.path().join("baseline.toml");
    let baseline = baseline.to_str().unwrap();
    let known = "tests/drift/9p-numeric-progress.json";
    let run = |more: &[&str]| {
        let at = ["validate", "--baseline-file", baseline];
        cli::run(&[&at[..], more].concat())
    };
    let (code, out, err) = run(&["--baseline", "write", known]);
    assert_eq!(code, 0, "{out}{err}");
    let (code, out, err) = run(&["--baseline", "check", known]);
    assert_eq!(code, 0, "{out}{err}");
    let new = "tests/drift/9q-string-submit-time.json";
    let (code, out, err) = run(&["--baseline", "check", known, new]);
    assert_eq!(code, 1, "{out}{err}");
    assert!(out.contains("submit_time") && !out.contains("error[wrong-type]: this is a number"));
}

/// | `summary show PART…` | merges and prints what `validate --summary-out PART` wrote, on any number of machines |
#[test]
fn summary() {
    let directory = TempDir::new().unwrap();
    let parts = ["normal-720p.http", "pending-queued.http"].map(|name| {
        let part = directory.path().join(name).with_extension("json");
        let part = part.to_str().unwrap().to_owned();
        let recording = format!("tests/captures/{name}");
        let (code, _, err) = cli::run(&["validate", &recording, "--summary-out", &part]);
        assert_eq!(code, 0, "{err}");
        part
    });
    let (code, out, err) = cli::run(&["summary", "show", &parts[0], &parts[1], &parts[0]]);
    assert_eq!(code, 0, "{err}");
    assert!(out.contains("\n2 responses: 2 conform"), "{out}");
}

/// | `explain RULE` | says why a rule matters, with an example and what to do |
#[test]
fn explain() {
    let (code, out, err) = cli::run(&["explain", "upstream-status"]);
    assert_eq!(code, 0, "{err}");
    assert!(
        out.contains("upstream-status") && out.lines().count() > 5,
        "{out}"
    );
    assert_ne!(cli::run(&["explain", "no-such-rule"]).0, 0);
}

/// | `proxy --upstream URL` | checks the traffic of any client on its way to the gateway |
#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn proxy() {
    let answers = ["normal-720p.http", "pending-queued.http"].map(captured);
    let upstream = Server::in_turn(answers).await;
    let running = Running::start(proxy::command(&upstream.url, &[]));
    ask(&running, 1).await;
    let (code, out, err) = running.stop().await;
    assert_eq!(code, 0, "{out}{err}");
    assert!(err.contains("1 response: 1 conform"), "{err}");
    assert_eq!(upstream.requests().len(), 1);
}

/// | `playground` | shows the API in a browser, to try it against a mock or a gateway, with a report beside each response |
#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn playground() {
    let upstream = Server::in_turn([captured("normal-720p.http")]).await;
    let fault = format!(
        "/v1/video/generations/{}",
        task_id(Fault::NumericProgress, 1)
    );
    let with_upstream = ["--upstream", &upstream.url];
    for (arguments, path, verdict) in [
        (&[][..], &*fault, "violates"),
        (&with_upstream, PATH, "conforms"),
    ] {
        let arguments = [&["playground", "--json"], arguments].concat();
        let running = Running::start(program("", &arguments));
        let mut client = RawClient::connect(running.address).await;
        client
            .write(format!(
                "GET {path} HTTP/1.1\r\nHost: localhost\r\n\
                 Authorization: Bearer sk-mock-0123456789abcdef\r\n\r\n"
            ))
            .await;
        assert!(client.response().await.0.starts_with("HTTP/1.1 200"));
        client
            .write("GET / HTTP/1.1\r\nHost: localhost\r\nAccept: text/html\r\n\r\n")
            .await;
        let (_, page) = client.response().await;
        assert!(page.starts_with(b"<!doctype html>"));
        loop {
            client.get("/_playground/exchanges.json").await;
            let (_, exchanges) = client.response().await;
            let exchanges: Value = serde_json::from_slice(&exchanges).unwrap();
            if exchanges["latest"] == 1 {
                let exchange = &exchanges["exchanges"][0];
                assert_eq!(exchange["verdict"], verdict, "{exchange}");
                break;
            }
        }
        let (code, _, err) = running.stop().await;
        assert_eq!(code, 0, "{err}");
    }
    assert_eq!(upstream.requests().len(), 1);
}

/// | `spec` | prints the OpenAPI document or a JSON Schema derived from it; `--diff` compares two documents |
#[test]
fn spec() {
    assert_eq!(cli::run(&["spec"]).1, OPENAPI);
    let (code, out, _) = cli::run(&["spec", "--schema", "contract"]);
    assert_eq!(code, 0);
    let schema: Value = serde_json::from_str(&out).unwrap();
    assert!(schema["$schema"].as_str().unwrap().contains("2020-12"));
    let document = "openapi/seedance-task-query.yaml";
    assert_eq!(cli::run(&["spec", "--diff", document, document]).0, 0);
}

/// The table and the program list the same commands.
#[test]
fn no_command_is_missing() {
    let (_, help, _) = cli::run(&["--help"]);
    let (_, listed) = help.split_once("Commands:\n").unwrap();
    let names = listed.lines().take_while(|line| line.starts_with("  "));
    let readme = super::readme();
    let mut count = 0;
    for line in names.filter(|line| !line.starts_with("   ")) {
        let name = line.split_whitespace().next().unwrap();
        if !["completions", "help"].contains(&name) {
            assert!(readme.contains(&format!("| `{name}")), "{name}");
            count += 1;
        }
    }
    assert_eq!(count, 14, "{listed}");
}
