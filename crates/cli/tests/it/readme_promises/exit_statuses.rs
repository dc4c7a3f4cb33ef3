//! The table of exit statuses.

use std::{
    fs,
    process::{Command, Stdio},
};

use seedance_mock::{Fault, Gateway, Scenario, task_id};
use seedance_query::OPENAPI;
use seedance_testing::{
    files::edited,
    http_server::{Reply, Server, Step},
    replies::{ok, raw},
};
use tempfile::TempDir;

use crate::{
    cli,
    commands::{command, gateway, run},
};

/// How `wait`, `download` and `fetch` of a task end.
async fn statuses(gateway: &Gateway, scenario: impl Into<Scenario>) -> [i32; 3] {
    let id = task_id(scenario, 1);
    let mut statuses = [0; 3];
    for (command_name, status) in ["wait", "download", "fetch"].iter().zip(&mut statuses) {
        let directory = TempDir::new().unwrap();
        let into = directory.path().to_str().unwrap();
        let limits = ["--interval", "0.1s", "--wait-timeout", "2s", id.as_str()];
        let mut arguments = [&[*command_name][..], &limits].concat();
        if *command_name != "wait" {
            arguments.extend(["--into", into]);
        }
        *status = run(command(gateway, &arguments)).await.0;
    }
    statuses
}

/// | 0 | done: the video is there, or nothing is left to do |
#[tokio::test(flavor = "multi_thread")]
async fn exit_status_0() {
    let gateway = gateway().await;
    assert_eq!(statuses(&gateway, Scenario::Normal).await, [0; 3]);
    // Nothing is left of a batch in which a task failed, once that was said.
    let directory = TempDir::new().unwrap();
    let into = directory.path().to_str().unwrap();
    let id = task_id(Scenario::Failure, 2);
    let fetch = ["fetch", "--interval", "0.1s", "--into", into, id.as_str()];
    assert_eq!(run(command(&gateway, &fetch)).await.0, 4);
    assert_eq!(run(command(&gateway, &fetch)).await.0, 0);
}

/// | 1 | the contract is violated (validate, spec --diff) |
#[test]
fn exit_status_1() {
    assert_eq!(
        cli::run(&["validate", "tests/drift/9p-numeric-progress.json"]).0,
        1
    );
    assert_eq!(cli::run(&["validate", "tests/captures"]).0, 0);
    let directory = TempDir::new().unwrap();
    let [old, new] = ["old.yaml", "new.yaml"].map(|name| directory.path().join(name));
    fs::write(&old, OPENAPI).unwrap();
    fs::write(&new, edited(&[("minLength: 1", "minLength: 2")])).unwrap();
    let diff = |from: &std::path::Path, to: &std::path::Path| {
        cli::run(&[
            "spec",
            "--diff",
            from.to_str().unwrap(),
            to.to_str().unwrap(),
        ])
    };
    let (code, out, err) = diff(&old, &new);
    assert_eq!(code, 1, "{out}{err}");
    assert_eq!(diff(&old, &old).0, 0);
}

/// | 2 | wrong usage, or a file or directory that cannot be used |
#[test]
fn exit_status_2() {
    let directory = TempDir::new().unwrap();
    let file = directory.path().join("file");
    fs::write(&file, "no directory").unwrap();
    let file = file.to_str().unwrap();
    for arguments in [
        &["wait"][..],
        &["wait", ""],
        &["no-such-command"],
        &["validate", "no/such/file"],
        &["fetch", "--into", file, "asyntask_1"],
    ] {
        let (code, _, err) = cli::run(arguments);
        assert_eq!(code, 2, "{arguments:?} {err}");
        assert!(!err.is_empty());
    }
}

/// | 3 | not finished yet: run again to continue |
#[tokio::test(flavor = "multi_thread")]
async fn exit_status_3() {
    let gateway = gateway().await;
    assert_eq!(statuses(&gateway, Scenario::Stuck).await, [3; 3]);
    let id = task_id(Scenario::Stuck, 1);
    assert_eq!(run(command(&gateway, &["get", id.as_str()])).await.0, 3);
}

/// | 4 | the task failed; the platform refunds it |
#[tokio::test(flavor = "multi_thread")]
async fn exit_status_4() {
    let gateway = gateway().await;
    assert_eq!(statuses(&gateway, Scenario::Failure).await, [4; 3]);
    let id = task_id(Scenario::Failure, 1);
    let (code, out, _) = run(command(&gateway, &["get", id.as_str()])).await;
    assert_eq!(code, 4, "{out}");
    let (_, out, err) = run(command(&gateway, &["wait", id.as_str()])).await;
    assert!(err.contains("refunded"), "{out}{err}");
}

/// | 5 | the task ended without a usable URL of a video |
#[tokio::test(flavor = "multi_thread")]
async fn exit_status_5() {
    let gateway = gateway().await;
    let [_, download, fetch] = statuses(&gateway, Fault::NotAVideo).await;
    assert_eq!([download, fetch], [5; 2]);
}

/// | 6 | the gateway cannot be reached, or refuses the query |
#[tokio::test(flavor = "multi_thread")]
async fn exit_status_6() {
    let gateway = gateway().await;
    let id = task_id(Fault::Unauthorized, 1);
    assert_eq!(run(command(&gateway, &["get", id.as_str()])).await.0, 6);
    gateway.stop().await;
    let (code, _, err) = run(command(&gateway, &["get", id.as_str()])).await;
    assert_eq!(code, 6, "{err}");
}

/// | 7 | the video is there, but could not be verified as complete |
#[tokio::test(flavor = "multi_thread")]
async fn exit_status_7() {
    // A format that has no end, from a store that tells no length.
    let video = [b"\x1a\x45\xdf\xa3".as_slice(), &[0x20; 4096]].concat();
    let server = Server::start(move |request, _| {
        if request.target.contains("/v1/") {
            let host = request.header("host").unwrap();
            let body = format!(
                r#"{{"code":"success","message":"","data":{{"task_id":"asyntask_1",
                "status":"SUCCESS","result_url":"http://{host}/v.webm"}}}}"#
            );
            ok(body.as_bytes())
        } else {
            raw("200 OK", "Content-Type: video/webm\r\n", &video)
        }
    })
    .await;
    let directory = TempDir::new().unwrap();
    let mut download = Command::new(env!("CARGO_BIN_EXE_seedance-query"));
    download
        .args(["download", "asyntask_1", "--into"])
        .arg(directory.path())
        .env("SEEDANCE_BASE_URL", &server.url)
        .env("SEEDANCE_API_KEY", "sk-test-0123456789")
        .stdin(Stdio::null());
    let (code, out, err) = run(download).await;
    assert_eq!(code, 7, "{out}{err}");
    let files: Vec<_> = fs::read_dir(directory.path()).unwrap().collect();
    let [file] = &files[..] else {
        panic!("{files:?}");
    };
    let length = file.as_ref().unwrap().metadata().unwrap().len();
    assert_eq!(length, 4100);
}

/// | 8 | a task was perhaps begun: look into the gateway's log before submitting again |
#[tokio::test(flavor = "multi_thread")]
async fn exit_status_8() {
    // The request arrives, and no answer comes.
    let reply = Reply(vec![Step::Read(1), Step::Close]);
    let server = Server::always(reply).await;
    let mut submit = Command::new(env!("CARGO_BIN_EXE_seedance-query"));
    submit
        .args(["submit", "--model", "seedance-fast", "--prompt", "a boat"])
        .env("SEEDANCE_BASE_URL", &server.url)
        .env("SEEDANCE_API_KEY", "sk-test-0123456789")
        .stdin(Stdio::null());
    let (code, out, err) = run(submit).await;
    assert_eq!(code, 8, "{out}{err}");
    assert_eq!(server.requests().len(), 1);
}
