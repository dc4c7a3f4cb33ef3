//! How many requests a watch makes.

use std::{
    collections::BTreeSet,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use seedance_query::{Client, Outcome, WaitEvent};
use tokio::time::Instant;

use seedance_testing::{
    files::{read, root},
    http_server::Server,
    replies::{about_task, captured, response},
};

use super::{gateway, ids, watch};

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

#[tokio::test(start_paused = true)]
async fn a_retry_after_pauses_all() {
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
