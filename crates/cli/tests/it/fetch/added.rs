//! Task ids that come while a batch runs.

use std::{
    fs,
    io::Write,
    process::{ChildStdin, Stdio},
    time::Duration,
};

use futures_util::stream;
use seedance_fetch::{Fetch, FetchEvent, FetchState};
use seedance_mock::{Scenario, task_id};
use seedance_query::{Client, WaitPolicy};
use seedance_testing::patience::until;
use serde_json::Value;
use tempfile::TempDir;
use tokio::sync::mpsc;

use super::{all_arrived, command, gateway, ids, of_kind};

#[tokio::test(flavor = "multi_thread")]
async fn ids_on_standard_input_are_fetched_as_they_come() {
    let gateway = gateway().start().await.unwrap();
    let directory = TempDir::new().unwrap();
    let ids = ids(Scenario::Normal, 3);
    let mut command = command(&gateway, directory.path(), &[]);
    command.args(["--from", "-"]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    let write = |input: &mut ChildStdin, line: &str| {
        writeln!(input, "{line}").unwrap();
        input.flush().unwrap();
    };
    write(&mut input, "# ids");
    for id in &ids {
        write(&mut input, id.as_str());
        // It arrives although the list has not ended.
        let path = directory.path().join(format!("{id}.mp4"));
        until("the file", || path.exists()).await;
    }
    // The same once more is nothing new, and an unusable line stops nothing.
    write(&mut input, ids[0].as_str());
    write(&mut input, "https://a.example/?x=1");
    drop(input);
    let output = tokio::task::spawn_blocking(move || child.wait_with_output().unwrap());
    let output = output.await.unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{errors}");
    assert!(errors.contains("standard input: line 6: "), "{errors}");
    let events = String::from_utf8(output.stdout).unwrap();
    let events: Vec<Value> = events
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let added = of_kind(&events, "added");
    let added: u64 = added
        .iter()
        .filter_map(|event| event["tasks"].as_u64())
        .sum();
    assert_eq!(added, 3, "{events:?}");
    all_arrived(&gateway, directory.path(), &ids);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_library_user_adds_tasks_while_a_batch_runs() {
    let gateway = gateway().start().await.unwrap();
    let builder = Client::builder().base_url(gateway.base_url());
    let client = builder.api_key(gateway.api_key()).build().unwrap();
    let directory = TempDir::new().unwrap();
    let all = ids(Scenario::Normal, 2);
    let (submitted, mut receive) = mpsc::unbounded_channel();
    let added = stream::poll_fn(move |context| receive.poll_recv(context));
    let mut submitted = Some(submitted);
    let fetch = Fetch::new(&client, directory.path()).task(all[0].clone());
    let policy = WaitPolicy::default().interval(Duration::from_millis(100));
    // The second task is submitted when the first one has arrived, and then there are no more.
    let summary = fetch.policy(policy).run_with_ids(
        added,
        |event| {
            if matches!(event, FetchEvent::Arrived { .. })
                && let Some(submitted) = submitted.take()
            {
                submitted.send(all[1].clone()).unwrap();
            }
        },
        std::future::pending(),
    );
    let summary = tokio::time::timeout(Duration::from_mins(1), summary).await;
    let summary = summary.expect("it ends").unwrap();
    assert_eq!(summary.count(FetchState::Arrived), 2);
    all_arrived(&gateway, directory.path(), &all);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_task_that_is_added_again_is_fetched_again_if_its_file_is_gone() {
    let gateway = gateway().start().await.unwrap();
    let directory = TempDir::new().unwrap();
    let id = task_id(Scenario::Normal, 1);
    let first = command(&gateway, directory.path(), std::slice::from_ref(&id));
    let (code, _, errors) = super::run(first).await;
    assert_eq!(code, 0, "{errors}");
    fs::remove_file(directory.path().join(format!("{id}.mp4"))).unwrap();
    let list = directory.path().join("ids.txt");
    fs::write(&list, format!("{id}\n")).unwrap();
    let mut again = command(&gateway, directory.path(), &[]);
    again.args(["--from", "-"]);
    again.stdin(fs::File::open(&list).unwrap());
    let (code, _, errors) = super::run(again).await;
    fs::remove_file(&list).unwrap();
    assert_eq!(code, 0, "{errors}");
    all_arrived(&gateway, directory.path(), &[id]);
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_pipe_or_a_device_is_no_list_of_ids() {
    let gateway = gateway().start().await.unwrap();
    let directory = TempDir::new().unwrap();
    let pipe = directory.path().join("pipe");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.unwrap().success());
    for path in [pipe.as_path(), "/dev/zero".as_ref()] {
        let mut command = command(&gateway, directory.path(), &[]);
        command.arg("--from").arg(path);
        let (code, _, errors) = super::run(command).await;
        assert_eq!(code, 2, "{errors}");
        assert!(
            errors.contains("is not a file: pass it on standard input"),
            "{errors}"
        );
    }
    // A directory that is none is refused as well.
    let mut command = command(&gateway, &pipe, &ids(Scenario::Normal, 1));
    command.env("TMPDIR", directory.path());
    let (code, _, errors) = super::run(command).await;
    assert_eq!(code, 2, "{errors}");
    assert!(errors.contains("is not a directory"), "{errors}");
}
