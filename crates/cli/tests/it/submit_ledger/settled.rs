//! What is not known, and how a person settles it.

use seedance_mock::{Scenario, task_id};
use seedance_testing::{
    http_server::{Reply, Server, Step},
    replies::response,
};
use tempfile::TempDir;

use super::{ID, accepted, after_the_body, fetch, has_no_secret, ledger, submit};
use crate::{commands::gateway, program};

const REQUEST_ID: &str = "X-Oneapi-Request-Id: 20261126-request-2\r\n";

#[tokio::test(flavor = "multi_thread")]
async fn each_outcome_is_noted() {
    let refusal = br#"{"error":{"code":"insufficient_user_quota","message":"no quota"}}"#;
    for (reply, code, status, state, task_id) in [
        (accepted(), 0, 0, "accepted", Some(ID)),
        (
            response("403 Forbidden", REQUEST_ID, refusal),
            6,
            0,
            "not_accepted",
            None,
        ),
        (
            response("502 Bad Gateway", REQUEST_ID, b"<html></html>"),
            8,
            8,
            "perhaps_submitted",
            None,
        ),
        (Reply::close(Vec::new()), 8, 8, "perhaps_submitted", None),
        (
            response("200 OK", REQUEST_ID, br#"{"status":"submitted"}"#),
            8,
            8,
            "accepted",
            None,
        ),
    ] {
        let server = after_the_body(reply.0).await;
        let directory = TempDir::new().unwrap();
        let (found, out, err) = program::run(submit(&server.url, directory.path(), &[])).await;
        assert_eq!(found, code, "{state}: {out}{err}");
        let (found, _, submissions, err) = ledger(directory.path(), &[]).await;
        assert_eq!(found, status, "{state}: {err}");
        assert_eq!(submissions[0]["state"], state);
        assert_eq!(submissions[0]["task_id"].as_str(), task_id);
        has_no_secret(directory.path());
    }
    // What was not sent was not accepted.
    let directory = TempDir::new().unwrap();
    let command = submit("http://127.0.0.1:1", directory.path(), &[]);
    assert_eq!(program::run(command).await.0, 6);
    let (code, _, submissions, _) = ledger(directory.path(), &[]).await;
    assert_eq!(code, 0);
    assert_eq!(submissions[0]["state"], "not_accepted");
}

/// A directory whose submission the gateway answered with 502.
async fn unknown() -> TempDir {
    let reply = response("502 Bad Gateway", REQUEST_ID, b"<html></html>");
    let server = after_the_body(reply.0).await;
    let directory = TempDir::new().unwrap();
    let (code, _, err) = program::run(submit(&server.url, directory.path(), &[])).await;
    assert_eq!(code, 8);
    assert!(err.contains("request id 20261126-request-2"), "{err}");
    assert!(err.contains("--not-submitted 1 if there is none"), "{err}");
    directory
}

#[tokio::test(flavor = "multi_thread")]
async fn the_task_that_was_found_is_fetched() {
    let gateway = gateway().await;
    let directory = unknown().await;
    let (code, summary, err) = fetch(&gateway, directory.path()).await;
    assert_eq!(code, 8, "{err}");
    assert!(err.contains("perhaps submitted: submission 1 of "), "{err}");
    assert!(err.contains("HTTP 502"), "{err}");
    assert_eq!(summary["perhaps_submitted"][0]["number"], 1);
    assert_eq!(gateway.requests().len(), 0);

    let id = task_id(Scenario::Normal, 1);
    let (code, tasks, submissions, err) =
        ledger(directory.path(), &["--submitted", &format!("1={id}")]).await;
    assert_eq!((code, err.as_str()), (0, ""));
    assert_eq!(submissions[0]["state"], "accepted");
    assert_eq!(tasks[0]["request_id"], "20261126-request-2");
    let (code, summary, err) = fetch(&gateway, directory.path()).await;
    assert_eq!((code, err.as_str()), (0, ""));
    assert_eq!(summary["tasks"][0]["state"], "arrived");

    // It says so again, but nothing else of what is settled.
    let again = ["--submitted", &format!("1={id}")];
    assert_eq!(ledger(directory.path(), &again).await.0, 0);
    for (arguments, problem) in [
        (["--submitted", "1=other"], "it began the task "),
        (["--not-submitted", "1"], "it began the task "),
        (["--not-submitted", "2"], "there is none of that number"),
        (["--submitted", "1"], "expected a number and a task id"),
    ] {
        let (code, _, _, err) = ledger(directory.path(), &arguments).await;
        assert_eq!(code, 2, "{err}");
        assert!(err.contains(problem), "{err}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_began_no_task_can_be_submitted_again() {
    let directory = unknown().await;
    let (code, _, submissions, err) = ledger(directory.path(), &["--not-submitted", "1"]).await;
    assert_eq!((code, err.as_str()), (0, ""));
    assert_eq!(submissions[0]["state"], "not_accepted");
    let server = after_the_body(accepted().0).await;
    let (code, _, err) = program::run(submit(&server.url, directory.path(), &[])).await;
    assert_eq!(code, 0, "{err}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_request_is_sent_again_only_if_told() {
    let directory = unknown().await;
    let server = after_the_body(accepted().0).await;
    let (code, out, err) = program::run(submit(&server.url, directory.path(), &[])).await;
    assert_eq!(code, 8, "{out}{err}");
    assert!(out.contains("\"acceptance\":\"not accepted\""), "{out}");
    assert!(err.contains("--again"), "{err}");
    assert_eq!(server.requests().len(), 0);
    // Another request is another task.
    let other = submit(&server.url, directory.path(), &["--seed", "7"]);
    assert_eq!(program::run(other).await.0, 0);
    let (code, _, err) = program::run(submit(&server.url, directory.path(), &["--again"])).await;
    assert_eq!(code, 0, "{err}");
    assert_eq!(server.requests().len(), 2);
    let (code, _, submissions, _) = ledger(directory.path(), &[]).await;
    assert_eq!((code, submissions.len()), (8, 3), "the first is still open");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_loop_around_submit_sends_it_once() {
    let server = Server::always(Reply(vec![Step::Read(1), Step::Close])).await;
    let directory = TempDir::new().unwrap();
    for _ in 0..3 {
        let (code, _, err) = program::run(submit(&server.url, directory.path(), &[])).await;
        assert_eq!(code, 8, "{err}");
    }
    assert_eq!(server.requests().len(), 1);
}
