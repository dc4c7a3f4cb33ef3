//! Upstream failures, and targets that are refused.

use std::time::{Duration, Instant};

use seedance_query::{Shape, validate_response};
use tokio::net::TcpListener;

use super::{
    KEY, PATH, RawClient, Server, Step, builder, captured_body, json, proxy, send, settled,
};

/// Asserts a response of the proxy itself, in the error envelope of the API.
async fn own(client: &mut RawClient, status: u16, code: &str) -> String {
    let (head, body) = client.response().await;
    assert!(head.starts_with(&format!("HTTP/1.1 {status} ")), "{head}");
    assert!(
        head.contains(&format!("seedance-proxy: {code}\r\n")),
        "{head}"
    );
    let report = validate_response(404, &body);
    assert_eq!(report.shape(), Some(Shape::Error));
    assert!(report.findings().is_empty(), "{report:?}");
    String::from_utf8(body).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_proxy_answers_if_the_upstream_does_not() {
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let refused = format!("http://{}", free.local_addr().unwrap());
    drop(free);
    let proxy = builder(&refused).start().await.unwrap();
    let mut client = RawClient::connect(proxy.local_addr()).await;
    for _ in 0..2 {
        client.get(PATH).await;
        let body = own(&mut client, 502, "upstream_unreachable").await;
        assert!(body.contains("refused"), "{body}");
    }
    assert_eq!(proxy.summary().failures["upstream_unreachable"], 2);

    let upstream = Server::start(|_, number| match number {
        0 => vec![Step::Close],
        1 => vec![Step::Reset],
        2 => vec![send("HTTP/1.1 200 OK\r\nHalf"), Step::Close],
        3 => vec![send("SSH-2.0-x\r\n\r\n"), Step::Close],
        _ => vec![Step::Silence],
    })
    .await;
    let proxy = builder(&upstream.url).timeout(Duration::from_millis(500));
    let proxy = proxy.start().await.unwrap();
    let mut client = RawClient::connect(proxy.local_addr()).await;
    for code in [
        "upstream_closed",
        "upstream_closed",
        "upstream_closed",
        "upstream_not_http",
    ] {
        client.get(PATH).await;
        own(&mut client, 502, code).await;
    }
    client.get(PATH).await;
    own(&mut client, 504, "upstream_timeout").await;
    let summary = proxy.summary();
    assert_eq!(summary.failures.values().sum::<u64>(), 5, "{summary:?}");
    assert_eq!(summary.report.responses, 0);
    assert_eq!(upstream.requests().len(), 5, "each was asked for once");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_truncated_response_stays_truncated() {
    let part = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}";
    let chunk = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n";
    let upstream = Server::start(move |_, number| match number {
        0 => vec![send(part), Step::Close],
        1 => vec![send(part), Step::Reset],
        _ => vec![send(chunk), Step::Close],
    })
    .await;
    let proxy = proxy(&upstream).await;
    for expected in [part, part, chunk] {
        let mut client = RawClient::connect(proxy.local_addr()).await;
        client.get(PATH).await;
        let rest = String::from_utf8(client.rest().await).unwrap();
        // A reset can overtake what was sent before.
        assert!(expected.starts_with(&rest), "{rest}");
    }
    let summary = settled(&proxy, 2).await;
    assert_eq!(summary.report.responses, 0);
    assert!(summary.unvalidated["cut_off"] >= 2, "{summary:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_idle_connection_is_replaced() {
    // Closed by the upstream after each answer, but not announced.
    let upstream = Server::start(|_, _| vec![send(json(b"{}")), Step::Close]).await;
    let proxy = proxy(&upstream).await;
    let mut client = RawClient::connect(proxy.local_addr()).await;
    for _ in 0..50 {
        client.get(PATH).await;
        client.expect(json(b"{}")).await;
    }
    // What must not be repeated is not: it gets its answer or an error, and is sent once.
    for _ in 0..50 {
        client
            .write("POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n")
            .await;
        client.response().await;
    }
    let posts = upstream.requests();
    let posts = posts.iter().filter(|head| head.starts_with("POST")).count();
    assert!(posts <= 50, "{posts}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_disconnects_is_no_failure() {
    let upstream = Server::start(|_, _| {
        vec![
            send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}"),
            Step::Silence,
        ]
    })
    .await;
    let proxy = proxy(&upstream).await;
    let mut client = RawClient::connect(proxy.local_addr()).await;
    client.get(PATH).await;
    client.read(40).await;
    drop(client);
    let summary = settled(&proxy, 1).await;
    assert_eq!(summary.unvalidated["cut_off"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn other_hosts_are_refused() {
    let elsewhere = Server::always(json(b"{}")).await;
    let upstream = Server::always(json(&captured_body("normal-720p.http"))).await;
    let proxy = proxy(&upstream).await;
    let other = elsewhere.url.strip_prefix("http://").unwrap();
    for request in [
        format!(
            "GET {}{PATH} HTTP/1.1\r\nHost: {other}\r\n\r\n",
            elsewhere.url
        ),
        format!(
            "GET {}/_report HTTP/1.1\r\nHost: localhost\r\n\r\n",
            elsewhere.url
        ),
        format!("CONNECT {other} HTTP/1.1\r\nHost: {other}\r\n\r\n"),
    ] {
        let mut client = RawClient::connect(proxy.local_addr()).await;
        client.write(request).await;
        own(&mut client, 403, "not_the_upstream").await;
    }
    assert!(elsewhere.requests().is_empty() && upstream.requests().is_empty());
    // Whoever takes it for a proxy to the upstream itself is right.
    let mut client = RawClient::connect(proxy.local_addr()).await;
    client
        .write(format!(
            "GET {}{PATH} HTTP/1.1\r\nHost: {other}\r\n\r\n",
            upstream.url
        ))
        .await;
    client.response().await;
    let head = upstream.requests().pop().unwrap();
    let host = upstream.url.strip_prefix("http://").unwrap();
    assert_eq!(head, format!("GET {PATH} HTTP/1.1\r\nHost: {host}\r\n\r\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invalid_upstream_is_refused() {
    for (url, message) in [
        ("gateway.example", "is not a URL"),
        ("ftp://gateway.example", "is not an http(s) URL"),
        ("https://gateway.example/?x=1", "has a query"),
        (
            &format!("https://{KEY}@gateway.example"),
            "contains credentials",
        ),
    ] {
        let error = builder(url).start().await.unwrap_err().to_string();
        assert!(error.contains(message) && !error.contains(KEY), "{error}");
    }
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = free.local_addr().unwrap();
    let error = builder("http://gateway.example")
        .listen(address)
        .start()
        .await;
    assert_eq!(error.unwrap_err().kind(), std::io::ErrorKind::AddrInUse);
    drop(free);
    let error = builder(&format!("http://localhost:{}", address.port())).listen(address);
    let error = error.start().await.unwrap_err().to_string();
    assert!(error.contains("the proxy itself"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_reader_delays_no_other_client() {
    let long = json(&vec![b'x'; 30_000_000]);
    let length = long.len();
    let short = json(&captured_body("pending-queued.http"));
    let answer = short.clone();
    let upstream = Server::start(move |head, _| {
        vec![send(if head.starts_with("GET /long") {
            &long
        } else {
            &answer
        })]
    })
    .await;
    let proxy = proxy(&upstream).await;
    let mut slow = RawClient::connect(proxy.local_addr()).await;
    slow.get("/long").await;
    slow.read(100).await;
    let began = Instant::now();
    let mut quick = RawClient::connect(proxy.local_addr()).await;
    for _ in 0..200 {
        quick.get(PATH).await;
        quick.expect(&short).await;
    }
    assert!(
        began.elapsed() < Duration::from_secs(10),
        "{:?}",
        began.elapsed()
    );
    // It is all there when it is read at last.
    slow.read(length - 100).await;
    assert_eq!(settled(&proxy, 200).await.report.responses, 200);
}
