//! Clients in other languages against the mock, each from submission to video: `curl`, `requests`, Node's
//! `fetch`, OpenAI's own library, and `httpx` as clients of the short form use it.
//!
//! A script prints what it got as one JSON object; the mock knows what that has to be.

mod curl;

use std::{
    path::Path,
    process::{Command, Output, Stdio},
    time::Duration,
};

use seedance_external_tests::started;
use seedance_mock::{Family, Gateway, GatewayBuilder, Video};
use seedance_query::TaskId;
use serde_json::{Value, json};

/// A gateway on which a task takes less than half a second.
pub fn mock() -> GatewayBuilder {
    Gateway::builder()
        .one_port()
        .opaque_ids()
        .speed(500.0)
        .retry_after(Duration::ZERO)
        .api_key("sk-of-the-client-0123456789")
}

/// What a program did with the gateway; beside it, so that the gateway goes on.
pub async fn run(mut command: Command, program: &'static str, package: &'static str) -> Output {
    command.stdin(Stdio::null());
    let run = move || started(command.output(), program, package);
    tokio::task::spawn_blocking(run).await.unwrap()
}

/// Runs a script with the base URL, the key and a prompt, and gives what it printed.
async fn script(gateway: &Gateway, program: &'static str, name: &str, prompt: &str) -> Value {
    let file = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/it/clients")
        .join(name);
    let mut command = Command::new(program);
    command.arg(file).args([gateway.base_url(), prompt]);
    command.env("SEEDANCE_API_KEY", gateway.api_key());
    let output = run(command, program, program).await;
    let err = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{name}: {err}");
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{name}: {error}\n{err}"))
}

/// Asserts that a client ended with the video of its task.
pub fn has_video(gateway: &Gateway, got: &Value) {
    let id: TaskId = got["task_id"].as_str().unwrap().parse().unwrap();
    assert_eq!(
        got["sha256"],
        json!(gateway.sha256(&id, Video::Result)),
        "{got}"
    );
    let requests = gateway.requests();
    let unauthorized = requests
        .iter()
        .filter(|request| request.status == Some(401));
    assert_eq!(unauthorized.count(), 0, "{requests:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_polls_through_faults_to_the_video() {
    for builder in [
        mock(),
        mock().like(Family::NewApi),
        mock().like(Family::NewApi).white_label(),
    ] {
        let gateway = builder.start().await.unwrap();
        for prompt in [
            "a boat",
            "a boat [rate-limited]",
            "a boat [super-resolution]",
        ] {
            let got = script(&gateway, "python3", "requests_client.py", prompt).await;
            has_video(&gateway, &got);
            assert!(got["request_id"].as_str().unwrap().len() > 20, "{got}");
            let refused = prompt.contains("limited");
            assert_eq!(got["refused"] == json!(2), refused, "{got}");
        }
        let got = script(&gateway, "python3", "requests_client.py", "[failure]").await;
        assert!(
            got["sha256"].is_null() && got["fail_reason"].is_string(),
            "{got}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn node_fetches_the_video_as_a_page_would() {
    for builder in [mock(), mock().like(Family::NewApi)] {
        let gateway = builder.start().await.unwrap();
        let got = script(&gateway, "node", "fetch_client.mjs", "a boat").await;
        has_video(&gateway, &got);
        assert_eq!(got["preflight"], json!([204, "*"]), "{got}");
        assert!(
            got["exposed"]
                .as_str()
                .unwrap()
                .contains("x-oneapi-request-id"),
            "{got}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_library_of_openai_creates_retrieves_and_downloads() {
    let gateway = mock().like(Family::NewApi).start().await.unwrap();
    let got = script(&gateway, "python3", "openai_client.py", "a boat").await;
    has_video(&gateway, &got);
    assert_eq!(got["first"], "queued");
    let seen = got["seen"].as_array().unwrap();
    assert_eq!(seen.last(), Some(&json!("completed")), "{got}");
    let got = script(&gateway, "python3", "openai_client.py", "[failure]").await;
    let seen = got["seen"].as_array().unwrap();
    assert_eq!(seen.last(), Some(&json!("failed")), "{got}");
    assert!(got["error"].is_string(), "{got}");
    let refused = "[insufficient-quota]";
    let got = script(&gateway, "python3", "openai_client.py", refused).await;
    assert_eq!(got["status"], 403, "{got}");
}

#[tokio::test(flavor = "multi_thread")]
async fn httpx_polls_the_short_form() {
    for builder in [mock(), mock().white_label()] {
        let gateway = builder.like(Family::NewApi).start().await.unwrap();
        let got = script(&gateway, "python3", "httpx_client.py", "a boat").await;
        has_video(&gateway, &got);
        assert!(got["tokens"].as_u64().unwrap() > 0, "{got}");
        let got = script(&gateway, "python3", "httpx_client.py", "[failure]").await;
        assert!(got["error"].is_string(), "{got}");
    }
}
