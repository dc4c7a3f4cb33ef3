//! What a request asks of the mock itself, the log of requests, and what the mock does not know.

use std::sync::{Arc, Mutex};

use seedance_mock::{Fault, Gateway, Request, Scenario, task_id};
use serde_json::{Value, json};

use super::{LIFE, Reply, builder, get, plain, query, send};

async fn query_with(gateway: &Gateway, header: &str) -> Option<Reply> {
    let id = task_id(Scenario::Normal, 1);
    let url = format!("{}/v1/video/generations/{id}", gateway.base_url());
    let get = plain().get(url).bearer_auth(gateway.api_key());
    send(get.header("x-mock-fault", header)).await
}

async fn submit_with(gateway: &Gateway, header: (&str, &str)) -> Option<Reply> {
    let content = json!([{ "type": "text", "text": "a boat" }]);
    let request = json!({ "model": "seedance-fast", "content": content });
    let url = format!("{}/v1/video/generations", gateway.base_url());
    let post = plain().post(url).bearer_auth(gateway.api_key());
    let post = post.header(header.0, header.1);
    send(post.body(request.to_string())).await
}

fn message(reply: &Reply) -> String {
    reply.json()["message"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_header_gives_one_answer_a_fault() {
    let gateway = builder().start().await.unwrap();
    let limited = query_with(&gateway, "rate-limited").await.unwrap();
    assert_eq!((limited.status, limited.header("retry-after")), (429, "0"));
    assert!(query_with(&gateway, "reset").await.is_none());
    let both = query_with(&gateway, "missing-request-id, MissingMessage").await;
    let both = both.unwrap().json();
    assert!(both.get("message").is_none() && both["data"].get("request_id").is_none());
    let clean = query(&gateway, &task_id(Scenario::Normal, 1))
        .await
        .unwrap();
    assert_eq!(
        (clean.status, clean.rules()),
        (200, vec![]),
        "the next has none"
    );

    let lost = submit_with(&gateway, ("x-mock-fault", "bad-gateway")).await;
    assert_eq!(lost.unwrap().status, 502);
}

#[tokio::test]
async fn a_header_of_a_video_breaks_one_download() {
    let gateway = builder().start().await.unwrap();
    let url = super::result_url(&gateway, &task_id(Scenario::Normal, 1)).await;
    let with = |fault| send(plain().get(&url).header("x-mock-fault", fault));
    assert!(with("not-a-video").await.unwrap().text().contains("<html>"));
    assert_eq!(get(&url).await.unwrap().header("content-type"), "video/mp4");
    let refused = with("not-a-vido").await.unwrap();
    assert!(
        refused.status == 400 && refused.text().contains("did you mean `not-a-video`?"),
        "{}",
        refused.text()
    );
}

#[tokio::test]
async fn a_header_says_what_a_submitted_task_does() {
    let gateway = builder().opaque_ids().start().await.unwrap();
    let submitted = submit_with(&gateway, ("x-mock-scenario", "failure")).await;
    let id = submitted.unwrap().json()["task_id"]
        .as_str()
        .unwrap()
        .parse();
    gateway.advance(LIFE);
    let ended = query(&gateway, &id.unwrap()).await.unwrap().json();
    assert_eq!(ended["data"]["status"], "FAILURE");
}

#[tokio::test]
async fn what_the_mock_does_not_know_is_said_with_what_it_does() {
    let gateway = builder().start().await.unwrap();
    for (header, parts) in [
        (
            "rate-limit",
            ["no fault `rate-limit`", "did you mean `rate-limited`?"],
        ),
        (
            "xyzzy",
            ["no fault `xyzzy`", "`seedance-query mock --list`"],
        ),
        (
            "failure",
            [
                "`failure` is nothing that happens to this answer",
                "x-mock-scenario",
            ],
        ),
        (
            "reset-each-64k",
            ["`reset-each-64k` is nothing", "[reset-each-64k]"],
        ),
        ("no-channel", ["`no-channel` is nothing", "x-mock-scenario"]),
    ] {
        let reply = query_with(&gateway, header).await.unwrap();
        assert_eq!(reply.status, 400);
        let message = message(&reply);
        assert!(parts.iter().all(|part| message.contains(part)), "{message}");
    }
    let reply = submit_with(&gateway, ("x-mock-scenario", "fail"))
        .await
        .unwrap();
    assert!(
        message(&reply).contains("no scenario `fail`"),
        "{}",
        message(&reply)
    );

    let reply = query(&gateway, &"rate-limitd-2".parse().unwrap())
        .await
        .unwrap();
    let body = reply.json();
    assert_eq!(
        (reply.status, &body["code"]),
        (400, &json!("task_not_exist"))
    );
    assert!(
        message(&reply).contains("did you mean `rate-limited`?"),
        "{body}"
    );
    let unknown = "asyntask_Qm4tZ81kWvYc3RbN7sXeLh2GpD6uJa0F".parse().unwrap();
    assert_eq!(
        message(&query(&gateway, &unknown).await.unwrap()),
        "task_not_exist"
    );

    let reply = get(&format!("{}/v2/tasks", gateway.base_url()))
        .await
        .unwrap();
    let text = reply.json()["error"]["message"].to_string();
    assert!(
        reply.status == 404 && text.contains("/v1/video/generations/{task_id}"),
        "{text}"
    );
}

#[tokio::test]
async fn each_request_is_told_once_it_is_answered() {
    let told: Arc<Mutex<Vec<Request>>> = Arc::default();
    let sink = Arc::clone(&told);
    let gateway = builder()
        .keep_requests(2)
        .on_request(move |request| sink.lock().unwrap().push(request.clone()));
    let gateway = gateway.start().await.unwrap();
    let id = task_id(Scenario::Normal, 1);
    let url = super::result_url(&gateway, &id).await;
    let whole = get(&url).await.unwrap();
    query(&gateway, &task_id(Fault::Reset, 1)).await;
    let told = told.lock().unwrap().clone();
    let lines: Vec<_> = told
        .iter()
        .map(|request| (request.status, request.body_bytes))
        .collect();
    assert_eq!(lines.len(), 4, "{told:?}");
    assert_eq!(lines[2], (Some(200), whole.body.len() as u64));
    assert_eq!(lines[3].0, None, "the connection was reset");
    assert!(told.iter().all(|request| request.duration.is_some()));
    assert!(!format!("{told:?}").contains("X-Tos"), "no query of a URL");
    let kept = gateway.requests();
    assert_eq!((kept.len(), gateway.request_count()), (2, 4));
    assert_eq!(kept[..], told[2..]);
}

#[tokio::test]
async fn a_task_has_what_was_asked_for() {
    let gateway = builder().opaque_ids().start().await.unwrap();
    let content = json!([{ "type": "text", "text": "a boat" }]);
    let request = json!({ "model": "seedance-fast", "content": content, "duration": 7,
        "ratio": "9:16", "resolution": "1080p", "seed": 41 });
    let url = format!("{}/v1/video/generations", gateway.base_url());
    let post = plain().post(url).bearer_auth(gateway.api_key());
    let reply = send(post.body(request.to_string())).await.unwrap().json();
    let id = reply["task_id"].as_str().unwrap().parse().unwrap();
    gateway.advance(LIFE);
    let reply = query(&gateway, &id).await.unwrap();
    let upstream: &Value = &reply.json()["data"]["data"];
    for name in ["duration", "ratio", "resolution", "seed"] {
        assert_eq!(upstream[name], request[name], "{name}");
    }
    assert_eq!(reply.rules(), [], "and the tokens follow from it");
}
