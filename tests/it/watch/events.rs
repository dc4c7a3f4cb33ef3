//! Which events the consumer of a watch gets.

use std::{collections::BTreeSet, time::Duration};

use seedance_query::WaitEvent;

use seedance_testing::{http_server::Server, replies::captured};

use super::{gateway, ids, watch};

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
async fn each_change_of_status_is_reported_once() {
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
