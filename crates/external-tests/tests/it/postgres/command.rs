//! `fetch --ledger` and `ledger URL`, as users call them.

use std::{process::Output, time::Duration};

use seedance_external_tests::PASSWORD;
use seedance_mock::{Gateway, Scenario, task_id};
use seedance_query::TaskId;
use serde_json::Value;

use super::{database, workers::Workers};

async fn output(mut command: std::process::Command) -> (i32, String, String) {
    let run = move || command.output().unwrap();
    let output: Output = tokio::task::spawn_blocking(run).await.unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    let (out, err) = (text(output.stdout), text(output.stderr));
    assert!(!format!("{out}{err}").contains(PASSWORD), "{out}{err}");
    (output.status.code().unwrap(), out, err)
}

#[tokio::test(flavor = "multi_thread")]
async fn workers_share_the_tasks_and_the_ledger_shows_what_came_of_them() {
    let gateway = Gateway::builder().speed(200.0).start().await.unwrap();
    let database = database().await;
    let mut workers = Workers::new(&gateway, &database.url);
    let videos: Vec<TaskId> = (1..=40).map(|at| task_id(Scenario::Normal, at)).collect();
    let failing = task_id(Scenario::Failure, 1);
    let all = [videos.clone(), vec![failing]].concat();
    let running = [
        workers.start(&["--hold", "5"], &all),
        workers.start(&["--hold", "5"], &[]),
    ];
    let mut statuses = Vec::new();
    for mut worker in running {
        let status = tokio::task::spawn_blocking(move || worker.wait().unwrap());
        statuses.push(status.await.unwrap().code().unwrap());
    }
    // The second one may have begun before there were tasks; the one with the failure tells it.
    statuses.sort_unstable();
    assert_eq!(statuses, [0, 4], "{}", workers.complaints());
    workers.all_arrived(&gateway, &videos);
    let arrivals = workers.arrivals();
    assert_eq!(arrivals.len(), 40);
    assert!(arrivals.values().all(|times| *times == 1), "{arrivals:?}");

    let show = workers.command(&["ledger", "--json", workers.url()]);
    let (code, out, err) = output(show).await;
    assert_eq!((code, &*err), (0, ""));
    let shown: Value = serde_json::from_str(&out).unwrap();
    let numbers = ["due", "held", "later", "arrived", "failed", "unavailable"];
    let numbers = numbers.map(|name| shown[name].as_u64().unwrap());
    assert_eq!(numbers, [0, 0, 0, 40, 1, 0], "{shown}");
    assert_eq!(shown["done_last_hour"], 41);

    let show = workers.command(&["ledger", workers.url()]);
    let (code, out, _) = output(show).await;
    assert_eq!(code, 0);
    assert!(
        out.contains("queue   0 due, 0 held by 0 workers, 0 later"),
        "{out}"
    );
    assert!(out.contains("done    40 arrived, 1 failed"), "{out}");

    // Another worker has nothing to do, also if it names the tasks again.
    let mut again = workers.start(&[], &all);
    let status = tokio::task::spawn_blocking(move || again.wait().unwrap());
    assert_eq!(status.await.unwrap().code(), Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_is_stopped_gives_its_tasks_back_at_once() {
    let gateway = Gateway::builder().start().await.unwrap();
    let database = database().await;
    let mut workers = Workers::new(&gateway, &database.url);
    let ids: Vec<TaskId> = (1..=3).map(|at| task_id(Scenario::Normal, at)).collect();
    // The last lease of these is the one that counts.
    let mut worker = workers.start(&["--ledger-timeout", "10s"], &ids);
    let client = database.client().await;
    let count = async |condition: &str| {
        let count = format!("SELECT count(*) FROM seedance_query.task WHERE {condition}");
        client
            .query_one(&count, &[])
            .await
            .map_or(0, |row| row.get::<_, i64>(0))
    };
    while count("leased_until IS NOT NULL").await < 3 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let pid = worker.id().to_string();
    let killed = std::process::Command::new("kill")
        .args(["-TERM", &pid])
        .status();
    assert!(killed.unwrap().success());
    let status = tokio::task::spawn_blocking(move || worker.wait().unwrap());
    assert_eq!(
        status.await.unwrap().code(),
        Some(3),
        "{}",
        workers.complaints()
    );
    assert_eq!(count("leased_until IS NULL AND NOT is_done").await, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ledger_that_cannot_be_used_is_refused_with_its_place() {
    let gateway = Gateway::builder().start().await.unwrap();
    let database = database().await;
    let workers = Workers::new(&gateway, &database.url);
    let into = workers.directory().to_str().unwrap();
    let refused = [
        (
            "postgres://worker:hunter2-of-the-ledger@127.0.0.1:1/fleet",
            "cannot be reached",
        ),
        (
            "postgres://worker:hunter2-of-the-ledger@127.0.0.1:port/fleet",
            "expected a URL",
        ),
        (
            "mysql://worker:hunter2-of-the-ledger@127.0.0.1/fleet",
            "expected a URL",
        ),
    ];
    for (url, words) in refused {
        let fetch = workers.command(&["fetch", "--into", into, "--ledger", url, "asyntask_1"]);
        let (code, _, err) = output(fetch).await;
        assert_eq!(code, 2, "{err}");
        assert!(err.contains(words), "{err}");
    }
    let (code, _, err) = output(workers.command(&["ledger", workers.url()])).await;
    assert_eq!(code, 2);
    assert!(err.contains("has no ledger"), "{err}");
    // A run with the ledger of the directory does not use it beside workers, nor the other way round.
    let settle = workers.command(&["ledger", workers.url(), "--not-submitted", "1"]);
    let (code, _, err) = output(settle).await;
    assert_eq!(code, 2);
    assert!(err.contains("in the ledger of a directory"), "{err}");
}
