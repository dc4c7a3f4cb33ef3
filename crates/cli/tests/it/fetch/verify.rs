//! `fetch --verify`: the files compared with the ledger.

use std::{fs, path::Path, process::Command};

use seedance_mock::Scenario;
use tempfile::TempDir;

use super::{command, gateway, ids, run};

/// Needs no gateway and no key.
fn verify(directory: &Path, json: bool) -> (Option<i32>, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_seedance-query"));
    command
        .env_remove("SEEDANCE_BASE_URL")
        .env_remove("SEEDANCE_API_KEY")
        .args(["fetch", "--verify", "--into"])
        .arg(directory);
    if json {
        command.arg("--json");
    }
    let output = command.output().unwrap();
    (
        output.status.code(),
        String::from_utf8(output.stdout).unwrap(),
        String::from_utf8(output.stderr).unwrap(),
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_are_missing_or_changed_are_named() {
    let gateway = gateway().start().await.unwrap();
    let directory = TempDir::new().unwrap();
    let ids = ids(Scenario::Normal, 4);
    assert_eq!(run(command(&gateway, directory.path(), &ids)).await.0, 0);
    let (code, out, err) = verify(directory.path(), false);
    assert_eq!((code, err.as_str()), (Some(0), ""));
    assert_eq!(out, "4 videos intact, 0 missing or changed\n");

    // The same length: only the checksum tells.
    let path = |at: usize| directory.path().join(format!("{}.mp4", ids[at]));
    let mut bytes = fs::read(path(0)).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    fs::write(path(0), bytes).unwrap();
    fs::remove_file(path(1)).unwrap();
    fs::remove_file(path(2)).unwrap();
    fs::create_dir(path(2)).unwrap();
    let before = gateway.requests().len();
    let (code, out, err) = verify(directory.path(), false);
    assert_eq!(code, Some(7), "{err}");
    let line = |at: usize, problem: &str| format!("{0}  {0}.mp4  {problem}", ids[at]);
    assert!(out.contains(&line(0, "changed: it has ")), "{out}");
    assert!(out.contains(&line(1, "missing\n")), "{out}");
    assert!(
        out.contains(&line(2, "unreadable: it is not a file\n")),
        "{out}"
    );
    assert!(
        out.ends_with("1 video intact, 3 missing or changed\n"),
        "{out}"
    );
    assert!(err.contains("pass its task id to fetch it again"), "{err}");

    let (_, out, _) = verify(directory.path(), true);
    let lines: Vec<serde_json::Value> = out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), 5);
    assert_eq!(lines[4]["damaged"], 3);
    assert_eq!(gateway.requests().len(), before, "nothing is queried");

    // As it says.
    fs::remove_file(path(0)).unwrap();
    fs::remove_dir(path(2)).unwrap();
    assert_eq!(run(command(&gateway, directory.path(), &ids)).await.0, 0);
    assert_eq!(verify(directory.path(), false).0, Some(0));
}

#[test]
fn a_directory_without_a_ledger_has_nothing_to_compare() {
    let directory = TempDir::new().unwrap();
    let (code, _, err) = verify(directory.path(), false);
    assert_eq!(code, Some(2));
    assert!(err.contains("has no ledger of an earlier run"), "{err}");
    assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 0);
}
