//! What a batch does, and what it is told.

use std::{
    fs,
    process::{Command, Stdio},
};

use seedance_mock::{Fault, Scenario, Video, task_id};
use seedance_query::{TaskId, capture::Capture, validate_response};
use serde_json::Value;
use tempfile::TempDir;

use super::{all_arrived, command, gateway, has_no_secret, ids, of_kind, run, sha256};
use seedance_testing::patience::until;

#[tokio::test(flavor = "multi_thread")]
async fn takes_each_task_from_its_id_to_its_file() {
    let gateway = gateway().start().await.unwrap();
    let directory = TempDir::new().unwrap();
    let into = directory.path();
    let normal = task_id(Scenario::Normal, 1);
    let enhanced = task_id(Scenario::SuperResolution, 1);
    let failed = task_id(Scenario::Failure, 1);
    let ids = [normal.clone(), enhanced.clone(), failed.clone()];
    let mut first = command(&gateway, into, &ids);
    first.arg("--original");
    let (code, events, errors) = run(first).await;
    assert_eq!((code, errors.as_str()), (4, ""), "one of three failed");
    has_no_secret(&serde_json::to_string(&events).unwrap(), &gateway);

    assert_eq!(events[0]["tasks"], 3);
    assert_eq!(of_kind(&events, "arrived").len(), 3);
    let summary = &events.last().unwrap()["summary"]["tasks"];
    let states: Vec<&str> = (0..3)
        .map(|at| summary[at]["state"].as_str().unwrap())
        .collect();
    assert_eq!(states, ["arrived", "arrived", "failed"]);
    assert_eq!(summary[1]["shape"], "super_resolution");
    assert_eq!(summary[1]["files"].as_array().unwrap().len(), 2);
    assert!(
        summary[2]["reason"]
            .as_str()
            .unwrap()
            .ends_with("refunded by the platform")
    );

    for (id, video, name) in [
        (&normal, Video::Result, format!("{normal}.mp4")),
        (&enhanced, Video::Result, format!("{enhanced}.mp4")),
        (
            &enhanced,
            Video::Original,
            format!("{enhanced}.original.mp4"),
        ),
    ] {
        assert_eq!(sha256(&into.join(name)), gateway.sha256(id, video));
    }
    for id in &ids {
        let text = fs::read(into.join(format!("{id}.http"))).unwrap();
        has_no_secret(&String::from_utf8_lossy(&text), &gateway);
        let capture = Capture::parse(&text).unwrap();
        let report = validate_response(capture.status.as_u16(), &capture.body);
        assert!(report.shape().unwrap().is_terminal());
    }

    // Once more: nothing is asked for, nothing is downloaded.
    let before = gateway.requests().len();
    let (code, events, _) = run(command(&gateway, into, &ids)).await;
    assert_eq!(code, 0, "nothing is left to do");
    assert_eq!(events[0]["tasks"], 0);
    assert_eq!(gateway.requests().len(), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_exit_status_tells_what_the_run_found_out() {
    let gateway = gateway().start().await.unwrap();
    for (scenarios, code) in [
        (&[Scenario::Normal][..], 0),
        (&[Scenario::Normal, Scenario::Failure], 4),
        (&[Scenario::Failure], 4),
        (&[Scenario::Failure, Fault::NoUrl.into()], 5),
    ] {
        let directory = TempDir::new().unwrap();
        let ids: Vec<TaskId> = scenarios
            .iter()
            .map(|scenario| task_id(*scenario, 7))
            .collect();
        let outcome = run(command(&gateway, directory.path(), &ids)).await;
        assert_eq!(outcome.0, code, "{scenarios:?} {outcome:?}");
    }
    // A task that goes on is left, and said to be.
    let directory = TempDir::new().unwrap();
    let mut command = command(&gateway, directory.path(), &[task_id(Scenario::Stuck, 1)]);
    command.args(["--wait-timeout", "1s"]);
    let (code, events, _) = run(command).await;
    assert_eq!(code, 3);
    let left = of_kind(&events, "left")[0]["problem"].as_str().unwrap();
    assert!(
        left.ends_with("its status is IN_PROGRESS; run again to go on"),
        "{left}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn ids_come_from_a_file_as_well() {
    let gateway = gateway().start().await.unwrap();
    let directory = TempDir::new().unwrap();
    let list = directory.path().join("ids.txt");
    let ids = ids(Scenario::Normal, 2);
    fs::write(&list, format!("# mine\n\n  {}\n{}\n", ids[0], ids[1])).unwrap();
    let into = directory.path().join("new/videos");
    let mut from = command(&gateway, &into, &[]);
    from.arg("--from").arg(&list);
    assert_eq!(run(from).await.0, 0);
    all_arrived(&gateway, &into, &ids);
    let mut missing = command(&gateway, &into, &[]);
    missing.args(["--from", "nowhere.txt"]);
    let (code, _, errors) = run(missing).await;
    assert_eq!(code, 2);
    assert!(
        errors.starts_with("seedance-query: cannot read nowhere.txt: "),
        "{errors}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_are_read_as_editors_write_them_and_ids_can_be_forgotten() {
    let gateway = gateway().start().await.unwrap();
    let directory = TempDir::new().unwrap();
    let into = directory.path().join("videos");
    let list = directory.path().join("ids.txt");
    let ids = ids(Scenario::Normal, 1);
    fs::write(&list, format!("\u{feff}{}\r\nnonsense\r\n", ids[0])).unwrap();
    let from = || {
        let mut from = command(&gateway, &into, &[]);
        from.arg("--from").arg(&list);
        from
    };
    let (code, events, _) = run(from()).await;
    assert_eq!(code, 5);
    let unavailable = of_kind(&events, "unavailable");
    assert_eq!(
        (unavailable.len(), unavailable[0]["task_id"].as_str()),
        (1, Some("nonsense"))
    );
    let mut forget = command(&gateway, &into, &[]);
    forget.args(["--forget", "nonsense"]);
    assert_eq!(run(forget).await.0, 0);
    all_arrived(&gateway, &into, &ids);

    fs::write(&list, b"a\nb\n\xff\n").unwrap();
    let (code, _, errors) = run(from()).await;
    assert_eq!(code, 2);
    assert!(
        errors.ends_with("ids.txt: line 3 is not UTF-8\n"),
        "{errors}"
    );
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn ctrl_c_ends_it_cleanly_and_says_what_is_left() {
    let gateway = gateway().start().await.unwrap();
    let directory = TempDir::new().unwrap();
    let ids = [task_id(Scenario::Normal, 1), task_id(Scenario::Stuck, 1)];
    let mut command = command(&gateway, directory.path(), &ids);
    let child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let first = directory.path().join(format!("{}.mp4", ids[0]));
    until("a video", || first.exists()).await;
    let interrupted = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status();
    assert!(interrupted.unwrap().success());
    let output = tokio::task::spawn_blocking(|| child.wait_with_output().unwrap());
    let output = output.await.unwrap();
    assert_eq!(output.status.code(), Some(3));
    let text = String::from_utf8(output.stdout).unwrap();
    let summary: Value = serde_json::from_str(text.lines().last().unwrap()).unwrap();
    assert_eq!(summary["summary"]["is_stopped"], true);
    assert_eq!(summary["summary"]["tasks"][0]["state"], "arrived");
    assert_eq!(summary["summary"]["tasks"][1]["state"], "left");
    assert_eq!(
        summary["summary"]["tasks"][1]["reason"],
        "the run was stopped first"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_a_batch_leaves_nothing_behind() {
    let gateway = gateway().start().await.unwrap();
    let directory = TempDir::new().unwrap();
    let typo = directory.path().join("typo");
    let (code, events, errors) = run(command(&gateway, &typo, &[])).await;
    assert_eq!(code, 2);
    assert!(
        errors.contains("there is nothing to fetch: no task is given"),
        "{errors}"
    );
    assert_eq!(events[0]["event"], "error");
    assert!(!typo.exists());
    fs::write(&typo, "").unwrap();
    let (code, _, errors) = run(command(&gateway, &typo, &ids(Scenario::Normal, 1))).await;
    assert_eq!(code, 2);
    assert!(errors.ends_with("typo is not a directory\n"), "{errors}");
}
