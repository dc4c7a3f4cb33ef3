//! Failures that pass.

use seedance_query::{
    DefaultClassifier, Error, ErrorPolicy, FailureClass, FailureClassifier, FailureContext,
    Outcome, WaitPolicy,
};

use seedance_testing::{
    http_server::{Reply, Server},
    replies::{ok, response},
};

use super::{error, pending, succeeded, success, unknown_task, wait, within};

#[tokio::test(start_paused = true)]
async fn after_a_transient_failure_the_task_is_queried_again() {
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
async fn an_odd_transient_failure_is_recognised_as_one() {
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
        assert_eq!(succeeded(wait(&server)).await.0, 3, "{name}");
        let server = Server::in_turn([pending(), answer.clone(), success()]).await;
        assert_eq!(succeeded(wait(&server)).await.0, 3, "{name}");
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
        assert_eq!(
            succeeded(wait(&Server::in_turn(answers).await)).await.0,
            10,
            "{name}"
        );

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
