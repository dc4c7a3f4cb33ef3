//! Configurations as people write them: understood, or refused before anything is sent.

use std::process::Command;

use seedance_query::{Client, ClientWarning};

use seedance_testing::{http_server::Server, replies::response};

use super::{KEY, builder, client, id, pending};

#[tokio::test]
async fn a_pasted_key_and_base_url_are_understood() {
    let server = Server::always(pending()).await;
    let host = server.url.strip_prefix("http://").unwrap();
    for (url, key) in [
        (format!("{}/v1/", server.url), format!("Bearer {KEY}")),
        (
            format!("{}/v1/video/generations/{{task_id}}", server.url),
            format!(" \"{KEY}\"\n"),
        ),
        (host.to_owned(), format!("Authorization: Bearer {KEY}\r\n")),
    ] {
        let client = Client::builder()
            .base_url(url)
            .api_key(key)
            .build()
            .unwrap();
        assert_eq!(client.base_url(), server.url);
        client.query(&id()).await.unwrap();
    }
    let requests = server.requests();
    assert_eq!(requests.len(), 3);
    for request in requests {
        assert!(request.starts_with("GET /v1/video/generations/asyntask_"));
        assert!(request.contains(&format!("authorization: Bearer {KEY}\r\n")));
    }
}

#[tokio::test]
async fn what_cannot_be_used_is_refused_before_anything_is_sent() {
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
fn a_key_sent_in_clear_is_warned_of() {
    let warnings = |url: &str| builder(url).build().unwrap().warnings();
    for safe in [
        "https://gateway.example",
        "http://127.0.0.1:1",
        "http://localhost:1",
    ] {
        assert_eq!(warnings(safe), [], "{safe}");
    }
    let warned = warnings("http://gateway.example:8080/x");
    let origin = "http://gateway.example:8080".to_owned();
    assert!(matches!(&warned[..], [ClientWarning::KeyInClear { origin: o, .. }] if *o == origin));
    assert_eq!(
        warned[0].to_string(),
        "the API key is sent unencrypted to http://gateway.example:8080: anyone in between can \
         read it; use https if the gateway supports it"
    );
    let trusted = builder("https://gateway.example").trusted_origin("http://media.example");
    assert_eq!(trusted.build().unwrap().warnings().len(), 1);
}

/// The environment is the process's, so the queries are made by another one: this test again.
#[tokio::test]
async fn a_gateway_on_this_machine_is_not_queried_through_a_proxy() {
    const GATEWAY: &str = "SEEDANCE_TEST_GATEWAY";
    if let Ok(gateway) = std::env::var(GATEWAY) {
        builder(&gateway)
            .build()
            .unwrap()
            .query(&id())
            .await
            .unwrap();
        // Of a host that is not this machine, the proxy is asked: it is in use.
        let other = builder("http://gateway.example").build().unwrap();
        let error = other.query(&id()).await.unwrap_err();
        assert_eq!(error.status().unwrap(), 502);
        return;
    }
    let gateway = Server::always(pending()).await;
    let proxy = Server::always(response("502 Bad Gateway", "", b"")).await;
    let name = std::thread::current().name().unwrap().to_owned();
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", &name, "--nocapture"]);
    child.env(GATEWAY, &gateway.url);
    for variable in ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"] {
        child.env(variable, &proxy.url);
    }
    for variable in ["NO_PROXY", "no_proxy"] {
        child.env_remove(variable);
    }
    let output = tokio::task::spawn_blocking(move || child.output().unwrap());
    let output = output.await.unwrap();
    assert!(output.status.success(), "{output:?}");
    assert_eq!(gateway.requests().len(), 1);
    let asked = proxy.requests();
    assert_eq!(asked.len(), 1);
    assert!(
        asked[0].starts_with("GET http://gateway.example/"),
        "{}",
        asked[0]
    );
}
