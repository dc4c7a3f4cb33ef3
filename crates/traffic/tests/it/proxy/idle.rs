//! Clients that stand still: no connection is held for them without end.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use seedance_testing::patience::PATIENCE;
use seedance_traffic::proxy::Proxy;
use tokio::io::AsyncWriteExt;

use super::{PATH, RawClient, Server, Step, builder, json, send};

const IDLE: Duration = Duration::from_millis(400);

async fn impatient(upstream: &Server) -> Proxy {
    let builder = builder(&upstream.url).idle_timeout(IDLE);
    builder.start().await.unwrap()
}

/// The connections that the proxy has, that of the question aside.
async fn others(proxy: &Proxy) -> usize {
    let mut client = RawClient::connect(proxy.local_addr()).await;
    client.get("/_metrics").await;
    let (_, body) = client.response().await;
    let text = String::from_utf8(body).unwrap();
    let mut lines = text.lines();
    let count = lines.find_map(|line| line.strip_prefix("seedance_proxy_connections "));
    count.unwrap().parse::<usize>().unwrap() - 1
}

#[tokio::test(flavor = "multi_thread")]
async fn a_head_that_does_not_end_is_not_waited_for() {
    let upstream = Server::always(json(b"{}")).await;
    let proxy = impatient(&upstream).await;
    // Nothing at all, a part, and a byte now and then.
    let mut silent = RawClient::connect(proxy.local_addr()).await;
    let mut half = RawClient::connect(proxy.local_addr()).await;
    half.write("GET /x HTTP/1.1\r\nHost: x\r\nX-A: ").await;
    let mut dripping = RawClient::connect(proxy.local_addr()).await;
    dripping.write("GET /x HTTP/1.1\r\nHost: x\r\nX-A: ").await;
    let began = Instant::now();
    let is_cut_off = loop {
        tokio::time::sleep(IDLE / 8).await;
        if dripping.0.write_all(b"x").await.is_err() {
            break true;
        }
        if began.elapsed() > PATIENCE {
            break false;
        }
    };
    assert!(is_cut_off);
    silent.rest().await;
    half.rest().await;
    assert!(upstream.requests().is_empty());
    assert_eq!(others(&proxy).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_idle_connection_is_closed_and_a_slow_upstream_waited_for() {
    let upstream = Server::start(|head, _| {
        vec![if head.starts_with("GET /slow") {
            // Longer than a client may be idle.
            Step::Drip {
                bytes: json(b"{\"a\":1}"),
                size: 16,
                pause: IDLE / 2,
            }
        } else {
            send(json(b"{}"))
        }]
    })
    .await;
    let proxy = impatient(&upstream).await;
    let mut client = RawClient::connect(proxy.local_addr()).await;
    client.get("/slow").await;
    let began = Instant::now();
    client.expect(json(b"{\"a\":1}")).await;
    assert!(began.elapsed() > IDLE, "{:?}", began.elapsed());
    client.get(PATH).await;
    client.expect(json(b"{}")).await;
    assert_eq!(client.rest().await, b"");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_stands_still_is_answered_with_408() {
    let upstream = Server::start(|_, _| vec![Step::Await(Arc::default())]).await;
    let proxy = impatient(&upstream).await;
    for framing in ["Content-Length: 10", "Transfer-Encoding: chunked"] {
        let mut client = RawClient::connect(proxy.local_addr()).await;
        let head = format!("POST /x HTTP/1.1\r\nHost: x\r\n{framing}\r\n\r\n");
        client.write(format!("{head}1\r\n{{")).await;
        let (head, _) = client.response().await;
        assert!(head.starts_with("HTTP/1.1 408 "), "{head}");
        assert!(
            head.contains("seedance-proxy: request_body_timeout\r\n"),
            "{head}"
        );
        client.rest().await;
    }
    assert_eq!(proxy.summary().failures["request_body_timeout"], 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_comes_slowly_arrives() {
    let body = b"0123456789";
    let upstream = Server::start(|_, _| vec![Step::Read(10), send(json(b"{}"))]).await;
    let proxy = impatient(&upstream).await;
    let mut client = RawClient::connect(proxy.local_addr()).await;
    client
        .write("POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n")
        .await;
    for byte in body {
        tokio::time::sleep(IDLE / 4).await;
        client.write([*byte]).await;
    }
    client.expect(json(b"{}")).await;
    assert_eq!(*upstream.bodies.lock().unwrap(), body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_takes_nothing_is_disconnected() {
    let long = json(&vec![b'x'; 30_000_000]);
    let length = long.len();
    let upstream = Server::start(move |_, _| vec![send(&long)]).await;
    let proxy = impatient(&upstream).await;
    let mut client = RawClient::connect(proxy.local_addr()).await;
    client.get("/long").await;
    client.read(100).await;
    let began = Instant::now();
    while others(&proxy).await > 0 {
        assert!(began.elapsed() < PATIENCE, "it is still served");
        tokio::time::sleep(IDLE / 4).await;
    }
    assert!(client.rest().await.len() + 100 < length);
}
