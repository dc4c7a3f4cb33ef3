//! Videos in an object store, with a server of its own and a proxy that makes faults.

mod bad_input;
mod bucket;
mod cloud;
mod faults;
mod files;
mod interrupted;
mod server;
mod stored;

use std::{
    collections::BTreeSet,
    fs,
    path::Path,
    process::{Command, Output, Stdio},
};

pub use self::bucket::{Bucket, SECRET};
use seedance_external_tests::seedance_query;
use seedance_mock::{Gateway, GatewayBuilder, Origin, Scenario, Video, task_id};
use seedance_query::TaskId;
use serde_json::Value;

fn gateway() -> GatewayBuilder {
    Gateway::builder().speed(300.0).video_bytes(100_000)
}

fn ids(count: u32) -> Vec<TaskId> {
    let numbers = 1..=count;
    numbers
        .map(|number| task_id(Scenario::Normal, number))
        .collect()
}

/// `fetch` into a place by way of a directory.
fn command(gateway: &Gateway, into: &str, scratch: &Path, ids: &[TaskId]) -> Command {
    let mut command = Command::new(seedance_query());
    command
        .env("SEEDANCE_BASE_URL", gateway.base_url())
        .env("SEEDANCE_API_KEY", gateway.api_key())
        .args(["fetch", "--json", "--interval", "0.1s", "--rate", "1000"])
        .args(["--into", into, "--scratch"])
        .arg(scratch)
        .args(ids.iter().map(TaskId::as_str))
        .stdin(Stdio::null());
    command
}

/// The same into a bucket.
fn fetch(gateway: &Gateway, bucket: &Bucket, scratch: &Path, ids: &[TaskId]) -> Command {
    let mut command = command(gateway, &bucket.url(), scratch, ids);
    bucket.prepare(&mut command);
    command
}

/// Runs to the end, beside the servers of the test.
async fn run(mut command: Command) -> (i32, Vec<Value>, String) {
    let run = move || command.output().unwrap();
    let output: Output = tokio::task::spawn_blocking(run).await.unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    let (out, err) = (text(output.stdout), text(output.stderr));
    for secret in [SECRET, "AKIAOFATEST", "X-Amz-Signature"] {
        assert!(!out.contains(secret) && !err.contains(secret), "{out}{err}");
    }
    let events = out
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok());
    (output.status.code().unwrap(), events.collect(), err)
}

fn of_kind<'a>(events: &'a [Value], kind: &str) -> Vec<&'a Value> {
    let found = events.iter().filter(|event| event["event"] == kind);
    found.collect()
}

/// Why the only task was left.
fn problem(events: &[Value]) -> &str {
    let left = of_kind(events, "left");
    assert_eq!(left.len(), 1, "{events:?}");
    left[0]["problem"].as_str().unwrap()
}

/// How many transfers of videos have begun.
fn transfers(gateway: &Gateway) -> usize {
    let requests = gateway.requests();
    let videos = requests
        .iter()
        .filter(|request| request.origin == Origin::Storage);
    videos.count()
}

/// The bucket has the videos, byte for byte, and nothing else.
pub async fn all_stored(gateway: &Gateway, bucket: &Bucket, ids: &[TaskId]) {
    let names: BTreeSet<String> = ids.iter().map(|id| format!("videos/{id}.mp4")).collect();
    assert_eq!(BTreeSet::from_iter(bucket.keys().await), names);
    assert_eq!(bucket.uploads().await, 0);
    for id in ids {
        let object = bucket.get(&format!("{id}.mp4")).await.unwrap();
        let video = gateway.video(id, Video::Result);
        assert!(object.bytes == video, "{id}");
    }
}

/// What is in a directory besides ledger and lock.
fn kept(scratch: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(scratch).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names
        .filter(|name| !name.starts_with(".seedance-query") && !name.contains("sqlite3"))
        .collect()
}
