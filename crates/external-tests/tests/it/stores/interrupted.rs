//! Faults on the way to the store, and runs that are killed or stopped meanwhile.

use std::{
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use seedance_mock::Gateway;
use seedance_query::TaskId;
use tempfile::TempDir;

use super::{
    Bucket, all_stored, faults::Fault, fetch, gateway, ids, kept, of_kind, run, transfers,
};

const PATIENCE: Duration = Duration::from_mins(1);

#[tokio::test(flavor = "multi_thread")]
async fn faults_are_ridden_out() {
    let faults = [
        Fault::Status(500, "InternalError"),
        Fault::CutRequest,
        Fault::LoseAnswer,
    ];
    for (name, length) in [("faults", 100_000), ("faults-parts", 9_000_000)] {
        let gateway = gateway().video_bytes(length).start().await.unwrap();
        let bucket = Bucket::new(name).await;
        let ids = ids(3);
        bucket.proxy.next("GET", "list-type", 1, faults[0]);
        for (id, fault) in ids.iter().zip(faults) {
            for method in ["HEAD", "PUT", "POST"] {
                bucket.proxy.next(method, &format!("{id}.mp4"), 1, fault);
            }
            // The answer to the completion of an upload, too.
            bucket
                .proxy
                .next("POST", &format!("{id}.mp4?uploadId"), 1, fault);
        }
        let scratch = TempDir::new().unwrap();
        let (code, events, err) = run(fetch(&gateway, &bucket, scratch.path(), &ids)).await;
        assert_eq!(code, 0, "{err} {events:?}");
        assert_eq!(of_kind(&events, "arrived").len(), 3);
        all_stored(&gateway, &bucket, &ids).await;
        assert_eq!(transfers(&gateway), 3, "each is downloaded once");
    }
}

/// A run whose second part does not get through; the first one is in the store.
async fn stuck(gateway: &Gateway, bucket: &Bucket, scratch: &TempDir, ids: &[TaskId]) -> Child {
    bucket
        .proxy
        .next("PUT", "partNumber=2", usize::MAX, Fault::Silence);
    let mut fetch = fetch(gateway, bucket, scratch.path(), ids);
    let running = fetch.stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    let running = running.unwrap();
    let until = Instant::now() + PATIENCE;
    let is_stuck = || {
        let requests = bucket.proxy.requests();
        requests.iter().any(|line| line.contains("partNumber=2"))
    };
    while !is_stuck() {
        assert!(Instant::now() < until, "{:?}", bucket.proxy.requests());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(bucket.uploads().await, 1);
    running
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_killed_run_has_left_is_removed_by_the_next() {
    let gateway = gateway().video_bytes(9_000_000).start().await.unwrap();
    let bucket = Bucket::new("killed").await;
    let scratch = TempDir::new().unwrap();
    let ids = ids(1);
    let mut running = stuck(&gateway, &bucket, &scratch, &ids).await;
    running.kill().unwrap();
    running.wait().unwrap();
    assert_eq!(bucket.uploads().await, 1);
    bucket.proxy.heal();
    let (code, _, err) = run(fetch(&gateway, &bucket, scratch.path(), &[])).await;
    assert_eq!(code, 0, "{err}");
    all_stored(&gateway, &bucket, &ids).await;
    let captures = ids.iter().map(|id| format!("{id}.http")).collect();
    assert_eq!(kept(scratch.path()), captures, "only captures stay");
    assert_eq!(transfers(&gateway), 1, "it was downloaded already");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_is_stopped_leaves_no_part_in_the_store() {
    let gateway = gateway().video_bytes(9_000_000).start().await.unwrap();
    let bucket = Bucket::new("stopped").await;
    let scratch = TempDir::new().unwrap();
    let ids = ids(1);
    let mut running = stuck(&gateway, &bucket, &scratch, &ids).await;
    let pid = running.id().to_string();
    let told = Command::new("kill").args(["-TERM", &pid]).status();
    assert!(told.unwrap().success());
    let ended = tokio::task::spawn_blocking(move || running.wait().unwrap());
    assert_eq!(ended.await.unwrap().code(), Some(3));
    assert_eq!(bucket.uploads().await, 0);
    assert!(bucket.keys().await.is_empty());
    bucket.proxy.heal();
    let (code, _, err) = run(fetch(&gateway, &bucket, scratch.path(), &[])).await;
    assert_eq!(code, 0, "{err}");
    all_stored(&gateway, &bucket, &ids).await;
}
