//! What goes wrong around a batch: the gateway, the stores, the disk, the reader of its output.

use std::{
    fs,
    process::{Command, Stdio},
    time::Duration,
};

use seedance_fetch::{Fetch, FetchState};
use seedance_mock::{Origin, Scenario, Video, task_id};
use seedance_query::{Client, TaskId};
use tempfile::TempDir;

use super::{all_arrived, command, gateway, ids, of_kind, run, sha256};
use seedance_testing::files::root;

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
        .errors(seedance_query::ErrorPolicy::default().backoff(delays.0, delays.1));
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
    assert_eq!(code, 3);
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
    // With room again, the run goes on from what was synced.
    let before = gateway.requests().len();
    let (code, ..) = run(command(&gateway, directory.path(), &[])).await;
    assert_eq!(code, 0);
    all_arrived(&gateway, directory.path(), &ids);
    let more = &gateway.requests()[before..];
    let resumed = more
        .iter()
        .filter(|request| request.origin == Origin::Storage);
    for request in resumed {
        let range = request.range.as_deref().unwrap();
        let start = range.strip_prefix("bytes=").unwrap().trim_end_matches('-');
        let start: u64 = start.parse().unwrap();
        assert!((1..=1_024_000).contains(&start), "{range}");
    }
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
    assert_eq!(code, 6);
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
