//! `spec --since`: a document is compared with what it was in a repository.

use std::{
    fs,
    process::{Command, Output},
};

use seedance_external_tests::{Repository, seedance_query};
use seedance_query::OPENAPI;

const DOCUMENT: &str = "openapi/gateway.yaml";

fn since(repository: &Repository, arguments: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(seedance_query());
    command.args(["spec", "--since"]).args(arguments);
    outcome(&repository.run(&mut command))
}

fn outcome(output: &Output) -> (i32, String, String) {
    (
        output.status.code().unwrap(),
        String::from_utf8_lossy(&output.stdout).into_owned(),
        String::from_utf8_lossy(&output.stderr).into_owned(),
    )
}

/// The document without the super-resolution's original URL, which its readers need.
fn breaking() -> String {
    let edited = OPENAPI.replace("original_result_url:", "first_result_url:");
    assert_ne!(edited, OPENAPI);
    edited
}

#[test]
fn an_edit_is_compared_with_the_commit() {
    let repository = Repository::with(&[(DOCUMENT, OPENAPI)]);
    let (code, out, err) = since(&repository, &["HEAD", DOCUMENT]);
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    assert!(out.contains("nothing changes"), "{out}");

    repository.write(&[(DOCUMENT, &breaking())]);
    let (code, out, _) = since(&repository, &["HEAD", DOCUMENT]);
    assert_eq!(code, 1, "{out}");
    assert!(out.contains("original_result_url"), "{out}");
    assert!(out.contains("version: a major change"), "{out}");
    let (code, out, _) = since(&repository, &["HEAD", "--json", DOCUMENT]);
    assert_eq!(code, 1);
    assert!(
        out.contains("\"old\":\"HEAD:openapi/gateway.yaml\""),
        "{out}"
    );

    // The directory of the file decides, not that of the program.
    repository.git(&["commit", "--quiet", "--all", "--message", "edited"]);
    let (code, out, err) = since(&repository, &["HEAD^", DOCUMENT]);
    assert_eq!(code, 1, "{out}{err}");
    let mut elsewhere = Command::new(seedance_query());
    let file = repository.path().join(DOCUMENT);
    elsewhere.args(["spec", "--since", "HEAD^"]).arg(&file);
    assert_eq!(elsewhere.output().unwrap().status.code(), Some(1));
}

#[test]
fn a_new_document_has_nothing_to_be_compared_with() {
    let repository = Repository::with(&[(DOCUMENT, OPENAPI)]);
    // Its name is no pattern that matches the other.
    let new = "openapi/*.yaml";
    repository.write(&[(new, OPENAPI), (DOCUMENT, &breaking())]);
    let (code, _, err) = since(&repository, &["HEAD", new]);
    assert_eq!(code, 0);
    assert_eq!(
        err,
        "openapi/*.yaml does not exist in HEAD: nothing to compare\n"
    );
    // The gravest outcome is that of all.
    let (code, out, err) = since(&repository, &["HEAD", DOCUMENT, new]);
    assert_eq!(code, 1, "{out}{err}");
    assert!(err.contains("openapi/gateway.yaml since HEAD:"), "{err}");
}

#[test]
fn what_cannot_be_compared_is_named() {
    let repository = Repository::with(&[(DOCUMENT, OPENAPI)]);
    for (arguments, message) in [
        (
            &["v9", DOCUMENT][..],
            "v9 is not a commit of this repository; a shallow clone lacks older ones",
        ),
        (&["--output=x", DOCUMENT], "unexpected argument"),
        (&["HEAD", "missing.yaml"], "cannot read missing.yaml: "),
        (&["HEAD", "openapi"], "cannot read "),
        (&["HEAD"], "required arguments were not provided"),
    ] {
        let (code, _, err) = since(&repository, arguments);
        assert_eq!(code, 2, "{arguments:?}: {err}");
        assert!(err.contains(message), "{arguments:?}: {err}");
    }
    assert!(!repository.path().join("x").exists());

    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("a.yaml"), OPENAPI).unwrap();
    let mut command = Command::new(seedance_query());
    command
        .args(["spec", "--since", "HEAD", "a.yaml"])
        .current_dir(outside.path())
        .env("GIT_CEILING_DIRECTORIES", outside.path().parent().unwrap());
    let (code, _, err) = outcome(&command.output().unwrap());
    assert_eq!(code, 2);
    assert!(err.contains("not a git repository"), "{err}");
    let (code, _, err) = outcome(&command.env("PATH", "").output().unwrap());
    assert_eq!(code, 2);
    assert!(err.contains("cannot run git"), "{err}");
}
