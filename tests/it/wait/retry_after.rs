//! `Retry-After` in a wait.

use std::time::Duration;

use seedance_query::{Outcome, WaitEvent, WaitPolicy};

use seedance_testing::{
    files::{read, root},
    http_server::Server,
    replies::{about_task, response},
};

use super::{id, succeeded, success, wait, within};

#[tokio::test(start_paused = true)]
async fn retry_after_is_honoured_up_to_the_deadline() {
    let headers = "Retry-After: 40\r\n";
    let limited = response(
        "429 Too Many Requests",
        headers,
        b"{\"error\":{\"message\":\"m\"}}",
    );
    let server = Server::in_turn([limited.clone(), success()]).await;
    let (polls, elapsed) = succeeded(wait(&server)).await;
    assert_eq!(polls, 2);
    within(elapsed, 40.0..=40.1);

    let server = Server::in_turn([limited, success()]).await;
    let (polls, elapsed) = succeeded(wait(&server).timeout(Duration::from_secs(30))).await;
    assert_eq!(polls, 2);
    within(elapsed, 30.0..=30.1);

    // Also of an answer that is no failure.
    let body = read(&root().join("tests/captures/pending-queued.http")).bytes;
    let body = about_task(id().as_str(), &body);
    let server = Server::in_turn([response("200 OK", headers, &body), success()]).await;
    within(succeeded(wait(&server)).await.1, 40.0..=40.1);
}

#[tokio::test(start_paused = true)]
async fn a_retry_after_is_capped_and_the_cap_is_reported() {
    let headers = "Retry-After: 86400\r\n";
    let limited = response(
        "429 Too Many Requests",
        headers,
        b"{\"error\":{\"message\":\"m\"}}",
    );
    let server = Server::in_turn([limited.clone(), success()]).await;
    let mut events = wait(&server).observe();
    let Some(WaitEvent::Observed(seen)) = events.next().await else {
        panic!("the first answer is no end")
    };
    let retry_after = seen.retry_after().unwrap();
    assert!(retry_after.is_capped());
    assert_eq!(retry_after.asked, Duration::from_hours(24));
    assert_eq!(seen.next_in(), Duration::from_mins(5));
    assert_eq!(
        retry_after.to_string(),
        "the gateway asks to wait 86400 s; 300 s are honoured"
    );

    let policy = WaitPolicy::default().max_retry_after(Duration::from_secs(7));
    let server = Server::in_turn([limited, success()]).await;
    let Outcome::Succeeded(task) = wait(&server).policy(policy).await.unwrap() else {
        panic!("the task has succeeded")
    };
    let waited = task.elapsed().as_secs_f64();
    assert!((7.0..7.2).contains(&waited), "{waited}");
}
