//! Batches from ids to files, as a user runs them, against the mock gateway.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    time::Duration,
};

use rusqlite::{Connection, OpenFlags};
use seedance_query::{
    Client, TaskId,
    capture::Capture,
    fetch::{Fetch, FetchState},
    mock::{Gateway, GatewayBuilder, Origin, Scenario, Video, task_id},
    validate_response,
};
use serde_json::Value;
use sha2::{Digest, Sha256};
use tempfile::TempDir;

use crate::{files::root, patience::until};

fn gateway() -> GatewayBuilder {
    Gateway::builder().speed(200.0)
}

fn ids(scenario: Scenario, count: u32) -> Vec<TaskId> {
    (1..=count)
        .map(|number| task_id(scenario, number))
        .collect()
}

/// The command line, polling as fast as tasks live at the speed of these tests.
fn command(gateway: &Gateway, into: &Path, ids: &[TaskId]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_seedance-query"));
    command
        .current_dir(root())
        .env("SEEDANCE_BASE_URL", gateway.base_url())
        .env("SEEDANCE_API_KEY", gateway.api_key())
        .args([
            "fetch",
            "--json",
            "--interval",
            "0.1s",
            "--rate",
            "1000",
            "--into",
        ])
        .arg(into)
        .args(ids.iter().map(TaskId::as_str))
        .stdin(Stdio::null());
    command
}

/// Runs to the end, beside the gateway of the test.
async fn run(mut command: Command) -> (i32, Vec<Value>, String) {
    let run = move || command.output().unwrap();
    let output: Output = tokio::task::spawn_blocking(run).await.unwrap();
    let events = String::from_utf8(output.stdout).unwrap();
    let events = events
        .lines()
        .map(|line| serde_json::from_str(line).unwrap());
    let errors = String::from_utf8(output.stderr).unwrap();
    (output.status.code().unwrap(), events.collect(), errors)
}

fn of_kind<'a>(events: &'a [Value], kind: &str) -> Vec<&'a Value> {
    events
        .iter()
        .filter(|event| event["event"] == kind)
        .collect()
}

fn sha256(path: &Path) -> String {
    let digest = Sha256::digest(fs::read(path).unwrap());
    let mut text = String::new();
    for byte in digest {
        text.push_str(&format!("{byte:02x}"));
    }
    text
}

fn names(directory: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(directory).unwrap();
    entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| !name.starts_with(".seedance-query") && !name.contains("sqlite3"))
        .collect()
}

/// Each task's video is there, byte for byte, and nothing half done is.
fn all_arrived(gateway: &Gateway, directory: &Path, ids: &[TaskId]) {
    let mut expected = BTreeSet::new();
    for id in ids {
        let path = directory.join(format!("{id}.mp4"));
        assert_eq!(sha256(&path), gateway.sha256(id, Video::Result), "{id}");
        expected.extend([format!("{id}.mp4"), format!("{id}.http")]);
    }
    let found = names(directory);
    let odd: Vec<_> = found.symmetric_difference(&expected).collect();
    assert!(odd.is_empty(), "missing or too many: {odd:?}");
}

fn has_no_secret(text: &str, gateway: &Gateway) {
    assert!(!text.contains(gateway.api_key()), "{text}");
    for (at, name) in text.match_indices("Signature=") {
        assert!(text[at + name.len()..].starts_with("REDACTED"), "{text}");
    }
}

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
    assert_eq!((code, errors.as_str()), (3, ""), "one of three failed");
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
    assert_eq!(code, 3);
    assert_eq!(events[0]["tasks"], 0);
    assert_eq!(gateway.requests().len(), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_exit_status_says_all_some_or_none() {
    let gateway = gateway().start().await.unwrap();
    for (scenarios, code) in [
        (&[Scenario::Normal][..], 0),
        (&[Scenario::Normal, Scenario::Failure], 3),
        (&[Scenario::Failure], 1),
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
    command.args(["--deadline", "1s"]);
    let (code, events, _) = run(command).await;
    assert_eq!(code, 1);
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

/// A ledger's videos that have arrived, read as anyone can while no run holds it.
fn arrived(directory: &Path) -> BTreeSet<String> {
    let path = directory.join("seedance-query.sqlite3");
    let Ok(ledger) = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE) else {
        return BTreeSet::new();
    };
    // Killed before there were tables.
    let Ok(mut statement) = ledger.prepare("SELECT task_id FROM video WHERE state = 'arrived'")
    else {
        return BTreeSet::new();
    };
    let rows = statement.query_map([], |row| row.get(0)).unwrap();
    rows.map(Result::unwrap).collect()
}

fn start(mut command: Command) -> Child {
    command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_survives_being_killed_twenty_times() {
    const TASKS: u32 = 50;
    let gateway = gateway()
        .video_bytes(200_000)
        .bytes_per_second(200_000)
        .start()
        .await
        .unwrap();
    let directory = TempDir::new().unwrap();
    let ids = ids(Scenario::Normal, TASKS);
    let mut random = fastrand::Rng::with_seed(20);
    let mut progress = Vec::new();
    for _ in 0..20 {
        let mut child = start(command(&gateway, directory.path(), &ids));
        tokio::time::sleep(Duration::from_millis(random.u64(30..900))).await;
        assert!(
            child.try_wait().unwrap().is_none(),
            "it was done before it was killed"
        );
        child.kill().unwrap();
        child.wait().unwrap();
        progress.push((arrived(directory.path()), gateway.requests().len()));
    }
    let (code, events, errors) = run(command(&gateway, directory.path(), &[])).await;
    assert_eq!((code, errors.as_str()), (0, ""), "{:?}", events.last());
    all_arrived(&gateway, directory.path(), &ids);
    assert_eq!(arrived(directory.path()).len(), TASKS as usize);

    // The kills came while some, but not all, were done.
    let counts: Vec<usize> = progress.iter().map(|(done, _)| done.len()).collect();
    assert!(
        counts.is_sorted() && *counts.last().unwrap() > 0,
        "{counts:?}"
    );
    let requests = gateway.requests();
    for (done, made) in progress {
        for request in &requests[made..] {
            let id = request.task_id.as_ref().unwrap();
            assert!(
                !done.contains(id.as_str()),
                "{id} was done and asked for again"
            );
        }
    }
    // A kill can cost the bytes that were on their way, but never a video that had come.
    let mut whole = BTreeMap::<String, u32>::new();
    for request in requests {
        assert_eq!(request.method, "GET");
        if request.origin == Origin::Storage && request.range.is_none() && request.is_complete {
            *whole.entry(request.path).or_default() += 1;
        }
    }
    println!(
        "arrived after each kill: {counts:?}; whole videos: {}",
        whole.len()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_lost_while_three_of_ten_requests_fail() {
    let gateway = gateway()
        .failure_rate(0.3, 30)
        .retry_after(Duration::ZERO)
        .video_bytes(200_000)
        .start()
        .await
        .unwrap();
    let directory = TempDir::new().unwrap();
    let ids = ids(Scenario::Normal, 20);
    let client = Client::builder()
        .base_url(gateway.base_url())
        .api_key(gateway.api_key());
    let delays = (Duration::from_millis(50), Duration::from_millis(400));
    let policy = seedance_query::WaitPolicy::default()
        .interval(Duration::from_millis(200))
        .errors(seedance_query::ErrorPolicy::default().delays(delays.0, delays.1));
    let fetch = Fetch::new(&client.build().unwrap(), directory.path())
        .tasks(ids.clone())
        .policy(policy);
    let mut runs = 0;
    loop {
        runs += 1;
        let summary = fetch
            .clone()
            .run(|_| {}, std::future::pending())
            .await
            .unwrap();
        if summary.count(FetchState::Arrived) == ids.len() {
            break;
        }
        assert!(runs < 5, "{summary:?}");
    }
    all_arrived(&gateway, directory.path(), &ids);
    let requests = gateway.requests();
    let failed = requests
        .iter()
        .filter(|request| !request.is_complete || !matches!(request.status, Some(200 | 206)))
        .count();
    assert!(
        (10..55).contains(&(100 * failed / requests.len())),
        "{failed} of {} failed",
        requests.len()
    );
    println!(
        "{failed} of {} requests failed; {runs} runs",
        requests.len()
    );
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_loses_nothing() {
    let gateway = gateway().video_bytes(3_000_000).start().await.unwrap();
    let directory = TempDir::new().unwrap();
    let ids = ids(Scenario::Normal, 2);
    let inner = command(&gateway, directory.path(), &ids);
    // No file of the process can be longer than a megabyte; ledger and captures are shorter.
    let mut limited = Command::new("bash");
    limited.args(["-c", "trap '' XFSZ; ulimit -f 1000; exec \"$@\"", "limited"]);
    limited
        .arg(inner.get_program())
        .args(inner.get_args())
        .current_dir(root());
    for (name, value) in inner.get_envs() {
        limited.env(name, value.unwrap());
    }
    let (code, events, _) = run(limited).await;
    assert_eq!(code, 1);
    for left in of_kind(&events, "left") {
        let problem = left["problem"].as_str().unwrap();
        assert!(
            problem.contains(".part") && problem.contains("run again"),
            "{problem}"
        );
    }
    assert_eq!(of_kind(&events, "left").len(), 2);
    for id in &ids {
        let part = directory.path().join(format!("{id}.mp4.part"));
        assert_eq!(fs::metadata(part).unwrap().len(), 1_024_000);
    }
    // With room again, the run goes on where the last one ended.
    let before = gateway.requests().len();
    let (code, ..) = run(command(&gateway, directory.path(), &[])).await;
    assert_eq!(code, 0);
    all_arrived(&gateway, directory.path(), &ids);
    let more = &gateway.requests()[before..];
    let resumed = more
        .iter()
        .filter(|request| request.origin == Origin::Storage);
    for request in resumed {
        assert_eq!(request.range.as_deref(), Some("bytes=1024000-"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_runs_exclude_each_other() {
    let gateway = gateway().start().await.unwrap();
    let directory = TempDir::new().unwrap();
    let stuck = [task_id(Scenario::Stuck, 1)];
    let mut first = start(command(&gateway, directory.path(), &stuck));
    until("a first query", || !gateway.requests().is_empty()).await;
    let (code, events, errors) = run(command(&gateway, directory.path(), &[])).await;
    assert_eq!((code, events.len()), (2, 1));
    assert_eq!(events[0]["event"], "error");
    let expected = format!("another run (process {}) is fetching into ", first.id());
    assert!(
        errors.contains(&expected) && errors.contains("let it end"),
        "{errors}"
    );
    first.kill().unwrap();
    first.wait().unwrap();
    let mut after = command(&gateway, directory.path(), &[]);
    after.args(["--deadline", "0.5s"]);
    assert_eq!(run(after).await.0, 1, "a lock does not outlive its process");
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
        "the run was stopped before"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn whole_files_are_taken_over_when_the_ledger_is_lost() {
    let gateway = gateway().start().await.unwrap();
    let directory = TempDir::new().unwrap();
    let ids = ids(Scenario::Normal, 3);
    assert_eq!(run(command(&gateway, directory.path(), &ids)).await.0, 0);
    let ledger: Vec<PathBuf> = fs::read_dir(directory.path())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.display().to_string().contains("sqlite3"))
        .collect();
    assert!(!ledger.is_empty());
    for path in ledger {
        fs::write(
            path,
            "this is no database, but it is long enough to look at".repeat(9),
        )
        .unwrap();
    }
    let (code, _, errors) = run(command(&gateway, directory.path(), &ids)).await;
    assert_eq!(code, 2);
    assert!(
        errors.contains("it is broken; move it away and run again"),
        "{errors}"
    );
    for name in names_of_ledger(directory.path()) {
        fs::remove_file(name).unwrap();
    }
    let before = gateway.requests().len();
    assert_eq!(run(command(&gateway, directory.path(), &ids)).await.0, 0);
    all_arrived(&gateway, directory.path(), &ids);
    let more = &gateway.requests()[before..];
    assert!(
        more.iter().all(|request| request.origin == Origin::Gateway),
        "no second download"
    );
}

fn names_of_ledger(directory: &Path) -> Vec<PathBuf> {
    let paths = fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    paths
        .filter(|path| path.display().to_string().contains("sqlite3"))
        .collect()
}

/// Faults that a batch has to get over by itself.
#[tokio::test(flavor = "multi_thread")]
async fn each_fault_that_leaves_a_video_is_got_over() {
    let gateway = gateway()
        .retry_after(Duration::ZERO)
        .video_bytes(200_000)
        .start()
        .await
        .unwrap();
    let directory = TempDir::new().unwrap();
    let names = [
        "rate-limited",
        "server-error",
        "unavailable",
        "bad-gateway",
        "saturated",
        "html",
        "empty",
        "truncated",
        "reset",
        "slow",
        "unknown-at-first",
        "gateway-url",
        "unsigned-url",
        "legacy-url",
        "legacy-url-in-both",
        "status-submitted",
        "extra-members",
        "url-expired",
        "redirect",
        "reset-each-64k",
        "no-ranges",
        "changed-midway",
        "request-budget",
    ];
    let ids: Vec<TaskId> = names
        .iter()
        .map(|name| task_id(Scenario::named(name).unwrap_or_else(|| panic!("{name}")), 1))
        .collect();
    let (code, events, errors) = run(command(&gateway, directory.path(), &ids)).await;
    let left = of_kind(&events, "left");
    assert_eq!((code, errors.as_str()), (0, ""), "{left:?}");
    all_arrived(&gateway, directory.path(), &ids);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_gone_is_fetched_again_when_its_task_is_named() {
    let gateway = gateway().start().await.unwrap();
    let directory = TempDir::new().unwrap();
    let ids = ids(Scenario::Normal, 2);
    assert_eq!(run(command(&gateway, directory.path(), &ids)).await.0, 0);
    fs::remove_file(directory.path().join(format!("{}.mp4", ids[0]))).unwrap();
    let made = gateway.requests().len();
    let (code, events, _) = run(command(&gateway, directory.path(), &[])).await;
    assert_eq!(
        (code, gateway.requests().len()),
        (0, made),
        "it may have been moved on purpose"
    );
    let files = &events.last().unwrap()["summary"]["tasks"][0]["files"];
    assert_eq!(files[0]["is_there"], false);
    assert_eq!(run(command(&gateway, directory.path(), &ids)).await.0, 0);
    all_arrived(&gateway, directory.path(), &ids);
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn what_is_in_the_way_costs_one_task_at_most() {
    let gateway = gateway().start().await.unwrap();
    let directory = TempDir::new().unwrap();
    let ids = ids(Scenario::Normal, 4);
    let path = |id: &TaskId, ending: &str| directory.path().join(format!("{id}.{ending}"));
    fs::create_dir(path(&ids[0], "http")).unwrap();
    fs::write(path(&ids[1], "mp4"), "mine").unwrap();
    // A link to a whole video is still not the video of this task.
    let other = directory.path().join("other");
    fs::write(&other, gateway.video(&ids[3], Video::Result)).unwrap();
    std::os::unix::fs::symlink(&other, path(&ids[2], "mp4")).unwrap();
    let (code, events, errors) = run(command(&gateway, directory.path(), &ids)).await;
    assert_eq!((code, errors.as_str()), (3, ""));
    let tasks = &events.last().unwrap()["summary"]["tasks"];
    let states: Vec<_> = (0..4)
        .map(|at| tasks[at]["state"].as_str().unwrap())
        .collect();
    assert_eq!(states, ["arrived", "left", "left", "arrived"]);
    let reason = |at: usize| tasks[at]["reason"].as_str().unwrap();
    assert!(
        reason(0).starts_with("cannot write ") && reason(0).contains(".http"),
        "{}",
        reason(0)
    );
    assert!(
        reason(1).ends_with("move it away and run again"),
        "{}",
        reason(1)
    );
    assert_eq!(fs::read(path(&ids[1], "mp4")).unwrap(), b"mine");
    assert_eq!(
        sha256(&path(&ids[0], "mp4")),
        gateway.sha256(&ids[0], Video::Result)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_key_ends_the_batch_at_once() {
    let gateway = gateway().start().await.unwrap();
    let directory = TempDir::new().unwrap();
    let ids = ids(Scenario::Normal, 100);
    let mut command = command(&gateway, directory.path(), &ids);
    command
        .args(["--rate", "20"])
        .env("SEEDANCE_API_KEY", "sk-wrong-0123456789");
    command.args(["--interval", "1s"]);
    let (code, events, errors) = run(command).await;
    assert_eq!(code, 1);
    assert!(errors.ends_with("check SEEDANCE_API_KEY\n"), "{errors}");
    assert!(
        gateway.requests().len() <= 32,
        "{}",
        gateway.requests().len()
    );
    let tasks = events.last().unwrap()["summary"]["tasks"]
        .as_array()
        .unwrap()
        .clone();
    assert!(tasks.iter().all(|task| task["state"] == "left"));
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
    assert_eq!(code, 3);
    let left = of_kind(&events, "left");
    assert_eq!(
        (left.len(), left[0]["task_id"].as_str()),
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

/// Nobody may be reading, and the disk of a log may be full: the videos arrive all the same.
#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn output_that_cannot_be_written_stops_nothing() {
    let gateway = gateway().start().await.unwrap();
    let directory = TempDir::new().unwrap();
    let ids = ids(Scenario::Normal, 3);
    let closed = |command: &mut Command| {
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        child.wait().unwrap().code()
    };
    let mut download = Command::new(env!("CARGO_BIN_EXE_seedance-query"));
    download
        .args([
            "download",
            "--json",
            "--interval",
            "0.2s",
            ids[0].as_str(),
            "--into",
        ])
        .arg(directory.path())
        .env("SEEDANCE_BASE_URL", gateway.base_url())
        .env("SEEDANCE_API_KEY", gateway.api_key());
    let mut fetch = command(&gateway, directory.path(), &ids[1..2]);
    let json = command(&gateway, directory.path(), &ids[2..]);
    let mut logged = Command::new(json.get_program());
    logged.args(json.get_args().filter(|argument| *argument != "--json"));
    for (name, value) in json.get_envs() {
        logged.env(name, value.unwrap());
    }
    let codes = tokio::task::spawn_blocking(move || {
        let full = || {
            Stdio::from(
                fs::OpenOptions::new()
                    .write(true)
                    .open("/dev/full")
                    .unwrap(),
            )
        };
        let logged = logged
            .stdout(Stdio::null())
            .stderr(full())
            .status()
            .unwrap();
        [closed(&mut download), closed(&mut fetch), logged.code()]
    });
    assert_eq!(codes.await.unwrap(), [Some(0), Some(0), Some(0)]);
    for id in &ids {
        let path = directory.path().join(format!("{id}.mp4"));
        assert_eq!(sha256(&path), gateway.sha256(id, Video::Result), "{id}");
    }
}
