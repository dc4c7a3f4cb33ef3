//! Batches from ids to files, as a user runs them, against the mock gateway.

mod added;
mod batch;
mod bodies;
mod directory;
mod faults;
mod kill;
mod limits;
mod memory;
mod progress;
mod repeat;
mod shared;
mod store;
mod upstream_ended;
mod verify;

use std::{
    collections::BTreeSet,
    fs,
    path::Path,
    process::{Child, Command, Output, Stdio},
};

use seedance_mock::{Gateway, GatewayBuilder, Scenario, Video, task_id};
use seedance_query::TaskId;
use serde_json::Value;
use sha2::Digest;
use sha2::Sha256;

use seedance_testing::files::root;

fn gateway() -> GatewayBuilder {
    Gateway::builder().speed(200.0)
}

fn ids(scenario: Scenario, count: u32) -> Vec<TaskId> {
    (1..=count)
        .map(|number| task_id(scenario, number))
        .collect()
}

/// The command line, polling as fast as tasks live at the speed of these tests.
fn command(gateway: &Gateway, into: &Path, ids: &[TaskId]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_seedance-query"));
    command
        .current_dir(root())
        .env("SEEDANCE_BASE_URL", gateway.base_url())
        .env("SEEDANCE_API_KEY", gateway.api_key())
        .args([
            "fetch",
            "--json",
            "--interval",
            "0.1s",
            "--rate",
            "1000",
            "--into",
        ])
        .arg(into)
        .args(ids.iter().map(TaskId::as_str))
        .stdin(Stdio::null());
    command
}

/// Runs to the end, beside the gateway of the test.
async fn run(mut command: Command) -> (i32, Vec<Value>, String) {
    let run = move || command.output().unwrap();
    let output: Output = tokio::task::spawn_blocking(run).await.unwrap();
    let events = String::from_utf8(output.stdout).unwrap();
    let events = events
        .lines()
        .map(|line| serde_json::from_str(line).unwrap());
    let errors = String::from_utf8(output.stderr).unwrap();
    (output.status.code().unwrap(), events.collect(), errors)
}

fn of_kind<'a>(events: &'a [Value], kind: &str) -> Vec<&'a Value> {
    events
        .iter()
        .filter(|event| event["event"] == kind)
        .collect()
}

fn sha256(path: &Path) -> String {
    let digest = Sha256::digest(fs::read(path).unwrap());
    let mut text = String::new();
    for byte in digest {
        text.push_str(&format!("{byte:02x}"));
    }
    text
}

fn names(directory: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(directory).unwrap();
    entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| !name.starts_with(".seedance-query") && !name.contains("sqlite3"))
        .collect()
}

/// Each task's video is there, byte for byte, and nothing half done is.
fn all_arrived(gateway: &Gateway, directory: &Path, ids: &[TaskId]) {
    let mut expected = BTreeSet::new();
    for id in ids {
        let path = directory.join(format!("{id}.mp4"));
        assert_eq!(sha256(&path), gateway.sha256(id, Video::Result), "{id}");
        expected.extend([format!("{id}.mp4"), format!("{id}.http")]);
    }
    let found = names(directory);
    let odd: Vec<_> = found.symmetric_difference(&expected).collect();
    assert!(odd.is_empty(), "missing or too many: {odd:?}");
}

fn has_no_secret(text: &str, gateway: &Gateway) {
    assert!(!text.contains(gateway.api_key()), "{text}");
    for (at, name) in text.match_indices("Signature=") {
        assert!(text[at + name.len()..].starts_with("REDACTED"), "{text}");
    }
}

fn start(mut command: Command) -> Child {
    command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}
