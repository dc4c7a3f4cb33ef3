//! What is sent, and what is kept of it.

use http::{HeaderName, HeaderValue};
use seedance_query::{Client, Error, QueryResponse, TaskId, capture::Capture};

use seedance_testing::{
    http_message::Request,
    http_server::Server,
    replies::{ok, response},
};

use super::{KEY, builder, captured, client, id};

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
async fn headers_go_where_the_key_goes_and_cannot_replace_it() {
    let echo = |head: &Request, _: usize| {
        let head = &head.head;
        let body = format!("{{\"error\":{{\"message\":{head:?}}}}}");
        response("418 Teapot", "", body.as_bytes())
    };
    let server = Server::start(echo).await;
    let name = HeaderName::from_static("x-access");
    let mut secret = HeaderValue::from_static("c0ffee-0123456789");
    secret.set_sensitive(true);
    let client = builder(&server.url)
        .header(name.clone(), secret)
        .header(
            HeaderName::from_static("x-region"),
            HeaderValue::from_static("eu"),
        )
        .build()
        .unwrap();
    let error = client.query(&id()).await.unwrap_err();
    let request = &server.requests()[0];
    assert!(
        request.contains("x-access: c0ffee-0123456789\r\n"),
        "{request}"
    );
    assert!(request.contains("x-region: eu\r\n"), "{request}");
    let shown = format!("{error} {error:?} {client:?}");
    assert!(
        !shown.contains("c0ffee") && shown.contains("x-region: eu"),
        "{shown}"
    );

    for name in ["authorization", "host", "range", "user-agent"] {
        let name = HeaderName::from_static(name);
        let value = HeaderValue::from_static("x");
        let error = builder(&server.url)
            .header(name, value)
            .build()
            .unwrap_err();
        assert!(
            error.is_input() && error.to_string().ends_with("each request has its own"),
            "{error}"
        );
    }
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
