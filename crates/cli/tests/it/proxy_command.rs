//! `proxy -- COMMAND`: the traffic of a command as a gate.

use std::{
    io::{BufRead, BufReader, Read},
    net::TcpListener,
    process::{Command, Stdio},
};

use seedance_testing::{
    files::root,
    http_message::json,
    http_server::Server,
    raw_client::{KEY, PATH},
    replies::about_task,
};
use tempfile::TempDir;

use crate::{proxy, running::Running};

const PROGRAM: &str = env!("CARGO_BIN_EXE_seedance-query");

fn id() -> &'static str {
    PATH.rsplit('/').next().unwrap()
}

/// A proxy before this upstream, with arguments; the command is a script of the shell, in which `get`
/// queries a task.
pub(crate) async fn run(upstream: &str, arguments: &[&str], script: &str) -> (i32, String, String) {
    let mut command = Command::new(PROGRAM);
    let script = format!(
        "get() {{ {PROGRAM} get {} >/dev/null 2>&1; }}\n{script}",
        id()
    );
    command
        .args(["proxy", "--upstream", upstream])
        .args(arguments)
        .args(["--", "sh", "-c", &script])
        .env("SEEDANCE_API_KEY", KEY)
        .env_remove("SEEDANCE_BASE_URL")
        .stdin(Stdio::null());
    output(command).await
}

pub(crate) async fn output(mut command: Command) -> (i32, String, String) {
    let run = tokio::task::spawn_blocking(move || command.output().unwrap());
    let output = run.await.unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (
        output.status.code().unwrap(),
        text(output.stdout),
        text(output.stderr),
    )
}

/// A body that drifts, about the task that is asked for.
async fn drifting() -> Server {
    let path = root().join("tests/drift/9p-numeric-progress.json");
    let body = std::fs::read(path).unwrap();
    Server::always(json(&about_task(id(), &body))).await
}

#[tokio::test(flavor = "multi_thread")]
async fn findings_fail_a_command_that_succeeds() {
    let upstream = Server::always(json(b"[]")).await;
    let (code, out, err) = run(&upstream.url, &[], "get; echo done").await;
    assert_eq!((code, out.as_str()), (1, "done\n"), "{err}");
    assert!(err.starts_with("proxy http://127.0.0.1:"), "{err}");
    assert_eq!(err.matches("error[no-envelope]").count(), 1, "{err}");
    assert!(
        err.contains(" 1 validated: GET /v1/video/generations/{task_id}."),
        "{err}"
    );
    assert!(!err.contains(KEY), "{err}");
    let (code, _, err) = run(&upstream.url, &["--fail-on", "never"], "get; true").await;
    assert_eq!(code, 0, "{err}");
    let ignored = ["--ignore", "no-envelope"];
    let (code, _, err) = run(&upstream.url, &ignored, "get; true").await;
    assert_eq!(code, 0, "{err}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_finding_has_its_time_and_task() {
    let upstream = drifting().await;
    let (code, _, err) = run(&upstream.url, &["--fail-on", "info"], "get; true").await;
    assert_eq!(code, 1, "{err}");
    let line = err
        .lines()
        .find(|line| line.contains("/data/progress"))
        .unwrap();
    let (time, rest) = line.split_once("  ").unwrap();
    assert!(time.len() == 9 && time.ends_with('Z'), "{line}");
    assert!(rest.starts_with(id()), "{line}");
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_command_that_fails_passes_its_status_on() {
    let upstream = Server::always(json(b"[]")).await;
    for (script, expected) in [("get; exit 9", 9), ("get; kill -TERM $$", 143)] {
        let (code, _, err) = run(&upstream.url, &[], script).await;
        assert_eq!(code, expected, "{err}");
        assert!(err.contains("error[no-envelope]"), "{err}");
    }
    for (program, expected) in [("no-such-program-anywhere", 127), ("/", 126)] {
        let mut command = Command::new(PROGRAM);
        command.args(["proxy", "--upstream", &upstream.url, "--", program]);
        let (code, out, err) = output(command).await;
        assert_eq!((code, out.as_str()), (expected, ""), "{err}");
        assert!(err.contains(&format!("cannot run {program}: ")), "{err}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_address_is_in_the_variables() {
    let upstream = Server::always(json(b"[]")).await;
    let more = ["--env", "OPENAI_BASE_URL=/v1", "--env", "OTHER"];
    let script = "echo $SEEDANCE_BASE_URL $OPENAI_BASE_URL $OTHER";
    let (code, out, err) = run(&upstream.url, &more, script).await;
    let base = out.split(' ').next().unwrap();
    assert!(base.starts_with("http://127.0.0.1:"), "{out}");
    assert_eq!(out, format!("{base} {base}/v1 {base}\n"));
    // Nothing is no success.
    assert_eq!(code, 2, "{err}");
    assert!(err.contains("nothing was validated"), "{err}");
    let (code, _, err) = run(&upstream.url, &["--env", "A=x"], "true").await;
    assert_eq!(code, 2);
    assert!(err.contains("begins with `/`"), "{err}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upstream_that_is_down_is_said_once() {
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let url = format!("http://{port}");
    let (code, _, err) = run(&url, &[], "get; get; get; true").await;
    assert_eq!(code, 2, "{err}");
    let message = format!("Is {url} running, and is --upstream right?");
    assert_eq!(err.matches(&message).count(), 1, "{err}");
    assert!(err.contains("upstream unreachable"), "{err}");
}

/// Before anybody asks for anything.
#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn an_upstream_that_is_down_is_said_at_once() {
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let url = format!("http://{port}");
    let mut running = Running::start(proxy::command(&url, &[]));
    let stderr = running.child.stderr.take().unwrap();
    let said = tokio::task::spawn_blocking(move || {
        let mut line = String::new();
        BufReader::new(stderr).read_line(&mut line).unwrap();
        line
    });
    let said = said.await.unwrap();
    assert!(said.contains(&format!("Is {url} running")), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_baseline_lets_known_findings_pass() {
    let directory = TempDir::new().unwrap();
    let file = directory.path().join("known.toml");
    let file = file.to_str().unwrap();
    let known = drifting().await;
    let gate = |action| {
        [
            "--fail-on",
            "info",
            "--baseline",
            action,
            "--baseline-file",
            file,
        ]
    };
    for action in ["write", "check"] {
        let (code, _, err) = run(&known.url, &gate(action), "get; true").await;
        assert_eq!(code, 0, "{err}");
    }
    let new = Server::always(json(b"[]")).await;
    let (code, _, err) = run(&new.url, &gate("check"), "get; true").await;
    assert_eq!(code, 1, "{err}");
    assert!(err.contains("stale baseline entry"), "{err}");
}

/// Without a terminal, so that no signal comes from there.
#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn signals_reach_the_command() {
    let upstream = Server::always(json(b"[]")).await;
    for signal in ["INT", "TERM", "HUP"] {
        let script = format!(
            "trap 'echo caught; exit 5' {signal}; echo ready; while :; do sleep 0.05; done"
        );
        let mut command = Command::new("setsid");
        command
            // A shell cannot trap what was ignored when the tests were started, as in the background.
            .args(["env", "--default-signal=INT,TERM,HUP"])
            .args([PROGRAM, "proxy", "--upstream", &upstream.url])
            .args(["--", "sh", "-c", &script])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let ended = tokio::task::spawn_blocking(move || {
            let mut child = command.spawn().unwrap();
            let mut out = BufReader::new(child.stdout.take().unwrap());
            let mut line = String::new();
            out.read_line(&mut line).unwrap();
            assert_eq!(line, "ready\n");
            let id = child.id().to_string();
            let sent = Command::new("kill")
                .args([&format!("-{signal}"), &id])
                .status();
            assert!(sent.unwrap().success());
            let mut rest = String::new();
            out.read_to_string(&mut rest).unwrap();
            let mut err = String::new();
            child
                .stderr
                .take()
                .unwrap()
                .read_to_string(&mut err)
                .unwrap();
            (child.wait().unwrap().code(), rest, err)
        });
        let (code, rest, err) = ended.await.unwrap();
        assert_eq!((code, rest.as_str()), (Some(5), "caught\n"), "{err}");
        assert!(
            err.contains("0 validated"),
            "the proxy closes with its report: {err}"
        );
    }
}
