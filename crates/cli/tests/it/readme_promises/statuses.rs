//! The table of statuses, and what to do next.

use std::time::{Duration, SystemTime};

use seedance_mock::{Gateway, Scenario, task_id};
use seedance_query::{Client, Outcome, Rule, Severity, TaskState, Verdict, WaitPolicy};
use seedance_testing::{http_server::Server, replies::ok};

use crate::{cli, commands::gateway};

const ID: &str = "asyntask_Qm4tZ81kWvYc3RbN7sXeLh2GpD6uJa0F";

fn client(base_url: &str, key: &str) -> Client {
    Client::builder()
        .base_url(base_url)
        .api_key(key)
        .build()
        .unwrap()
}

fn quick() -> WaitPolicy {
    WaitPolicy::default().interval(Duration::from_millis(100))
}

/// A gateway that always says the same of a task.
async fn says(status: &str) -> (Server, Client) {
    let body = format!(
        r#"{{"code":"success","message":"","data":{{"task_id":"{ID}","status":"{status}",
        "progress":"100%","fail_reason":"","submit_time":1780000000,"start_time":0,
        "finish_time":0}}}}"#
    );
    let server = Server::always(ok(body.as_bytes())).await;
    let client = client(&server.url, "sk-test-0123456789");
    (server, client)
}

/// | `NOT_START`, `QUEUED` | wait; ask again after 15 s |
#[tokio::test(start_paused = true)]
async fn not_start_queued() {
    for status in ["NOT_START", "QUEUED"] {
        let (server, client) = says(status).await;
        let wait = client.wait(&ID.parse().unwrap());
        let outcome = wait.timeout(Duration::from_secs(40)).await.unwrap();
        let Outcome::TimedOut(task) = outcome else {
            panic!("{outcome:?}");
        };
        let last = task.last().unwrap();
        assert_eq!(last.status(), Some(status));
        // At 0, 15 and 30 s, each a little sooner or later, and at the deadline.
        assert_eq!(server.requests().len(), 4, "{status}");
    }
    let (_, help, _) = cli::run(&["wait", "--help"]);
    assert!(help.contains("[default: 15s]"), "{help}");
}

/// | `IN_PROGRESS` | wait; the progress is an estimate that starts at 50 % |
#[tokio::test(flavor = "multi_thread")]
async fn in_progress() {
    let gateway = Gateway::builder().speed(0.0).start().await.unwrap();
    let client_of_mock = client(gateway.base_url(), gateway.api_key());
    let id = task_id(Scenario::Normal, 1);
    let first = loop {
        let response = client_of_mock.query(&id).await.unwrap();
        if response.view().status.as_deref() == Some("IN_PROGRESS") {
            break response;
        }
        gateway.advance(Duration::from_secs(1));
    };
    assert_eq!(first.view().progress.as_deref(), Some("50%"));
    assert_eq!(first.report().verdict(), Verdict::Conforms);
    // Nothing follows from the estimate.
    let (_server, client) = says("IN_PROGRESS").await;
    let response = client.query(&ID.parse().unwrap()).await.unwrap();
    assert_eq!(response.view().progress.as_deref(), Some("100%"));
    assert_eq!(response.view().state, TaskState::Pending);
}

/// | `SUCCESS` | download `result_url` within 24 hours |
#[tokio::test(flavor = "multi_thread")]
async fn success() {
    let gateway = gateway().await;
    let client = client(gateway.base_url(), gateway.api_key());
    let id = task_id(Scenario::Normal, 1);
    let wait = client.wait(&id).policy(quick());
    let Outcome::Succeeded(task) = wait.await.unwrap() else {
        panic!("it succeeds");
    };
    let finished = task.response().view().finish_time.unwrap();
    let finished = SystemTime::UNIX_EPOCH + Duration::from_secs(finished.unsigned_abs());
    let left = task.result_url().expires_in(finished).unwrap();
    assert_eq!(left, Duration::from_hours(24));
}

/// | `FAILURE` | read `fail_reason`; the platform refunds by itself. Submit again if you want to |
#[tokio::test(flavor = "multi_thread")]
async fn failure() {
    let gateway = gateway().await;
    let client = client(gateway.base_url(), gateway.api_key());
    let id = task_id(Scenario::Failure, 1);
    let wait = client.wait(&id).policy(quick());
    let Outcome::Failed(task) = wait.await.unwrap() else {
        panic!("it fails");
    };
    let view = client.query(&id).await.unwrap().view().clone();
    let reason = view.fail_reason.unwrap();
    assert!(!reason.expose().is_empty());
    let said = task.to_string();
    assert!(said.contains("refund"), "{said}");
}

/// | anything else | reported as an error; the wait goes on within its limits. Do not submit again before you know |
#[tokio::test(start_paused = true)]
async fn anything_else() {
    let (server, client) = says("ARCHIVED").await;
    let id = ID.parse().unwrap();
    let response = client.query(&id).await.unwrap();
    assert_eq!(response.view().state, TaskState::Unknown);
    let mut findings = response.report().findings().iter();
    assert!(findings.any(
        |finding| finding.rule == Rule::UnknownStatus && finding.severity() == Severity::Error
    ));
    // Asked again and again, and given up without saying that it failed.
    let outcome = client.wait(&id).await;
    let error = outcome.unwrap_err();
    assert!(error.is_unknown_status() && error.polls() > 3, "{error}");
    assert!(!error.to_string().contains("refund"), "{error}");
    assert!(
        server
            .requests()
            .iter()
            .all(|request| request.method == "GET")
    );
}
