//! Keys, base URLs and task ids as people write them.

use std::{
    fs,
    process::{Command, Stdio},
};

use seedance_mock::{Gateway, Scenario, task_id};
use tempfile::TempDir;

use crate::program::run;

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_seedance-query"));
    command
        .env_remove("SEEDANCE_BASE_URL")
        .env_remove("SEEDANCE_API_KEY")
        .stdin(Stdio::null())
        .args(arguments);
    command
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_unambiguous_is_understood() {
    let gateway = Gateway::builder().speed(0.0).start().await.unwrap();
    let (url, key) = (gateway.base_url(), gateway.api_key());
    let id = task_id(Scenario::Normal, 1);
    let host = url.strip_prefix("http://").unwrap();
    let ids = [
        id.to_string(),
        format!("  '{id}',  # the first one"),
        format!("{url}/v1/video/generations/{id}"),
        format!(r#"{{"id":"{id}","object":"video"}}"#),
    ];
    let urls = [
        url.to_owned(),
        format!("{url}/v1"),
        format!("{url}/v1/video/generations/"),
        host.to_owned(),
    ];
    let keys = [
        key.to_owned(),
        format!("Bearer {key}"),
        format!(" \"{key}\"\n"),
    ];
    let mut tries = Vec::new();
    tries.extend(ids.iter().map(|id| (id.as_str(), url, key)));
    tries.extend(urls.iter().map(|url| (id.as_str(), url.as_str(), key)));
    tries.extend(keys.iter().map(|key| (id.as_str(), url, key.as_str())));
    for (id, url, key) in tries {
        let mut get = command(&["get", id]);
        get.env("SEEDANCE_BASE_URL", url)
            .env("SEEDANCE_API_KEY", key)
            .env("HTTP_PROXY", "http://127.0.0.1:9");
        let (code, out, err) = run(get).await;
        assert_eq!((code, err.as_str()), (3, ""), "{id} {url} {key}: pending");
        assert!(out.contains("status    NOT_START\n"), "{out}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_is_refused_before_a_request_is_made() {
    let gateway = Gateway::builder().speed(0.0).start().await.unwrap();
    for (id, url, key, message) in [
        ("{task_id}", "", "", "task id"),
        ("asyntask_1 y", "", "", "task id"),
        ("asyntask_1", "your-gateway", "", "placeholder"),
        (
            "asyntask_1",
            "ftp://gateway.example",
            "",
            "is not an http(s) URL",
        ),
        ("asyntask_1", "", "two words", "API key"),
    ] {
        let url = if url.is_empty() {
            gateway.base_url()
        } else {
            url
        };
        let key = if key.is_empty() {
            gateway.api_key()
        } else {
            key
        };
        let mut get = command(&["get", id]);
        get.env("SEEDANCE_BASE_URL", url)
            .env("SEEDANCE_API_KEY", key);
        let (code, _, err) = run(get).await;
        assert_eq!(code, 2, "{id} {url}: {err}");
        assert!(err.contains(message), "{id} {url}: {err}");
        assert!(!err.contains("two words"), "{err}");
    }
    assert!(gateway.requests().is_empty());
}

/// Nothing is sent: the id is refused after the client is made.
#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_would_travel_in_clear_is_warned_about() {
    let directory = TempDir::new().unwrap();
    let nothing = directory.path().join("ids.txt");
    fs::write(&nothing, "# no ids yet\n").unwrap();
    for (url, is_warned) in [
        ("http://gateway.example", true),
        ("https://gateway.example", false),
        ("http://127.0.0.1:9", false),
    ] {
        let mut fetch = command(&["fetch", "--base-url", url, "--into"]);
        fetch
            .arg(directory.path().join("videos"))
            .arg("--from")
            .arg(&nothing)
            .env("SEEDANCE_API_KEY", "sk-test-0123456789");
        let (code, _, err) = run(fetch).await;
        assert_eq!(code, 2, "{err}");
        assert!(err.contains("nothing to fetch"), "{err}");
        let warning = "warning: the API key is sent unencrypted to http://gateway.example";
        assert_eq!(err.contains(warning), is_warned, "{err}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_of_ids_may_have_comments_urls_and_json() {
    let gateway = Gateway::builder().speed(200.0).start().await.unwrap();
    let directory = TempDir::new().unwrap();
    let list = directory.path().join("ids.txt");
    let ids: Vec<_> = (1..=3)
        .map(|number| task_id(Scenario::Normal, number))
        .collect();
    let lines = [
        "# mine".to_owned(),
        format!("  \"{}\",   # the first one", ids[0]),
        format!("https://gateway.example/v1/video/generations/{}", ids[1]),
        format!(r#"{{"id":"{}","status":"submitted"}}"#, ids[2]),
    ];
    fs::write(&list, lines.join("\r\n")).unwrap();
    let fetch = |list: &std::path::Path| {
        let mut fetch = command(&["fetch", "--interval", "0.1s", "--into"]);
        fetch
            .arg(directory.path().join("videos"))
            .arg("--from")
            .arg(list)
            .env("SEEDANCE_BASE_URL", gateway.base_url())
            .env("SEEDANCE_API_KEY", gateway.api_key());
        fetch
    };
    let (code, _, err) = run(fetch(&list)).await;
    assert_eq!(code, 0, "{err}");
    for id in &ids {
        assert!(directory.path().join(format!("videos/{id}.mp4")).exists());
    }
    let before = gateway.requests().len();
    fs::write(&list, format!("{}\n\n<task id>\n", ids[0])).unwrap();
    let (code, _, err) = run(fetch(&list)).await;
    assert_eq!(code, 2);
    assert!(err.contains("ids.txt: line 3: "), "{err}");
    assert_eq!(gateway.requests().len(), before);
}
