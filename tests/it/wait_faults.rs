//! What ends a wait and what passes, against real sockets and in paused time.

use std::time::Duration;

use seedance_query::{
    Client, DefaultClassifier, Error, ErrorPolicy, FailureClass, FailureClassifier, FailureContext,
    Outcome, TaskId, Wait, WaitEvent, WaitPolicy,
};

use seedance_testing::{
    http_server::{Reply, Server},
    replies::{captured, ok, response},
};

fn wait(server: &Server) -> Wait {
    let id: TaskId = "asyntask_Qm4tZ81kWvYc3RbN7sXeLh2GpD6uJa0F".parse().unwrap();
    let builder = Client::builder()
        .base_url(&server.url)
        .api_key("sk-test-0123456789abcdef");
    builder.build().unwrap().wait(&id)
}

fn pending() -> Reply {
    captured("pending-in-progress.http")
}

fn success() -> Reply {
    captured("normal-720p.http")
}

fn error(status: &str) -> Reply {
    response(status, "", br#"{"error":{"code":"c","message":"m"}}"#)
}

fn unknown_task() -> Reply {
    let body = br#"{"code":"task_not_exist","message":"task_not_exist","data":null}"#;
    response("400 Bad Request", "", body)
}

async fn polls(server: &Server) -> u32 {
    match wait(server).await.unwrap() {
        Outcome::Succeeded(task) => task.polls(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn faults_that_pass_cost_nothing_but_time() {
    let html = "Content-Type: text/html\r\n";
    let locked = br#"{"code":"get_task_failed","message":"database is locked","data":null}"#;
    let under_200 = br#"{"code":"internal_error","message":"try again","data":null}"#;
    for (name, answer) in [
        (
            "302",
            response("302 Found", "Location: /maintenance\r\n", b""),
        ),
        (
            "403 page",
            response(
                "403 Forbidden",
                html,
                b"<!doctype html><title>Checking</title>",
            ),
        ),
        ("423", error("423 Locked")),
        ("425", error("425 Too Early")),
        ("locked", response("400 Bad Request", "", locked)),
        ("error under 200", ok(under_200)),
        ("520", error("520 Unknown")),
    ] {
        // Also before the gateway has told anything.
        let server = Server::in_turn([answer.clone(), answer.clone(), success()]).await;
        assert_eq!(polls(&server).await, 3, "{name}");
        let server = Server::in_turn([pending(), answer.clone(), success()]).await;
        assert_eq!(polls(&server).await, 3, "{name}");
        // But not for ever.
        let server = Server::always(answer).await;
        let ended = wait(&server).await.unwrap_err();
        assert!(ended.is_exhausted(), "{name}: {ended:?}");
        assert_eq!(ended.polls(), 12, "{name}");
    }
}

#[tokio::test(start_paused = true)]
async fn once_the_gateway_has_told_of_the_task_key_and_id_are_right() {
    for (name, answer) in [
        ("401", error("401 Unauthorized")),
        ("403", error("403 Forbidden")),
        ("404", error("404 Not Found")),
        ("400", error("400 Bad Request")),
        ("unknown task", unknown_task()),
    ] {
        // For longer than an unknown task's grace.
        let answers = [vec![pending()], vec![answer.clone(); 8], vec![success()]].concat();
        assert_eq!(polls(&Server::in_turn(answers).await).await, 10, "{name}");

        let server = Server::in_turn([pending(), answer]).await;
        let ended = wait(&server).await.unwrap_err();
        assert!(
            ended.is_exhausted() && !ended.is_unknown_task(),
            "{name}: {ended:?}"
        );
        assert_eq!(ended.polls(), 13, "{name}");
        assert_eq!(ended.last().unwrap().status(), Some("IN_PROGRESS"));
    }
    // What the law forbids stays forbidden.
    let server = Server::in_turn([pending(), error("451 Unavailable For Legal Reasons")]).await;
    assert_eq!(wait(&server).await.unwrap_err().polls(), 2);
}

#[tokio::test(start_paused = true)]
async fn the_classifier_can_be_replaced() {
    struct Stubborn;
    impl FailureClassifier for Stubborn {
        fn classify(&self, error: &Error, context: &FailureContext) -> FailureClass {
            assert!(!context.has_answered && context.consecutive >= 1);
            match error.status().map(|status| status.as_u16()) {
                Some(401) => FailureClass::Passing,
                Some(503) => FailureClass::Final,
                _ => DefaultClassifier.classify(error, context),
            }
        }
    }
    let policy = || WaitPolicy::default().errors(ErrorPolicy::default().classifier(Stubborn));
    let server = Server::in_turn([error("401 Unauthorized"), error("502 Bad"), success()]).await;
    let outcome = wait(&server).policy(policy()).await.unwrap();
    assert!(matches!(outcome, Outcome::Succeeded(_)));
    let server = Server::always(error("503 Service Unavailable")).await;
    let ended = wait(&server).policy(policy()).await.unwrap_err();
    assert_eq!(ended.polls(), 1);

    let closure = |_: &Error, _: &FailureContext| FailureClass::Final;
    let policy = WaitPolicy::default().errors(ErrorPolicy::default().classifier(closure));
    let ended = wait(&server).policy(policy).await.unwrap_err();
    assert_eq!(ended.polls(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_retry_after_is_capped_and_the_cap_is_told() {
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
        "the gateway asks to wait 86400 s, of which 300 s are honoured"
    );

    let policy = WaitPolicy::default().max_retry_after(Duration::from_secs(7));
    let server = Server::in_turn([limited, success()]).await;
    let Outcome::Succeeded(task) = wait(&server).policy(policy).await.unwrap() else {
        panic!("the task has succeeded")
    };
    let waited = task.elapsed().as_secs_f64();
    assert!((7.0..7.2).contains(&waited), "{waited}");
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

#[tokio::test]
async fn the_time_that_validation_takes_counts() {
    let server = Server::always(pending()).await;
    // Observers are called where a body is validated, before the query returns.
    let slow = |_: &seedance_query::ObservedExchange<'_>| {
        std::thread::sleep(Duration::from_millis(150));
    };
    let client = Client::builder()
        .base_url(&server.url)
        .api_key("sk-test-0123456789abcdef")
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
