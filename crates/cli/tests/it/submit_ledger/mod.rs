//! Submissions that a ledger knows of before they are sent.

mod killed;
mod settled;
mod versions;

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
};

use seedance_mock::Gateway;
use seedance_testing::{
    http_server::{Reply, Server, Step},
    replies::response,
};
use serde_json::Value;
use tempfile::TempDir;

use crate::{
    commands::{gateway, lines},
    program::{self, program},
};

const ID: &str = "asyntask_Submitted0000000000000000000001";
/// The fields of the directory's ledger are looked for in its files, byte by byte.
const PROMPT: &str = "canary-prompt-0123456789";
const IMAGE: &str = "https://store.example/i.png?X-Tos-Signature=canary-signature-0123456789";

/// `submit`, noted in the ledger of this directory.
fn submit(base_url: &str, directory: &Path, more: &[&str]) -> Command {
    let mut command = program(base_url, &["submit", "--model", "seedance-fast"]);
    command
        .args(["--prompt", PROMPT, "--image", IMAGE, "--json", "--ledger"])
        .arg(directory)
        .args(more);
    command
}

/// `ledger --json`: its exit status, tasks, submissions, and standard error. Needs no gateway and no
/// key.
async fn ledger(directory: &Path, more: &[&str]) -> (i32, Vec<Value>, Vec<Value>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_seedance-query"));
    command
        .env_remove("SEEDANCE_BASE_URL")
        .env_remove("SEEDANCE_API_KEY")
        .args(["ledger", "--json"])
        .arg(directory)
        .args(more)
        .stdin(Stdio::null());
    let (code, out, err) = program::run(command).await;
    let of = |event: &str| {
        let lines = lines(&out).into_iter();
        lines.filter(|line| line["event"] == event).collect()
    };
    (code, of("task"), of("submission"), err)
}

/// `fetch` of what the ledger knows.
async fn fetch(gateway: &Gateway, directory: &Path) -> (i32, Value, String) {
    let mut command = program(
        gateway.base_url(),
        &["fetch", "--json", "--interval", "0.1s"],
    );
    command
        .env("SEEDANCE_API_KEY", gateway.api_key())
        .arg("--into")
        .arg(directory);
    let (code, out, err) = program::run(command).await;
    let summary = lines(&out).pop().unwrap_or_default();
    (code, summary["summary"].clone(), err)
}

/// A gateway that reads the request and then does this.
async fn after_the_body(steps: impl Into<Vec<Step>>) -> Server {
    // The body is a little longer than what is known of it here.
    let mut steps = steps.into();
    steps.insert(0, Step::Read(PROMPT.len() + IMAGE.len()));
    Server::always(Reply(steps)).await
}

fn accepted() -> Reply {
    let body = format!("{{\"id\":\"{ID}\",\"task_id\":\"{ID}\",\"object\":\"video\"}}");
    response(
        "200 OK",
        "X-Oneapi-Request-Id: 20261126-request-1\r\n",
        body.as_bytes(),
    )
}

/// Nothing of the request and no key is in any file of the directory.
fn has_no_secret(directory: &Path) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        let bytes = fs::read(&path).unwrap();
        for secret in ["canary-", "X-Tos-Signature", program::API_KEY] {
            let found = bytes
                .windows(secret.len())
                .any(|part| part == secret.as_bytes());
            assert!(!found, "{} has {secret}", path.display());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_accepted_submission_is_a_task_that_fetch_continues_with() {
    let gateway = gateway().await;
    let directory = TempDir::new().unwrap();
    let mut command = submit(gateway.base_url(), directory.path(), &[]);
    command.env("SEEDANCE_API_KEY", gateway.api_key());
    let (code, out, err) = program::run(command).await;
    assert_eq!(code, 0, "{out}{err}");
    let event = &lines(&out)[0];
    assert_eq!(event["submission"], 1);

    let (code, tasks, submissions, err) = ledger(directory.path(), &[]).await;
    assert_eq!((code, err.as_str()), (0, ""));
    assert_eq!(tasks[0]["state"], "left");
    assert_eq!(tasks[0]["request_id"], event["request_id"]);
    assert_eq!(submissions[0]["state"], "accepted");
    assert_eq!(submissions[0]["task_id"], event["task_id"]);
    assert_eq!(submissions[0]["model"], "seedance-fast");
    assert_eq!(submissions[0]["gateway"], gateway.base_url());
    has_no_secret(directory.path());

    let (code, summary, err) = fetch(&gateway, directory.path()).await;
    assert_eq!(code, 0, "{err}");
    assert_eq!(summary["tasks"][0]["state"], "arrived");
    assert_eq!(summary["tasks"][0]["request_id"], event["request_id"]);
    assert_eq!(summary["perhaps_submitted"], serde_json::json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_video_that_submit_downloaded_is_not_asked_for_again() {
    let gateway = gateway().await;
    let directory = TempDir::new().unwrap();
    let into = directory.path().to_str().unwrap();
    let mut command = program(gateway.base_url(), &["submit", "--model", "seedance-fast"]);
    command.env("SEEDANCE_API_KEY", gateway.api_key()).args([
        "--prompt",
        "a boat",
        "--interval",
        "0.1s",
        "--into",
        into,
    ]);
    let (code, out, err) = program::run(command).await;
    assert_eq!(code, 0, "{out}{err}");
    let before = gateway.requests().len();
    let (code, summary, err) = fetch(&gateway, directory.path()).await;
    assert_eq!(code, 0, "{err}");
    assert_eq!(summary["tasks"][0]["state"], "arrived");
    assert_eq!(summary["tasks"][0]["files"][0]["is_there"], true);
    assert_eq!(gateway.requests().len(), before);
    let (_, tasks, ..) = ledger(directory.path(), &[]).await;
    assert_eq!(tasks[0]["files"][0]["verification"], "container");
}

#[tokio::test(flavor = "multi_thread")]
async fn many_can_submit_at_a_time_also_the_same() {
    let server = after_the_body(accepted().0).await;
    let directory = TempDir::new().unwrap();
    let runs = (0..8).map(|_| program::run(submit(&server.url, directory.path(), &[])));
    for (code, out, err) in futures_util::future::join_all(runs).await {
        assert_eq!(code, 0, "{out}{err}");
    }
    assert_eq!(server.requests().len(), 8);
    let (code, tasks, submissions, _) = ledger(directory.path(), &[]).await;
    assert_eq!((code, tasks.len(), submissions.len()), (0, 1, 8));
    assert_eq!(submissions[7]["number"], 8);
    let digests = submissions.iter().map(|submission| &submission["digest"]);
    assert_eq!(digests.collect::<std::collections::HashSet<_>>().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_sent_if_it_cannot_be_noted() {
    let server = after_the_body(accepted().0).await;
    let directory = TempDir::new().unwrap();
    let ledger = directory.path().join("seedance-query.sqlite3");
    fs::write(&ledger, "this is no database, but long enough".repeat(9)).unwrap();
    let file = directory.path().join("file");
    fs::write(&file, "").unwrap();
    for (into, problem) in [(directory.path(), "it is broken"), (&file, "cannot create")] {
        let (code, _, err) = program::run(submit(&server.url, into, &[])).await;
        assert_eq!(code, 2, "{err}");
        assert!(
            err.contains("not submitted: ") && err.contains(problem),
            "{err}"
        );
    }
    assert_eq!(server.requests().len(), 0);
}
