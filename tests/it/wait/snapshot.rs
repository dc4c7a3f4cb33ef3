//! A wait that is kept and continued, against real sockets and in paused time.

use std::time::{Duration, SystemTime};

use seedance_query::{ErrorPolicy, Outcome, WaitEvent, WaitPolicy, WaitSnapshot};
use tokio::time::Instant;

use seedance_testing::{
    http_server::Server,
    replies::{captured, response},
};

use super::{KEY, archived, client, error, id, unknown_task, upstream_ended::row};

/// Written and read again, after this time.
fn kept(snapshot: &WaitSnapshot, later: Duration) -> WaitSnapshot {
    let mut snapshot = snapshot.clone();
    snapshot.started_at -= later;
    snapshot.deadline -= later;
    let text = serde_json::to_string(&snapshot).unwrap();
    assert!(
        !text.contains("sk-test") && !text.contains("Signature"),
        "{text}"
    );
    serde_json::from_str(&text).unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_wait_continues_until_its_deadline() {
    let server = Server::always(captured("pending-in-progress.http")).await;
    let policy = WaitPolicy::default()
        .interval(Duration::from_secs(5))
        .timeout(Duration::from_mins(10));
    let mut events = client(&server).wait(&id()).policy(policy).observe();
    for _ in 0..2 {
        assert!(matches!(events.next().await, Some(WaitEvent::Observed(_))));
    }
    let snapshot = events.snapshot();
    drop(events);
    assert_eq!((snapshot.task_id.clone(), snapshot.polls), (id(), 2));
    assert_eq!(snapshot.status.as_deref(), Some("IN_PROGRESS"));

    // Nine minutes later, in another process.
    let snapshot = kept(&snapshot, Duration::from_mins(9));
    let began = Instant::now();
    let mut events = client(&server).resume(snapshot).observe();
    let Some(WaitEvent::Observed(first)) = events.next().await else {
        panic!("there is a minute left")
    };
    assert_eq!(first.poll(), 3);
    assert!(
        first.status_change().is_none(),
        "the status is the same as before"
    );
    assert!(first.elapsed() >= Duration::from_mins(9));
    assert!(first.next_in() <= Duration::from_millis(5500), "{first:?}");
    let task = loop {
        match events.next().await.unwrap() {
            WaitEvent::Ended(Ok(Outcome::TimedOut(task))) => break task,
            WaitEvent::Ended(outcome) => panic!("{outcome:?}"),
            WaitEvent::Observed(_) => {}
        }
    };
    let left = began.elapsed().as_secs_f64();
    assert!((58.0..=60.1).contains(&left), "{left}");
    let elapsed = task.elapsed().as_secs_f64();
    assert!((599.0..=601.0).contains(&elapsed), "{elapsed}");
}

#[tokio::test(start_paused = true)]
async fn a_deadline_that_has_passed_leaves_one_query() {
    let server = Server::in_turn([
        captured("pending-in-progress.http"),
        captured("normal-720p.http"),
    ])
    .await;
    let mut events = client(&server).wait(&id()).observe();
    assert!(events.next().await.is_some());
    let snapshot = kept(&events.snapshot(), Duration::from_hours(5));
    let outcome = client(&server).resume(snapshot.clone()).await.unwrap();
    assert!(matches!(outcome, Outcome::Succeeded(task) if task.polls() == 2));

    let server = Server::always(captured("pending-in-progress.http")).await;
    let outcome = client(&server).resume(snapshot.clone()).await.unwrap();
    assert!(matches!(outcome, Outcome::TimedOut(task) if task.polls() == 2));

    // A new timeout makes it a wait like any other.
    let wait = client(&server)
        .resume(snapshot)
        .timeout(Duration::from_mins(1));
    let began = Instant::now();
    assert!(matches!(wait.await.unwrap(), Outcome::TimedOut(_)));
    assert!(
        began.elapsed() >= Duration::from_millis(59_900),
        "{:?}",
        began.elapsed()
    );
}

#[tokio::test(start_paused = true)]
async fn what_the_gateway_has_told_is_remembered() {
    let server = Server::always(captured("pending-in-progress.http")).await;
    let mut events = client(&server).wait(&id()).observe();
    assert!(events.next().await.is_some());
    let snapshot = kept(&events.snapshot(), Duration::from_mins(1));
    // The gateway knew the task, so it has not forgotten it for good.
    let body = br#"{"code":"task_not_exist","message":"task_not_exist","data":null}"#;
    let unknown = response("400 Bad Request", "", body);
    let mut answers = vec![unknown; 8];
    answers.push(captured("normal-720p.http"));
    let server = Server::in_turn(answers).await;
    let outcome = client(&server).resume(snapshot).await.unwrap();
    assert!(matches!(outcome, Outcome::Succeeded(task) if task.polls() == 10));
}

#[tokio::test(start_paused = true)]
async fn a_deadline_can_be_given_as_a_moment() {
    let server = Server::always(captured("pending-in-progress.http")).await;
    let deadline = SystemTime::now() + Duration::from_secs(40);
    let began = Instant::now();
    let outcome = client(&server)
        .wait(&id())
        .deadline(deadline)
        .await
        .unwrap();
    assert!(matches!(outcome, Outcome::TimedOut(_)));
    let took = began.elapsed().as_secs_f64();
    assert!((38.0..=40.1).contains(&took), "{took}");
}

/// The snapshot after this number of queries.
async fn after(queries: usize, server: &Server, policy: WaitPolicy) -> WaitSnapshot {
    let mut events = client(server).wait(&id()).policy(policy).observe();
    for _ in 0..queries {
        assert!(matches!(events.next().await, Some(WaitEvent::Observed(_))));
    }
    events.snapshot()
}

#[tokio::test(start_paused = true)]
async fn the_budget_for_failures_is_carried_over() {
    let server = Server::always(error("503 Service Unavailable")).await;
    let errors = ErrorPolicy::default().max_consecutive_errors(6);
    let policy = WaitPolicy::default().errors(errors);
    let snapshot = kept(&after(4, &server, policy).await, Duration::from_mins(1));
    let began = Instant::now();
    let ended = client(&server).resume(snapshot).await.unwrap_err();
    assert!(ended.is_exhausted(), "{ended:?}");
    assert_eq!((ended.polls(), server.requests().len()), (6, 6));
    let message = ended.to_string();
    assert!(
        message.starts_with("gave up after 6 consecutive failures: 6 × HTTP 503;"),
        "{message}"
    );
    // So is the back-off: 16 to 32 s after the fifth failure.
    let took = began.elapsed().as_secs_f64();
    assert!((16.0..=32.1).contains(&took), "{took}");

    // An answer that is a task fills the budget again.
    let down = vec![error("503 Service Unavailable"); 5];
    let answers = [down.clone(), vec![captured("pending-queued.http")], down].concat();
    let server = Server::in_turn([answers, vec![captured("normal-720p.http")]].concat()).await;
    let errors = ErrorPolicy::default().max_consecutive_errors(6);
    let snapshot = after(3, &server, WaitPolicy::default().errors(errors)).await;
    let outcome = client(&server)
        .resume(kept(&snapshot, Duration::ZERO))
        .await;
    assert!(matches!(outcome.unwrap(), Outcome::Succeeded(task) if task.polls() == 12));
}

#[tokio::test(start_paused = true)]
async fn the_grace_of_an_upstream_that_has_ended_is_carried_over() {
    let server = Server::always(row("cancelled", "")).await;
    let snapshot = after(2, &server, WaitPolicy::default()).await;
    // Two answers have said so, and much time has passed since: the third one ends the wait.
    let resumed = client(&server).resume(kept(&snapshot, Duration::from_mins(5)));
    let Outcome::UpstreamEnded(task) = resumed.await.unwrap() else {
        panic!("the upstream has ended")
    };
    assert_eq!((task.polls(), task.answers()), (3, 3));
    // Going on after that is a new decision, with a new grace.
    let began = Instant::now();
    let outcome = task.resume().await.unwrap();
    assert!(matches!(outcome, Outcome::UpstreamEnded(task) if task.answers() >= 3));
    assert!(began.elapsed() >= Duration::from_mins(1));
    // Without a break, 45 s of the minute are left.
    let began = Instant::now();
    let resumed = client(&server).resume(kept(&snapshot, Duration::from_secs(15)));
    assert!(matches!(resumed.await.unwrap(), Outcome::UpstreamEnded(_)));
    let took = began.elapsed().as_secs_f64();
    assert!((44.9..=62.0).contains(&took), "{took}");
}

#[tokio::test(start_paused = true)]
async fn unknown_tasks_and_statuses_are_counted_on() {
    let server = Server::always(archived()).await;
    let snapshot = after(19, &server, WaitPolicy::default()).await;
    let ended = client(&server).resume(kept(&snapshot, Duration::ZERO));
    let ended = ended.await.unwrap_err();
    assert!(ended.is_unknown_status(), "{ended:?}");
    assert_eq!(ended.polls(), 20);

    let server = Server::always(unknown_task()).await;
    let snapshot = after(2, &server, WaitPolicy::default()).await;
    let ended = client(&server).resume(kept(&snapshot, Duration::from_mins(1)));
    let ended = ended.await.unwrap_err();
    assert!(ended.is_unknown_task(), "{ended:?}");
    assert_eq!(ended.polls(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_wait_that_timed_out_is_resumed_with_what_it_has_used_up() {
    let server = Server::always(error("503 Service Unavailable")).await;
    let errors = ErrorPolicy::default().max_consecutive_errors(6);
    let policy = WaitPolicy::default()
        .timeout(Duration::from_secs(10))
        .errors(errors);
    let outcome = client(&server).wait(&id()).policy(policy).await.unwrap();
    let Outcome::TimedOut(task) = outcome else {
        panic!("{outcome:?}")
    };
    let before = task.polls();
    assert!((4..=5).contains(&before), "{before}");
    let ended = task
        .resume()
        .timeout(Duration::from_mins(5))
        .await
        .unwrap_err();
    assert!(ended.is_exhausted(), "{ended:?}");
    assert_eq!(ended.polls(), 6);
}

#[test]
fn a_snapshot_without_a_budget_is_read() {
    let text = r#"{"task_id":"asyntask_1","started_at":"2026-05-28T20:29:10Z",
        "deadline":"2026-05-28T20:59:10Z","polls":3,"has_answered":true,"status":"QUEUED",
        "policy":{}}"#;
    let snapshot: WaitSnapshot = serde_json::from_str(text).unwrap();
    assert_eq!(
        (snapshot.polls, snapshot.status.as_deref()),
        (3, Some("QUEUED"))
    );
}

#[tokio::test(start_paused = true)]
async fn a_snapshot_never_has_the_key() {
    let echo = format!("{{\"error\":{{\"code\":\"{KEY}\",\"message\":\"bad key {KEY}\"}}}}");
    let server = Server::always(response("503 Unavailable", "", echo.as_bytes())).await;
    let snapshot = after(2, &server, WaitPolicy::default()).await;
    let text = serde_json::to_string(&snapshot).unwrap();
    assert!(text.contains("HTTP 503") && !text.contains(KEY), "{text}");
}

#[tokio::test(start_paused = true)]
async fn times_beyond_all_clocks_are_read_as_long_ones() {
    let forever = r#"{"secs":18446744073709551615,"nanos":999999999}"#;
    let policy = format!(
        r#"{{"interval":{forever},"timeout":{forever},"max_retry_after":{forever},
        "upstream_grace":{{"answers":3,"span":{forever}}},
        "errors":{{"min_delay":{forever},"max_delay":{forever},"unknown_task_grace":{forever}}}}}"#
    );
    let policy: WaitPolicy = serde_json::from_str(&policy).unwrap();
    let limited = response("429 Too Many Requests", "Retry-After: 1e18\r\n", b"{}");
    let server = Server::in_turn([limited, captured("normal-720p.http")]).await;
    let wait = client(&server).wait(&id()).policy(policy.clone());
    let Outcome::Succeeded(task) = wait.await.unwrap() else {
        panic!("the task has succeeded")
    };
    let years = task.elapsed().as_secs() / (365 * 24 * 3600);
    assert!((9..=10).contains(&years), "{years} years");
    let answers = ["pending-queued.http", "normal-720p.http"].map(captured);
    let server = Server::in_turn(answers).await;
    let snapshot = after(1, &server, policy).await;
    let resumed = client(&server).resume(kept(&snapshot, Duration::ZERO));
    assert!(matches!(resumed.await.unwrap(), Outcome::Succeeded(_)));
}
