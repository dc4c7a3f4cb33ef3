//! A wait always has a deadline.

use std::time::Duration;

use seedance_query::{Client, Outcome, TaskId, WaitEvent, WaitPolicy};

use seedance_testing::http_server::{Reply, Server};

use super::{KEY, archived, client, error, id, pending, succeeded, success, times, wait, within};

#[tokio::test(start_paused = true)]
async fn there_is_always_a_deadline_and_a_last_query_at_it() {
    let server = Server::always(pending()).await;
    let outcome = wait(&server).await.unwrap();
    let Outcome::TimedOut(task) = outcome else {
        panic!("{outcome:?}")
    };
    within(task.elapsed(), 1800.0..=1800.5);
    assert!((110..=135).contains(&task.polls()), "{}", task.polls());
    assert_eq!(task.polls() as usize, server.requests().len());
    assert_eq!(task.task_id(), &id());
    let last = task.last().unwrap();
    assert_eq!(
        (last.status().unwrap(), last.poll()),
        ("IN_PROGRESS", task.polls())
    );
    assert!(
        task.to_string()
            .ends_with("has not ended after 1800 s, its status is IN_PROGRESS")
    );
    assert!(matches!(task.resume().await.unwrap(), Outcome::TimedOut(_)));
}

#[tokio::test(start_paused = true)]
async fn what_ends_just_at_the_deadline_is_not_lost() {
    let answers = [times(4, &pending()), vec![success()]].concat();
    let server = Server::in_turn(answers).await;
    // Queries at 0, about 15, 30 and 45 s, and at 50 s.
    let (polls, elapsed) = succeeded(wait(&server).timeout(Duration::from_secs(50))).await;
    assert_eq!(polls, 5);
    within(elapsed, 50.0..=50.1);
}

#[tokio::test(start_paused = true)]
async fn a_gateway_that_says_nothing_does_not_outlast_the_deadline() {
    let server = Server::always(Reply::silence()).await;
    let outcome = wait(&server).timeout(Duration::from_mins(1)).await.unwrap();
    let Outcome::TimedOut(task) = outcome else {
        panic!("{outcome:?}")
    };
    within(task.elapsed(), 60.0..=80.1);
    assert!(task.last().is_none());
    assert!(
        task.to_string().contains(
            "the gateway never told its status; the last 3 queries failed: 3 × no answer in time"
        ),
        "{task}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_timeout_beyond_all_clocks_is_a_long_one() {
    let server = Server::in_turn([pending(), success()]).await;
    let client = client(&server);
    let policy = WaitPolicy::default().timeout(Duration::MAX);
    let id = id();
    let outcome = client.wait(&id).policy(policy.clone()).await.unwrap();
    assert!(matches!(outcome, Outcome::Succeeded(_)));
    let server = Server::always(pending()).await;
    let policy = policy.interval(Duration::MAX);
    let watch = self::client(&server).watch([id]).policy(policy);
    let mut events = watch.observe();
    assert!(matches!(
        events.next().await,
        Some((_, WaitEvent::Observed(_)))
    ));
}

#[tokio::test]
async fn the_time_that_validation_takes_counts() {
    let server = Server::always(pending()).await;
    // Observers are called where a body is validated, before the query returns.
    let slow = |_: &seedance_query::ObservedExchange<'_>| {
        std::thread::sleep(Duration::from_millis(150));
    };
    let client = Client::builder()
        .base_url(&server.url)
        .api_key(KEY)
        .observer(slow)
        .build()
        .unwrap();
    let policy = WaitPolicy::default()
        .interval(Duration::ZERO)
        .timeout(Duration::from_millis(600));
    let id: TaskId = "asyntask_1".parse().unwrap();
    let Outcome::TimedOut(task) = client.wait(&id).policy(policy).await.unwrap() else {
        panic!("the task goes on")
    };
    // At 150, 300, 450 and 600 ms at the earliest, and once at the deadline.
    assert!(task.polls() <= 5, "{}", task.polls());
}

#[tokio::test(start_paused = true)]
async fn the_last_that_is_known_of_a_task_is_kept_through_failures() {
    let answers = [
        archived(),
        error("502 Bad Gateway"),
        error("502 Bad Gateway"),
    ];
    let server = Server::in_turn(answers).await;
    let waiting = wait(&server).timeout(Duration::from_secs(25));
    let Outcome::TimedOut(task) = waiting.await.unwrap() else {
        panic!("the deadline is over")
    };
    let last = task.last().unwrap();
    assert_eq!((last.poll(), last.status()), (1, Some("ARCHIVED")));
    assert!(task.polls() > 2);
}

#[tokio::test(start_paused = true)]
async fn failures_are_named_at_the_deadline() {
    let down = error("503 Service Unavailable");
    let server = Server::in_turn([pending(), error("502 Bad Gateway"), down]).await;
    let outcome = wait(&server).timeout(Duration::from_mins(1)).await.unwrap();
    let Outcome::TimedOut(task) = outcome else {
        panic!("{outcome:?}")
    };
    let shown = task.to_string();
    assert!(
        shown.contains("has not ended after 60 s, its status is IN_PROGRESS; the last "),
        "{shown}"
    );
    assert!(
        shown.contains("queries failed: HTTP 502, ")
            && shown.contains(" × HTTP 503; the last one: HTTP 503: c: m"),
        "{shown}"
    );
}
