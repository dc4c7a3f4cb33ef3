//! Traffic does not depend on validation and recording.

use std::{
    collections::BTreeSet,
    fs,
    sync::{Arc, Condvar, Mutex},
};

use seedance_query::{capture::Recorder, validate_response};
use seedance_traffic::proxy::ProxyEvent;
use tempfile::TempDir;

use super::{
    KEY, PATH, PATIENCE, RawClient, Server, builder, captured_body, captures, json, send, settled,
};

/// A listener that blocks until it is released.
#[derive(Default)]
struct Gate {
    is_open: Mutex<bool>,
    opened: Condvar,
}

impl Gate {
    fn pass(&self) {
        let guard = self.is_open.lock().unwrap();
        let wait = |is_open: &mut bool| !*is_open;
        drop(
            self.opened
                .wait_timeout_while(guard, PATIENCE, wait)
                .unwrap(),
        );
    }

    fn open(&self) {
        *self.is_open.lock().unwrap() = true;
        self.opened.notify_all();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_blocked_worker_delays_no_traffic() {
    let answer = json(&captured_body("normal-720p.http"));
    let upstream = Server::always(&answer).await;
    let gate = Arc::new(Gate::default());
    let waits = Arc::clone(&gate);
    let held = 50 * answer.len();
    let proxy = builder(&upstream.url)
        .hold_at_most(held)
        .on_event(move |_| waits.pass())
        .start()
        .await
        .unwrap();
    let mut client = RawClient::connect(proxy.local_addr()).await;
    for _ in 0..300 {
        client.get(PATH).await;
        client.expect(&answer).await;
    }
    let summary = proxy.summary();
    let unvalidated = summary.unvalidated["overload"];
    assert!((240..300).contains(&unvalidated), "{summary:?}");
    assert_eq!(summary.responses[&200], 300);
    assert!(summary.waiting > 0);
    gate.open();
    let summary = proxy.shutdown().await;
    assert_eq!(summary.report.responses + unvalidated, 300);
    assert_eq!(summary.waiting, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_leaves_one_response_unchecked() {
    let upstream = Server::always(json(b"{}")).await;
    let mut number = 0;
    let proxy = builder(&upstream.url)
        .on_event(move |_| {
            number += 1;
            // Not by `panic!`, which would be printed as the failure of a test.
            assert!(
                number != 2 || std::hint::black_box(false),
                "as this test wants it"
            );
        })
        .start()
        .await
        .unwrap();
    let mut client = RawClient::connect(proxy.local_addr()).await;
    for _ in 0..5 {
        client.get(PATH).await;
        client.expect(json(b"{}")).await;
    }
    let summary = proxy.shutdown().await;
    assert_eq!(summary.unvalidated["failed"], 1);
    assert_eq!((summary.report.responses, summary.waiting), (5, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn shutdown_validates_and_records_everything_forwarded() {
    let names = [
        "pending-queued.http",
        "normal-720p.http",
        "failure-timeout.http",
    ];
    let bodies = names.map(seedance_testing::files::captured_body);
    let all = bodies.clone();
    let upstream = Server::start(move |_, number| vec![send(json(&all[number % 3]))]).await;
    let directory = TempDir::new().unwrap();
    let recorder = Recorder::new(directory.path()).unwrap();
    let proxy = builder(&upstream.url)
        .record(recorder)
        .start()
        .await
        .unwrap();
    let mut tasks = Vec::new();
    for number in 0..8 {
        let address = proxy.local_addr();
        tasks.push(tokio::spawn(async move {
            let mut client = RawClient::connect(address).await;
            for _ in 0..50 {
                client
                    .get(&format!("/v1/video/generations/task-{number}"))
                    .await;
                client.response().await;
            }
        }));
    }
    for task in tasks {
        task.await.unwrap();
    }
    // Nothing is waited for: most of it is still on its way to the disk.
    let summary = proxy.shutdown().await;
    assert_eq!(
        (summary.recorded, summary.unrecorded, summary.waiting),
        (400, 0, 0)
    );
    assert_eq!(summary.report.responses, 400);
    let captures = captures(directory.path());
    assert_eq!(captures.len(), 400);
    let mut verdicts = [0; 3];
    for (path, capture) in &captures {
        assert!(
            bodies.contains(&capture.body),
            "{} is not what went by",
            path.display()
        );
        verdicts[validate_response(200, &capture.body).verdict() as usize] += 1;
    }
    let seen = summary.report.verdicts;
    assert_eq!(verdicts, [seen.conforms, seen.drifts, seen.violates]);
    let first = captures[0].0.file_name().unwrap().to_str().unwrap();
    assert!(first.starts_with("task-0-0001-"), "{first}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_directory_only_costs_captures() {
    let answer = json(&captured_body("pending-queued.http"));
    let upstream = Server::always(&answer).await;
    let directory = TempDir::new().unwrap();
    let inner = directory.path().join("captures");
    let recorder = Recorder::new(&inner).unwrap();
    let said = Arc::<Mutex<BTreeSet<String>>>::default();
    let keeper = Arc::clone(&said);
    let proxy = builder(&upstream.url)
        .record(recorder)
        .on_event(move |event| {
            if let ProxyEvent::NotRecorded(message) = event {
                keeper.lock().unwrap().insert((*message).to_owned());
            }
        })
        .start()
        .await
        .unwrap();
    fs::remove_dir(&inner).unwrap();
    let mut client = RawClient::connect(proxy.local_addr()).await;
    for _ in 0..20 {
        client.get(PATH).await;
        client.expect(&answer).await;
    }
    let summary = settled(&proxy, 20).await;
    assert_eq!((summary.recorded, summary.unrecorded), (0, 20));
    assert_eq!(
        summary.report.verdicts.conforms, 20,
        "they were validated all the same"
    );
    let error = summary.record_error.unwrap();
    assert!(
        error.contains("captures") && !error.contains(KEY),
        "{error}"
    );
    assert!(said.lock().unwrap().contains(&error));
    // Once it is there again, recording goes on.
    fs::create_dir(&inner).unwrap();
    client.get(PATH).await;
    client.expect(&answer).await;
    assert_eq!(proxy.shutdown().await.recorded, 1);
    assert_eq!(captures(&inner).len(), 1);
}

/// A request that is in progress at shutdown gets its response.
#[tokio::test(flavor = "multi_thread")]
async fn shutdown_finishes_requests_in_progress() {
    let go = Arc::new(tokio::sync::Notify::new());
    let wait = Arc::clone(&go);
    let upstream =
        Server::start(move |_, _| vec![super::Step::Await(Arc::clone(&wait)), send(json(b"{}"))])
            .await;
    let proxy = super::proxy(&upstream).await;
    let address = proxy.local_addr();
    let mut idle = RawClient::connect(address).await;
    let mut client = RawClient::connect(address).await;
    client.get(PATH).await;
    while upstream.requests().is_empty() {
        tokio::task::yield_now().await;
    }
    let stopping = tokio::spawn(proxy.shutdown());
    // One that asks for nothing is closed at once.
    assert_eq!(idle.rest().await, b"");
    go.notify_one();
    assert_eq!(client.response().await.1, b"{}");
    let summary = stopping.await.unwrap();
    assert_eq!((summary.report.responses, summary.requests()), (1, 1));
    assert!(tokio::net::TcpStream::connect(address).await.is_err());
}
