//! Errors that the gateway answers with.

use std::time::Duration;

use seedance_query::{Client, Verdict};

use seedance_testing::{
    http_server::Server,
    replies::{ok, response},
};

use super::{KEY, captured, drifted, id, query};

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
