//! `seedance-query proxy`, as a user runs it.

use std::{
    io::BufRead,
    path::Path,
    process::{Command, Stdio},
};

use serde_json::Value;
use tempfile::TempDir;

use seedance_testing::{
    files::captures,
    http_message::json,
    http_server::{Server, send},
    raw_client::{KEY, PATH, RawClient},
    replies::about_task,
};

use crate::running::Running;

const PROGRAM: &str = env!("CARGO_BIN_EXE_seedance-query");

/// The body of a capture, about the task that is asked for.
fn captured_body(name: &str) -> Vec<u8> {
    let id = PATH.rsplit('/').next().unwrap();
    about_task(id, &seedance_testing::files::captured_body(name))
}

/// The proxy before this upstream.
pub fn command(upstream: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(PROGRAM);
    command
        .args(["proxy", "--upstream", upstream])
        .args(arguments);
    command
}

pub async fn ask(running: &Running, count: usize) {
    let mut client = RawClient::connect(running.address).await;
    for _ in 0..count {
        client.get(PATH).await;
        client.response().await;
    }
}

fn record(directory: &Path) -> [String; 2] {
    ["--record".to_owned(), directory.display().to_string()]
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn it_says_what_is_new_and_sums_up() {
    let answers = [json(&captured_body("normal-720p.http")), json(b"[]")];
    let upstream = Server::start(move |_, number| vec![send(&answers[number % 2])]).await;
    let directory = TempDir::new().unwrap();
    let [flag, into] = record(directory.path());
    let running = Running::start(command(&upstream.url, &[&flag, &into]));
    ask(&running, 10).await;
    let (code, out, err) = running.stop().await;
    assert_eq!(code, 0, "{err}");
    assert!(
        out.contains("/_metrics\n") && out.contains("curl -H"),
        "{out}"
    );
    assert_eq!(err.matches("error[no-envelope]").count(), 1, "{err}");
    let sum = format!(
        "10 responses: 5 conform, 0 drift, 5 violate (5 errors, 0 warnings, 0 infos)\n\
         10 requests to {}: 10 validated: GET /v1/video/generations/{{task_id}}. Recorded: 10.\n",
        upstream.url
    );
    assert!(err.ends_with(&sum), "{err}");
    assert!(!format!("{out}{err}").contains(KEY));
    assert_eq!(captures(directory.path()).len(), 10);
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn as_json_each_response_is_a_line() {
    let upstream = Server::always(json(&captured_body("pending-queued.http"))).await;
    let running = Running::start(command(&upstream.url, &["--json"]));
    ask(&running, 3).await;
    let (code, out, err) = running.stop().await;
    assert_eq!((code, err.as_str()), (0, ""));
    let lines: Vec<Value> = out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let (last, validated) = lines.split_last().unwrap();
    assert_eq!(validated.len(), 3);
    assert!(validated.iter().all(|line| line["event"] == "validated"
        && line["report"]["shape"] == "pending"
        && line["report"]["verdict"] == "conforms"));
    assert_eq!(last["event"], "stopped");
    assert_eq!(last["summary"]["report"]["verdicts"]["conforms"], 3);
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn the_pages_have_the_token_of_the_environment() {
    let upstream = Server::always(json(b"[]")).await;
    let mut with_token = command(&upstream.url, &[]);
    with_token.env("SEEDANCE_PROXY_TOKEN", "a b&c");
    let mut running = Running::start(with_token);
    let mut lines = String::new();
    while !lines.contains("metrics ") {
        running.out.read_line(&mut lines).unwrap();
    }
    assert!(lines.contains("/_report?token=a+b%26c\n"), "{lines}");
    let mut client = RawClient::connect(running.address).await;
    for (path, status) in [("/_report", 401), ("/_report?token=a+b%26c", 200)] {
        client.get(path).await;
        let (head, _) = client.response().await;
        assert!(head.starts_with(&format!("HTTP/1.1 {status} ")), "{head}");
    }
    let (code, _, err) = running.stop().await;
    assert_eq!(code, 0, "{err}");
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_costs_captures_and_no_traffic() {
    let answer = json(&captured_body("normal-720p.http"));
    let upstream = Server::always(&answer).await;
    let directory = TempDir::new().unwrap();
    let [flag, into] = record(directory.path());
    // No file of the process can have more than a kilobyte, so none of these captures can be whole.
    let mut limited = Command::new("bash");
    limited.args([
        "-c",
        "trap '' XFSZ; ulimit -f 1; exec \"$@\"",
        "limited",
        PROGRAM,
    ]);
    limited.args(["proxy", "--upstream", &upstream.url, &flag, &into]);
    let running = Running::start(limited);
    let mut client = RawClient::connect(running.address).await;
    for _ in 0..20 {
        client.get(PATH).await;
        client.expect(&answer).await;
    }
    let (code, _, err) = running.stop().await;
    assert_eq!(code, 2, "{err}");
    assert_eq!(err.matches("the traffic goes on").count(), 1, "{err}");
    assert!(err.contains("20 responses: 20 conform, 0 drift,"), "{err}");
    assert!(
        err.contains(" Recorded: 0. Not recorded: 20 (cannot write "),
        "{err}"
    );
    assert!(
        captures(directory.path()).is_empty(),
        "something was left behind"
    );
}

/// Whoever reads the output can stop reading.
#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn output_that_nobody_reads_stops_nothing() {
    let answer = json(b"[]");
    let upstream = Server::always(&answer).await;
    let mut running = Running::start(command(&upstream.url, &["--json"]));
    let mut client = RawClient::connect(running.address).await;
    // Far more than a pipe holds.
    for _ in 0..2000 {
        client.get(PATH).await;
        client.expect(&answer).await;
    }
    running.out.read_line(&mut String::new()).unwrap();
    let (code, out, err) = running.stop().await;
    assert_eq!((code, err.as_str()), (0, ""));
    assert_eq!(
        out.lines().count(),
        2000,
        "all but the one that was read, and the summary"
    );
}

/// A reader that never goes on is not waited for without end.
#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_reader_that_stands_still_does_not_keep_it() {
    let answer = json(b"[]");
    let upstream = Server::always(&answer).await;
    let mut running = Running::start(command(&upstream.url, &["--json", "--grace", "0.2s"]));
    let mut client = RawClient::connect(running.address).await;
    for _ in 0..1000 {
        client.get(PATH).await;
        client.expect(&answer).await;
    }
    let id = running.child.id().to_string();
    let killed = Command::new("kill").args(["-INT", &id]).status().unwrap();
    assert!(killed.success());
    let until = std::time::Instant::now() + seedance_testing::patience::PATIENCE;
    let code = loop {
        if let Some(status) = running.child.try_wait().unwrap() {
            break status.code();
        }
        assert!(std::time::Instant::now() < until, "it goes on and on");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    };
    assert_eq!(code, Some(3));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_it_cannot_do_it_says() {
    for (upstream, more, message) in [
        ("gateway.example", &[][..], "is not a URL"),
        ("https://gateway.example?x", &[], "has a query"),
        ("https://gateway.example", &["--unredacted"], "--record"),
        (
            "https://gateway.example",
            &["--record", "/dev/null/x"],
            "cannot record in",
        ),
        (
            "https://gateway.example",
            &["--record", "x", "--unredacted"],
            "needs a terminal",
        ),
    ] {
        let mut command = command(upstream, more);
        command.stdin(Stdio::null());
        let output = tokio::task::spawn_blocking(move || command.output().unwrap());
        let output = output.await.unwrap();
        let err = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{err}");
        assert!(err.contains(message), "{err}");
    }
}
