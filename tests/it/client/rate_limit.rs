//! One rate for all queries of a client, and one pause.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use seedance_query::{Client, Outcome, TaskId, WaitEvent, WaitPolicy};
use tokio::time::Instant;

use seedance_testing::{
    http_server::Server,
    replies::{ok, response},
};

use super::{KEY, builder, id, pending};

#[tokio::test(start_paused = true)]
async fn queries_waits_and_watches_share_one_rate() {
    let server = Server::always(pending()).await;
    let starts = Arc::<Mutex<Vec<Instant>>>::default();
    let log = Arc::clone(&starts);
    let client = Client::builder()
        .base_url(&server.url)
        // Asked for each request just when it begins.
        .api_key_from(move || {
            log.lock().unwrap().push(Instant::now());
            Ok::<_, std::io::Error>(KEY.to_owned())
        })
        .requests_per_second(10.try_into().unwrap())
        .build()
        .unwrap();
    let ids = |from: usize, to: usize| -> Vec<TaskId> {
        (from..to)
            .map(|id| format!("asyntask_{id:032}").parse().unwrap())
            .collect()
    };
    let mut tasks = tokio::task::JoinSet::new();
    for id in ids(0, 15) {
        let wait = client.wait(&id).timeout(Duration::from_secs(40));
        tasks.spawn(async move { drop(wait.await.unwrap()) });
    }
    for id in ids(15, 30) {
        let client = client.clone();
        tasks.spawn(async move { drop(client.query(&id).await.unwrap()) });
    }
    let policy = WaitPolicy::default().timeout(Duration::from_secs(40));
    let mut events = client.watch(ids(30, 60)).policy(policy).observe();
    let mut ended = 0;
    while let Some((_, event)) = events.next().await {
        ended += usize::from(matches!(event, WaitEvent::Ended(_)));
    }
    while let Some(done) = tasks.join_next().await {
        done.unwrap();
    }
    assert_eq!(ended, 30);
    let starts = starts.lock().unwrap();
    assert!(starts.len() > 150, "{}", starts.len());
    for (index, start) in starts.iter().enumerate() {
        let second = starts[index..]
            .iter()
            .take_while(|at| **at < *start + Duration::from_secs(1));
        let count = second.count();
        assert!(count <= 10, "{count} requests began within a second");
    }
    // The rate is used, too: the first 60 began within the 6 s that they take.
    assert!(starts[59] - starts[0] < Duration::from_millis(6100));
}

#[tokio::test]
async fn the_timeout_begins_with_the_turn() {
    // The time for a request begins with its turn, not before.
    let server = Server::always(ok(b"{}")).await;
    let client = builder(&server.url)
        .requests_per_second(4.try_into().unwrap())
        .timeout(Duration::from_millis(450))
        .build()
        .unwrap();
    let id = id();
    let queries = (0..4).map(|_| client.query(&id));
    for outcome in futures_util::future::join_all(queries).await {
        assert!(!outcome.unwrap_err().is_timeout());
    }
}

/// A server that answers the first request with a 429, and the times of all requests.
async fn limited(seconds: u64) -> (Server, Arc<Mutex<Vec<Instant>>>) {
    let headers = format!("Retry-After: {seconds}\r\n");
    let body = br#"{"error":{"code":"rate_limited","message":"slow down"}}"#;
    let (limited, pending) = (response("429 Too Many Requests", &headers, body), pending());
    let times = Arc::<Mutex<Vec<Instant>>>::default();
    let log = Arc::clone(&times);
    let server = Server::start(move |_, index| {
        log.lock().unwrap().push(Instant::now());
        if index == 0 {
            limited.clone()
        } else {
            pending.clone()
        }
    });
    (server.await, times)
}

fn ids(count: usize) -> Vec<TaskId> {
    let id = |number| format!("asyntask_{number:032}").parse().unwrap();
    (0..count).map(id).collect()
}

#[tokio::test(start_paused = true)]
async fn a_429_with_retry_after_pauses_every_query_wait_and_watch_of_a_client() {
    for limited_call in ["query", "wait", "watch"] {
        let (server, times) = limited(40).await;
        let client = builder(&server.url).build().unwrap();
        let (first, other) = (id(), client.clone());
        // The client and its clones live on; what was limited is dropped after its first answer.
        match limited_call {
            "query" => {
                let error = client.query(&first).await.unwrap_err();
                assert_eq!(error.retry_after(), Some(Duration::from_secs(40)));
            }
            "wait" => {
                let event = client.wait(&first).observe().next().await;
                assert!(matches!(event, Some(WaitEvent::Observed(_))), "{event:?}");
            }
            _ => {
                let event = client.watch([first]).observe().next().await;
                assert!(matches!(event, Some((_, WaitEvent::Observed(_)))));
            }
        }
        let ids = ids(4);
        let (mut wait, mut watch) = (
            other.wait(&ids[1]).observe(),
            other.watch(ids[2..].to_vec()).observe(),
        );
        let watched = async { (watch.next().await, watch.next().await) };
        let (response, waited, watched) = tokio::join!(other.query(&ids[0]), wait.next(), watched);
        response.unwrap();
        assert!(waited.is_some() && watched.1.is_some());
        let times = times.lock().unwrap();
        assert_eq!(times.len(), 5, "{limited_call}");
        for (index, time) in times[1..].iter().enumerate() {
            let after = (*time - times[0]).as_secs_f64();
            assert!(
                (40.0..40.5).contains(&after),
                "{limited_call} {index}: {after}"
            );
        }
        // The pause is no burst.
        for pair in times[1..].windows(2) {
            assert!(pair[1] - pair[0] >= Duration::from_millis(49), "{pair:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_pause_also_holds_queries_that_had_their_turn_already() {
    let (server, times) = limited(30).await;
    let client = builder(&server.url)
        .requests_per_second(2.try_into().unwrap())
        .build()
        .unwrap();
    // All reserve their turn before the first answer.
    let ids = ids(5);
    let queries = ids.iter().map(|id| client.query(id));
    let outcomes = futures_util::future::join_all(queries).await;
    assert_eq!(
        outcomes.iter().filter(|outcome| outcome.is_err()).count(),
        1
    );
    let times = times.lock().unwrap();
    let after: Vec<u64> = times
        .iter()
        .map(|time| (*time - times[0]).as_secs())
        .collect();
    assert_eq!(after, [0, 30, 30, 31, 31]);
}

#[tokio::test(start_paused = true)]
async fn a_pause_is_capped_and_does_not_outlast_the_deadline_of_a_wait() {
    let (server, times) = limited(86_400).await;
    let client = builder(&server.url)
        .max_retry_after(Duration::from_secs(90))
        .build()
        .unwrap();
    client.query(&id()).await.unwrap_err();
    let waits = ids(2);
    let wait = client.wait(&waits[0]).timeout(Duration::from_mins(1));
    // Its deadline counts from its first query, which the pause holds up to that.
    let outcome = wait.await.unwrap();
    assert!(matches!(outcome, Outcome::TimedOut(task) if task.polls() == 1));
    client.query(&waits[1]).await.unwrap();
    let after = {
        let times = times.lock().unwrap();
        let after = times.iter().map(|time| (*time - times[0]).as_secs());
        after.collect::<Vec<u64>>()
    };
    assert_eq!(after, [0, 60, 90]);

    // No pause at all, if that is what is asked for.
    let (server, times) = limited(86_400).await;
    let client = builder(&server.url)
        .max_retry_after(Duration::ZERO)
        .build()
        .unwrap();
    client.query(&id()).await.unwrap_err();
    client.query(&id()).await.unwrap();
    let times = times.lock().unwrap();
    assert!(times[1] - times[0] < Duration::from_secs(1));
}

#[tokio::test(start_paused = true)]
async fn a_watched_task_is_queried_at_its_deadline_also_during_a_pause() {
    let (pending, body) = (pending(), b"{\"error\":{\"message\":\"m\"}}");
    let limited = response("429 Too Many Requests", "Retry-After: 200\r\n", body);
    let times = Arc::<Mutex<Vec<(String, Instant)>>>::default();
    let log = Arc::clone(&times);
    let server = Server::start(move |request, index| {
        let id = request.target.rsplit('/').next().unwrap().to_owned();
        log.lock().unwrap().push((id, Instant::now()));
        if index == 3 {
            limited.clone()
        } else {
            pending.clone()
        }
    })
    .await;
    let client = builder(&server.url).build().unwrap();
    let policy = WaitPolicy::default().timeout(Duration::from_mins(1));
    let ids = ids(2);
    let mut events = client.watch(ids.clone()).policy(policy).observe();
    let mut ended = 0;
    while let Some((_, event)) = events.next().await {
        ended += usize::from(matches!(event, WaitEvent::Ended(Ok(Outcome::TimedOut(_)))));
    }
    assert_eq!(ended, 2);
    let times = times.lock().unwrap();
    // At 0, at about 15 s, and at the deadline.
    for id in &ids {
        let of_it: Vec<f64> = times
            .iter()
            .filter(|(asked, _)| asked == id.as_str())
            .map(|(_, at)| (*at - times[0].1).as_secs_f64())
            .collect();
        assert_eq!(of_it.len(), 3, "{of_it:?}");
        assert!((60.0..60.3).contains(&of_it[2]), "{of_it:?}");
    }
}
