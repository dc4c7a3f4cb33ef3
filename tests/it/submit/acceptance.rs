//! Whether a task was accepted, told from each answer and from none.

use std::time::Duration;

use seedance_query::{Acceptance, SubmitError, Submitted, TaskId};
use seedance_testing::{
    http_server::{Reply, Server, Step},
    replies::{ok, response},
};

use super::{KEY, client, submission};

/// The same reply, once the request has arrived whole.
fn after_the_body(mut reply: Reply) -> Reply {
    reply.0.insert(0, Step::Read(submission().body().len()));
    reply
}

/// Submits to a server that answers so, and makes sure that one request was sent and that no secret is
/// shown.
async fn submit(reply: Reply) -> Result<Submitted, SubmitError> {
    let server = Server::always(after_the_body(reply)).await;
    let submission = submission().with_timeout(Duration::from_secs(20));
    let outcome = client(&server.url).submit(&submission).await;
    assert_eq!(server.requests().len(), 1, "nothing is sent again");
    let request = &server.requests()[0];
    assert_eq!(
        (request.method.as_str(), request.target.as_str()),
        ("POST", "/v1/video/generations")
    );
    let shown = match &outcome {
        Ok(submitted) => format!("{submitted:?}"),
        Err(error) => format!("{error} {error:?}"),
    };
    assert!(!shown.contains(KEY), "{shown}");
    outcome
}

#[tokio::test]
async fn each_form_of_a_reply_brings_the_id() {
    for (body, id) in [
        (
            r#"{"id":"u-1","task_id":"asyntask_1","object":"video","model":"m","status":"","progress":0,"created_at":1795639108}"#,
            "asyntask_1",
        ),
        (
            r#"{"id":"gen-7","model":"m","status":"processing","created_at":1795639108}"#,
            "gen-7",
        ),
        (
            r#"{"id":"cgt-20260427191505-9j2q7","status":"submitted","created_at":"2026-11-25T20:38:28Z"}"#,
            "cgt-20260427191505-9j2q7",
        ),
        (
            r#"{"code":"success","message":"","data":{"task_id":"asyntask_2"}}"#,
            "asyntask_2",
        ),
    ] {
        let header = "X-Oneapi-Request-Id: 20261125203828\r\n";
        let reply = response("200 OK", header, body.as_bytes());
        let submitted = submit(reply).await.unwrap();
        assert_eq!(submitted.task_id().as_str(), id);
        assert_eq!(submitted.request_id(), Some("20261125203828"));
        assert_eq!(submitted.body(), body);
    }
    let documented = r#"{"id":"t","task_id":"asyntask_Qm4tZ81kWvYc3RbN7sXeLh2GpD6uJa0F","object":"video","model":"m","status":"","progress":0,"created_at":1795639108}"#;
    let submitted = submit(ok(documented.as_bytes())).await.unwrap();
    assert_eq!(submitted.report().findings(), []);
    assert_eq!(submitted.request_id(), None);
}

#[tokio::test]
async fn a_refusal_is_surely_none() {
    for (status, body, expected) in [
        (
            "400 Bad Request",
            r#"{"code":"invalid_request","message":"seedance request requires a text prompt","data":null}"#,
            "HTTP 400: invalid_request: seedance request requires a text prompt; no task was begun: it can be submitted again",
        ),
        (
            "400 Bad Request",
            r#"{"code":"fail_to_fetch_task","message":"{\"error\": {\"code\": \"InputTextSensitiveContentDetected\", \"message\": \"The input text may contain sensitive information.\", \"param\": \"content[0].text\"}}","data":null}"#,
            "HTTP 400: InputTextSensitiveContentDetected: The input text may contain sensitive information.; no task was begun: it can be submitted again",
        ),
        (
            "401 Unauthorized",
            r#"{"error":{"code":"","message":"Invalid token sk-test-0123456789abcdef","type":"new_api_error"}}"#,
            "HTTP 401: Invalid token REDACTED; no task was begun: it can be submitted again",
        ),
        (
            "403 Forbidden",
            r#"{"error":{"code":"insufficient_user_quota","message":"no quota","type":"new_api_error"}}"#,
            "HTTP 403: insufficient_user_quota: no quota; no task was begun: it can be submitted again",
        ),
        // The gateway found no channel, and never asked an upstream.
        (
            "503 Service Unavailable",
            r#"{"error":{"code":"model_not_found","message":"No available channel","type":"new_api_error"}}"#,
            "HTTP 503: model_not_found: No available channel; no task was begun: it can be submitted again",
        ),
    ] {
        let error = submit(response(status, "", body.as_bytes()))
            .await
            .unwrap_err();
        assert_eq!(error.acceptance(), Acceptance::No);
        assert_eq!(error.to_string(), expected);
        assert!(error.cause().is_api() && error.cause().body().is_some());
    }
}

#[tokio::test]
async fn what_was_sent_and_not_answered_is_unknown() {
    let unknown = [
        response("500 Internal Server Error", "", b"{}"),
        response("502 Bad Gateway", "", b"<html>502</html>"),
        response("504 Gateway Timeout", "", b"upstream request timeout"),
        response("408 Request Timeout", "", b""),
        // A page of something in between, and an error under a success.
        response("200 OK", "", b"<html>log in</html>"),
        ok(br#"{"code":"internal","message":"database is locked","data":null}"#),
        Reply::close(Vec::new()),
        Reply::reset(Vec::new()),
        Reply::close(b"HTTP/1.1 500 Oops\r\nContent-Length: 100\r\n\r\n{\"code\"".to_vec()),
    ];
    for reply in unknown {
        let error = submit(reply).await.unwrap_err();
        assert_eq!(error.acceptance(), Acceptance::Unknown, "{error}");
        assert!(
            error.to_string().contains("look into the gateway's log"),
            "{error}"
        );
    }
    let silent = Server::always(after_the_body(Reply::silence())).await;
    let submission = submission().with_timeout(Duration::from_millis(200));
    let error = client(&silent.url).submit(&submission).await.unwrap_err();
    assert!(error.cause().is_timeout());
    assert_eq!(error.acceptance(), Acceptance::Unknown);
}

#[tokio::test]
async fn an_accepted_task_without_an_id_can_be_looked_up() {
    let header = "X-Oneapi-Request-Id: 20261125203828\r\n";
    let body = br#"{"status":"submitted","created_at":"2026-11-25T20:38:28Z"}"#;
    let cut = b"HTTP/1.1 200 OK\r\nX-Oneapi-Request-Id: 20261125203828\r\nContent-Length: 100\r\n\r\n{\"id\":\"as";
    for reply in [response("200 OK", header, body), Reply::close(cut.to_vec())] {
        let error = submit(reply).await.unwrap_err();
        assert_eq!(error.acceptance(), Acceptance::Yes, "{error}");
        assert_eq!(error.request_id(), Some("20261125203828"));
        assert!(
            error.to_string().ends_with("(request id 20261125203828)"),
            "{error}"
        );
    }
}

#[tokio::test]
async fn an_id_under_a_failure_is_kept() {
    let body = br#"{"task_id":"asyntask_9","message":"the answer was lost"}"#;
    let error = submit(response("500 Internal Server Error", "", body))
        .await
        .unwrap_err();
    assert_eq!(error.acceptance(), Acceptance::Unknown);
    assert_eq!(error.task_id().map(TaskId::as_str), Some("asyntask_9"));
    assert!(
        error
            .to_string()
            .contains("the answer names the task asyntask_9"),
        "{error}"
    );
}

#[tokio::test]
async fn without_a_connection_nothing_was_begun() {
    // A port that was free a moment ago, and that nobody listens on.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let client = client(&format!("http://{address}"));
    let error = client.submit(&submission()).await.unwrap_err();
    assert!(error.cause().is_connect());
    assert_eq!(error.acceptance(), Acceptance::No);
}
