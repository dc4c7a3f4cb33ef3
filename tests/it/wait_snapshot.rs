//! A wait that is kept and gone on with, against real sockets and in paused time.

use std::time::{Duration, SystemTime};

use seedance_query::{Client, Outcome, TaskId, WaitEvent, WaitPolicy, WaitSnapshot};
use tokio::time::Instant;

use seedance_testing::{
    http_server::Server,
    replies::{captured, response},
};

fn client(server: &Server) -> Client {
    let builder = Client::builder()
        .base_url(&server.url)
        .api_key("sk-test-0123456789abcdef");
    builder.build().unwrap()
}

fn id() -> TaskId {
    "asyntask_Qm4tZ81kWvYc3RbN7sXeLh2GpD6uJa0F".parse().unwrap()
}

/// Kept and read again, after so much time.
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
async fn a_wait_goes_on_with_its_deadline() {
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
async fn what_was_known_is_known_after_it() {
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
