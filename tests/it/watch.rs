//! Waiting for many tasks, against real sockets and in paused time.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use seedance_query::{Client, Outcome, TaskId, WaitEvent, Watch};
use tokio::time::Instant;

use seedance_testing::{
    files::{read, root},
    http_server::Server,
    replies::{about_task, captured, response},
};

fn watch(server: &Server, ids: &[TaskId]) -> Watch {
    let builder = Client::builder()
        .base_url(&server.url)
        .api_key("sk-test-0123456789");
    builder.build().unwrap().watch(ids.to_vec())
}

fn ids(count: usize) -> Vec<TaskId> {
    let id = |number| format!("asyntask_{number:032}").parse().unwrap();
    (0..count).map(id).collect()
}

/// Answers each task as pending for the first queries of it, and then with its end.
async fn gateway(queries: usize) -> (Server, Arc<Mutex<Vec<Instant>>>) {
    let (pending, success) = (
        captured("pending-queued.http"),
        captured("normal-720p.http"),
    );
    let failure = captured("failure-timeout.http");
    let seen = Mutex::new(BTreeMap::<String, usize>::new());
    let times = Arc::<Mutex<Vec<Instant>>>::default();
    let log = Arc::clone(&times);
    let server = Server::start(move |head, _| {
        log.lock().unwrap().push(Instant::now());
        let id = head.split(' ').nth(1).unwrap().to_owned();
        let fails = id.ends_with('7');
        let mut seen = seen.lock().unwrap();
        let count = seen.entry(id).or_default();
        *count += 1;
        match (*count > queries, fails) {
            (false, _) => pending.clone(),
            (true, false) => success.clone(),
            (true, true) => failure.clone(),
        }
    });
    (server.await, times)
}

#[tokio::test(start_paused = true)]
async fn each_task_ends_once_within_the_request_rate() {
    let (server, times) = gateway(2).await;
    let ids = ids(100);
    let given = [ids.clone(), ids[..10].to_vec()].concat();
    let began = Instant::now();
    let mut events = watch(&server, &given)
        .concurrency(8.try_into().unwrap())
        .requests_per_second(10.try_into().unwrap())
        .observe();
    let mut ended = BTreeSet::new();
    let mut observed = 0;
    while let Some((id, event)) = events.next().await {
        match event {
            WaitEvent::Observed(seen) => {
                assert_eq!(seen.task_id(), &id);
                observed += 1;
            }
            WaitEvent::Ended(outcome) => {
                let failed = matches!(outcome.unwrap(), Outcome::Failed(_));
                assert_eq!(failed, id.as_str().ends_with('7'));
                assert!(ended.insert(id), "a task ended twice");
            }
        }
    }
    assert!(events.next().await.is_none());
    assert_eq!((ended.len(), observed), (100, 200));
    let times = times.lock().unwrap();
    assert_eq!(times.len(), 300);
    // 300 requests at 10 a second.
    let took = began.elapsed().as_secs_f64();
    assert!((29.0..=50.0).contains(&took), "{took}");
    for window in times.windows(31) {
        let span = (window[30] - window[0]).as_secs_f64();
        assert!(span > 1.9, "31 requests within {span} s");
    }
}

#[tokio::test(start_paused = true)]
async fn no_more_requests_are_under_way_than_allowed() {
    let (under_way, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    // A raw server of its own: it has to hold its answers back.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (now, peak) = (Arc::clone(&under_way), Arc::clone(&most));
    let body = read(&root().join("tests/captures/normal-720p.http")).bytes;
    tokio::spawn(async move {
        use tokio::io::{AsyncReadExt, AsyncWriteExt};
        while let Ok((mut stream, _)) = listener.accept().await {
            let (now, peak, body) = (Arc::clone(&now), Arc::clone(&peak), body.clone());
            tokio::spawn(async move {
                let mut head = [0; 2048];
                while stream.read(&mut head).await.is_ok_and(|read| read > 0) {
                    let path = String::from_utf8_lossy(&head).into_owned();
                    let id = path.split(['/', ' ']).nth(5).unwrap();
                    let body = about_task(id, &body);
                    peak.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                    tokio::time::sleep(Duration::from_millis(300)).await;
                    now.fetch_sub(1, Ordering::SeqCst);
                    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", body.len());
                    let _ = stream.write_all(&[head.as_bytes(), &body].concat()).await;
                }
            });
        }
    });
    let client = Client::builder()
        .base_url(url)
        .api_key("sk-test-0123456789")
        .requests_per_second(1000.try_into().unwrap());
    let watch = client.build().unwrap().watch(ids(60));
    let mut events = watch.concurrency(7.try_into().unwrap()).observe();
    let mut ended = 0;
    while let Some((_, event)) = events.next().await {
        ended += usize::from(matches!(event, WaitEvent::Ended(Ok(_))));
    }
    assert_eq!(ended, 60);
    assert_eq!(most.load(Ordering::SeqCst), 7);
}

#[tokio::test(start_paused = true)]
async fn a_retry_after_quiets_all() {
    let success = captured("normal-720p.http");
    let limited = response(
        "429 Too Many Requests",
        "Retry-After: 30\r\n",
        b"{\"error\":{}}",
    );
    let times = Arc::<Mutex<Vec<Instant>>>::default();
    let log = Arc::clone(&times);
    let server = Server::start(move |_, index| {
        log.lock().unwrap().push(Instant::now());
        if index == 0 {
            limited.clone()
        } else {
            success.clone()
        }
    })
    .await;
    let watch = watch(&server, &ids(20)).concurrency(1.try_into().unwrap());
    let mut events = watch.observe();
    while events.next().await.is_some() {}
    let times = times.lock().unwrap();
    assert_eq!(times.len(), 21);
    let pause = (times[1] - times[0]).as_secs_f64();
    assert!((30.0..31.0).contains(&pause), "{pause}");
}

#[tokio::test(start_paused = true)]
async fn nothing_to_watch_ends_at_once() {
    let (server, _) = gateway(0).await;
    assert!(watch(&server, &[]).observe().next().await.is_none());
}

#[tokio::test(start_paused = true)]
async fn it_goes_on_while_the_consumer_is_busy() {
    let (server, times) = gateway(3).await;
    let mut events = watch(&server, &ids(200))
        .concurrency(4.try_into().unwrap())
        .observe();
    let first = events.next().await;
    assert!(matches!(first, Some((_, WaitEvent::Observed(_)))));
    // Far more is to be told than is kept ready.
    tokio::time::sleep(Duration::from_mins(5)).await;
    assert_eq!(times.lock().unwrap().len(), 800, "all tasks have ended");
    let (mut observed, mut ended) = (0, BTreeSet::new());
    while let Some((id, event)) = events.next().await {
        match event {
            WaitEvent::Observed(seen) => {
                observed += 1;
                assert!(!ended.contains(&id));
                if seen.poll() > 1 {
                    // What was not taken in time is in the next one.
                    assert!(
                        seen.status_change()
                            .is_none_or(|change| change.from.is_none())
                    );
                }
            }
            WaitEvent::Ended(outcome) => {
                outcome.unwrap();
                assert!(ended.insert(id), "a task ended twice");
            }
        }
    }
    assert_eq!(ended.len(), 200);
    assert!((199..=330).contains(&observed), "{observed}");
}

#[tokio::test(start_paused = true)]
async fn a_change_of_status_that_was_not_taken_is_told_by_the_next_observation() {
    let answers = [
        "pending-not-start.http",
        "pending-queued.http",
        "pending-in-progress.http",
    ];
    let mut answers: Vec<_> = answers.map(captured).to_vec();
    answers.extend(vec![captured("pending-in-progress.http"); 8]);
    answers.push(captured("normal-720p.http"));
    let server = Server::in_turn(answers).await;
    let mut events = watch(&server, &ids(1)).observe();
    let mut changes = Vec::new();
    while let Some((_, event)) = events.next().await {
        let WaitEvent::Observed(seen) = event else {
            break;
        };
        changes.extend(seen.status_change().cloned());
    }
    let told: Vec<(Option<&str>, &str)> = changes
        .iter()
        .map(|change| (change.from.as_deref(), change.to.as_str()))
        .collect();
    let expected = [
        (None, "NOT_START"),
        (Some("NOT_START"), "QUEUED"),
        (Some("QUEUED"), "IN_PROGRESS"),
    ];
    assert_eq!(told, expected, "each change once");
}

#[tokio::test(start_paused = true)]
async fn tasks_are_added_while_it_runs() {
    let (server, _) = gateway(1).await;
    let ids = ids(6);
    let (handle, mut events) = watch(&server, &ids[..2]).observe_with_handle();
    let mut ended = Vec::new();
    while let Some((id, event)) = events.next().await {
        if matches!(event, WaitEvent::Ended(_)) {
            ended.push(id);
        }
        if ended.len() == 2 {
            break;
        }
    }
    // All that it had have ended; it waits for more.
    let more = tokio::time::timeout(Duration::from_mins(10), events.next()).await;
    assert!(more.is_err());
    for id in [&ids[2], &ids[3], &ids[3]] {
        assert!(handle.add(id.clone()));
    }
    let adder = handle.clone();
    drop(handle);
    let (late, again) = (ids[4].clone(), ids[0].clone());
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_mins(1)).await;
        adder.add(late);
        // It has ended, and is watched anew.
        adder.add(again);
    });
    while let Some((id, event)) = events.next().await {
        if matches!(event, WaitEvent::Ended(_)) {
            ended.push(id);
        }
    }
    let mut ended: Vec<String> = ended.iter().map(ToString::to_string).collect();
    ended.sort_unstable();
    let mut expected: Vec<String> = ids[..5].iter().map(ToString::to_string).collect();
    expected.push(ids[0].to_string());
    expected.sort_unstable();
    assert_eq!(ended, expected);
}

#[tokio::test(start_paused = true)]
async fn dropping_the_stream_ends_the_watch() {
    let (server, times) = gateway(1000).await;
    let (handle, mut events) = watch(&server, &ids(3)).observe_with_handle();
    assert!(events.next().await.is_some());
    drop(events);
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert!(!handle.add(ids(4)[3].clone()), "nobody would be told");
    let made = times.lock().unwrap().len();
    tokio::time::sleep(Duration::from_mins(10)).await;
    assert_eq!(times.lock().unwrap().len(), made);
}

#[tokio::test(start_paused = true)]
async fn no_second_has_more_requests_than_allowed() {
    let (server, _) = gateway(2).await;
    let starts = Arc::<Mutex<Vec<Instant>>>::default();
    let log = Arc::clone(&starts);
    let client = Client::builder()
        .base_url(&server.url)
        .api_key_from(move || {
            log.lock().unwrap().push(Instant::now());
            Ok::<_, std::io::Error>("sk-test-0123456789".to_owned())
        })
        .build()
        .unwrap();
    let watch = client
        .watch(ids(100))
        .requests_per_second(10.try_into().unwrap());
    let mut events = watch.observe();
    while events.next().await.is_some() {}
    let starts = starts.lock().unwrap();
    assert_eq!(starts.len(), 300);
    for window in starts.windows(11) {
        let span = window[10] - window[0];
        assert!(
            span >= Duration::from_secs(1),
            "11 requests within {span:?}"
        );
    }
}
