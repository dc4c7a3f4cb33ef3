//! A ledger that workers share, without a database; `crates/external-tests` has one.

use std::process::Command;

use tempfile::TempDir;

fn refused(arguments: &[&str]) -> String {
    let directory = TempDir::new().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_seedance-query"))
        .env("SEEDANCE_BASE_URL", "http://127.0.0.1:1")
        .env("SEEDANCE_API_KEY", "sk-of-nobody")
        .args(["fetch", "asyntask_1", "--into"])
        .arg(directory.path().join("videos"))
        .args(arguments)
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    let (out, err) = (text(output.stdout), text(output.stderr));
    assert_eq!(output.status.code(), Some(2), "{err}");
    assert!(!format!("{out}{err}").contains("hunter2"), "{out}{err}");
    err
}

#[test]
fn what_is_no_ledger_is_refused_without_its_password() {
    let err = refused(&["--ledger", "mysql://worker:hunter2@127.0.0.1/fleet"]);
    assert!(err.contains("expected a URL of Postgres"), "{err}");
    let err = refused(&["--ledger", "postgres://worker:hunter2@127.0.0.1:1/fleet"]);
    // The tests of a workspace can be built with what one of its packages turns on.
    let is_said = err.contains("--features postgres") || err.contains("cannot be reached");
    assert!(is_said, "{err}");
}

#[test]
fn what_only_workers_have_needs_a_ledger_of_theirs() {
    for option in [
        ["--lease", "5s"],
        ["--hold", "5"],
        ["--fleet-downloads", "5"],
    ] {
        let err = refused(&option);
        assert!(err.contains("--ledger <URL>"), "{err}");
    }
}
