//! Waiting for one task, against real sockets and in paused time.

mod deadline;
mod failures;
mod outcome;
mod retry_after;
mod snapshot;
mod transient;
mod unknown;
mod upstream_ended;

use std::time::Duration;

use seedance_query::{Client, Outcome, TaskId, Wait, WaitError};

use seedance_testing::{
    files::{read, root},
    http_server::{Reply, Server},
    replies::{about_task, captured, ok, response},
};

const KEY: &str = "sk-test-0123456789abcdef";

pub(super) fn client(server: &Server) -> Client {
    let builder = Client::builder().base_url(&server.url).api_key(KEY);
    builder.timeout(Duration::from_secs(20)).build().unwrap()
}

pub(super) fn wait(server: &Server) -> Wait {
    client(server).wait(&id())
}

pub(super) fn id() -> TaskId {
    "asyntask_Qm4tZ81kWvYc3RbN7sXeLh2GpD6uJa0F".parse().unwrap()
}

/// A task in a state that nobody knows.
pub(super) fn archived() -> Reply {
    let body = read(&root().join("tests/drift/3a-status-submitted.json")).bytes;
    let body = String::from_utf8(about_task(id().as_str(), &body)).unwrap();
    ok(body.replace("SUBMITTED", "ARCHIVED").as_bytes())
}

pub(super) fn pending() -> Reply {
    captured("pending-in-progress.http")
}

pub(super) fn success() -> Reply {
    captured("normal-720p.http")
}

pub(super) fn unknown_task() -> Reply {
    let body = br#"{"code":"task_not_exist","message":"task_not_exist","data":null}"#;
    response("400 Bad Request", "", body)
}

pub(super) fn error(status: &str) -> Reply {
    response(status, "", br#"{"error":{"code":"c","message":"m"}}"#)
}

pub(super) fn times(count: usize, answer: &Reply) -> Vec<Reply> {
    vec![answer.clone(); count]
}

pub(super) fn within(elapsed: Duration, seconds: std::ops::RangeInclusive<f64>) {
    assert!(seconds.contains(&elapsed.as_secs_f64()), "{elapsed:?}");
}

pub(super) async fn failure(wait: Wait) -> WaitError {
    let error = wait.await.unwrap_err();
    let shown = format!("{error} {error:?}");
    assert!(
        !shown.contains(KEY) && !shown.contains("Signature="),
        "{shown}"
    );
    error
}

pub(super) async fn succeeded(wait: Wait) -> (u32, Duration) {
    match wait.await.unwrap() {
        Outcome::Succeeded(task) => (task.polls(), task.elapsed()),
        other => panic!("{other:?}"),
    }
}
