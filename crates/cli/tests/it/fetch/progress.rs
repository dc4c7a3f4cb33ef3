//! What is shown without a terminal while tasks are waited for.

use std::process::Command;

use seedance_mock::{Gateway, Scenario, task_id};
use tempfile::TempDir;

use super::{command, gateway, ids};

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
    let said = errors.lines().find(|line| {
        line.starts_with("waiting for 3 tasks after ") && line.contains("3 IN_PROGRESS")
    });
    let said = said.unwrap_or_else(|| panic!("{errors}"));
    assert!(said.contains("; last change "), "{said}");
    assert!(said.contains("; next query in "), "{said}");
}
