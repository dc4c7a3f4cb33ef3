//! Messages whose length can be read in two ways, malformed bodies, and upgrades.

use std::sync::Arc;

use super::{KEY, PATH, RawClient, Server, Step, json, proxy, send, settled};

/// The head of a response, and its chunked body as it was sent.
async fn chunked(client: &mut RawClient) -> (String, String) {
    let mut text = String::new();
    while !text.ends_with("0\r\n\r\n") {
        text.push(char::from(client.read(1).await[0]));
    }
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    (head.to_owned(), body.to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_length_beside_a_transfer_encoding_is_not_passed_on() {
    for headers in [
        "Content-Length: 999\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\r\nContent-Length: 1",
    ] {
        let answer =
            format!("HTTP/1.1 200 OK\r\nA: 1\r\n{headers}\r\nB: 2\r\n\r\n2\r\n{{}}\r\n0\r\n\r\n");
        let upstream = Server::start(move |_, _| vec![send(&answer)]).await;
        let proxy = proxy(&upstream).await;
        let mut client = RawClient::connect(proxy.local_addr()).await;
        // The next response on the connection would be misread if the length was believed.
        for _ in 0..2 {
            client.get(PATH).await;
            let (head, body) = chunked(&mut client).await;
            let expected = "HTTP/1.1 200 OK\r\nA: 1\r\nTransfer-Encoding: chunked\r\nB: 2";
            assert_eq!(
                (head.as_str(), body.as_str()),
                (expected, "2\r\n{}\r\n0\r\n\r\n")
            );
        }
        let summary = settled(&proxy, 2).await;
        assert_eq!(summary.report.responses, 2, "{headers}: {summary:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_with_both_lengths_is_chunked_for_the_upstream() {
    let upstream =
        Server::start(|_, _| vec![Step::Read("2\r\n{}\r\n0\r\n\r\n".len()), send(json(b"{}"))])
            .await;
    let proxy = proxy(&upstream).await;
    for headers in [
        "Content-Length: 3\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\r\nContent-Length: 3",
    ] {
        let mut client = RawClient::connect(proxy.local_addr()).await;
        client
            .write(format!(
                "POST /x HTTP/1.1\r\nHost: x\r\n{headers}\r\n\r\n2\r\n{{}}\r\n0\r\n\r\n"
            ))
            .await;
        // Two readings of one head are suspicious: the connection is not used again.
        let (head, body) = client.response().await;
        assert!(head.starts_with("HTTP/1.1 200 "), "{head}");
        assert_eq!(body, b"{}");
    }
    for request in upstream.requests() {
        assert_eq!(request.header("content-length"), None, "{request}");
        assert_eq!(request.header("transfer-encoding"), Some("chunked"));
    }
    assert_eq!(
        *upstream.bodies.lock().unwrap(),
        b"2\r\n{}\r\n0\r\n\r\n2\r\n{}\r\n0\r\n\r\n"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_malformed_body_is_the_fault_of_the_client() {
    let upstream = Server::start(|head, _| {
        vec![if head.starts_with("POST") {
            Step::Await(Arc::default())
        } else {
            send(json(b"{}"))
        }]
    })
    .await;
    let proxy = proxy(&upstream).await;
    for body in [
        "zz\r\n{}\r\n0\r\n\r\n",
        "2\r\n{}??0\r\n\r\n",
        "-1\r\n{}\r\n0\r\n\r\n",
        "fffffffffffffffff\r\n{}",
        "\r\n",
    ] {
        let mut client = RawClient::connect(proxy.local_addr()).await;
        client
            .write(format!(
                "POST /x HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {KEY}\r\n\
                 Transfer-Encoding: chunked\r\n\r\n{body}"
            ))
            .await;
        let (head, answer) = client.response().await;
        assert!(head.starts_with("HTTP/1.1 400 "), "{body:?}: {head}");
        assert!(
            head.contains("seedance-proxy: bad_request_body\r\n"),
            "{head}"
        );
        let answer = String::from_utf8(answer).unwrap();
        assert!(
            answer.contains("malformed") && !answer.contains(KEY),
            "{answer}"
        );
        // What follows cannot be told from the body: it is not read as a request.
        assert_eq!(client.rest().await, b"", "{body:?}");
    }
    let summary = proxy.summary();
    assert_eq!(summary.failures["bad_request_body"], 5, "{summary:?}");
    let mut client = RawClient::connect(proxy.local_addr()).await;
    client.get(PATH).await;
    client.expect(json(b"{}")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_malformed_head_is_refused_without_asking_the_upstream() {
    let upstream = Server::always(json(b"{}")).await;
    let proxy = proxy(&upstream).await;
    for head in [
        "GET /x HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        "GET /x HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        "POST /x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n",
        "GET /x HTTP/1.1\r\nHost: x\r\nBad Name: 1\r\n\r\n",
        "GET /x\r\n\r\nHTTP\r\n\r\n",
    ] {
        let mut client = RawClient::connect(proxy.local_addr()).await;
        client.write(head).await;
        let answer = String::from_utf8(client.rest().await).unwrap();
        assert!(answer.starts_with("HTTP/1.1 400 "), "{head:?}: {answer}");
    }
    assert!(upstream.requests().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn websockets_are_refused_and_other_upgrades_ignored() {
    let upstream = Server::always(json(b"{}")).await;
    let proxy = proxy(&upstream).await;
    let mut client = RawClient::connect(proxy.local_addr()).await;
    client
        .write(
            "GET /v1/realtime HTTP/1.1\r\nHost: x\r\nConnection: keep-alive, Upgrade\r\n\
             Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
             Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
        )
        .await;
    let (head, body) = client.response().await;
    assert!(head.starts_with("HTTP/1.1 501 "), "{head}");
    assert!(head.contains("seedance-proxy: no_websocket\r\n"), "{head}");
    let body = String::from_utf8(body).unwrap();
    assert!(body.contains("does not forward WebSockets"), "{body}");
    assert!(upstream.requests().is_empty());
    // As some clients offer it with every first request.
    client
        .write(format!(
            "GET {PATH} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\n\
             Upgrade: h2c\r\nHTTP2-Settings: AAEAABAA\r\n\r\n"
        ))
        .await;
    client.expect(json(b"{}")).await;
    let head = upstream.requests().pop().unwrap();
    assert!(!head.to_lowercase().contains("upgrade"), "{head}");
}
