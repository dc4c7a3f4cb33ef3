//! Each exit status, from each command that can end with it.

use seedance_query::OPENAPI;
use seedance_testing::{
    http_server::{Reply, Server},
    mp4,
    replies::{file, ok, response},
};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::program::{program, run};

const ID: &str = "asyntask_Ex4tZ81kWvYc3RbN7sXeLh2GpD6uJa0F";

/// What a gateway can say of a task, and the status that follows from it for every command.
const OUTCOMES: [(&str, i32); 6] = [
    ("SUCCESS", 0),
    ("IN_PROGRESS", 3),
    ("FAILURE", 4),
    ("no URL", 5),
    ("HTTP 401", 6),
    ("unreachable", 6),
];

fn body(outcome: &str, host: &str) -> Value {
    let status = if outcome == "no URL" {
        "SUCCESS"
    } else {
        outcome
    };
    let mut row = json!({
        "task_id": ID, "action": "generate", "status": status, "progress": "100%",
        "submit_time": 1, "start_time": 1, "finish_time": 2, "fail_reason": ""
    });
    if outcome == "SUCCESS" {
        row["result_url"] = format!("http://{host}/store/v.mp4").into();
    }
    json!({ "code": "success", "message": "", "data": row })
}

/// A gateway and store in one.
async fn gateway(outcome: &'static str) -> Server {
    let video = mp4::progressive().bytes;
    Server::start(move |request, _| -> Reply {
        if request.target.starts_with("/store/") {
            return file(request, &video, "v1");
        }
        if !request.target.ends_with(ID) {
            return response("404 Not Found", "", b"{}");
        }
        if outcome == "HTTP 401" {
            let error = json!({ "error": { "message": "no", "type": "x", "code": "y" } });
            return response("401 Unauthorized", "", error.to_string().as_bytes());
        }
        let host = request.header("host").unwrap();
        ok(body(outcome, host).to_string().as_bytes())
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_task_has_the_same_status_from_every_command() {
    for (outcome, expected) in OUTCOMES {
        let server = gateway(outcome).await;
        let url = match outcome {
            // Nothing listens there.
            "unreachable" => "http://127.0.0.1:9",
            _ => server.url.as_str(),
        };
        let short = ["--interval", "0.1s", "--wait-timeout", "1s"];
        for arguments in [
            &["get", ID][..],
            &["get", ID, "--json"],
            &[&["wait", ID][..], &short].concat(),
            &[&["download", ID, "--into", "one"][..], &short].concat(),
            &[&["fetch", ID, "--into", "many"][..], &short].concat(),
        ] {
            let work = TempDir::new().unwrap();
            let mut command = program(url, arguments);
            command.current_dir(work.path());
            let (code, _, said) = run(command).await;
            assert_eq!(code, expected, "{outcome}, {arguments:?}: {said}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_longer_answer_is_read_where_that_is_asked_for() {
    let server = Server::start(|request, _| {
        let mut answer = body("SUCCESS", request.header("host").unwrap());
        answer["note"] = "x".repeat(5_000_000).into();
        ok(answer.to_string().as_bytes())
    })
    .await;
    for (option, expected) in [(&[][..], 6), (&["--max-body", "6MB"], 0)] {
        let arguments = [&["get", ID][..], option].concat();
        let (code, _, said) = run(program(&server.url, &arguments)).await;
        assert_eq!(code, expected, "{option:?}: {said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_used_is_2_from_every_command() {
    let work = TempDir::new().unwrap();
    for arguments in [
        &["get", "no id"][..],
        &["wait", "no id"],
        &["download", "no id"],
        &["fetch", "--into", "v", "no id"],
        &["fetch", "--into", "/dev/null/v", ID],
        &["validate", "nowhere.json"],
        &["spec", "--diff", "nowhere.yaml", "nowhere.yaml"],
        &["mock", "--fault", "nothing"],
        &["proxy", "--upstream", "nowhere"],
        &["no-command"],
    ] {
        let mut command = program("http://127.0.0.1:9", arguments);
        command.current_dir(work.path());
        let (code, _, said) = run(command).await;
        assert_eq!(code, 2, "{arguments:?}: {said}");
        assert!(!said.is_empty(), "{arguments:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_violated_contract_is_1() {
    let work = TempDir::new().unwrap();
    let write = |name: &str, text: &str| std::fs::write(work.path().join(name), text).unwrap();
    write("violates.json", "{}");
    write("conforms.json", &body("IN_PROGRESS", "").to_string());
    write("old.yaml", OPENAPI);
    write("new.yaml", &OPENAPI.replace("minLength: 1", "minLength: 2"));
    for (arguments, expected) in [
        (&["validate", "violates.json"][..], 1),
        (&["validate", "--fail-on", "never", "violates.json"], 0),
        (&["spec", "--diff", "old.yaml", "new.yaml"], 1),
        (&["spec", "--diff", "old.yaml", "old.yaml"], 0),
    ] {
        let mut command = program("http://127.0.0.1:9", arguments);
        command.current_dir(work.path());
        let (code, out, said) = run(command).await;
        assert_eq!(code, expected, "{arguments:?}: {out}{said}");
    }
}
