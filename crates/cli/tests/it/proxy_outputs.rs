//! The outputs of `validate`, of the traffic of a command.

use std::{fs, process::Command};

use seedance_mock::Gateway;
use seedance_testing::{http_message::json, http_server::Server};
use serde_json::Value;
use tempfile::TempDir;

use crate::{
    cli,
    commands::lines,
    proxy_command::{output, run},
};

#[tokio::test(flavor = "multi_thread")]
async fn the_report_is_that_of_validate_on_the_recording() {
    let upstream = Server::always(json(b"[]")).await;
    let directory = TempDir::new().unwrap();
    let path = |name: &str| directory.path().join(name).display().to_string();
    let (captures, file) = (path("captures"), path("report.json"));
    let arguments = ["--record", &captures, "--format", "json", "-o", &file];
    let (code, out, err) = run(&upstream.url, &arguments, "get; get; echo done").await;
    assert_eq!((code, out.as_str()), (1, "done\n"), "{err}");
    assert!(err.contains("2 responses: 0 conform"), "{err}");
    let sorted = |text: &str| {
        let mut lines = lines(text);
        lines.sort_by_key(|line| line["source"].to_string());
        lines
    };
    let live = sorted(&fs::read_to_string(&file).unwrap());
    let (_, recorded, _) = cli::run(&["validate", "--format", "json", &captures]);
    assert_eq!(live.len(), 2);
    let rules = |lines: &[Value]| -> Vec<Value> {
        lines.iter().map(|line| line["findings"].clone()).collect()
    };
    assert_eq!(rules(&live), rules(&sorted(&recorded)));
    assert_eq!(live[0]["source"], sorted(&recorded)[0]["source"]);

    // Without a file, it is on standard output as it comes.
    let arguments = ["--format", "json", "--fail-on", "never"];
    let (code, out, _) = run(&upstream.url, &arguments, "get; get; true").await;
    assert_eq!((code, lines(&out).len()), (0, 2), "{out}");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_format_can_be_written() {
    let upstream = Server::always(json(b"[]")).await;
    let directory = TempDir::new().unwrap();
    for (format, start) in [
        ("text", "violates"),
        ("junit", "<?xml"),
        ("sarif", "{"),
        ("github", "::error"),
        ("html", "<!doctype html>"),
    ] {
        let file = directory.path().join(format);
        let arguments = ["--format", format, "-o", file.to_str().unwrap()];
        let (code, _, err) = run(&upstream.url, &arguments, "get; true").await;
        assert_eq!(code, 1, "{err}");
        let report = fs::read_to_string(&file).unwrap();
        assert!(report.starts_with(start), "{format}: {report}");
        assert!(report.contains("no-envelope"), "{format}: {report}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn quiet_summary_and_json() {
    let upstream = Server::always(json(b"[]")).await;
    let (code, out, err) = run(&upstream.url, &["-q"], "get; echo done").await;
    assert_eq!((code, out.as_str(), err.as_str()), (1, "done\n", ""));
    let (code, _, err) = run(&upstream.url, &["--summary=full"], "get; true").await;
    assert_eq!(code, 1);
    assert!(
        err.contains("documented fields that never occurred"),
        "{err}"
    );
    assert!(err.contains("1 validated: GET /v1/"), "{err}");
    let (code, out, err) = run(&upstream.url, &["--json"], "get; true").await;
    assert_eq!((code, err.as_str()), (1, ""));
    let events: Vec<Value> = lines(&out);
    let names: Vec<&str> = events
        .iter()
        .filter_map(|line| line["event"].as_str())
        .collect();
    assert_eq!(names, ["listening", "validated", "stopped"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_that_cannot_be_written_is_said_before_the_command_runs() {
    let upstream = Server::always(json(b"[]")).await;
    let (code, out, err) = run(&upstream.url, &["-o", "/no/such/file"], "get; echo ran").await;
    assert_eq!((code, out.as_str()), (2, ""), "{err}");
    assert!(err.contains("cannot write /no/such/file"), "{err}");
    assert_eq!(upstream.requests().len(), 0);
    let (code, _, err) = run(&upstream.url, &["--json", "-q"], "true").await;
    assert_eq!(code, 2, "{err}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_submission_through_the_proxy_is_judged() {
    let gateway = Gateway::builder().start().await.unwrap();
    let program = env!("CARGO_BIN_EXE_seedance-query");
    let mut command = Command::new(program);
    command
        .args(["proxy", "--upstream", gateway.base_url(), "--", program])
        .args(["submit", "--model", "seedance-fast", "--prompt", "a boat"])
        .env("SEEDANCE_API_KEY", gateway.api_key())
        .env_remove("SEEDANCE_BASE_URL");
    let (code, out, err) = output(command).await;
    assert_eq!(code, 0, "{err}");
    assert!(out.starts_with("asyntask_"), "{out}");
    assert!(
        err.contains("1 validated: POST /v1/video/generations."),
        "{err}"
    );
    assert!(err.contains("1 response: 1 conform"), "{err}");
}
