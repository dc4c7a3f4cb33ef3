//! `spec --diff` as a user runs it.

use std::fs;

use seedance_query::OPENAPI;
use serde_json::Value;
use tempfile::TempDir;

use seedance_testing::files::{edited, snapshots};

use crate::cli::run;

/// A directory with the documents `old.yaml` and `new.yaml`.
struct Documents(TempDir);

impl Documents {
    fn new(new: &str) -> Self {
        let directory = tempfile::tempdir().unwrap();
        fs::write(directory.path().join("old.yaml"), OPENAPI).unwrap();
        fs::write(directory.path().join("new.yaml"), new).unwrap();
        Self(directory)
    }

    fn path(&self, name: &str) -> String {
        self.0.path().join(name).display().to_string()
    }

    /// Compares the two, and leaves the name of the directory out of what is said.
    fn diff(&self, more: &[&str]) -> (i32, String, String) {
        let (old, new) = (self.path("old.yaml"), self.path("new.yaml"));
        let arguments = [&["spec", "--diff", &old, &new], more].concat();
        let (code, out, err) = run(&arguments);
        let directory = format!("{}/", self.0.path().display());
        (
            code,
            out.replace(&directory, ""),
            err.replace(&directory, ""),
        )
    }
}

/// An edit of which every part of the output has something to say.
fn rich() -> String {
    edited(&[
        ("minLength: 1", "minLength: 2"),
        (
            "x-extensible-enum: [generate, referenceGenerate, firstTailGenerate, omniGenerate]",
            "enum: [generate, referenceGenerate]",
        ),
        ("x-poll-interval-seconds: 15", "x-poll-interval-seconds: 10"),
        (
            "        output_format:\n          type: string\n",
            "        camera_fixed:\n          type: boolean\n        output_format:\n          type: boolean\n",
        ),
        ("        - $ref: '#/components/schemas/TextError'\n", ""),
        (
            "              examples:\n                textError:\n                  $ref: '#/components/examples/TextError'\n",
            "",
        ),
        (
            "    TextError:\n      summary: Neither envelope, but a proxy's page\n      x-source: observed\n      value: <html><head><title>502 Bad Gateway</title></head></html>\n",
            "",
        ),
        (
            "          description: When the task ended, in Unix seconds; 0 or absent while it has not.\n",
            "          description: When the task ended.\n          x-presence: always\n",
        ),
        (
            "          x-extensible-enum: [720p, 1080p, 2k]\n",
            "          x-extensible-enum: [720p, 1080p]\n",
        ),
    ])
}

#[test]
fn tells_what_breaks_and_what_does_not() {
    let (code, out, err) = Documents::new(&rich()).diff(&[]);
    assert_eq!((code, err.as_str()), (1, ""));
    let out = without_lines(&out);
    snapshots().bind(|| insta::assert_snapshot!("spec-diff", out));
}

/// The text without the numbers of lines, which change with every edit of the document; that they
/// are right is for the JSON output to show.
fn without_lines(text: &str) -> String {
    let mut pieces = text.split("new.yaml:");
    let mut out = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let rest = piece.trim_start_matches(|c: char| c.is_ascii_digit());
        assert_ne!(rest, piece, "a place without a line");
        out.push_str("new.yaml:LINE");
        out.push_str(rest);
    }
    out
}

#[test]
fn json_is_one_object() {
    let (code, out, err) = Documents::new(&rich()).diff(&["--json"]);
    assert_eq!((code, err.as_str(), out.lines().count()), (1, "", 1));
    let outcome: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(
        (&outcome["old"], &outcome["new"], &outcome["breaking"]),
        (&"old.yaml".into(), &"new.yaml".into(), &true.into())
    );
    assert_eq!(outcome["semver"], "major");
    let note = &outcome["notes"][0];
    assert_eq!(note["location"]["pointer"], "/info/version");
    let changes = outcome["changes"].as_array().unwrap();
    let raised = changes
        .iter()
        .find(|change| change["kind"] == "min-length-raised" && change["side"] == "response")
        .unwrap();
    assert_eq!(raised["breaks"], serde_json::json!(["senders"]));
    assert_eq!(raised["semver"], "major");
    let line = 1 + OPENAPI[..OPENAPI.find("minLength").unwrap()]
        .matches('\n')
        .count();
    assert_eq!(raised["impact"], "breaking");
    assert_eq!(raised["pointer"], "/data/task_id");
    assert_eq!(raised["shapes"][0], "pending");
    assert_eq!(raised["old"]["line"], line);
    let captures = &outcome["captures"];
    assert_eq!(captures["rejected"].as_array().unwrap().len(), 3);
    let finding = &captures["departures"][0]["findings"][0];
    assert_eq!(finding["rule"], "undocumented-value");
}

#[test]
fn identical_documents_have_no_changes() {
    let (code, out, err) = Documents::new(OPENAPI).diff(&[]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(
        out.starts_with("nothing changes for clients that read responses\ncaptures: "),
        "{out}"
    );
}

#[test]
fn compatible_changes_alone_are_no_failure() {
    let new = edited(&[("x-poll-interval-seconds: 15", "x-poll-interval-seconds: 10")]);
    let (code, out, _) = Documents::new(&new).diff(&[]);
    assert_eq!(code, 0);
    assert!(out.starts_with("compatible: 1 change\n"), "{out}");
}

/// The captures are those of a directory, and what they hold is not shown.
#[test]
fn a_rejected_capture_is_named_without_its_secrets() {
    let new = edited(&[(
        "        request_id:\n          type: string\n",
        "        request_id:\n          type: string\n          enum: ['20260528202640118000000aBcDeFgH', '20260528203000204000000iJkLmNoP', '20260528203500317000000qRsTuVwX']\n",
    )]);
    let documents = Documents::new(&new);
    let captures = documents.0.path().join("captures");
    fs::create_dir(&captures).unwrap();
    let body =
        fs::read_to_string(seedance_testing::files::root().join("tests/captures/normal-720p.http"))
            .unwrap();
    let id = body.split("\"request_id\": \"").nth(1).unwrap();
    let id = &id[..id.find('"').unwrap()];
    let secret = "https://storage.example/v.mp4?X-Tos-Signature=c0ffee";
    fs::write(captures.join("a.http"), body.replace(id, secret)).unwrap();
    let directory = captures.display().to_string();
    for more in [
        &["--captures", &directory][..],
        &["--captures", &directory, "--json"],
    ] {
        let (code, out, err) = documents.diff(more);
        assert_eq!((code, err.as_str()), (1, ""));
        assert!(
            out.contains("captures/a.http") && out.contains("/data/request_id"),
            "{out}"
        );
        assert!(
            out.contains("https://storage.example/v.mp4?REDACTED") && !out.contains("c0ffee"),
            "{out}"
        );
    }
}

/// What is recorded can be of any kind that `validate` reads.
#[test]
fn a_line_of_recorded_traffic_is_named_too() {
    let new = edited(&[(
        "      required: [task_id, status]\n",
        "      required: [task_id, status, request_id]\n",
    )]);
    let documents = Documents::new(&new);
    let line = |more: &str| {
        format!(
            "{{\"code\":\"success\",\"data\":{{\"task_id\":\"t\",\"status\":\"QUEUED\"{more}}}}}\n"
        )
    };
    let lines = line(",\"request_id\":\"r\"") + &line("");
    fs::write(documents.path("polls.ndjson"), lines).unwrap();
    let (code, out, err) = documents.diff(&["--captures", &documents.path("polls.ndjson")]);
    assert_eq!((code, err.as_str()), (1, ""));
    assert!(
        out.contains(
            "captures: 2 validated, 1 newly rejected by the contract, 0 new departures from the \
             documentation\n  polls.ndjson:2\n    error[missing-field] /data/request_id: "
        ),
        "{out}"
    );
}

#[test]
fn without_captures_it_says_so() {
    let documents = Documents::new(OPENAPI);
    let output = assert_cmd::Command::cargo_bin("seedance-query")
        .unwrap()
        .current_dir(documents.0.path())
        .args(["spec", "--diff", "old.yaml", "new.yaml"])
        .output()
        .unwrap();
    let out = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert!(
        out.contains("no captures were validated: tests/captures does not exist"),
        "{out}"
    );
}

#[test]
fn what_cannot_be_used_is_said_with_its_place() {
    let dangling = OPENAPI.replacen(
        "            - $ref: '#/components/schemas/NormalOutput'",
        "            - $ref: '#/components/schemas/Output'",
        1,
    );
    for (text, message) in [
        ("a: [1\nb: }", "seedance-query: new.yaml:2:2: not YAML: "),
        ("", "seedance-query: new.yaml: the file is empty"),
        (
            "openapi: 2.0.0\n",
            "seedance-query: new.yaml:1:1: OpenAPI 2.0.0 is not supported",
        ),
        (
            &dangling,
            "`#/components/schemas/Output` does not exist (at #/components/schemas/NormalTask/",
        ),
    ] {
        for swapped in [false, true] {
            let documents = Documents::new(text);
            let (old, new) = (documents.path("old.yaml"), documents.path("new.yaml"));
            let pair = if swapped { [new, old] } else { [old, new] };
            let (code, out, err) = run(&["spec", "--diff", &pair[0], &pair[1]]);
            assert_eq!(
                (code, out.as_str(), err.lines().count()),
                (2, "", 1),
                "{err}"
            );
            let err = err.replace(&format!("{}/", documents.0.path().display()), "");
            assert!(err.contains(message), "{err}");
        }
    }
    let documents = Documents::new(OPENAPI);
    let nowhere = documents.path("nowhere.yaml");
    let (code, out, err) = run(&["spec", "--diff", &nowhere, &nowhere]);
    assert_eq!((code, out.as_str()), (2, ""));
    assert_eq!(
        err.matches("nowhere.yaml: No such file").count(),
        2,
        "{err}"
    );
}

#[test]
fn a_capture_that_cannot_be_read_is_said_and_the_rest_is_checked() {
    let documents = Documents::new(OPENAPI);
    let captures = documents.0.path().join("captures");
    fs::create_dir(&captures).unwrap();
    fs::write(captures.join("a.http"), "GET /x HTTP/1.1\n\nno response").unwrap();
    fs::write(captures.join("b.json"), "{}").unwrap();
    let (code, out, err) = documents.diff(&["--captures", &captures.display().to_string()]);
    assert_eq!(code, 2);
    assert!(out.contains("captures: 1 validated, "), "{out}");
    assert!(err.contains("captures/a.http: line 3: "), "{err}");
    let nowhere = documents.path("nowhere");
    let (code, _, err) = documents.diff(&["--captures", &nowhere]);
    assert_eq!(code, 2);
    assert!(err.contains("cannot read nowhere: No such file"), "{err}");
}

#[test]
fn usage_errors_exit_with_2() {
    for arguments in [
        &["spec", "--diff", "a.yaml"][..],
        &["spec", "--diff", "a.yaml", "b.yaml", "--schema", "contract"],
        &["spec", "--captures", "."],
        &["spec", "--json"],
    ] {
        let (code, _, err) = run(arguments);
        assert_eq!(code, 2, "{arguments:?}");
        assert!(err.contains("--help"), "{err}");
    }
}

/// What the generator could not use is compared all the same, with what is ignored.
#[test]
fn a_document_of_openapi_31_is_compared() {
    let vendor = seedance_testing::files::root().join("crates/diff/tests/documents/vendor31.yaml");
    let documents = Documents::new(&fs::read_to_string(vendor).unwrap());
    let (code, out, err) = documents.diff(&[]);
    assert_eq!((code, err.as_str()), (1, ""));
    assert!(
        out.contains("the path parameter `task_id` is now called `id`"),
        "{out}"
    );
    assert!(out.contains("version: a major change\ncaptures: "), "{out}");
}

#[test]
fn an_example_that_does_not_fit_is_a_note() {
    let (code, out, err) =
        Documents::new(&OPENAPI.replacen("seed: 20177", "seed: twenty", 1)).diff(&[]);
    assert_eq!((code, err.as_str()), (0, ""));
    let note = "the example does not match its schema: \"twenty\"";
    assert!(
        out.contains("\nnote: new.yaml:") && out.contains(note),
        "{out}"
    );
}
