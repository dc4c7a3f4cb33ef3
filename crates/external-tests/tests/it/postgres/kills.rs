//! Three workers that are killed at random while three of ten requests fail, and a restart of the
//! database in the middle; into a directory, and into a bucket that has faults, too.

use std::{
    env,
    process::Child,
    time::{Duration, Instant},
};

use seedance_external_tests::PostgresServer;
use seedance_fetch::{FleetStatus, fleet_status};
use seedance_mock::{Gateway, Scenario, task_id};
use seedance_query::TaskId;

use super::workers::{Workers, finished_transfers};
use crate::stores::{Bucket, all_stored};

const WORKERS: usize = 3;
const DOWNLOADS: usize = 8;
/// `FLEET_TASKS=5000` for the long version.
const TASKS: u32 = 150;
const BETWEEN_KILLS: Duration = Duration::from_secs(1);

/// Workers hold part of the tasks, so that there is something to take over.
fn start(workers: &mut Workers, tasks: u32, ids: &[TaskId]) -> Child {
    let (hold, downloads) = ((tasks / 4).to_string(), DOWNLOADS.to_string());
    workers.start(&["--hold", &hold, "--downloads", &downloads], ids)
}

/// Out of how many requests to the store one has a fault.
const STORE_FAULTS: usize = 10;

#[tokio::test(flavor = "multi_thread")]
async fn every_task_ends_once_and_every_file_is_whole() {
    let gateway = gateway().await;
    let (workers, ids) = ends_once(&gateway, None).await;
    workers.all_arrived(&gateway, &ids);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_task_ends_once_and_every_object_is_whole() {
    let gateway = gateway().await;
    let bucket = Bucket::new("fleet").await;
    bucket.proxy.fail_one_of(STORE_FAULTS);
    let (_, ids) = ends_once(&gateway, Some(&bucket)).await;
    // In the scratch directory, a part can stay of a worker whose task another has stored meanwhile.
    all_stored(&gateway, &bucket, &ids).await;
    let faults = bucket.proxy.requests().len() / STORE_FAULTS;
    println!(
        "{} requests to the store, some {faults} with a fault",
        faults * STORE_FAULTS
    );
}

async fn gateway() -> Gateway {
    let gateway = Gateway::builder()
        .speed(300.0)
        .failure_rate(0.3, 5)
        .retry_after(Duration::ZERO)
        .video_bytes(100_000)
        .start();
    gateway.await.unwrap()
}

/// Kills workers and restarts the database until all tasks have ended, each once.
async fn ends_once(gateway: &Gateway, bucket: Option<&Bucket>) -> (Workers, Vec<TaskId>) {
    let tasks = env::var("FLEET_TASKS").map_or(TASKS, |number| number.parse().unwrap());
    let server = PostgresServer::start().await;
    let url = server.database().await;
    let ids: Vec<TaskId> = (1..=tasks)
        .map(|at| task_id(Scenario::Normal, at))
        .collect();
    let mut workers = Workers::new(gateway, &url);
    if let Some(bucket) = bucket {
        workers = workers.into_bucket(bucket);
    }
    let began = Instant::now();
    let mut running = vec![start(&mut workers, tasks, &ids)];
    while running.len() < WORKERS {
        running.push(start(&mut workers, tasks, &[]));
    }
    let mut random = fastrand::Rng::with_seed(16);
    let (mut kills, mut restarts, mut last_kill) = (0, 0, Instant::now());
    loop {
        tokio::time::sleep(Duration::from_millis(100)).await;
        let status = fleet_status(&url).await.unwrap_or_default();
        let is_known = status.tasks() == u64::from(tasks);
        if is_known && status.open() == 0 {
            break;
        }
        if is_known && restarts == 0 && status.arrived > u64::from(tasks) / 2 {
            server.stop().await;
            tokio::time::sleep(BETWEEN_KILLS).await;
            server.start_again().await;
            restarts += 1;
        }
        // The one that names the tasks lives until they are in the ledger, and the last ones may end.
        let is_late = status.arrived > u64::from(tasks) * 19 / 20;
        if is_known && !is_late && last_kill.elapsed() > BETWEEN_KILLS {
            let mut killed = running.swap_remove(random.usize(..running.len()));
            let was_running = killed.try_wait().unwrap().is_none();
            let _ = killed.kill();
            killed.wait().unwrap();
            kills += usize::from(was_running);
            last_kill = Instant::now();
            running.push(start(&mut workers, tasks, &[]));
        }
        // One that had nobody else to wait for and tasks to be tried again later, or that came while the
        // database was away.
        for worker in &mut running {
            if let Some(ended) = worker.try_wait().unwrap() {
                let (code, complaints) = (ended.code(), workers.complaints());
                let was_refused = code == Some(2) && complaints.contains("cannot be reached");
                assert!(
                    was_refused || matches!(code, Some(0 | 3)),
                    "{code:?}: {complaints}"
                );
                *worker = start(&mut workers, tasks, &[]);
            }
        }
        let patience = Duration::from_mins(3).max(Duration::from_millis(200) * tasks);
        assert!(began.elapsed() < patience, "{status:?}");
    }
    for mut worker in running {
        let ended = tokio::task::spawn_blocking(move || worker.wait().unwrap());
        let code = ended.await.unwrap().code();
        assert!(
            matches!(code, Some(0)),
            "{code:?}: {}",
            workers.complaints()
        );
    }
    let took = began.elapsed();
    let status: FleetStatus = fleet_status(&url).await.unwrap();
    assert_eq!(
        (status.arrived, status.open()),
        (u64::from(tasks), 0),
        "{status:?}"
    );
    let arrivals = workers.arrivals();
    let twice: Vec<_> = arrivals.iter().filter(|(_, times)| **times > 1).collect();
    assert!(twice.is_empty(), "these arrived twice: {twice:?}");
    let finished = finished_transfers(gateway);
    let duplicates: usize = finished.values().map(|times| times - 1).sum();
    let events = workers.events();
    let taken_over = events.iter().filter(|event| event["event"] == "taken_over");
    println!(
        "{tasks} tasks in {} s: {kills} kills, {restarts} restart of the database, {} workers \
         started, {} requests; {} arrivals told, {duplicates} transfers finished more than once, {} \
         tasks taken over from a living worker",
        took.as_secs(),
        workers.started(),
        gateway.requests().len(),
        arrivals.len(),
        taken_over.count(),
    );
    assert_eq!(finished.len(), ids.len());
    assert!(restarts == 1 && kills > 1);
    // What was finished and not yet placed when its worker was killed, or could not place it in time.
    let explained = kills * DOWNLOADS + WORKERS * DOWNLOADS;
    assert!(duplicates <= explained, "{duplicates} of {explained}");
    (workers, ids)
}
