//! Answers that differ from the documentation: their videos arrive all the same.

use seedance_mock::{Gateway, Scenario, Video, task_id};
use seedance_query::TaskId;
use seedance_testing::{
    http_server::{Reply, Server},
    replies::{file, ok},
};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::program::{program, run};

const ID: &str = "asyntask_Bd4tZ81kWvYc3RbN7sXeLh2GpD6uJa0F";

/// A finished task; `{server}` stands for the server of the test, which gives out the video.
fn finished() -> Value {
    json!({
        "code": "success", "message": "",
        "data": {
            "task_id": ID, "action": "generate", "status": "SUCCESS",
            "result_url": "{server}/store/v.mp4", "fail_reason": "",
            "submit_time": 1_777_000_000, "start_time": 1_777_000_010, "finish_time": 1_777_000_090,
            "progress": "100%", "request_id": "20260427111505260254000Nabcdefg",
            "data": {
                "id": "cgt-20260427191505-abcde", "model": "doubao-seedance-2-0-260128",
                "status": "succeeded", "content": {"video_url": "{server}/store/v.mp4"},
                "usage": {"completion_tokens": 108_900, "total_tokens": 108_900},
                "created_at": 1_777_000_011, "updated_at": 1_777_000_089, "seed": 42,
                "resolution": "720p", "ratio": "16:9", "duration": 5, "framespersecond": 24,
                "service_tier": "default", "execution_expires_after": 172_800,
                "generate_audio": true, "draft": false, "priority": 0
            }
        }
    })
}

/// The same with a member replaced.
fn with(pointer: &str, value: Value) -> Value {
    let mut body = finished();
    *body.pointer_mut(pointer).unwrap() = value;
    body
}

fn bodies() -> Vec<(&'static str, Value)> {
    let row = finished()["data"].clone();
    let upstream = row["data"].clone();
    let mut no_code = finished();
    no_code.as_object_mut().unwrap().remove("code");
    vec![
        ("as documented", finished()),
        ("a number as text", with("/data/data/seed", "42".into())),
        ("usage as text", with("/data/data/usage", "none".into())),
        (
            "times as text",
            with("/data/finish_time", "yesterday".into()),
        ),
        (
            "null for optional members",
            with("/data/data/usage", Value::Null),
        ),
        ("no upstream object", with("/data/data", Value::Null)),
        ("code as a number", with("/code", 200.into())),
        ("no code", no_code),
        ("lower case", with("/data/status", "success".into())),
        ("another word", with("/data/status", "completed".into())),
        ("the bare row", row.clone()),
        (
            "an envelope in an envelope",
            json!({"code": "success", "data": finished()}),
        ),
        (
            "a list of one",
            json!({"code": "success", "message": "", "data": [row]}),
        ),
        (
            "upstream as a string",
            with("/data/data", upstream.to_string().into()),
        ),
        ("the upstream's own object", upstream),
        (
            "a URL with blanks around it",
            with("/data/result_url", " {server}/store/v.mp4\n".into()),
        ),
        (
            "a video object",
            json!({
                "id": ID, "object": "video", "status": "completed", "progress": 100,
                "metadata": {"url": "{server}/store/v.mp4"}
            }),
        ),
        (
            "the gateway's list form",
            json!({
                "id": ID, "status": "succeeded",
                "content": [{"type": "video_url", "video_url": {"url": "{server}/store/v.mp4"}}]
            }),
        ),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fault_elsewhere_costs_no_video() {
    let gateway = Gateway::builder().start().await.unwrap();
    let any: TaskId = task_id(Scenario::Normal, 1);
    let video = gateway.video(&any, Video::Result);
    for (name, body) in bodies() {
        let (body, video) = (body.to_string(), video.clone());
        let server = Server::start(move |request, _| -> Reply {
            if request.target.starts_with("/store/") {
                return file(request, &video, "v1");
            }
            let hosts = request
                .head
                .lines()
                .find_map(|line| line.strip_prefix("host: "));
            let server = format!("http://{}", hosts.unwrap());
            ok(body.replace("{server}", &server).as_bytes())
        })
        .await;
        let (code, _, said) = run(program(&server.url, &["get", ID])).await;
        assert_eq!(code, 0, "get, {name}: {said}");
        let wait = ["wait", "--wait-timeout", "2s", ID];
        let (code, _, said) = run(program(&server.url, &wait)).await;
        assert_eq!(code, 0, "wait, {name}: {said}");
        for command in ["download", "fetch"] {
            let directory = TempDir::new().unwrap();
            let into = directory.path().display().to_string();
            let arguments = [command, "--wait-timeout", "2s", "--into", &into, ID];
            let (code, _, said) = run(program(&server.url, &arguments)).await;
            assert_eq!(code, 0, "{command}, {name}: {said}");
            let file = std::fs::read(directory.path().join(format!("{ID}.mp4"))).unwrap();
            assert_eq!(
                file,
                gateway.video(&any, Video::Result),
                "{command}, {name}"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pending_task_with_a_fault_is_pending() {
    for (pointer, value) in [
        ("/data/data/seed", json!("42")),
        ("/data/progress", json!(50)),
        ("/data/submit_time", json!("soon")),
        ("/data/data", json!([1])),
    ] {
        let mut body = with(pointer, value);
        body["data"]["status"] = "IN_PROGRESS".into();
        if let Some(upstream) = body["data"]["data"].as_object_mut() {
            upstream.insert("status".to_owned(), "running".into());
            upstream.remove("content");
        }
        body["data"].as_object_mut().unwrap().remove("result_url");
        let server = Server::always(ok(body.to_string().as_bytes())).await;
        let (code, _, said) = run(program(&server.url, &["get", ID])).await;
        assert_eq!(code, 3, "get, {pointer}: {said}");
        let wait = ["wait", "--wait-timeout", "0.4s", "--interval", "0.1s", ID];
        let (code, _, said) = run(program(&server.url, &wait)).await;
        assert_eq!(code, 3, "wait, {pointer}: {said}");
        assert!(server.requests().len() >= 3, "{pointer}: it polls on");
    }
}
