//! Workers whose clocks differ by minutes.

use std::{
    process::{Child, Command},
    time::{Duration, Instant},
};

use seedance_external_tests::started;
use seedance_mock::{Gateway, Scenario, task_id};
use seedance_query::TaskId;

use super::{database, workers::Workers};

const TASKS: u32 = 12;
/// So long that a busy machine does not keep a worker from renewing it.
const LEASE: (&str, Duration) = ("6s", Duration::from_secs(6));
/// Longer than a lease: one that was written or read by a wrong clock is over at once, or never.
const OFF: [&str; 3] = ["-600", "+0", "+600"];

/// Starts a worker whose clock is off by some seconds, and that holds some of the tasks.
fn start(workers: &mut Workers, off: &str, ids: &[TaskId]) -> Child {
    let mut print = Command::new("faketime");
    print.args(["-f", "+0", "printenv", "LD_PRELOAD"]);
    let library = started(print.output(), "faketime", "faketime");
    let library = String::from_utf8(library.stdout).unwrap();
    let environment = [
        ("LD_PRELOAD", library.trim()),
        ("FAKETIME", off),
        // A wrong clock runs as fast as others.
        ("FAKETIME_DONT_FAKE_MONOTONIC", "1"),
    ];
    workers.start_with(&["--hold", "4", "--lease", LEASE.0], ids, &environment)
}

#[tokio::test(flavor = "multi_thread")]
async fn leases_hold_and_end_by_the_clock_of_the_database() {
    let gateway = Gateway::builder().start().await.unwrap();
    let database = database().await;
    let client = database.client().await;
    let number = async |what: &str| -> i64 {
        let select = format!("SELECT {what} FROM seedance_query.task");
        // There are no tables at first.
        let row = client.query_one(&select, &[]).await;
        row.map_or(-1, |row| row.get(0))
    };
    let wait_until = async |what: &str, wanted: i64| {
        let until = Instant::now() + Duration::from_mins(1);
        while number(what).await != wanted {
            assert!(Instant::now() < until, "{what}: {}", number(what).await);
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let ids: Vec<TaskId> = (1..=TASKS)
        .map(|at| task_id(Scenario::Normal, at))
        .collect();
    let mut workers = Workers::new(&gateway, &database.url);
    let mut running = Vec::new();
    for (at, off) in (1..).zip(OFF) {
        let ids = if at == 1 { &ids[..] } else { &[] };
        running.push(start(&mut workers, off, ids));
        let held = "count(*) FILTER (WHERE leased_until IS NOT NULL)";
        wait_until(held, at * 4).await;
    }

    // Each has four, keeps them for longer than a lease, and no lease is longer than it should be.
    let until = Instant::now() + 2 * LEASE.1;
    while Instant::now() < until {
        assert_eq!(number("max(token)").await, 1, "a lease was taken for over");
        let longest = "max(extract(epoch FROM leased_until - now()) * 1000)::bigint";
        let longest = number(longest).await;
        assert!(
            u128::from(longest.unsigned_abs()) <= LEASE.1.as_millis(),
            "{longest} ms"
        );
        tokio::time::sleep(Duration::from_millis(50)).await;
    }

    // What one of them leaves behind is taken over when its lease is over, and nothing else is.
    let mut killed = running.remove(2);
    killed.kill().unwrap();
    killed.wait().unwrap();
    let began = Instant::now();
    // The others hold four each, and need room.
    running.push(start(&mut workers, "+600", &[]));
    wait_until("count(*) FILTER (WHERE token > 1)", 4).await;
    let took = began.elapsed();
    assert!(took < Duration::from_secs(30), "{took:?}");
    assert_eq!(number("max(token)").await, 2);

    gateway.advance(Duration::from_mins(10));
    for mut worker in running {
        let ended = tokio::task::spawn_blocking(move || worker.wait().unwrap());
        assert_eq!(
            ended.await.unwrap().code(),
            Some(0),
            "{}",
            workers.complaints()
        );
    }
    workers.all_arrived(&gateway, &ids);
    let arrivals = workers.arrivals();
    assert_eq!(arrivals.len(), ids.len());
    assert!(arrivals.values().all(|times| *times == 1), "{arrivals:?}");

    // Their clocks were wrong: they do not agree when a video expires.
    let expires_in = |worker: usize| -> f64 {
        let events = workers.events_of(worker);
        let mut ended = events.iter().filter(|event| event["event"] == "ended");
        ended.next().unwrap()["expires_in"].as_f64().unwrap()
    };
    let (slow, right, fast) = (expires_in(0), expires_in(1), expires_in(3));
    assert!(
        slow - right > 500.0 && right - fast > 500.0,
        "{slow} {right} {fast}"
    );
    // The moments themselves are as the gateway names them.
    let spread = "extract(epoch FROM max(expires_at) - min(expires_at))::bigint";
    let spread = number(spread).await;
    assert!((0..60).contains(&spread), "{spread} s");
}
