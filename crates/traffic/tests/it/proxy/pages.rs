//! The pages of the proxy, without the key.

use seedance_query::capture::Recorder;
use serde_json::Value;
use tempfile::TempDir;

use super::{
    KEY, PATH, RawClient, Server, accounted, builder, captured_body, captures, json, proxy, send,
    settled,
};

async fn page(client: &mut RawClient, path: &str, accept: &str) -> (String, String) {
    let head = format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1:1\r\nAccept: {accept}\r\n\r\n");
    client.write(head).await;
    let (head, body) = client.response().await;
    assert!(head.starts_with("HTTP/1.1 200 OK\r\n"), "{head}");
    (head, String::from_utf8(body).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_show_the_findings() {
    let answers = [
        json(&captured_body("normal-720p.http")),
        json(b"{}"),
        json(b"{}"),
    ];
    let upstream = Server::start(move |_, number| vec![send(&answers[number])]).await;
    let proxy = proxy(&upstream).await;
    let mut client = RawClient::connect(proxy.local_addr()).await;
    for path in [PATH, PATH, "/other"] {
        client.get(path).await;
        client.response().await;
    }
    accounted(&proxy, 3).await;
    for (path, accept) in [("/_report.json", "*/*"), ("/_report", "application/json")] {
        let (head, body) = page(&mut client, path, accept).await;
        assert!(
            head.contains("content-type: application/json\r\n"),
            "{head}"
        );
        let report: Value = serde_json::from_str(&body).unwrap();
        assert_eq!(report["responses"]["200"], 3);
        assert_eq!(report["skipped"], 1);
        assert_eq!(report["report"]["verdicts"]["violates"], 1);
        assert_eq!(report["report"]["drifts"][0]["rule"], "no-envelope");
    }
    let (head, html) = page(&mut client, "/_report", "text/html,*/*;q=0.8").await;
    assert!(
        head.contains("content-type: text/html; charset=utf-8\r\n"),
        "{head}"
    );
    let note = format!("3 requests to {}: 2 validated: GET ", upstream.url);
    assert!(
        html.starts_with("<!doctype html>") && html.contains("no-envelope"),
        "{html}"
    );
    assert!(html.replace("&#x2f;", "/").contains(&note), "{html}");
    let (head, text) = page(&mut client, "/_metrics", "*/*").await;
    assert!(
        head.contains("application/openmetrics-text; version=1.0.0"),
        "{head}"
    );
    for line in [
        "seedance_proxy_responses_total{status=\"200\"} 3",
        "seedance_proxy_skipped_total 1",
        "seedance_proxy_validated_total{verdict=\"conforms\"} 1",
        "seedance_proxy_findings_total{rule=\"no-envelope\",severity=\"error\"} 1",
        "seedance_proxy_upstream_duration_seconds_count 3",
        "seedance_proxy_upstream_duration_seconds_bucket{le=\"+Inf\"} 3",
        "seedance_proxy_recorded_total 0",
        "seedance_proxy_connections 1",
        "seedance_proxy_held_bytes 0",
        "# EOF",
    ] {
        assert!(text.lines().any(|found| found == line), "{line}\n{text}");
    }
    assert_eq!(upstream.requests().len(), 3, "pages are not the upstream's");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_report_is_loaded_again_by_itself() {
    let upstream = Server::always(json(b"{}")).await;
    let proxy = proxy(&upstream).await;
    let mut client = RawClient::connect(proxy.local_addr()).await;
    for (path, refreshes) in [
        ("/_report", true),
        ("/_report?refresh=off", false),
        ("/_report?x=1&refresh=off", false),
        ("/_report.json", false),
        ("/_metrics", false),
    ] {
        let (head, body) = page(&mut client, path, "text/html").await;
        assert_eq!(
            head.contains("refresh: 10\r\n"),
            refreshes,
            "{path}: {head}"
        );
        assert_eq!(body.contains("refresh=off"), refreshes, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_support_get_only() {
    let upstream = Server::always(json(b"{}")).await;
    let proxy = proxy(&upstream).await;
    let mut client = RawClient::connect(proxy.local_addr()).await;
    client
        .write("POST /_report HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n")
        .await;
    assert!(client.response().await.0.starts_with("HTTP/1.1 405 "));
    client
        .write("GET /_report HTTP/1.1\r\nHost: rebound.example\r\n\r\n")
        .await;
    assert!(client.response().await.0.starts_with("HTTP/1.1 403 "));
    client.get("/_other").await;
    client.expect(json(b"{}")).await;
    assert_eq!(upstream.requests().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_ask_for_the_token() {
    let upstream = Server::always(json(b"{}")).await;
    let proxy = builder(&upstream.url).page_token("t0ken-of-the-pages");
    let proxy = proxy.start().await.unwrap();
    assert_eq!(proxy.page_token(), Some("t0ken-of-the-pages"));
    let mut client = RawClient::connect(proxy.local_addr()).await;
    let mut head_of = async |path: &str, headers: &str| {
        let head = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n");
        client.write(head).await;
        client.response().await.0
    };
    for path in ["/_report", "/_report.json", "/_metrics"] {
        for (path, headers) in [
            (path.to_owned(), ""),
            (format!("{path}?token=t0ken"), ""),
            (path.to_owned(), "Authorization: Bearer t0ken\r\n"),
        ] {
            let head = head_of(&path, headers).await;
            assert!(head.starts_with("HTTP/1.1 401 "), "{path}: {head}");
            assert!(head.contains("seedance-proxy: no_page_token\r\n"), "{head}");
        }
        let with_token = format!("{path}?token=t0ken-of-the-pages");
        let bearer = "Authorization: Bearer t0ken-of-the-pages\r\n";
        for (path, headers) in [(with_token.as_str(), ""), (path, bearer)] {
            let head = head_of(path, headers).await;
            assert!(head.starts_with("HTTP/1.1 200 "), "{path}: {head}");
        }
    }
    // The token does not make up for a foreign name.
    client
        .write("GET /_report?token=t0ken-of-the-pages HTTP/1.1\r\nHost: rebound.example\r\n\r\n")
        .await;
    assert!(client.response().await.0.starts_with("HTTP/1.1 403 "));
    // The gateway is asked without it.
    client.get(PATH).await;
    client.expect(json(b"{}")).await;
    let asked = upstream.requests();
    assert_eq!(asked.len(), 1);
    assert!(!asked[0].contains("t0ken"), "{}", asked[0]);
}

/// The gateway repeats the key everywhere; nothing that the proxy keeps or shows contains it.
#[tokio::test(flavor = "multi_thread")]
async fn the_key_appears_nowhere() {
    let body = format!(
        r#"{{"code":"success","message":"{KEY}","data":{{"task_id":"{KEY}","status":"{KEY}",
            "action":"{KEY}","progress":"{KEY}","submit_time":"{KEY}","{KEY}":"{KEY}",
            "fail_reason":"Bearer {KEY}","result_url":"https://a.example/{KEY}?X-Tos-Signature={KEY}",
            "data":{{"status":"{KEY}","content":{{"video_url":"{KEY}"}},"ratio":"{KEY}"}}}}}}"#
    );
    let page = format!("<html><title>{KEY}</title>{KEY}</html>");
    let head = format!(
        "HTTP/1.1 502 {KEY}\r\nX-Fingerprint: {KEY}\r\nX-Echo: {KEY}\r\nContent-Length: {}\r\n\r\n",
        page.len()
    );
    let answers = [
        json(body.as_bytes()),
        [head.as_bytes(), page.as_bytes()].concat(),
    ];
    let all = answers.clone();
    let upstream = Server::start(move |_, number| vec![send(&all[number])]).await;
    let directory = TempDir::new().unwrap();
    let recorder = Recorder::new(directory.path()).unwrap();
    let said = std::sync::Arc::<std::sync::Mutex<String>>::default();
    let keeper = std::sync::Arc::clone(&said);
    let proxy = builder(&upstream.url)
        .record(recorder)
        .on_event(move |event| keeper.lock().unwrap().push_str(&format!("{event:?}")))
        .start()
        .await
        .unwrap();
    let mut client = RawClient::connect(proxy.local_addr()).await;
    for answer in &answers {
        client
            .get(&format!("/v1/video/generations/{KEY}?key={KEY}"))
            .await;
        client.expect(answer).await;
    }
    assert!(upstream.requests()[0].contains(&format!("Bearer {KEY}\r\n")));
    let summary = settled(&proxy, 2).await;
    assert!(summary.report.drifts.len() > 3, "{summary:?}");
    let mut shown = vec![
        format!("{summary:?} {proxy:?}"),
        said.lock().unwrap().clone(),
    ];
    for path in ["/_report", "/_report.json", "/_metrics"] {
        client.get(path).await;
        let (head, body) = client.response().await;
        shown.push(head + &String::from_utf8(body).unwrap());
    }
    for (path, capture) in captures(directory.path()) {
        shown.push(path.display().to_string());
        shown.push(String::from_utf8(capture.to_bytes()).unwrap());
    }
    assert_eq!(shown.len(), 2 + 3 + 4);
    for text in shown {
        assert!(!text.contains(KEY), "{text}");
    }
}
