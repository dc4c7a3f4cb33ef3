//! Waiting for one task, against real sockets and in paused time.

use std::time::Duration;

use seedance_query::{Client, Outcome, TaskId, UrlKind, Wait, WaitError, WaitEvent};
use tokio::time::Instant;

use seedance_testing::{
    files::{read, root},
    http_server::{Reply, Server},
    replies::{about_task, captured, drifted, ok, response},
};

const KEY: &str = "sk-test-0123456789abcdef";

fn client(server: &Server) -> Client {
    let builder = Client::builder().base_url(&server.url).api_key(KEY);
    builder.timeout(Duration::from_secs(20)).build().unwrap()
}

fn wait(server: &Server) -> Wait {
    client(server).wait(&id())
}

fn id() -> TaskId {
    "asyntask_Qm4tZ81kWvYc3RbN7sXeLh2GpD6uJa0F".parse().unwrap()
}

/// A task in a state that nobody knows.
fn archived() -> Reply {
    let body = read(&root().join("tests/drift/3a-status-submitted.json")).bytes;
    let body = String::from_utf8(about_task(id().as_str(), &body)).unwrap();
    ok(body.replace("SUBMITTED", "ARCHIVED").as_bytes())
}

fn pending() -> Reply {
    captured("pending-in-progress.http")
}

fn success() -> Reply {
    captured("normal-720p.http")
}

fn unknown_task() -> Reply {
    let body = br#"{"code":"task_not_exist","message":"task_not_exist","data":null}"#;
    response("400 Bad Request", "", body)
}

fn error(status: &str) -> Reply {
    response(status, "", br#"{"error":{"code":"c","message":"m"}}"#)
}

fn times(count: usize, answer: &Reply) -> Vec<Reply> {
    vec![answer.clone(); count]
}

fn within(elapsed: Duration, seconds: std::ops::RangeInclusive<f64>) {
    assert!(seconds.contains(&elapsed.as_secs_f64()), "{elapsed:?}");
}

async fn failure(wait: Wait) -> WaitError {
    let error = wait.await.unwrap_err();
    let shown = format!("{error} {error:?}");
    assert!(
        !shown.contains(KEY) && !shown.contains("Signature="),
        "{shown}"
    );
    error
}

async fn succeeded(wait: Wait) -> (u32, Duration) {
    match wait.await.unwrap() {
        Outcome::Succeeded(task) => (task.polls(), task.elapsed()),
        other => panic!("{other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn waits_until_the_video_is_there() {
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
async fn passing_failures_are_followed_by_another_query() {
    let saturated = br#"{"code":"upstream_load_saturated","message":"busy","data":null}"#;
    let half = br#"{"code":"success","data":{"task_id":"#;
    for (name, answer) in [
        ("reset", Reply::reset(Vec::new())),
        ("closed", Reply::close(Vec::new())),
        ("silence", Reply::silence()),
        (
            "cut off",
            Reply::close(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{".to_vec()),
        ),
        ("408", error("408 Request Timeout")),
        ("429", error("429 Too Many Requests")),
        ("500", error("500 Internal Server Error")),
        (
            "502",
            response("502 Bad Gateway", "", b"<html><title>502</title></html>"),
        ),
        ("saturated", response("403 Forbidden", "", saturated)),
        ("page", ok(b"<html><title>Just a moment</title></html>")),
        ("empty", ok(b"")),
        ("truncated", ok(half)),
        (
            "no task",
            ok(br#"{"code":"success","message":"","data":null}"#),
        ),
    ] {
        let server = Server::in_turn([answer.clone(), answer, pending(), success()]).await;
        let (polls, elapsed) = succeeded(wait(&server)).await;
        assert_eq!(polls, 4, "{name}");
        // 1 to 2 s, 2 to 4 s, then the interval; up to 20 s for each silence.
        let silence = if name == "silence" { 40.0 } else { 0.0 };
        within(elapsed, 16.4 + silence..=22.8 + silence);
    }
}

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
async fn failures_have_a_budget_of_their_own() {
    let down = error("503 Service Unavailable");
    let server = Server::always(down.clone()).await;
    let given_up = failure(wait(&server)).await;
    assert!(given_up.is_exhausted() && !given_up.is_unknown_status());
    assert_eq!((given_up.polls(), server.requests().len()), (12, 12));
    // 1, 2, 4, 8, 16, 32 and five times 60 s, each up to twice as long.
    within(given_up.elapsed(), 363.0..=726.1);
    assert_eq!(given_up.query_error().unwrap().status().unwrap(), 503);
    let shown = given_up.to_string();
    assert!(
        shown.starts_with(
            "gave up after 12 consecutive failures: 12 × HTTP 503; the last one: HTTP 503: c"
        ),
        "{shown}"
    );

    // An answer in between fills it again.
    let row = times(11, &down);
    let answers = [row.clone(), vec![pending()], row, vec![success()]].concat();
    let (polls, _) = succeeded(wait(&Server::in_turn(answers).await)).await;
    assert_eq!(polls, 24);
}

#[tokio::test(start_paused = true)]
async fn what_will_not_pass_ends_at_once() {
    for status in [
        "401 Unauthorized",
        "403 Forbidden",
        "451 Legal",
        "400 Bad Request",
        "404 Not Found",
    ] {
        let server = Server::always(error(status)).await;
        let ended = failure(wait(&server)).await;
        assert_eq!((ended.polls(), server.requests().len()), (1, 1), "{status}");
        assert_eq!(
            ended.is_unauthorized(),
            status.starts_with("401"),
            "{status}"
        );
        assert!(ended.to_string().starts_with("HTTP "), "{ended}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_unknown_task_has_some_seconds_to_get_known() {
    let server = Server::always(unknown_task()).await;
    let ended = failure(wait(&server)).await;
    assert!(ended.is_unknown_task(), "{ended:?}");
    within(ended.elapsed(), 15.0..=15.1);
    assert!((4..=6).contains(&ended.polls()), "{}", ended.polls());

    let answers = [times(3, &unknown_task()), vec![pending(), success()]].concat();
    let (polls, _) = succeeded(wait(&Server::in_turn(answers).await)).await;
    assert_eq!(polls, 5);

    // The same grace for a task that the gateway forgets for a moment.
    let answers = [pending(), unknown_task(), pending(), success()];
    let (polls, _) = succeeded(wait(&Server::in_turn(answers).await)).await;
    assert_eq!(polls, 4);
}

#[tokio::test(start_paused = true)]
async fn an_undocumented_status_is_waited_out_but_not_for_ever() {
    let archived = archived();
    let answers = [
        times(19, &archived),
        vec![pending()],
        times(19, &archived),
        vec![success()],
    ];
    let server = Server::in_turn(answers.concat()).await;
    let mut events = wait(&server).observe();
    let Some(WaitEvent::Observed(first)) = events.next().await else {
        panic!()
    };
    assert_eq!(first.status().unwrap(), "ARCHIVED");
    assert_eq!(first.findings()[0].rule.id(), "unknown-status");
    within(first.next_in(), 13.5..=16.5);
    assert_eq!(
        succeeded(wait(&Server::in_turn(answers.concat()).await))
            .await
            .0,
        40
    );

    let server = Server::always(archived).await;
    let ended = failure(wait(&server)).await;
    assert!(ended.is_unknown_status() && !ended.is_exhausted());
    assert_eq!(ended.polls(), 20);
    assert_eq!(
        ended.to_string(),
        "the status `ARCHIVED` is not documented and came 20 times in a row; \
         the task may go on or be over"
    );
    assert!(ended.last().is_some() && ended.result_url().is_none());

    // A status in other words is as good as the documented one.
    let server = Server::always(drifted("3d2-status-lower-case-success.json")).await;
    assert_eq!(succeeded(wait(&server)).await.0, 1);
}

#[tokio::test(start_paused = true)]
async fn dropping_ends_the_waiting() {
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
async fn failures_in_between_do_not_lengthen_the_grace_of_an_unknown_task() {
    let server = Server::start(|_, index| {
        if index % 2 == 0 {
            unknown_task()
        } else {
            error("502 Bad Gateway")
        }
    });
    let server = server.await;
    let ended = failure(wait(&server)).await;
    assert!(ended.is_unknown_task(), "{ended:?}");
    within(ended.elapsed(), 15.0..=60.0);
}

#[tokio::test(start_paused = true)]
async fn a_time_beyond_all_clocks_is_a_long_time() {
    let server = Server::in_turn([pending(), success()]).await;
    let client = client(&server);
    let policy = seedance_query::WaitPolicy::default().timeout(Duration::MAX);
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
