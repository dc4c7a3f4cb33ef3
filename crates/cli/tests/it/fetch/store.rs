//! An object store, without one; `crates/external-tests` has a server.

use std::process::Command;

use tempfile::TempDir;

fn refused(into: &str, scratch: bool) -> String {
    let directory = TempDir::new().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_seedance-query"));
    command
        .env("SEEDANCE_BASE_URL", "http://127.0.0.1:1")
        .env("SEEDANCE_API_KEY", "sk-of-nobody")
        .env("AWS_ENDPOINT", "http://127.0.0.1:1")
        .env_remove("AWS_ALLOW_HTTP")
        .env("AWS_ACCESS_KEY_ID", "AKIAOFATEST")
        .env("AWS_SECRET_ACCESS_KEY", "hunter2")
        .args(["fetch", "asyntask_1", "--into", into]);
    if scratch {
        command.arg("--scratch").arg(directory.path());
    }
    let output = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    let (out, err) = (text(output.stdout), text(output.stderr));
    assert_eq!(output.status.code(), Some(2), "{err}");
    assert!(!format!("{out}{err}").contains("hunter2"), "{out}{err}");
    err
}

#[test]
fn a_store_is_refused_where_it_was_not_built_in() {
    let err = refused("s3://bucket/videos", true);
    // The tests of a workspace can be built with what one of its packages turns on.
    let is_said = err.contains("--features object-store") || err.contains("AWS_ALLOW_HTTP=true");
    assert!(is_said, "{err}");
}

#[test]
fn what_is_no_store_is_refused_without_its_secrets() {
    let err = refused("ftp://worker:hunter2@host/videos", true);
    assert!(
        err.contains("expected a URL such as s3://bucket/prefix"),
        "{err}"
    );
    let err = refused("s3://worker:hunter2@bucket/videos", true);
    assert!(err.contains("come from the environment"), "{err}");
    let err = refused("s3://bucket/videos", false);
    assert!(err.contains("needs --scratch DIR"), "{err}");
}
