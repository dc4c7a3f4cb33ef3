//! The hooks that `.pre-commit-hooks.yaml` defines, run by pre-commit.

use std::{
    env,
    process::{Command, Output},
};

use seedance_external_tests::{Repository, seedance_query, started};
use seedance_query::OPENAPI;
use seedance_testing::files::{captured_body, root};
use tempfile::TempDir;

const DOCUMENT: &str = "openapi/gateway.yaml";

/// A hook on all files of a repository.
fn run(hook: &str, repository: &Repository) -> (bool, String) {
    let home = TempDir::new().unwrap();
    // The definition without the checkout around it, which is large.
    let hooks = Repository::with(&[(
        ".pre-commit-hooks.yaml",
        include_str!("../../../../.pre-commit-hooks.yaml"),
    )]);
    let paths = env::var_os("PATH").unwrap_or_default();
    let program = seedance_query().parent().unwrap().to_owned();
    let paths = env::join_paths([program].into_iter().chain(env::split_paths(&paths))).unwrap();
    let mut command = Command::new("pre-commit");
    command
        .args(["try-repo", "--all-files"])
        .args([hooks.path().to_str().unwrap(), hook])
        .env("PRE_COMMIT_HOME", home.path())
        .env("PATH", paths);
    let Output { status, stdout, .. } = repository.run(&mut command);
    (status.success(), String::from_utf8(stdout).unwrap())
}

#[test]
fn the_definition_is_valid() {
    let output = Command::new("pre-commit")
        .args(["validate-manifest", ".pre-commit-hooks.yaml"])
        .current_dir(root())
        .output();
    let output = started(output, "pre-commit", "pip");
    assert!(output.status.success(), "{output:?}");
}

#[test]
fn recordings_are_validated() {
    let body = String::from_utf8(captured_body("pending-queued.http")).unwrap();
    let repository = Repository::with(&[("captures/a.json", &body), ("notes.json", "[1]")]);
    let (is_passed, out) = run("seedance-validate", &repository);
    assert!(is_passed, "{out}");

    let broken = body.replace("\"task_id\"", "\"id_of_task\"");
    repository.commit(&[("captures/b.json", &broken)]);
    let (is_passed, out) = run("seedance-validate", &repository);
    assert!(!is_passed, "{out}");
    assert!(out.contains("captures/b.json"), "{out}");
}

#[test]
fn a_breaking_change_is_refused() {
    let repository = Repository::with(&[(DOCUMENT, OPENAPI)]);
    let (is_passed, out) = run("seedance-spec-diff", &repository);
    assert!(is_passed, "{out}");

    let edited = OPENAPI.replace("original_result_url:", "first_result_url:");
    repository.write(&[(DOCUMENT, &edited)]);
    repository.git(&["add", "--all"]);
    let (is_passed, out) = run("seedance-spec-diff", &repository);
    assert!(!is_passed, "{out}");
    assert!(out.contains("original_result_url"), "{out}");
}
