//! The page that tells whether the upstream takes connections.

use std::net::TcpListener;

use serde_json::{Value, json};

use super::{PATH, RawClient, Server, builder, json as answer, send};

async fn ask(client: &mut RawClient, method: &str, path: &str, host: &str) -> (u16, Vec<u8>) {
    let head = format!("{method} {path} HTTP/1.1\r\nHost: {host}\r\nContent-Length: 0\r\n\r\n");
    client.write(head).await;
    let (head, body) = client.response().await;
    (head[9..12].parse().unwrap(), body)
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_guarded_and_sends_no_request() {
    let upstream = Server::start(|_, _| vec![send(answer(b"{}"))]).await;
    let proxy = builder(&upstream.url).page_token("t-0123");
    let proxy = proxy.start().await.unwrap();
    let mut client = RawClient::connect(proxy.local_addr()).await;
    let page = "/_upstream.json?token=t-0123";
    for (method, path, host, expected) in [
        ("GET", "/_upstream.json", "localhost", 401),
        ("GET", page, "evil.example", 403),
        ("POST", page, "localhost", 405),
        ("GET", page, "localhost", 200),
    ] {
        let (status, _) = ask(&mut client, method, path, host).await;
        assert_eq!(status, expected, "{method} {path} {host}");
    }
    let (_, body) = ask(&mut client, "GET", page, "localhost").await;
    let told: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(told, json!({ "upstream": upstream.url, "problem": null }));
    assert_eq!(upstream.requests().len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upstream_that_is_down_is_told_with_the_reason() {
    let closed = {
        // A port that was free a moment ago.
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap()
    };
    let url = format!("http://{closed}");
    let proxy = builder(&url).start().await.unwrap();
    let mut client = RawClient::connect(proxy.local_addr()).await;
    let page = "/_upstream.json";
    let (_, body) = ask(&mut client, "GET", page, "localhost").await;
    let told: Value = serde_json::from_slice(&body).unwrap();
    let problem = told["problem"].as_str().unwrap();
    assert!(
        problem.starts_with("cannot connect to the upstream"),
        "{problem}"
    );
    assert_eq!(told["upstream"], json!(url));
    assert_eq!(ask(&mut client, "GET", PATH, "localhost").await.0, 502);

    let _listener = TcpListener::bind(closed).unwrap();
    let (_, body) = ask(&mut client, "GET", page, "localhost").await;
    let told: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(told["problem"], Value::Null);
}
