//! A batch that is killed again and again.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    time::Duration,
};

use super::{all_arrived, command, gateway, ids, names, run, sha256, start};
use rusqlite::Connection;
use rusqlite::OpenFlags;
use seedance_mock::{Origin, Scenario, Video};
use seedance_testing::patience::until;
use tempfile::TempDir;

/// A ledger's videos that have arrived, read as anyone can while no run holds it.
fn arrived(directory: &Path) -> BTreeSet<String> {
    let path = directory.join("seedance-query.sqlite3");
    let Ok(ledger) = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE) else {
        return BTreeSet::new();
    };
    // Killed before there were tables.
    let Ok(mut statement) = ledger.prepare("SELECT task_id FROM video WHERE state = 'arrived'")
    else {
        return BTreeSet::new();
    };
    let rows = statement.query_map([], |row| row.get(0)).unwrap();
    rows.map(Result::unwrap).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_survives_being_killed_twenty_times() {
    const TASKS: u32 = 50;
    let gateway = gateway()
        .video_bytes(200_000)
        .bytes_per_second(150_000)
        .start()
        .await
        .unwrap();
    let directory = TempDir::new().unwrap();
    let ids = ids(Scenario::Normal, TASKS);
    let mut random = fastrand::Rng::with_seed(20);
    let mut progress = Vec::new();
    for _ in 0..20 {
        let before = gateway.requests().len();
        let mut child = start(command(&gateway, directory.path(), &ids));
        // However slow the machine is, each run gets somewhere.
        until("a request of this run", || {
            gateway.requests().len() > before
        })
        .await;
        tokio::time::sleep(Duration::from_millis(random.u64(30..900))).await;
        assert!(
            child.try_wait().unwrap().is_none(),
            "it was done before it was killed"
        );
        child.kill().unwrap();
        child.wait().unwrap();
        progress.push((arrived(directory.path()), gateway.requests().len()));
    }
    let (code, events, errors) = run(command(&gateway, directory.path(), &[])).await;
    assert_eq!((code, errors.as_str()), (0, ""), "{:?}", events.last());
    all_arrived(&gateway, directory.path(), &ids);
    assert_eq!(arrived(directory.path()).len(), TASKS as usize);

    // The kills came while some, but not all, were done.
    let counts: Vec<usize> = progress.iter().map(|(done, _)| done.len()).collect();
    assert!(
        counts.is_sorted() && *counts.last().unwrap() > 0,
        "{counts:?}"
    );
    let requests = gateway.requests();
    for (done, made) in progress {
        for request in &requests[made..] {
            let id = request.task_id.as_ref().unwrap();
            assert!(
                !done.contains(id.as_str()),
                "{id} was done and asked for again"
            );
        }
    }
    // A kill can cost the bytes that were on their way, but never a video that had come.
    let mut whole = BTreeMap::<String, u32>::new();
    for request in requests {
        assert_eq!(request.method, "GET");
        if request.origin == Origin::Storage && request.range.is_none() && request.is_complete {
            *whole.entry(request.path).or_default() += 1;
        }
    }
    println!(
        "arrived after each kill: {counts:?}; whole videos: {}",
        whole.len()
    );
}

/// The long version is `cargo run -p seedance-fetch --example soak`.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_lost_by_kills_while_three_of_ten_requests_fail() {
    let gateway = gateway()
        .failure_rate(0.3, 7)
        .retry_after(Duration::ZERO)
        .video_bytes(100_000)
        .start()
        .await
        .unwrap();
    let directory = TempDir::new().unwrap();
    let normal = ids(Scenario::Normal, 40);
    let enhanced = ids(Scenario::SuperResolution, 15);
    let failing = ids(Scenario::Failure, 5);
    let videos = [normal, enhanced].concat();
    let all = [videos.clone(), failing].concat();
    let mut random = fastrand::Rng::with_seed(3);
    for _ in 0..3 {
        let mut child = start(command(&gateway, directory.path(), &all));
        tokio::time::sleep(Duration::from_millis(random.u64(200..1500))).await;
        // It may have ended by itself: then there is nothing to kill.
        let _ = child.kill();
        child.wait().unwrap();
    }
    let mut statuses = Vec::new();
    while statuses.last() != Some(&0) && statuses.len() < 10 {
        let (code, ..) = run(command(&gateway, directory.path(), &all)).await;
        statuses.push(code);
    }
    assert_eq!(statuses.last(), Some(&0), "{statuses:?}");
    for id in &videos {
        let path = directory.path().join(format!("{id}.mp4"));
        assert_eq!(sha256(&path), gateway.sha256(id, Video::Result), "{id}");
    }
    let names = names(directory.path());
    let with_extension = |wanted: &str| {
        let extensions = names.iter().map(|name| Path::new(name).extension());
        extensions
            .filter(|found| *found == Some(wanted.as_ref()))
            .count()
    };
    assert_eq!(with_extension("mp4"), 55);
    assert_eq!(with_extension("part"), 0, "{names:?}");
}
