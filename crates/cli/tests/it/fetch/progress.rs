//! What is shown without a terminal while tasks are waited for.

use std::{collections::BTreeSet, process::Command};

use seedance_mock::{Gateway, Scenario, task_id};
use seedance_testing::{
    http_server::Server,
    replies::{ok, response},
};
use tempfile::TempDir;

use super::{command, gateway, ids};
use crate::program::program;

/// Standard error of a run without `--json`.
async fn errors_of(mut command: Command) -> String {
    let output = tokio::task::spawn_blocking(move || command.output().unwrap());
    String::from_utf8(output.await.unwrap().stderr).unwrap()
}

fn wait(gateway: &Gateway, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_seedance-query"));
    command
        .env("SEEDANCE_BASE_URL", gateway.base_url())
        .env("SEEDANCE_API_KEY", gateway.api_key())
        .arg("wait")
        .args(arguments);
    command
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wait_says_what_it_waits_for_at_intervals() {
    let gateway = gateway().start().await.unwrap();
    let id = task_id(Scenario::Stuck, 1);
    let arguments = [
        "--interval",
        "0.8s",
        "--wait-timeout",
        "4s",
        "--progress-every",
        "0.3s",
        id.as_str(),
    ];
    let errors = errors_of(wait(&gateway, &arguments)).await;
    let said: Vec<&str> = errors
        .lines()
        .filter(|line| line.contains(" in all, next query in "))
        .collect();
    assert!(said.len() >= 3, "{errors}");
    let prefix = format!("{id}  IN_PROGRESS ");
    assert!(
        said.iter()
            .any(|line| line.starts_with(&prefix) && line.contains(" for 1s, ")),
        "the time in this status moves: {errors}"
    );
    assert!(
        said.iter().any(|line| line.ends_with("next query in 1s")),
        "{errors}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn each_change_of_status_is_printed_once() {
    let gateway = gateway().start().await.unwrap();
    let id = task_id(Scenario::Normal, 1);
    let errors = errors_of(wait(&gateway, &["--interval", "0.05s", id.as_str()])).await;
    for status in ["NOT_START", "IN_PROGRESS"] {
        assert_eq!(errors.matches(status).count(), 1, "{errors}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_says_what_it_waits_for_at_intervals() {
    let gateway = gateway().start().await.unwrap();
    let directory = TempDir::new().unwrap();
    let with_json = command(&gateway, directory.path(), &ids(Scenario::Stuck, 3));
    let mut plain = Command::new(with_json.get_program());
    plain.args(
        with_json
            .get_args()
            .filter(|argument| *argument != "--json"),
    );
    for (name, value) in with_json.get_envs() {
        plain.env(name, value.unwrap());
    }
    plain.args(["--wait-timeout", "3s", "--progress-every", "0.4s"]);
    let errors = errors_of(plain).await;
    let said: Vec<&str> = errors
        .lines()
        .filter(|line| line.starts_with("waiting for 3 tasks after "))
        .filter(|line| line.contains("3 IN_PROGRESS"))
        .collect();
    assert!(said.len() >= 3, "{errors}");
    for (before, after) in [(" after ", ": "), ("; last change ", " ago ")] {
        let times: BTreeSet<&str> = said
            .iter()
            .map(|line| between(line, before, after))
            .collect();
        assert!(times.len() >= 2, "it moves: {times:?} in {errors}");
    }
    assert!(said.iter().all(|line| line.contains("; next query in ")));
}

/// What stands between two texts.
fn between<'a>(line: &'a str, before: &str, after: &str) -> &'a str {
    let (_, rest) = line.split_once(before).unwrap_or_else(|| panic!("{line}"));
    rest.split_once(after).unwrap_or_else(|| panic!("{line}")).0
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_says_why_its_downloads_wait() {
    // Each program is a new client, which does not know yet that it has to wait.
    let store = Server::start(|_, number| match number {
        0 | 2 => response("429 Too Many Requests", "Retry-After: 4\r\n", b""),
        _ => response("403 Forbidden", "", b""),
    })
    .await;
    let url = format!("{}/v.mp4", store.url);
    let gateway = Server::start(move |request, _| {
        let id = request.target.rsplit('/').next().unwrap_or_default();
        if id == "content" {
            return response("404 Not Found", "", b"");
        }
        let body = serde_json::json!({
            "code": "success", "message": "",
            "data": {"task_id": id, "status": "SUCCESS", "result_url": url}
        });
        ok(body.to_string().as_bytes())
    })
    .await;
    for command in ["download", "fetch"] {
        let directory = TempDir::new().unwrap();
        let into = directory.path().display().to_string();
        let id = "asyntask_Un4tZ81kWvYc3RbN7sXeLh2GpD6uJa0F";
        let arguments = [command, "--progress-every", "0.7s", "--into", &into, id];
        let errors = errors_of(program(&gateway.url, &arguments)).await;
        let waits: BTreeSet<&str> = errors
            .lines()
            .filter(|line| line.ends_with("asks for fewer requests"))
            .filter(|line| line.contains("downloading: "))
            .map(|line| between(line, ", next request in ", ": "))
            .collect();
        assert!(
            waits.len() >= 2,
            "the countdown moves: {waits:?} in {errors}"
        );
    }
}
