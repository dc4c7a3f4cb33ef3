//! Pages and an observer that a program adds.

use std::sync::mpsc;

use bytes::Bytes;
use http::Response;
use seedance_traffic::{
    Session,
    proxy::{ExchangeOutcome, OwnPage, PageAccess},
};

use super::{KEY, PATH, PATIENCE, RawClient, Server, builder, captured_body, json, send};

fn page(request: &http::request::Parts) -> Option<OwnPage> {
    let access = match request.uri.path() {
        "/public" => PageAccess::Public,
        "/guarded" => PageAccess::WithToken,
        _ => return None,
    };
    Some(OwnPage::new(access, || {
        let mut response = Response::new(Bytes::from_static(b"own"));
        let length = http::HeaderValue::from_static("3");
        response.headers_mut().insert("content-length", length);
        response
    }))
}

async fn status(client: &mut RawClient, method: &str, path: &str, host: &str) -> u16 {
    let head = format!("{method} {path} HTTP/1.1\r\nHost: {host}\r\n\r\n");
    client.write(head).await;
    let (head, _) = client.response().await;
    head[9..12].parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn they_are_guarded_like_the_others() {
    let upstream = Server::start(|_, _| vec![send(json(b"{}"))]).await;
    let proxy = builder(&upstream.url).own_pages(page).page_token("t-0123");
    let proxy = proxy.start().await.unwrap();
    let mut client = RawClient::connect(proxy.local_addr()).await;
    for (path, host, expected) in [
        ("/public", "localhost", 200),
        ("/public", "evil.example", 403),
        ("/guarded", "localhost", 401),
        ("/guarded?token=t-0123", "localhost", 200),
        ("/guarded?token=t-0123", "evil.example", 403),
    ] {
        let found = status(&mut client, "GET", path, host).await;
        assert_eq!(found, expected, "{path} {host}");
    }
    assert_eq!(upstream.requests().len(), 0);
    // Everything else is the upstream's.
    assert_eq!(
        status(&mut client, "POST", "/public", "localhost").await,
        200
    );
    assert_eq!(status(&mut client, "GET", "/other", "localhost").await, 200);
    assert_eq!(upstream.requests().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn each_exchange_is_observed_without_its_secrets() {
    let body = captured_body("normal-720p.http");
    let answers = [json(&body), json(b"{}"), json(b"[1]")];
    let upstream = Server::start(move |_, number| vec![send(&answers[number])]).await;
    let (sender, seen) = mpsc::channel();
    let proxy = builder(&upstream.url)
        .session(Session::new().with_task_timelines())
        .on_exchange(move |exchange| {
            let outcome = match &exchange.outcome {
                ExchangeOutcome::Validated(response) => {
                    let timeline = exchange.timeline();
                    let timeline = timeline.map(|timeline| timeline.observed.len());
                    format!("{:?} {timeline:?}", response.report.verdict())
                }
                ExchangeOutcome::Unvalidated(reason) => (*reason).to_owned(),
                ExchangeOutcome::NoResponse(why) => format!("none: {why}"),
                _ => String::new(),
            };
            let line = format!(
                "{} {} {:?} {} {outcome}",
                exchange.method, exchange.target, exchange.request_id, exchange.status
            );
            sender.send(line).unwrap();
        });
    let proxy = proxy.start().await.unwrap();
    let mut client = RawClient::connect(proxy.local_addr()).await;
    let next = || seen.recv_timeout(PATIENCE).unwrap();
    let request = |method: &str, path: &str, id: &str| {
        format!(
            "{method} {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {KEY}\r\n\
             X-Request-Id: {id}\r\nContent-Length: 0\r\n\r\n"
        )
    };
    let query = format!("{PATH}?key={KEY}");
    client.write(request("GET", &query, "page-1")).await;
    client.response().await;
    let expected = format!("GET {PATH}?key=REDACTED Some(\"page-1\") 200 Conforms Some(1)");
    assert_eq!(next(), expected);

    client.write(request("POST", "/v1/other", "a b")).await;
    client.response().await;
    assert_eq!(next(), "POST /v1/other None 200 other_operation");

    client.write(request("GET", "/v1/models", KEY)).await;
    client.response().await;
    let line = next();
    assert!(line.starts_with("GET /v1/models None 200 "), "{line}");

    drop(upstream);
    let mut client = RawClient::connect(proxy.local_addr()).await;
    client.write(request("GET", PATH, "page-2")).await;
    client.response().await;
    let line = next();
    let expected = format!("GET {PATH} Some(\"page-2\") 502 none: ");
    assert!(line.starts_with(&expected), "{line}");
    assert!(!line.contains(KEY));
}
