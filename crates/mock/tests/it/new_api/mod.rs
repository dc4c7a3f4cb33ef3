//! The open-source gateway of the new-api family: its rows, forms, addresses, submissions and errors.

mod form_faults;
mod token_log;

use std::time::Duration;

use seedance_mock::{Fault, Gateway, Refusal, Scenario, Video, task_id};
use seedance_query::{
    Acceptance, Outcome, Rule, Submission, TaskId,
    validate::{ParsedBody, Severity, operations::Operation},
};
use serde_json::{Value, json};

use super::{LIFE, Reply, builder, client, plain, send};

async fn start(white_label: bool) -> Gateway {
    let mut builder = builder().one_port().like(seedance_mock::Family::NewApi);
    if white_label {
        builder = builder.white_label();
    }
    builder.start().await.unwrap()
}

async fn ask(gateway: &Gateway, method: &str, path: &str) -> Option<Reply> {
    let method = method.parse().unwrap();
    let request = plain().request(method, format!("{}{path}", gateway.base_url()));
    send(request.bearer_auth(gateway.api_key())).await
}

async fn get(gateway: &Gateway, path: &str) -> Reply {
    ask(gateway, "GET", path).await.unwrap()
}

async fn submit(gateway: &Gateway, path: &str, request: &Value) -> Reply {
    let post = plain().post(format!("{}{path}", gateway.base_url()));
    let post = post.bearer_auth(gateway.api_key());
    send(post.body(request.to_string())).await.unwrap()
}

async fn submitted(gateway: &Gateway, prompt: &str) -> TaskId {
    let content = json!([{ "type": "text", "text": prompt }]);
    let request = json!({ "model": "seedance-2.0", "content": content });
    let reply = submit(gateway, "/v1/video/generations", &request).await;
    reply.json()["task_id"].as_str().unwrap().parse().unwrap()
}

/// What the validator says of a body, worse than an info.
fn rules(operation: &str, reply: &Reply) -> Vec<Rule> {
    let parsed = ParsedBody::new(Some(reply.status), &reply.body);
    let report = parsed
        .answer_of(Operation::by_id(operation).unwrap())
        .report();
    let findings = report.findings().iter();
    let worse = findings.filter(|finding| finding.severity() != Severity::Info);
    let rules = worse.map(|finding| finding.rule);
    // The mock is on this machine.
    rules.filter(|rule| *rule != Rule::LoopbackUrl).collect()
}

#[tokio::test]
async fn a_task_is_told_of_in_three_forms_from_submission_to_video() {
    for is_white_label in [false, true] {
        let gateway = start(is_white_label).await;
        let id = submitted(&gateway, "a boat").await;
        assert!(
            id.as_str().starts_with("task_") && id.as_str().len() == 37,
            "{id}"
        );
        let forms = [
            ("query_task", format!("/v1/video/generations/{id}")),
            ("query_video", format!("/v1/videos/{id}")),
            (
                "query_generation_task",
                format!("/v1/generation/tasks/{id}"),
            ),
        ];
        let mut seen = Vec::new();
        for step in [0, 10, 30, 300] {
            gateway.advance(Duration::from_secs(step));
            let mut statuses = Vec::new();
            for (operation, path) in &forms {
                let reply = get(&gateway, path).await;
                assert_eq!(reply.status, 200);
                assert_eq!(rules(operation, &reply), [], "{}", reply.text());
                assert_eq!(reply.header("x-new-api-version"), "v0.0.0");
                assert!(reply.header("x-oneapi-request-id").starts_with("20"));
                let body = reply.json();
                let status = body["data"].get("status").unwrap_or(&body["status"]);
                statuses.push(status.as_str().unwrap().to_owned());
            }
            seen.push(statuses.join(" "));
        }
        assert_eq!(
            seen,
            [
                "NOT_START unknown processing",
                "QUEUED queued processing",
                "IN_PROGRESS in_progress processing",
                "SUCCESS completed succeeded",
            ]
        );
        let [row, video, list] = [0, 1, 2].map(|form: usize| {
            let (gateway, path) = (&gateway, &forms[form].1);
            async move { get(gateway, path).await }
        });
        let (row, video, list) = (row.await, video.await.json(), list.await.json());
        let text = row.text();
        let row = row.json()["data"].clone();
        for name in [
            "id",
            "user_id",
            "channel_id",
            "quota",
            "created_at",
            "updated_at",
        ] {
            assert!(row[name].is_u64(), "{name}");
        }
        assert_eq!(row["properties"]["origin_model_name"], "seedance-2.0");
        assert!(row.get("request_id").is_none() && row["usage"]["total_tokens"].is_u64());
        assert_eq!(video["metadata"]["url"], row["result_url"]);
        assert_eq!(list["content"][0]["video_url"]["url"], row["result_url"]);
        assert_eq!(video["completed_at"], row["updated_at"]);
        let url = row["result_url"].as_str().unwrap();
        let content = format!("{}/v1/videos/{id}/content", gateway.base_url());
        if is_white_label {
            assert_eq!((url, &row["data"]), (content.as_str(), &Value::Null));
        } else {
            assert!(url.contains("X-Tos-Signature") && text.contains("\\u0026X-Tos"));
            assert_eq!(row["data"]["content"]["video_url"], url);
        }
        let reply = get(&gateway, &format!("/v1/videos/{id}/content")).await;
        assert_eq!(reply.body, gateway.video(&id, Video::Result));
    }
}

#[tokio::test]
async fn our_client_brings_the_video_home() {
    for is_white_label in [false, true] {
        let gateway = start(is_white_label).await;
        let client = client(&gateway);
        let content = json!([{ "type": "text", "text": "a boat" }]);
        let request = json!({ "model": "seedance-2.0", "content": content });
        let request = Submission::from_json(request.to_string()).unwrap();
        let submitted = client.submit(&request).await.unwrap();
        gateway.advance(LIFE);
        let id = submitted.task_id();
        let Outcome::Succeeded(task) = client.wait(id).await.unwrap() else {
            panic!("no success");
        };
        let directory = tempfile::TempDir::new().unwrap();
        let download = client.download(id, task.result_url());
        let saved = download.into_dir(directory.path()).await.unwrap();
        assert_eq!(saved.sha256, gateway.sha256(id, Video::Result));
    }
}

#[tokio::test]
async fn a_failure_repeats_its_reason_or_hides_it() {
    let gateway = start(false).await;
    let id = submitted(&gateway, "[failure]").await;
    gateway.advance(LIFE);
    let reply = get(&gateway, &format!("/v1/video/generations/{id}")).await;
    let row = reply.json()["data"].clone();
    assert_eq!(row["result_url"], row["fail_reason"]);
    assert_eq!(rules("query_task", &reply), [Rule::ErrorTextAsUrl]);
    let video = get(&gateway, &format!("/v1/videos/{id}")).await.json();
    assert_eq!(video["error"]["message"], row["fail_reason"]);
    let code = video["error"]["code"].as_str().unwrap();
    assert!(code.contains("Sensitive"), "{code}");
    let list = get(&gateway, &format!("/v1/generation/tasks/{id}"))
        .await
        .json();
    assert_eq!(
        (&list["status"], &list["error"]["code"]),
        (&json!("failed"), &json!(""))
    );

    let gateway = start(true).await;
    let id = submitted(&gateway, "[failure]").await;
    gateway.advance(LIFE);
    let reply = get(&gateway, &format!("/v1/video/generations/{id}")).await;
    let hidden = reply.json()["data"].clone();
    assert_ne!(hidden["fail_reason"], row["fail_reason"]);
    assert!(hidden.get("result_url").is_none() && hidden["data"].is_null());
    assert_eq!(rules("query_task", &reply), []);
}

#[tokio::test]
async fn a_task_that_the_upstream_gave_up_runs_until_the_limit_of_the_gateway() {
    let gateway = start(false).await;
    let id = submitted(&gateway, "[upstream-expired]").await;
    gateway.advance(Duration::from_hours(23));
    let path = format!("/v1/video/generations/{id}");
    let row = get(&gateway, &path).await.json()["data"].clone();
    assert_eq!(
        (&row["status"], &row["progress"]),
        (&json!("IN_PROGRESS"), &json!("30%"))
    );
    assert_eq!(row["data"]["status"], "expired");
    gateway.advance(Duration::from_hours(1));
    let row = get(&gateway, &path).await.json()["data"].clone();
    assert_eq!(row["status"], "FAILURE");
    assert!(
        row["fail_reason"].as_str().unwrap().contains("1440"),
        "{row}"
    );
}

#[tokio::test]
async fn the_content_address_has_its_limits() {
    let gateway = start(false).await;
    let id = submitted(&gateway, "a boat").await;
    let path = format!("/v1/videos/{id}/content");
    let not_yet = get(&gateway, &path).await;
    assert_eq!(not_yet.status, 400);
    let error = not_yet.json()["error"].clone();
    let message = "Task is not completed yet, current status: NOT_START";
    assert_eq!(
        error,
        json!({ "message": message, "type": "invalid_request_error" })
    );
    let unknown = get(&gateway, "/v1/videos/task_1/content").await;
    assert_eq!(unknown.status, 404);
    assert_eq!(unknown.json()["error"]["message"], "Task not found");
    let head = ask(&gateway, "HEAD", &path).await.unwrap();
    assert_eq!(head.status, 404, "HEAD is at no path");

    gateway.advance(LIFE);
    let url = format!("{}{path}", gateway.base_url());
    let ranged = plain().get(url).bearer_auth(gateway.api_key());
    let ranged = send(ranged.header("range", "bytes=100-")).await.unwrap();
    assert_eq!(
        (ranged.status, ranged.header("accept-ranges")),
        (200, "bytes")
    );
    assert_eq!(
        ranged.body,
        gateway.video(&id, Video::Result),
        "the range is ignored"
    );

    for _ in 0..9 {
        assert_eq!(get(&gateway, &path).await.status, 200);
    }
    let limited = get(&gateway, &path).await;
    assert_eq!((limited.status, limited.body.len()), (429, 0));
    assert_eq!(
        (
            limited.header("retry-after"),
            limited.header("content-type")
        ),
        ("", "")
    );
    let row = format!("/v1/video/generations/{id}");
    assert_eq!(
        get(&gateway, &row).await.status,
        200,
        "queries have no such limit"
    );
    gateway.advance(Duration::from_mins(1));
    assert_eq!(get(&gateway, &path).await.status, 200);
}

#[tokio::test]
async fn the_content_address_fails_as_the_gateway_does() {
    let gateway = start(false).await;
    for (fault, status) in [
        (Fault::NoUrl, 502),
        (Fault::Withheld, 403),
        (Fault::UrlAlwaysExpired, 410),
        (Fault::VideoUnavailable, 503),
    ] {
        let id = submitted(&gateway, &format!("[{fault}]")).await;
        gateway.advance(LIFE);
        let reply = get(&gateway, &format!("/v1/videos/{id}/content")).await;
        assert_eq!(reply.status, status, "{fault}");
    }
    let id = submitted(&gateway, "[gateway-url-redirect]").await;
    gateway.advance(LIFE);
    let reply = get(&gateway, &format!("/v1/video/generations/{id}/content")).await;
    assert_eq!(
        (reply.status, reply.header("cache-control")),
        (302, "no-store")
    );
    assert!(reply.header("location").contains("X-Tos-Signature"));

    let id = submitted(&gateway, "[no-url]").await;
    gateway.advance(LIFE);
    let row = get(&gateway, &format!("/v1/video/generations/{id}"))
        .await
        .json();
    let url = row["data"]["result_url"].as_str().unwrap();
    assert!(url.ends_with(&format!("/v1/videos/{id}/content")), "{url}");
}

#[tokio::test]
async fn the_content_address_ends_after_a_minute() {
    let builder = builder().one_port().like(seedance_mock::Family::NewApi);
    let gateway = builder.bytes_per_second(200_000).start().await.unwrap();
    let id = submitted(&gateway, "a boat").await;
    gateway.advance(LIFE);
    let url = format!("{}/v1/videos/{id}/content", gateway.base_url());
    let get = plain().get(url).bearer_auth(gateway.api_key());
    let mut response = get.send().await.unwrap();
    let whole = response.content_length().unwrap();
    let mut sent = response.chunk().await.unwrap().unwrap().len() as u64;
    gateway.advance(Duration::from_mins(1));
    let error = loop {
        match response.chunk().await {
            Ok(Some(bytes)) => sent += bytes.len() as u64,
            Ok(None) => panic!("the video ends as announced"),
            Err(error) => break error,
        }
    };
    assert!(sent < whole, "{sent} of {whole}: {error}");
}

#[tokio::test]
async fn submissions_are_taken_and_refused_as_the_gateway_does() {
    let gateway = start(false).await;
    let text = |prompt: &str| json!({ "model": "seedance-2.0", "prompt": prompt });
    let video = submit(&gateway, "/v1/videos", &text("a boat")).await;
    assert_eq!(
        (video.status, &video.json()["status"]),
        (200, &json!("queued"))
    );
    assert_eq!(video.header("x-new-api-other-ratios"), "{}");
    let list = submit(&gateway, "/v1/generation/tasks", &text("a boat"))
        .await
        .json();
    assert_eq!(list.as_object().unwrap().len(), 1);
    let id = list["id"].as_str().unwrap();
    let row = get(&gateway, &format!("/v1/video/generations/{id}")).await;
    assert_eq!(row.status, 200);

    let path = "/v1/video/generations";
    let nested = |reply: &Reply| -> Value {
        serde_json::from_str(reply.json()["message"].as_str().unwrap()).unwrap()
    };
    for (request, status, code) in [
        (
            json!({ "model": "nope", "prompt": "a" }),
            503,
            "model_not_found",
        ),
        (json!({ "prompt": "a" }), 400, ""),
        (json!({ "model": "seedance-2.0" }), 400, "invalid_request"),
        (text("[insufficient-quota]"), 403, "insufficient_user_quota"),
        (text("[upstream-busy]"), 429, "fail_to_fetch_task"),
        (text("[sensitive-prompt]"), 400, "fail_to_fetch_task"),
    ] {
        let reply = submit(&gateway, path, &request).await;
        let body = reply.json();
        let found = body.get("code").unwrap_or(&body["error"]["code"]);
        assert_eq!((reply.status, found), (status, &json!(code)), "{request}");
        let report = Operation::by_id("submit_task")
            .unwrap()
            .validate(status, &reply.body);
        assert_eq!(report.findings(), [], "{body}");
    }
    let long = json!({ "model": "seedance-2.0", "prompt": "a", "duration": 99 });
    let reply = submit(&gateway, path, &long).await;
    let refused = nested(&reply)["error"].clone();
    assert_eq!(
        (&refused["code"], &refused["param"]),
        (&json!("InvalidParameter"), &json!("duration"))
    );
    let url = format!("{}{path}", gateway.base_url());
    for (post, message) in [
        (plain().post(&url), "Token not provided"),
        (plain().post(&url).bearer_auth("sk-other"), "Invalid token"),
        (
            plain().post(&url).bearer_auth(gateway.api_key()).body("{"),
            "invalid JSON",
        ),
    ] {
        let reply = send(post).await.unwrap();
        let error = reply.json()["error"].clone();
        let text = error["message"].as_str().unwrap();
        let id = reply.header("x-oneapi-request-id");
        assert!(
            text.contains(message) && text.ends_with(&format!("(request id: {id})")),
            "{text}"
        );
        assert_eq!(error["type"], "new_api_error");
    }
}

#[tokio::test]
async fn our_client_tells_the_refusals_apart() {
    let gateway = start(false).await;
    let client = client(&gateway);
    for refusal in Refusal::ALL {
        let content = json!([{ "type": "text", "text": format!("[{refusal}]") }]);
        let request = json!({ "model": "seedance-2.0", "content": content });
        let request = Submission::from_json(request.to_string()).unwrap();
        let error = client.submit(&request).await.unwrap_err();
        assert_eq!(error.acceptance(), Acceptance::No, "{refusal}: {error}");
        assert_eq!(error.cause().status().unwrap(), refusal.status());
        assert!(error.request_id().is_some(), "{refusal}");
    }
}

#[tokio::test]
async fn other_paths_are_not_there() {
    let gateway = start(false).await;
    for (method, path) in [
        ("GET", "/v1/tasks"),
        ("GET", "/prefix/v1/videos/task_1"),
        ("GET", "/v1/video/generations"),
        ("DELETE", "/v1/videos/task_1"),
        ("HEAD", "/v1/videos/task_1"),
    ] {
        let reply = ask(&gateway, method, path).await.unwrap();
        assert_eq!(reply.status, 404, "{method} {path}");
        let has = reply
            .text()
            .contains("POST /v1/videos and /v1/generation/tasks");
        assert!(has || method == "HEAD", "{}", reply.text());
    }
    // Faults of tasks are chosen by their ids, too.
    let named = task_id(Scenario::Failure, 1);
    assert_eq!(
        get(&gateway, &format!("/v1/videos/{named}")).await.status,
        200
    );
    let sister = get(
        &gateway,
        "/v1/videos/task_Failure00000000000000000000000001",
    )
    .await;
    assert_eq!(sister.status, 200);
}
