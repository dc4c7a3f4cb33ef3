//! The table "What it saves".

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use seedance_mock::{Fault, Gateway, Origin, Scenario, Video, task_id};
use seedance_query::{Client, Outcome, TaskId};
use seedance_testing::{
    http_server::Server,
    replies::{captured, ok, response},
};
use tempfile::TempDir;

use crate::commands::{command, gateway, is_video, lines, run};

const ID: &str = "asyntask_Qm4tZ81kWvYc3RbN7sXeLh2GpD6uJa0F";

/// Downloads the video of a task, which has to arrive whole.
async fn saves(gateway: &Gateway, scenario: impl Into<Scenario>) {
    let directory = TempDir::new().unwrap();
    let id = task_id(scenario, 1);
    let (code, out, err) = run(download(gateway, &id, directory.path())).await;
    assert_eq!(code, 0, "{id}: {out}{err}");
    let file = directory.path().join(format!("{id}.mp4"));
    is_video(gateway, &id, Video::Result, &file);
    assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1);
}

fn download(gateway: &Gateway, id: &TaskId, directory: &Path) -> Command {
    let into = directory.to_str().unwrap();
    let arguments = [
        "download",
        "--interval",
        "0.1s",
        "--into",
        into,
        id.as_str(),
    ];
    command(gateway, &arguments)
}

/// | a member that nobody needs has the wrong type | reported; the task is used all the same |
#[tokio::test(flavor = "multi_thread")]
async fn a_member_that_nobody_needs_has_the_wrong_type() {
    let gateway = gateway().await;
    for fault in [Fault::NumericProgress, Fault::StringSubmitTime] {
        let id = task_id(fault, 1);
        let wait = ["wait", "--json", "--interval", "0.1s", id.as_str()];
        let (code, out, err) = run(command(&gateway, &wait)).await;
        assert_eq!(code, 0, "{err}");
        let last = lines(&out).pop().unwrap();
        let findings = last["report"]["findings"].to_string();
        assert!(findings.contains("\"wrong-type\""), "{findings}");
        saves(&gateway, fault).await;
    }
}

/// | the URL stands in `fail_reason`, or in the upstream's part only | found and downloaded |
#[tokio::test(flavor = "multi_thread")]
async fn the_url_stands_in_fail_reason_or_in_the_upstreams_part_only() {
    let gateway = gateway().await;
    saves(&gateway, Fault::LegacyUrl).await;
    saves(&gateway, Fault::UpstreamUrlOnly).await;
}

/// | the status endpoint answers 500 just as the task ends | retried within an error budget, never taken for a failure |
#[tokio::test(flavor = "multi_thread")]
async fn the_status_endpoint_answers_500_just_as_the_task_ends() {
    let error = || {
        response(
            "500 Internal Server Error",
            "",
            br#"{"error":{"message":"x"}}"#,
        )
    };
    let wait = |url: &str, timeout: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_seedance-query"));
        let limits = ["--interval", "0.1s", "--wait-timeout", timeout];
        command.args(["wait", ID]).args(limits);
        command
            .env("SEEDANCE_BASE_URL", url)
            .env("SEEDANCE_API_KEY", "sk-test-0123456789");
        command.stdin(Stdio::null());
        command
    };
    let replies = [
        captured("pending-in-progress.http"),
        error(),
        captured("normal-720p.http"),
    ];
    let server = Server::in_turn(replies).await;
    let (code, out, err) = run(wait(&server.url, "20s")).await;
    assert_eq!(code, 0, "{out}{err}");
    assert_eq!(server.requests().len(), 3);
    // The budget has an end, which is no failure of the task.
    let server = Server::in_turn([captured("pending-in-progress.http"), error()]).await;
    let (code, out, err) = run(wait(&server.url, "4s")).await;
    assert!([3, 6].contains(&code), "{code} {out}{err}");
    assert!(server.requests().len() > 2);
    assert!(!err.contains("refund"), "{err}");
}

/// | the upstream failed, and the gateway says `IN_PROGRESS` for a day | the wait ends after a minute, with both statuses |
#[tokio::test(start_paused = true)]
async fn the_upstream_failed_and_the_gateway_says_in_progress_for_a_day() {
    let body = br#"{"code":"success","message":"","data":{"task_id":"asyntask_1",
        "status":"IN_PROGRESS","progress":"50%","data":{"id":"cgt-1","status":"expired"}}}"#;
    let server = Server::always(ok(body)).await;
    let builder = Client::builder()
        .base_url(&server.url)
        .api_key("sk-test-0123456789");
    let id = "asyntask_1".parse().unwrap();
    let outcome = builder.build().unwrap().wait(&id).await.unwrap();
    let Outcome::UpstreamEnded(task) = outcome else {
        panic!("{outcome:?}");
    };
    let elapsed = task.elapsed().as_secs();
    assert!((60..90).contains(&elapsed), "{elapsed} s");
    let said = task.to_string();
    assert!(
        said.contains("expired") && said.contains("IN_PROGRESS"),
        "{said}"
    );
}

/// | the URL expires, or its request budget is spent | a fresh one is asked for, and the download continues |
#[tokio::test(flavor = "multi_thread")]
async fn the_url_expires_or_its_request_budget_is_spent() {
    saves(&gateway().await, Fault::UrlExpired).await;
    // Each request brings 64 KiB, and each URL is good for three.
    let builder = Gateway::builder().speed(200.0).video_bytes(256 * 1024);
    let gateway = builder.request_budget(3).start().await.unwrap();
    saves(&gateway, Fault::ResetEach64k).await;
    let requests = gateway.requests();
    let mut of_video = requests
        .iter()
        .filter(|request| request.origin == Origin::Storage);
    let refused = of_video.clone().any(|request| request.status == Some(403));
    assert!(refused, "the budget was spent: {requests:#?}");
    let last = of_video.next_back().unwrap();
    assert!(last.range.is_some(), "it went on where it was: {last:#?}");
}

/// | the connection breaks, or the process is killed | resumed; a file is there complete and verified, or not at all |
#[tokio::test(flavor = "multi_thread")]
async fn the_connection_breaks_or_the_process_is_killed() {
    saves(&gateway().await, Fault::ResetEach64k).await;
    let builder = Gateway::builder().speed(200.0).video_bytes(512 * 1024);
    let gateway = builder.bytes_per_second(256 * 1024).start().await.unwrap();
    let directory = TempDir::new().unwrap();
    let id = task_id(Scenario::Normal, 1);
    let file = directory.path().join(format!("{id}.mp4"));
    let (part, state) = (
        file.with_extension("mp4.part"),
        file.with_extension("mp4.part.json"),
    );
    let mut killed = download(&gateway, &id, directory.path());
    let mut killed = killed
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let began = Instant::now();
    let is_begun = || {
        let state = fs::read_to_string(&state).unwrap_or_default();
        !state.is_empty() && !state.contains("\"synced\":0")
    };
    while !is_begun() {
        assert!(began.elapsed() < Duration::from_secs(30), "nothing came");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    killed.kill().unwrap();
    killed.wait().unwrap();
    assert!(part.exists() && !file.exists());
    let (code, out, err) = run(download(&gateway, &id, directory.path())).await;
    assert_eq!(code, 0, "{out}{err}");
    is_video(&gateway, &id, Video::Result, &file);
    assert!(
        gateway
            .requests()
            .iter()
            .any(|request| request.range.is_some())
    );
    assert!(!part.exists() && !state.exists());
}

/// | the URL points at a storage host | the API key is not sent there |
#[tokio::test(flavor = "multi_thread")]
async fn the_url_points_at_a_storage_host() {
    let gateway = gateway().await;
    saves(&gateway, Scenario::Normal).await;
    let requests = gateway.requests();
    let mut origins: Vec<Origin> = requests.iter().map(|request| request.origin).collect();
    origins.dedup();
    assert_eq!(origins, [Origin::Gateway, Origin::Storage]);
    for request in requests {
        let is_own = request.origin == Origin::Gateway;
        assert_eq!(request.has_authorization, is_own, "{request:#?}");
    }
}
