//! `mock`: its key, its log, its ids, and what it does not know.

use seedance_mock::Refusal;
use seedance_testing::{http_client::client, raw_client::RawClient};
use serde_json::{Value, json};

use crate::{
    program::{program, run},
    running::Running,
};

const KEY: &str = "sk-mine-9876543210";

fn mock(arguments: &[&str]) -> Running {
    Running::start(program("", &[&["mock"], arguments].concat()))
}

/// Submits a task; the status, the body, and the path of its query.
async fn submit(mock: &Running, key: &str, prompt: &str) -> (u16, Value) {
    let content = json!([{ "type": "text", "text": prompt }]);
    let request = json!({ "model": "seedance-2.0", "content": content });
    let url = format!("http://{}/v1/video/generations", mock.address);
    let post = client()
        .post(url)
        .bearer_auth(key)
        .body(request.to_string());
    let response = post.send().await.unwrap();
    let status = response.status().as_u16();
    let body = response.bytes().await.unwrap();
    (status, serde_json::from_slice(&body).unwrap())
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_needed_and_not_printed_and_each_request_is() {
    for json in [false, true] {
        let mut arguments = vec!["--key", KEY, "--log", "--speed", "1000"];
        arguments.extend(json.then_some("--json"));
        let mock = mock(&arguments);
        assert_eq!(submit(&mock, "sk-other", "a boat").await.0, 401);
        let (status, task) = submit(&mock, KEY, "a boat").await;
        assert_eq!(status, 200);
        let id = task["task_id"].as_str().unwrap();
        let url = format!(
            "http://{}/v1/video/generations/{id}?token={KEY}",
            mock.address
        );
        let reply = client().get(url).bearer_auth(KEY).send().await.unwrap();
        assert_eq!(reply.status(), 200);
        let (code, out, err) = mock.stop().await;
        assert_eq!(code, 0, "{err}");
        let all = format!("{out}{err}");
        assert!(!all.contains(KEY) && !all.contains("token="), "{all}");
        let log = if json { &out } else { &err };
        let lines: Vec<&str> = log
            .lines()
            .filter(|line| line.contains("/v1/video"))
            .collect();
        let lines = if json { &lines[..] } else { &lines };
        assert_eq!(lines.len(), 3, "{all}");
        assert!(
            lines[0].contains("POST") && lines[0].contains("401"),
            "{all}"
        );
        assert!(lines[1].contains("POST") && lines[1].contains(id), "{all}");
        if json {
            let line: Value = serde_json::from_str(lines[2]).unwrap();
            let path = format!("/v1/video/generations/{id}");
            assert_eq!(
                (&line["method"], &line["path"], &line["status"]),
                (&json!("GET"), &json!(path), &json!(200))
            );
            assert!(line["duration_ms"].is_u64(), "{line}");
        } else {
            assert!(
                lines[2].contains(" 200 ") && lines[2].ends_with(" ms"),
                "{all}"
            );
        }
    }
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn it_behaves_like_the_open_source_gateway_if_told_so() {
    let mock = mock(&[
        "--like",
        "new-api-white-label",
        "--listen",
        "localhost:0",
        "--key",
        KEY,
    ]);
    let (status, task) = submit(&mock, KEY, "a boat").await;
    let id = task["task_id"].as_str().unwrap();
    assert!(
        status == 200 && id.starts_with("task_") && id.len() == 37,
        "{task}"
    );
    let url = format!("http://{}/v1/video/generations/{id}", mock.address);
    let reply = client().get(url).bearer_auth(KEY).send().await.unwrap();
    assert_eq!(reply.headers()["x-new-api-version"], "v0.0.0");
    let row: Value = serde_json::from_slice(&reply.bytes().await.unwrap()).unwrap();
    assert_eq!(
        (&row["data"]["platform"], &row["data"]["data"]),
        (&json!("107"), &Value::Null)
    );
    assert_eq!(submit(&mock, KEY, "[upstream-busy]").await.0, 429);
}

/// A browser is shown the playground, any other client what it asks for.
#[tokio::test(flavor = "multi_thread")]
async fn its_page_has_the_default_key_and_none_of_the_users_own() {
    for arguments in [&[][..], &["--key", KEY]] {
        let mock = mock(arguments);
        let key = arguments.get(1).unwrap_or(&"sk-mock-0123456789abcdef");
        assert_eq!(submit(&mock, key, "a boat [no-url]").await.0, 200);
        let mut client = RawClient::connect(mock.address).await;
        let mut get = async |path: &str, accept: &str| {
            let head =
                format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept: {accept}\r\n\r\n");
            client.write(head).await;
            let (head, body) = client.response().await;
            (head, String::from_utf8(body).unwrap())
        };
        let (_, page) = get("/", "text/html,*/*").await;
        assert!(page.starts_with("<!doctype html>"), "{page}");
        let (head, error) = get("/", "*/*").await;
        let error: Value = serde_json::from_str(&error).unwrap();
        assert!(head.starts_with("HTTP/1.1 404"), "{head}");
        assert_eq!(error["error"]["code"], "not_found");
        let (_, settings) = get("/_playground/settings.json", "*/*").await;
        let settings: Value = serde_json::from_str(&settings).unwrap();
        let own = if arguments.is_empty() {
            json!(key)
        } else {
            Value::Null
        };
        assert_eq!(settings["key"], own);
        let (_, exchanges) = get("/_playground/exchanges.json", "*/*").await;
        assert!(!exchanges.contains(key), "{exchanges}");
        let exchanges: Value = serde_json::from_str(&exchanges).unwrap();
        let listed = exchanges["exchanges"].as_array().unwrap();
        // Its own pages are not listed, and what is not the page's is.
        let targets: Vec<_> = listed.iter().map(|one| &one["target"]).collect();
        assert_eq!(targets, [&json!("/v1/video/generations"), &json!("/")]);
        assert_eq!(listed[0]["verdict"], "conforms", "{}", listed[0]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_it_does_not_know_is_said() {
    for (arguments, said) in [
        (
            &["--fault", "rate-limit"][..],
            "did you mean `rate-limited`?",
        ),
        (&["--fault", "xyzzy"], "see `mock --list`"),
        (&["--like", "new-apy"], "new-api"),
        (
            &["--listen", "gateway.example:80"],
            "expected a port such as `8080`",
        ),
        (&["--public-url", "mock.example"], "expected a URL such as"),
        (&["--key", ""], "--key"),
    ] {
        let (status, _, err) = run(program("", &[&["mock"], arguments].concat())).await;
        assert!(status == 2 && err.contains(said), "{arguments:?}: {err}");
    }
    let (_, out, _) = run(program("", &["mock", "--list"])).await;
    for refusal in Refusal::ALL {
        assert!(out.contains(refusal.meaning()), "{refusal}");
    }
    assert!(
        out.contains("X-Mock-Fault") && out.contains("X-Mock-Scenario"),
        "{out}"
    );
}
