//! The commands that ask a gateway, as a user runs them, against the mock gateway.

use std::{
    fs,
    io::{BufRead, BufReader, Read},
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use seedance_mock::{Fault, Gateway, Origin, Refusal, Scenario, Video, task_id};
use seedance_query::TaskId;
use serde_json::Value;
use tempfile::TempDir;

use seedance_testing::files::root;

pub async fn gateway() -> Gateway {
    Gateway::builder().speed(200.0).start().await.unwrap()
}

pub fn command(gateway: &Gateway, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_seedance-query"));
    command
        .current_dir(root())
        .env("SEEDANCE_BASE_URL", gateway.base_url())
        .env("SEEDANCE_API_KEY", gateway.api_key())
        .args(arguments)
        .stdin(Stdio::null());
    command
}

/// Runs to the end, beside the gateway of the test; no output has the key or a signature.
pub async fn run(mut command: Command) -> (i32, String, String) {
    let output = tokio::task::spawn_blocking(move || command.output().unwrap())
        .await
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    let (out, err) = (text(output.stdout), text(output.stderr));
    assert!(!format!("{out}{err}").contains("sk-mock-"), "{out}{err}");
    assert!(!err.contains("Signature="), "{err}");
    (output.status.code().unwrap(), out, err)
}

pub fn lines(text: &str) -> Vec<Value> {
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn waits_for_a_task() {
    let gateway = gateway().await;
    let id = task_id(Scenario::SuperResolution, 1);
    let wait = ["wait", "--interval", "0.2s", id.as_str()];
    let (code, out, err) = run(command(&gateway, &wait)).await;
    assert_eq!(code, 0, "{err}");
    assert!(
        out.contains("shape     super_resolution\nstatus    SUCCESS\n"),
        "{out}"
    );
    assert!(
        out.contains("expires   ") && !out.contains("Signature="),
        "{out}"
    );
    assert!(
        err.starts_with(&format!("{id}  NOT_START 0%  (query 1, next in 0.")),
        "{err}"
    );

    // Each query is a line, and the last line has the URL.
    let id = task_id(Scenario::Normal, 2);
    let wait = ["wait", "--json", "--interval", "0.2s", id.as_str()];
    let (code, out, err) = run(command(&gateway, &wait)).await;
    assert_eq!((code, err.as_str()), (0, ""));
    let events = lines(&out);
    let (last, observed) = events.split_last().unwrap();
    assert!(observed.len() >= 2 && observed.iter().all(|event| event["event"] == "observed"));
    assert!(
        !serde_json::to_string(observed)
            .unwrap()
            .contains("Signature=")
    );
    assert_eq!(last["event"], "succeeded");
    assert_eq!(last["body"]["data"]["result_url"], last["result_url"]);
    assert!(
        last["result_url"]
            .as_str()
            .unwrap()
            .contains("X-Tos-Signature=")
    );
    assert_eq!(last["report"]["verdict"], "conforms");
}

#[tokio::test(flavor = "multi_thread")]
async fn how_waiting_ends_is_the_exit_status() {
    let gateway = gateway().await;
    for (scenario, more, code, message) in [
        (Scenario::Failure, &[][..], 4, "no video: "),
        (
            Scenario::Stuck,
            &["--wait-timeout", "1s"],
            3,
            "its status is IN_PROGRESS; wait again to go on",
        ),
        (Fault::Unauthorized.into(), &[], 6, "check SEEDANCE_API_KEY"),
    ] {
        let id = task_id(scenario, 1);
        let arguments = [&["wait", "--interval", "0.2s", id.as_str()], more].concat();
        let (got, _, err) = run(command(&gateway, &arguments)).await;
        assert_eq!(got, code, "{scenario} {err}");
        assert!(err.contains(message), "{scenario} {err}");
    }
    let (code, _, err) = run(command(&gateway, &["wait", ""])).await;
    assert_eq!(
        (code, err.as_str()),
        (
            2,
            "seedance-query: the task id is empty; give the id that the submit call returned\n"
        )
    );
    let (code, _, err) = run(command(&gateway, &["wait", "--deadline", "soon", "x"])).await;
    assert_eq!(code, 2);
    assert!(
        err.contains("expected a time such as `90`, `90s`, `30m` or `2h`"),
        "{err}"
    );
}

pub fn is_video(gateway: &Gateway, id: &TaskId, video: Video, path: &Path) {
    assert_eq!(fs::read(path).unwrap(), gateway.video(id, video), "{id}");
}

#[tokio::test(flavor = "multi_thread")]
async fn downloads_a_video() {
    let gateway = gateway().await;
    let directory = TempDir::new().unwrap();
    let into = directory.path().display().to_string();
    let id = task_id(Scenario::SuperResolution, 1);
    let arguments = [
        "download",
        "--interval",
        "0.2s",
        "--into",
        &into,
        id.as_str(),
    ];
    let (code, out, err) = run(command(&gateway, &arguments)).await;
    assert_eq!(code, 0, "{err}");
    let sha256 = gateway.sha256(&id, Video::Result);
    assert!(out.contains(&format!("sha256    {sha256}\n")), "{out}");
    let file = directory.path().join(format!("{id}.mp4"));
    is_video(&gateway, &id, Video::Result, &file);

    // What is there stays, unless told otherwise.
    fs::write(&file, "mine").unwrap();
    let (code, _, err) = run(command(&gateway, &arguments)).await;
    assert_eq!(code, 2);
    assert!(
        err.contains("already exists") && err.contains("--overwrite"),
        "{err}"
    );
    assert_eq!(fs::read(&file).unwrap(), b"mine");
    let overwrite = [&arguments[..], &["--overwrite"]].concat();
    assert_eq!(run(command(&gateway, &overwrite)).await.0, 0);
    is_video(&gateway, &id, Video::Result, &file);

    let original = [&arguments[..], &["--original", "--json", "--name", "o.mp4"]].concat();
    let (code, out, err) = run(command(&gateway, &original)).await;
    assert_eq!((code, err.as_str()), (0, ""));
    assert_eq!(lines(&out).last().unwrap()["event"], "arrived");
    is_video(
        &gateway,
        &id,
        Video::Original,
        &directory.path().join("o.mp4"),
    );
    assert!(
        gateway
            .requests()
            .iter()
            .all(|request| { request.has_authorization == (request.origin == Origin::Gateway) })
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn says_why_there_is_nothing_to_download() {
    let gateway = gateway().await;
    let directory = TempDir::new().unwrap();
    let into = directory.path().display().to_string();
    for (scenario, more, code, message) in [
        (Scenario::Failure, &[][..], 4, "no video: "),
        (
            Scenario::Normal,
            &["--original"],
            5,
            "not a super-resolution task",
        ),
        (Scenario::Normal, &["--name", "../x.mp4"], 2, "../x.mp4"),
        (Fault::NotAVideo.into(), &[], 5, "no video"),
        (Fault::NoUrl.into(), &[], 5, "URL"),
    ] {
        let id = task_id(scenario, 1);
        let given = [
            "download",
            "--interval",
            "0.2s",
            "--into",
            &into,
            id.as_str(),
        ];
        let (got, _, err) = run(command(&gateway, &[&given, more].concat())).await;
        assert_eq!(got, code, "{scenario} {err}");
        assert!(err.contains(message), "{scenario} {err}");
    }
    assert_eq!(
        fs::read_dir(directory.path()).unwrap().count(),
        0,
        "nothing is left behind"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_demo_needs_nothing_and_shows_everything() {
    let began = Instant::now();
    let demo = |arguments: &'static [&'static str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_seedance-query"));
        command.env_clear().args(arguments).stdin(Stdio::null());
        run(command)
    };
    let (code, out, err) = demo(&["demo"]).await;
    assert!(
        began.elapsed() < Duration::from_secs(15),
        "{:?}",
        began.elapsed()
    );
    assert_eq!(code, 0, "{err}");
    for shown in [
        "shape",
        "waited",
        "tokens",
        "expires in",
        "findings",
        "conforms",
    ] {
        assert!(out.contains(shown), "{out}");
    }
    let ending = "2 of 3 videos have arrived, 1 failed and refunded by the platform\n";
    assert!(out.ends_with(ending), "{out}");
    assert!(err.contains("IN_PROGRESS"), "{err}");

    let (code, out, _) = demo(&["demo", "--json"]).await;
    assert_eq!(code, 0);
    let events = lines(&out);
    let files = events.iter().filter(|event| event["event"] == "arrived");
    assert_eq!(files.count(), 3, "two videos and an original");
    let ended = events.iter().filter(|event| event["event"] == "ended");
    assert!(ended.clone().all(|event| event["verdict"] == "conforms"));
    assert_eq!(ended.count(), 3);
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn the_mock_serves_any_client_until_it_is_told_to_end() {
    let mut mock = Command::new(env!("CARGO_BIN_EXE_seedance-query"));
    let mock = mock.args([
        "mock",
        "--speed",
        "200",
        "--fault",
        "progress-without-percent",
    ]);
    let mut mock = mock
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut out = BufReader::new(mock.stdout.take().unwrap()).lines();
    let mut line = || out.next().unwrap().unwrap();
    let base_url = line().strip_prefix("gateway   ").unwrap().to_owned();
    line();
    let key = line().strip_prefix("key       ").unwrap().to_owned();
    let id = task_id(Scenario::Normal, 1);
    let url = format!("{base_url}/v1/video/generations/{id}");
    let response = seedance_testing::http_client::client()
        .get(url)
        .bearer_auth(key)
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 200);
    let body = response.bytes().await.unwrap();
    let body: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(body["data"]["task_id"], id.as_str());
    assert!(
        !body["data"]["progress"].as_str().unwrap().contains('%'),
        "{body}"
    );
    let interrupted = Command::new("kill")
        .args(["-TERM", &mock.id().to_string()])
        .status();
    assert!(interrupted.unwrap().success());
    let mut err = String::new();
    mock.stderr
        .take()
        .unwrap()
        .read_to_string(&mut err)
        .unwrap();
    assert!(mock.wait().unwrap().success());
    assert_eq!(err, "seedance-query: stopped after 1 request\n");
}

#[test]
fn the_mock_lists_what_it_knows() {
    let list = |more: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_seedance-query"));
        let output = command
            .args(["mock", "--list"])
            .args(more)
            .output()
            .unwrap();
        assert!(output.status.success());
        String::from_utf8(output.stdout).unwrap()
    };
    let names: Vec<Value> = lines(&list(&["--json"]));
    assert_eq!(names.len(), Scenario::all().count() + Refusal::ALL.len());
    let text = list(&[]);
    for scenario in Scenario::all() {
        let line = format!("{:<30} {}", scenario.name(), scenario.description());
        assert!(text.contains(&line), "{scenario}");
    }
    let mut command = Command::new(env!("CARGO_BIN_EXE_seedance-query"));
    let output = command
        .args(["mock", "--fault", "no-such-thing"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
}
