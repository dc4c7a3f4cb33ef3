//! The directory of a batch: who holds it, and what is in it besides.

use std::{
    fs,
    path::{Path, PathBuf},
};

use seedance_mock::{Origin, Scenario, Video, task_id};
use seedance_query::TaskId;
use tempfile::TempDir;

use super::{all_arrived, command, gateway, ids, run, sha256, start};
use seedance_testing::patience::until;

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
        errors.contains(&expected) && errors.contains("wait for it"),
        "{errors}"
    );
    first.kill().unwrap();
    first.wait().unwrap();
    let mut after = command(&gateway, directory.path(), &[]);
    after.args(["--wait-timeout", "0.5s"]);
    assert_eq!(run(after).await.0, 3, "a lock does not outlive its process");
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

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn no_file_of_a_batch_is_written_through_a_link() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let gateway = gateway().start().await.unwrap();
    let elsewhere = TempDir::new().unwrap();
    let own = elsewhere.path().join("own");
    for name in [".seedance-query.lock", "seedance-query.sqlite3"] {
        fs::write(&own, "mine").unwrap();
        let directory = TempDir::new().unwrap();
        symlink(&own, directory.path().join(name)).unwrap();
        let into = directory.path();
        let (code, _, errors) = run(command(&gateway, into, &ids(Scenario::Normal, 1))).await;
        assert_eq!(code, 2, "{name}: {errors}");
        assert!(errors.contains("not a regular file"), "{name}: {errors}");
        assert_eq!(fs::read_to_string(&own).unwrap(), "mine", "{name}");
    }
    // The directory itself may be one, and what gateways say is for its owner alone.
    let directory = elsewhere.path().join("link");
    let target = TempDir::new().unwrap();
    symlink(target.path(), &directory).unwrap();
    let all = ids(Scenario::Normal, 1);
    let (code, _, errors) = run(command(&gateway, &directory, &all)).await;
    assert_eq!(code, 0, "{errors}");
    all_arrived(&gateway, &directory, &all);
    let ledger = fs::metadata(directory.join("seedance-query.sqlite3")).unwrap();
    assert_eq!(ledger.permissions().mode() & 0o777, 0o600);
}
