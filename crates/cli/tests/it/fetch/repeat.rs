//! Runs repeated by a script until nothing is left to do.

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
};

use seedance_mock::{Fault, Scenario, task_id};
use seedance_query::TaskId;
use tempfile::TempDir;

use super::{command, gateway, ids, of_kind, run};

/// `until seedance-query fetch …; do :; done`, with a limit that a loop without end runs into.
fn until_loop(inner: &Command, log: &Path) -> Command {
    let mut shell = Command::new("timeout");
    shell.args([
        "60",
        "bash",
        "-c",
        "log=$1; shift; until \"$@\" > /dev/null; do echo $? >> \"$log\"; done; echo 0 >> \"$log\"",
        "until",
    ]);
    shell.arg(log);
    shell.arg(inner.get_program()).args(inner.get_args());
    for (name, value) in inner.get_envs() {
        shell.env(name, value.unwrap());
    }
    shell.stdin(Stdio::null());
    shell
}

/// The exit statuses of the runs in a loop.
async fn statuses(inner: Command) -> Vec<String> {
    let directory = TempDir::new().unwrap();
    let log = directory.path().join("log");
    let mut shell = until_loop(&inner, &log);
    let status = tokio::task::spawn_blocking(move || shell.status().unwrap());
    assert!(status.await.unwrap().success(), "the loop did not end");
    let log = fs::read_to_string(log).unwrap();
    log.lines().map(str::to_owned).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_loop_over_runs_ends_once_nothing_is_left_to_do() {
    let gateway = gateway().start().await.unwrap();
    let directory = TempDir::new().unwrap();
    let scenarios: [Scenario; 4] = [
        Scenario::Normal,
        Scenario::Failure,
        Fault::NoUrl.into(),
        Fault::NotAVideo.into(),
    ];
    let ids: Vec<TaskId> = scenarios.map(|scenario| task_id(scenario, 1)).to_vec();
    let runs = statuses(command(&gateway, directory.path(), &ids)).await;
    assert_eq!(runs, ["5", "0"]);

    // What cannot be had is asked for once a run, and is no news any more.
    let before = gateway.requests().len();
    let (code, events, _) = run(command(&gateway, directory.path(), &[])).await;
    assert_eq!(code, 0);
    assert_eq!(of_kind(&events, "unavailable").len(), 2);
    let asked = &gateway.requests()[before..];
    assert!(
        asked
            .iter()
            .all(|request| ids[2..].contains(request.task_id.as_ref().unwrap())),
        "only what was missing is asked for"
    );
    let tasks = &events.last().unwrap()["summary"]["tasks"];
    for (at, state) in ["arrived", "failed", "unavailable", "unavailable"]
        .into_iter()
        .enumerate()
    {
        assert_eq!(tasks[at]["state"], state);
        assert_eq!(tasks[at]["is_new"], false);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_loop_goes_on_while_tasks_do() {
    let gateway = gateway().speed(60.0).start().await.unwrap();
    let directory = TempDir::new().unwrap();
    let mut short = command(&gateway, directory.path(), &ids(Scenario::Normal, 2));
    short.args(["--wait-timeout", "0.5s"]);
    let runs = statuses(short).await;
    let (last, earlier) = runs.split_last().unwrap();
    assert_eq!(last, "0");
    assert!(!earlier.is_empty(), "the tasks take longer than a run");
    assert!(earlier.iter().all(|status| status == "3"), "{runs:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gateway_that_cannot_be_reached_is_told_from_tasks_that_go_on() {
    let gateway = gateway().start().await.unwrap();
    let directory = TempDir::new().unwrap();
    let ids = ids(Scenario::Normal, 1);
    let mut nowhere = command(&gateway, directory.path(), &ids);
    // A port that was free a moment ago refuses connections.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", port.local_addr().unwrap());
    drop(port);
    nowhere
        .env("SEEDANCE_BASE_URL", url)
        .args(["--wait-timeout", "0.2s"]);
    let (code, events, _) = run(nowhere).await;
    assert_eq!(code, 6, "{events:?}");
    assert_eq!(events.last().unwrap()["summary"]["is_unreachable"], true);
    assert_eq!(run(command(&gateway, directory.path(), &[])).await.0, 0);
}
