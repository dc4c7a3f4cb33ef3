//! The client against real sockets on loopback.

use std::{error::Error as _, time::Duration};

use seedance_query::{
    Client, Error, QueryResponse, Rule, Shape, TaskId, TaskState, Verdict, capture::Capture,
};

use seedance_testing::{
    files::{read, root},
    http_server::{Reply, Server},
    replies::{about_task, ok, response},
};

const KEY: &str = "sk-test-0123456789abcdef";

fn id() -> TaskId {
    "asyntask_Qm4tZ81kWvYc3RbN7sXeLh2GpD6uJa0F".parse().unwrap()
}

fn client(url: &str) -> Client {
    let builder = Client::builder().base_url(url).api_key(KEY);
    builder.timeout(Duration::from_secs(20)).build().unwrap()
}

async fn query(answer: Reply) -> Result<QueryResponse, Error> {
    let server = Server::always(answer).await;
    let outcome = client(&server.url).query(&id()).await;
    assert_eq!(server.requests().len(), 1, "nothing is retried");
    if let Err(error) = &outcome {
        let shown = format!("{error} {error:?} {:?}", error.source());
        assert!(
            !shown.contains(KEY) && !shown.contains("X-Tos-Signature"),
            "{shown}"
        );
    }
    outcome
}

fn captured(name: &str) -> Vec<u8> {
    let body = read(&root().join("tests/captures").join(name)).bytes;
    about_task(id().as_str(), &body)
}

fn drifted(name: &str) -> Vec<u8> {
    let body = read(&root().join("tests/drift").join(name)).bytes;
    about_task(id().as_str(), &body)
}

#[tokio::test]
async fn a_task_comes_typed_as_bytes_and_with_a_report() {
    for (name, shape) in [
        ("pending-in-progress.http", Shape::Pending),
        ("normal-720p.http", Shape::Normal),
        ("super-resolution-720p.http", Shape::SuperResolution),
        ("failure-content-policy.http", Shape::Failure),
    ] {
        let body = captured(name);
        let answer = response("200 OK", "X-Request-Id: r1\r\n", &body);
        let response = query(answer).await.unwrap();
        assert_eq!(response.view().shape(), Some(shape));
        assert_eq!(response.task().unwrap().shape(), shape);
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["x-request-id"], "r1");
        assert_eq!(response.body(), &body);
        assert_eq!(response.report().verdict(), Verdict::Conforms);
        assert!(!format!("{response:?}").contains("X-Tos-Signature"));
    }
}

#[tokio::test]
async fn the_request_is_what_the_gateway_documents() {
    let server = Server::always(ok(&captured("pending-queued.http"))).await;
    let id: TaskId = "task/ü?#%".parse().unwrap();
    client(&format!("{}/prefix/", server.url))
        .query(&id)
        .await
        .unwrap();
    let requests = server.requests();
    let mut lines = requests[0].lines();
    assert_eq!(
        lines.next(),
        Some("GET /prefix/v1/video/generations/task%2F%C3%BC%3F%23%25 HTTP/1.1")
    );
    let mut headers: Vec<&str> = lines.filter(|line| !line.is_empty()).collect();
    headers.retain(|line| !line.starts_with("host:"));
    headers.sort_unstable();
    let agent = concat!("user-agent: seedance-query/", env!("CARGO_PKG_VERSION"));
    let bearer = format!("authorization: Bearer {KEY}");
    assert_eq!(
        headers,
        ["accept: application/json", bearer.as_str(), agent]
    );
}

#[tokio::test]
async fn a_response_is_a_capture_without_secrets() {
    let body = String::from_utf8(captured("normal-720p.http")).unwrap();
    let signed = body.replace("REDACTED", "c0ffee0123456789").replacen(
        "\"message\": \"\"",
        &format!("\"message\": \"{KEY}\""),
        1,
    );
    let headers = format!("X-Request-Id: r1\r\nX-Echo: {KEY}\r\nSet-Cookie: session=c0ffee\r\n");
    let server = Server::always(response("200 OK", &headers, signed.as_bytes())).await;
    let id: TaskId = "task/ü".parse().unwrap();
    let response = client(&server.url).query(&id).await.unwrap();
    let text = String::from_utf8(response.capture().to_bytes()).unwrap();
    for secret in [KEY, "0123456789", "c0ffee", "authorization", "cookie"] {
        assert!(!text.contains(secret), "{text}");
    }
    assert!(
        text.contains("\nGET /v1/video/generations/task%2F%C3%BC HTTP/1.1\n\nHTTP/1.1 200 OK\n")
    );
    let capture = Capture::parse(text.as_bytes()).unwrap();
    assert_eq!(capture, response.capture());
    assert_eq!(capture.label.as_deref(), Some("observed"));
    let expected = body.replacen("\"message\": \"\"", "\"message\": \"REDACTED\"", 1);
    assert_eq!(String::from_utf8(capture.body).unwrap(), expected);
}

#[tokio::test]
async fn the_http_client_is_configured_by_the_caller() {
    let server = Server::always(ok(&captured("pending-queued.http"))).await;
    let mut headers = http::HeaderMap::new();
    headers.insert("x-mine", "1".parse().unwrap());
    let builder = Client::builder().base_url(&server.url).api_key(KEY);
    let client = builder
        .configure_http(move |http| http.default_headers(headers.clone()))
        .user_agent("mine/1")
        .build()
        .unwrap();
    client.query(&id()).await.unwrap();
    let request = &server.requests()[0];
    assert!(
        request.contains("x-mine: 1") && request.contains("user-agent: mine/1"),
        "{request}"
    );
}

#[tokio::test]
async fn findings_do_not_block_a_result() {
    // The reason of the failure stands where a URL belongs: the task is what matters.
    let response = query(ok(&drifted("1a-failure-result-url-is-error-text.json")))
        .await
        .unwrap();
    assert_eq!(response.view().state, TaskState::Failed);
    assert_eq!(response.report().findings()[0].rule, Rule::ErrorTextAsUrl);
    assert!(response.view().fail_reason.is_some());
    assert_eq!(response.task().unwrap().shape(), Shape::Failure);

    // serde alone would refuse both: a key that comes twice, and an integer written as a float.
    let body = br#"{"code":"success","data":{"task_id":"t","status":"QUEUED","status":"SUCCESS",
        "result_url":"https://a.example/v.mp4","submit_time":1780000000.0}}"#;
    let response = query(ok(body)).await.unwrap();
    assert_eq!(
        response.task().unwrap().result_url().unwrap().expose(),
        "https://a.example/v.mp4"
    );
    assert_eq!(response.report().findings()[0].rule, Rule::DuplicateKey);

    // Another success than the documented 200.
    let body = captured("normal-720p.http");
    let response = query(seedance_testing::replies::response(
        "203 Non-Authoritative",
        "",
        &body,
    ))
    .await
    .unwrap();
    assert_eq!(
        response.report().findings()[0].rule,
        Rule::UndocumentedHttpStatus
    );
}

#[tokio::test]
async fn an_answer_that_tells_of_no_task_is_a_passing_error_that_keeps_everything() {
    for (body, rule) in [
        (drifted("9r-truncated.json"), Rule::NotJson),
        (drifted("5c-data-null.json"), Rule::MissingField),
        (
            b"<html><title>Welcome</title></html>".to_vec(),
            Rule::NotJson,
        ),
        (Vec::new(), Rule::NotJson),
        (b"[]".to_vec(), Rule::NoEnvelope),
    ] {
        let error = query(ok(&body)).await.unwrap_err();
        assert!(error.is_not_understood() && error.is_retryable(), "{error}");
        assert_eq!(error.body().unwrap(), &body);
        assert_eq!(error.status().unwrap(), 200);
        assert_eq!(error.report().unwrap().findings()[0].rule, rule, "{error}");
        assert!(error.to_string().contains(rule.id()), "{error}");
        assert!(error.view().is_none());
    }
}

#[tokio::test]
async fn what_an_answer_tells_of_a_task_is_used_whatever_else_is_wrong() {
    for (name, state, rule) in [
        (
            "3c-status-cancelled",
            TaskState::Failed,
            Rule::UnknownStatus,
        ),
        (
            "9n-failure-without-task-id",
            TaskState::Failed,
            Rule::MissingField,
        ),
        ("9p-numeric-progress", TaskState::Pending, Rule::WrongType),
        ("9o-missing-status", TaskState::Pending, Rule::MissingField),
    ] {
        let body = drifted(&format!("{name}.json"));
        let response = query(ok(&body)).await.unwrap();
        assert_eq!(response.view().state, state, "{name}");
        assert_eq!(response.report().verdict(), Verdict::Violates, "{name}");
        let mut rules = response
            .report()
            .findings()
            .iter()
            .map(|finding| finding.rule);
        assert!(rules.any(|found| found == rule), "{name}");
    }
    let url = "https://storage.example/v.mp4?X-Tos-Signature=REDACTED";
    let body = format!(
        r#"{{"code":"success","data":{{"status":"SUCCESS","progress":100,"result_url":"{url}"}}}}"#
    );
    let response = query(ok(body.as_bytes())).await.unwrap();
    assert_eq!(response.result_url().unwrap().expose(), Some(url));
}

#[tokio::test]
async fn a_video_is_not_lost_in_a_fault() {
    let url = "https://storage.example/v.mp4?X-Tos-Signature=REDACTED";
    let row = format!(r#""task_id":"t","status":"SUCCESS","result_url":"{url}""#);
    for body in [
        // Without the envelope, with a status that nobody documents.
        format!("{{{row}}}"),
        format!(r#"{{"code":"success","message":"","data":{{{row}}}}}"#).replace("SUCCESS", "DONE"),
    ] {
        let response = query(ok(body.as_bytes())).await.unwrap();
        assert_eq!(response.view().state, TaskState::Succeeded);
        let found = response.result_url().expect("the URL");
        assert_eq!(found.expose(), Some(url));
        assert!(!found.to_string().contains("Signature"));
    }
}

#[tokio::test]
async fn a_task_is_not_lost_in_an_http_status() {
    // Some gateways answer 500 just as the task completes.
    let body = captured("normal-720p.http");
    let answer = response("500 Internal Server Error", "", &body);
    let response = query(answer).await.unwrap();
    assert_eq!(response.view().state, TaskState::Succeeded);
    assert_eq!(response.status(), 500);
    let rules: Vec<Rule> = response
        .report()
        .findings()
        .iter()
        .map(|finding| finding.rule)
        .collect();
    assert_eq!(
        rules,
        [Rule::UndocumentedHttpStatus, Rule::HttpStatusMismatch]
    );

    let row = r#"{"task_id":"t","status":"SUCCESS","result_url":"https://a.example/v.mp4"}"#;
    let answer = seedance_testing::replies::response("502 Bad Gateway", "", row.as_bytes());
    let response = query(answer).await.unwrap();
    assert_eq!(
        response.result_url().unwrap().expose(),
        Some("https://a.example/v.mp4")
    );
    // Without an id it can be an error of anyone in between.
    let row = r#"{"status":"failed","progress":"no"}"#;
    let answer = seedance_testing::replies::response("502 Bad Gateway", "", row.as_bytes());
    assert!(query(answer).await.unwrap_err().is_api());
}

#[tokio::test]
async fn errors_of_the_gateway_are_unwrapped() {
    let error = query(response(
        "404 Not Found",
        "",
        &captured("error-code-404.http"),
    ))
    .await
    .unwrap_err();
    assert!(error.is_api() && error.is_unknown_task() && !error.is_retryable());
    assert_eq!(error.code(), Some("task_not_exist"));
    assert_eq!(error.report().unwrap().verdict(), Verdict::Conforms);

    let error = query(response(
        "400 Bad Request",
        "",
        &drifted("6a-400-task-not-exist.http"),
    ))
    .await
    .unwrap_err();
    assert!(error.is_unknown_task());

    let error = query(response(
        "401 Unauthorized",
        "",
        &captured("error-object-401.http"),
    ))
    .await
    .unwrap_err();
    assert!(error.is_unauthorized());
    assert_eq!(error.code(), Some("invalid_api_key"));
    assert!(
        error.to_string().starts_with("HTTP 401: invalid_api_key: "),
        "{error}"
    );

    let error = query(response(
        "403 Forbidden",
        "",
        &drifted("6g-403-saturated.http"),
    ))
    .await
    .unwrap_err();
    assert_eq!(error.code(), Some("upstream_load_saturated"));
    assert!(error.is_retryable() && !error.is_unauthorized());

    let body = drifted("6f-400-message-is-json-twice.http");
    let error = query(response("400 Bad Request", "", &body))
        .await
        .unwrap_err();
    assert!(!error.message().unwrap().contains('{'), "{error}");
    assert_eq!(error.body().unwrap(), &body);

    // An error under 200 is an error of the gateway, not of the contract.
    let error = query(ok(&captured("error-code-404.http")))
        .await
        .unwrap_err();
    assert!(error.is_api());

    let error = query(response(
        "502 Bad Gateway",
        "",
        &captured("error-text-502.http"),
    ))
    .await
    .unwrap_err();
    assert!(error.is_api() && error.is_retryable());
    assert_eq!((error.code(), error.message()), (None, None));
    assert!(error.to_string().contains("502 Bad Gateway"), "{error}");
}

#[tokio::test]
async fn a_gateway_that_repeats_the_key_does_not_make_it_public() {
    let body = format!(r#"{{"error":{{"code":"bad","message":"no such key: {KEY}"}}}}"#);
    let error = query(response("401 Unauthorized", "", body.as_bytes()))
        .await
        .unwrap_err();
    assert_eq!(error.message(), Some("no such key: REDACTED"));
    let key = "plain-secret";
    let server = Server::always(response("500 Oops", "", b"plain-secret is wrong")).await;
    let client = Client::builder()
        .base_url(&server.url)
        .api_key(key)
        .build()
        .unwrap();
    let error = client.query(&id()).await.unwrap_err();
    assert!(!format!("{error} {error:?}").contains(key), "{error:?}");

    for body in [
        format!(r#"{{"code":"success","data":{{"task_id":"t","status":"{key}"}}}}"#),
        format!(
            r#"{{"code":"success","message":"","data":{{"task_id":"t","status":"QUEUED","{key}":"{key}"}}}}"#
        ),
        format!(r#"{{"code":"{key}","message":"","{key}":1}}"#),
    ] {
        let server = Server::always(ok(body.as_bytes())).await;
        let client = Client::builder()
            .base_url(&server.url)
            .api_key(key)
            .build()
            .unwrap();
        let shown = match client.query(&id()).await {
            Ok(response) => format!("{:?}", response.report()),
            Err(error) => format!("{error} {error:?} {:?} {:?}", error.report(), error.code()),
        };
        assert!(!shown.contains(key), "{shown}");
    }
}

#[tokio::test]
async fn retry_after_is_read_in_both_forms() {
    let body = br#"{"code":"rate_limited","message":"slow down","data":null}"#;
    let error = query(response(
        "429 Too Many Requests",
        "Retry-After: 20\r\n",
        body,
    ))
    .await
    .unwrap_err();
    assert_eq!(error.retry_after(), Some(Duration::from_secs(20)));
    assert!(error.is_retryable());

    let later = std::time::SystemTime::now() + Duration::from_hours(1);
    let header = format!("Retry-After: {}\r\n", httpdate::fmt_http_date(later));
    let error = query(response("503 Unavailable", &header, b""))
        .await
        .unwrap_err();
    let wait = error.retry_after().unwrap();
    assert!(
        wait > Duration::from_secs(3500) && wait <= Duration::from_hours(1),
        "{wait:?}"
    );

    let error = query(response("503 Unavailable", "Retry-After: 1.5\r\n", b""))
        .await
        .unwrap_err();
    assert_eq!(error.retry_after(), Some(Duration::from_secs(2)));

    let header = "Retry-After: Wed, 21 Oct 2015 07:28:00 GMT\r\n";
    let error = query(response("503 Unavailable", header, b""))
        .await
        .unwrap_err();
    assert_eq!(error.retry_after(), Some(Duration::ZERO));

    let error = query(response("503 Unavailable", "Retry-After: soon\r\n", b""))
        .await
        .unwrap_err();
    assert_eq!(error.retry_after(), None);
}

#[tokio::test]
async fn no_connection() {
    // A port that was free a moment ago, and that nobody listens on.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let error = client(&format!("http://{address}"))
        .query(&id())
        .await
        .unwrap_err();
    assert!(error.is_connect() && error.is_retryable(), "{error:?}");
    assert_eq!(
        error.to_string(),
        format!("no connection to http://{address}")
    );
    assert!(error.source().is_some());
    assert_eq!((error.body(), error.status()), (None, None));
}

#[tokio::test]
async fn no_answer_in_time() {
    let server = Server::always(Reply::silence()).await;
    let builder = Client::builder().base_url(&server.url).api_key(KEY);
    let client = builder.timeout(Duration::from_millis(200)).build().unwrap();
    let error = client.query(&id()).await.unwrap_err();
    assert!(error.is_timeout() && error.is_retryable(), "{error:?}");
    assert!(
        error.to_string().ends_with("did not answer in time"),
        "{error}"
    );
}

#[tokio::test]
async fn an_answer_that_breaks_off_is_kept_as_far_as_it_came() {
    let head = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"code\":";
    for answer in [Reply::reset(head.to_vec()), Reply::close(head.to_vec())] {
        let error = query(answer).await.unwrap_err();
        assert!(error.is_interrupted() && error.is_retryable(), "{error:?}");
        assert_eq!(error.body().unwrap().as_ref(), b"{\"code\":");
        assert!(
            error.to_string().contains("was cut off after 8 bytes"),
            "{error}"
        );
    }
    let error = query(Reply::close(Vec::new())).await.unwrap_err();
    assert!(error.is_interrupted(), "{error:?}");
}

#[tokio::test]
async fn the_key_does_not_follow_a_redirect() {
    let other = Server::always(ok(&captured("normal-720p.http"))).await;
    let location = format!("Location: {}/elsewhere\r\n", other.url);
    let error = query(response("302 Found", &location, b""))
        .await
        .unwrap_err();
    assert!(error.is_api());
    assert_eq!(error.status().unwrap(), 302);
    assert_eq!(
        error.to_string(),
        format!(
            "HTTP 302: a redirect to {}/elsewhere, which is not followed",
            other.url
        )
    );
    assert!(other.requests().is_empty());

    // Whatever the caller configures: a redirect is followed by nobody, and no referrer is sent.
    let server = Server::always(response("302 Found", &location, b"")).await;
    let builder = Client::builder().base_url(&server.url).api_key(KEY);
    let builder = builder.configure_http(|http| {
        let follow = reqwest::redirect::Policy::limited(10);
        http.redirect(follow).referer(true)
    });
    let error = builder.build().unwrap().query(&id()).await.unwrap_err();
    assert_eq!(error.status().unwrap(), 302);
    assert!(other.requests().is_empty());
}

#[tokio::test]
async fn a_body_without_end_is_cut_off() {
    let head = b"HTTP/1.1 200 OK\r\n\r\n".to_vec();
    let error = query(Reply::close([head, vec![b' '; 65 << 20]].concat()))
        .await
        .unwrap_err();
    assert!(error.is_not_understood(), "{error}");
    assert!(error.body().unwrap().len() <= 64 << 20);
}

#[tokio::test]
async fn what_cannot_be_used_is_said_before_anything_is_sent() {
    let build = |url: &str, key: &str| Client::builder().base_url(url).api_key(key).build();
    for (outcome, message) in [
        (
            Client::builder().api_key(KEY).build(),
            "there is no base URL: give one, or set SEEDANCE_BASE_URL",
        ),
        (
            Client::builder().base_url("https://a.example").build(),
            "there is no API key: give one, or set SEEDANCE_API_KEY",
        ),
        (
            build("gateway", KEY),
            "the base URL `gateway` cannot be used",
        ),
        (
            build("ftp://a.example", KEY),
            "the base URL `ftp://a.example` is not an http(s) URL",
        ),
        (
            build("https://a.example?x=1", KEY),
            "the base URL `https://a.example?REDACTED` has a query",
        ),
        (
            build("https://me:pw@a.example", KEY),
            "the base URL `https://REDACTED:REDACTED@a.example` has credentials",
        ),
        (build("https://a.example", ""), "the API key is empty"),
        (
            build("https://a.example", "a\nb"),
            "the API key has a blank in it",
        ),
        (
            Client::builder()
                .base_url("https://a.example")
                .api_key(KEY)
                .user_agent("\u{0}")
                .build(),
            "the user agent has",
        ),
    ] {
        let error = outcome.unwrap_err();
        assert!(
            error.is_input() && error.to_string().starts_with(message),
            "{error}"
        );
    }
    let client = client("http://127.0.0.1:1");
    for id in [
        ".",
        "..",
        "{task_id}",
        "YOUR_TASK_ID",
        "a b",
        "sk-live-51Hsecret",
    ] {
        let error = client.query(&id.parse().unwrap()).await.unwrap_err();
        assert!(error.is_input(), "{error}");
    }
}

#[test]
fn no_debug_shows_the_key() {
    let builder = Client::builder().base_url("https://a.example").api_key(KEY);
    let shown = format!("{builder:?} {:?}", builder.clone().build().unwrap());
    assert!(!shown.contains("0123456789"), "{shown}");
    assert!(shown.contains("https://a.example"));
}

#[test]
fn everything_can_cross_threads() {
    fn is_send_and_sync<T: Send + Sync + 'static>() {}
    fn is_send<T: Send>(_: &T) {}
    is_send_and_sync::<Client>();
    is_send_and_sync::<QueryResponse>();
    is_send_and_sync::<Error>();
    let client = client("http://127.0.0.1:1");
    let id = id();
    is_send(&client.query(&id));
}
