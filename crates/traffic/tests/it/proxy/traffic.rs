//! Traffic passes unchanged.

use std::{io::Write, sync::Arc, time::Duration};

use flate2::{Compression, write::GzEncoder};
use seedance_query::Verdict;
use tokio::sync::Notify;

use super::{PATH, RawClient, Server, Step, captured_body, json, proxy, send, settled};

fn gzip(body: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(body).unwrap();
    encoder.finish().unwrap()
}

fn encoded(encoding: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Encoding: {encoding}\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

/// Responses without hop-by-hop headers must pass unchanged.
fn responses() -> Vec<Vec<u8>> {
    let texts = [
        "HTTP/1.1 200 Fine By Me\r\nX-oDD-case: 1\r\nset-COOKIE: a=1\r\nset-COOKIE: b=2\r\n\
         Content-LENGTH: 2\r\nEmpty: \r\nA-last: ä\r\n\r\n{}",
        "HTTP/1.1 200 \r\nContent-Length: 2\r\n\r\n{}",
        "HTTP/1.1 404 Not Found\r\ncontent-type: application/json\r\ncontent-length: 47\r\n\r\n\
         {\"code\":\"task_not_exist\",\"message\":\"\",\"data\":1}",
        "HTTP/1.1 429 Slow Down\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/html\r\nContent-Length: 11\r\n\r\n<p>no</p>\r\n",
        "HTTP/1.1 599 Whatever\r\nContent-Length: 1\r\n\r\n\0",
        "HTTP/1.1 302 Found\r\nLocation: https://elsewhere.example/x\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-ENCODING: chunked\r\nX-After: 1\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
        "HTTP/1.1 204 No Content\r\nX-A: 1\r\n\r\n",
        "HTTP/1.1 304 Not Modified\r\nETag: \"x\"\r\nContent-Length: 321\r\n\r\n",
    ];
    let mut responses: Vec<Vec<u8>> = texts.map(|text| text.as_bytes().to_vec()).to_vec();
    responses.push(encoded("gzip", &gzip(&captured_body("normal-720p.http"))));
    responses.push(encoded("br", b"\x8b\x00\x80{}\x03"));
    responses.push(encoded("odd", b"\x00\xff\r\n\r\n"));
    responses.push(json(&vec![b'x'; 3_000_000]));
    responses
}

#[tokio::test(flavor = "multi_thread")]
async fn responses_pass_byte_for_byte() {
    let responses = Arc::new(responses());
    let all = Arc::clone(&responses);
    let upstream = Server::start(move |_, number| vec![send(&all[number])]).await;
    let proxy = proxy(&upstream).await;
    // All on one connection: each leaves it as it should be.
    let mut client = RawClient::connect(proxy.local_addr()).await;
    for response in responses.iter() {
        client.get(PATH).await;
        client.expect(response).await;
    }
    let requests = upstream.requests();
    assert_eq!(requests.len(), responses.len());
    let summary = settled(&proxy, responses.len() as u64).await;
    let not: Vec<_> = summary.unvalidated.iter().collect();
    assert_eq!(not, [(&"encoding", &1), (&"no_body", &1)]);
    assert_eq!(summary.requests(), responses.len() as u64);
    assert_eq!((summary.responses[&599], summary.skipped), (1, 0));
    assert_eq!(summary.report.verdicts.conforms, 1, "the one in gzip");
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_pass_byte_for_byte_except_the_host() {
    let upstream = Server::start(|head, _| {
        let length = if head.starts_with("POST") { 5 } else { 0 };
        vec![Step::Read(length), send(json(b"{}"))]
    })
    .await;
    let proxy = proxy(&upstream).await;
    let mut client = RawClient::connect(proxy.local_addr()).await;
    let host = upstream.url.strip_prefix("http://").unwrap();
    for (request, body) in [
        (format!("GET {PATH}?a=%2F&b HTTP/1.1\r\nX-oDD: 1\r\nhOST: HOST\r\naccept-ENCODING: gzip, br\r\nX-oDD: 2\r\nAuthorization: Bearer x\r\n\r\n"), ""),
        ("POST /v1/video/generations HTTP/1.1\r\nHost: HOST\r\nContent-Length: 5\r\nCookie: a=1\r\n\r\n".to_owned(), "a\0b\r\n"),
        ("DELETE /x//y/../z HTTP/1.1\r\nHost: HOST\r\n\r\n".to_owned(), ""),
        ("OPTIONS * HTTP/1.1\r\nHost: HOST\r\n\r\n".to_owned(), ""),
    ] {
        client.write(request.replace("HOST", "127.0.0.1:1") + body).await;
        client.expect(json(b"{}")).await;
        // Two values of one name stand together, in their order.
        let sent = request.replace("HOST", host);
        let got = upstream.requests().pop().unwrap();
        let sorted = |text: &str| {
            let mut lines: Vec<String> = text.split("\r\n").map(str::to_owned).collect();
            lines.sort();
            lines
        };
        assert_eq!(sorted(&got), sorted(&sent));
        assert_eq!(got.lines().next(), sent.lines().next());
        assert_eq!(upstream.bodies.lock().unwrap().split_off(0), body.as_bytes());
    }
    // The query and the submission are of the document.
    let summary = settled(&proxy, 2).await;
    assert_eq!((summary.skipped, summary.report.responses), (2, 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn hop_by_hop_headers_are_not_forwarded() {
    let upstream = Server::always(
        "HTTP/1.1 200 OK\r\nA: 1\r\nConnection: keep-alive, X-Hop\r\nKeep-Alive: timeout=5\r\n\
         X-Hop: 1\r\nB: 2\r\nContent-Length: 2\r\n\r\n{}",
    )
    .await;
    let proxy = proxy(&upstream).await;
    let mut client = RawClient::connect(proxy.local_addr()).await;
    client
        .write(format!(
            "GET {PATH} HTTP/1.1\r\nHost: x\r\nConnection: keep-alive, X-Mine\r\nX-Mine: 1\r\n\
             Proxy-Authorization: Basic x\r\nUpgrade: websocket\r\nTE: gzip\r\nC: 3\r\n\r\n"
        ))
        .await;
    client
        .expect("HTTP/1.1 200 OK\r\nA: 1\r\nB: 2\r\nContent-Length: 2\r\n\r\n{}")
        .await;
    let head = upstream.requests().pop().unwrap();
    let host = upstream.url.strip_prefix("http://").unwrap();
    assert_eq!(
        head,
        format!("GET {PATH} HTTP/1.1\r\nHost: {host}\r\nC: 3\r\n\r\n")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_head_response_keeps_its_length_without_a_body() {
    let head = "HTTP/1.1 200 OK\r\nContent-Length: 1234\r\nX: 1\r\n\r\n";
    let upstream = Server::always(head).await;
    let proxy = proxy(&upstream).await;
    let mut client = RawClient::connect(proxy.local_addr()).await;
    for _ in 0..2 {
        client
            .write(format!("HEAD {PATH} HTTP/1.1\r\nHost: x\r\n\r\n"))
            .await;
        client.expect(head).await;
    }
    assert_eq!(proxy.summary().skipped, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_are_streamed() {
    let go = Arc::new(Notify::new());
    let wait = Arc::clone(&go);
    let upstream = Server::start(move |_, _| {
        vec![
            send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n"),
            Step::Await(Arc::clone(&wait)),
            send("{ "),
            Step::Await(Arc::clone(&wait)),
            send(" }"),
        ]
    })
    .await;
    let proxy = proxy(&upstream).await;
    let mut client = RawClient::connect(proxy.local_addr()).await;
    client.get(PATH).await;
    client
        .expect("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n")
        .await;
    go.notify_one();
    client.expect("{ ").await;
    go.notify_one();
    client.expect(" }").await;
    assert_eq!(settled(&proxy, 1).await.report.responses, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn trailers_pass_to_clients_that_accept_them() {
    let response = "HTTP/1.1 200 OK\r\nTrailer: X-Sum\r\nTransfer-Encoding: chunked\r\n\r\n\
                    2\r\n{}\r\n0\r\nx-sum: 7\r\n\r\n";
    let upstream = Server::always(response).await;
    let proxy = proxy(&upstream).await;
    let mut client = RawClient::connect(proxy.local_addr()).await;
    client
        .write(format!(
            "GET {PATH} HTTP/1.1\r\nHost: x\r\nTE: trailers\r\nConnection: TE\r\n\r\n"
        ))
        .await;
    client.expect(response).await;
    assert!(
        upstream.requests()[0]
            .to_ascii_lowercase()
            .contains("te: trailers")
    );
    assert_eq!(settled(&proxy, 1).await.report.responses, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn expect_100_continue_is_answered() {
    let upstream = Server::start(|_, _| vec![Step::Read(5), send(json(b"{}"))]).await;
    let proxy = proxy(&upstream).await;
    let mut client = RawClient::connect(proxy.local_addr()).await;
    client
        .write("POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n")
        .await;
    client.expect("HTTP/1.1 100 Continue\r\n\r\n").await;
    client.write("hello").await;
    client.expect(json(b"{}")).await;
    assert_eq!(*upstream.bodies.lock().unwrap(), b"hello");
}

#[tokio::test(flavor = "multi_thread")]
async fn http_1_0_is_supported() {
    let old = "HTTP/1.0 200 OK\r\nX: 1\r\n\r\n{\"code\":1}";
    let upstream = Server::start(move |_, _| vec![send(old), Step::Close]).await;
    let proxy = proxy(&upstream).await;
    let mut client = RawClient::connect(proxy.local_addr()).await;
    client.get(PATH).await;
    client
        .expect("HTTP/1.1 200 OK\r\nX: 1\r\ntransfer-encoding: chunked\r\n\r\nA\r\n{\"code\":1}\r\n0\r\n\r\n")
        .await;
    let mut client = RawClient::connect(proxy.local_addr()).await;
    client.write(format!("GET {PATH} HTTP/1.0\r\n\r\n")).await;
    let rest = String::from_utf8(client.rest().await).unwrap();
    assert!(rest.starts_with("HTTP/1.0 200 OK\r\nX: 1\r\n"), "{rest}");
    assert!(rest.ends_with("\r\n\r\n{\"code\":1}"), "{rest}");
    let host = upstream.url.strip_prefix("http://").unwrap();
    let expected = format!("GET {PATH} HTTP/1.1\r\nhost: {host}\r\n\r\n");
    assert_eq!(upstream.requests()[1], expected);
    assert_eq!(settled(&proxy, 2).await.report.responses, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_path_of_the_upstream_is_prepended() {
    let upstream = Server::always(seedance_testing::replies::captured("pending-queued.http")).await;
    let url = format!("{}/api/", upstream.url);
    let proxy = super::builder(&url).start().await.unwrap();
    let client = seedance_query::Client::builder()
        .base_url(format!("http://{}", proxy.local_addr()))
        .api_key(super::KEY)
        .timeout(Duration::from_secs(10))
        .build()
        .unwrap();
    let id = PATH.rsplit('/').next().unwrap().parse().unwrap();
    let response = client.query(&id).await.unwrap();
    assert_eq!(response.report().verdict(), Verdict::Conforms);
    assert!(upstream.requests()[0].starts_with(&format!("GET /api{PATH} HTTP/1.1\r\n")));
    assert_eq!(settled(&proxy, 1).await.report.verdicts.conforms, 1);
}
