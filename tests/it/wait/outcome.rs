//! How a wait ends where nothing fails, and what it reports until then.

use std::time::Duration;

use seedance_query::{Outcome, UrlKind, WaitEvent};
use tokio::time::Instant;

use seedance_testing::{http_server::Server, replies::captured};

use super::{id, pending, wait, within};

#[tokio::test(start_paused = true)]
async fn waits_until_the_video_is_ready() {
    let server = Server::in_turn([
        captured("pending-not-start.http"),
        captured("pending-queued.http"),
        pending(),
        captured("super-resolution-720p.http"),
    ])
    .await;
    let began = Instant::now();
    let mut events = wait(&server).observe();
    let mut seen = Vec::new();
    let outcome = loop {
        match events.next().await.unwrap() {
            WaitEvent::Observed(observation) => {
                assert!(observation.findings().is_empty());
                within(observation.next_in(), 13.5..=16.5);
                seen.push((
                    observation.poll(),
                    observation.status().unwrap().to_owned(),
                    observation.progress().unwrap().to_owned(),
                    observation.elapsed(),
                ));
            }
            WaitEvent::Ended(outcome) => break outcome.unwrap(),
        }
    };
    assert!(events.next().await.is_none());
    assert_eq!(seen.len(), 3);
    assert_eq!((seen[0].0, seen[0].1.as_str()), (1, "NOT_START"));
    assert_eq!(
        (seen[2].1.as_str(), seen[2].2.as_str()),
        ("IN_PROGRESS", "62%")
    );
    within(seen[0].3, 0.0..=0.1);
    within(seen[1].3, 13.4..=16.6);
    assert_eq!(outcome.task_id(), &id());
    let Outcome::Succeeded(task) = outcome else {
        panic!("{outcome:?}")
    };
    assert_eq!(task.polls(), 4);
    within(task.elapsed(), 40.0..=50.0);
    within(began.elapsed(), 40.0..=50.0);
    assert_eq!(task.response().view().billed_tokens, Some(108_900));
    assert!(task.result_url().expose().unwrap().contains("/enhanced/"));
    let original = task.response().original_result_url().unwrap();
    assert_eq!(original.kind(), UrlKind::PreSigned);
    assert_ne!(original, task.result_url());
    for request in server.requests() {
        assert!(
            request.starts_with("GET /v1/video/generations/asyntask_"),
            "{request}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_failed_task_says_why_and_that_it_is_refunded() {
    let server = Server::always(captured("failure-content-policy.http")).await;
    let outcome = wait(&server).await.unwrap();
    let Outcome::Failed(task) = outcome else {
        panic!("{outcome:?}")
    };
    let reason = task.reason().unwrap().expose();
    let code = task.code().unwrap();
    assert!(!reason.is_empty() && code.contains('.'), "{reason} {code}");
    assert_eq!(
        task.to_string(),
        format!("{reason} ({code}); refunded by the platform")
    );
    assert_eq!(task.polls(), 1);
}

#[tokio::test(start_paused = true)]
async fn dropping_ends_the_wait() {
    let server = Server::always(pending()).await;
    let waiting = wait(&server).into_future();
    assert!(
        tokio::time::timeout(Duration::from_secs(20), waiting)
            .await
            .is_err()
    );
    let made = server.requests().len();
    assert_eq!(made, 2);
    tokio::time::sleep(Duration::from_hours(1)).await;
    assert_eq!(server.requests().len(), made);
}
