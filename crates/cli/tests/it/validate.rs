//! `validate` as a user runs it.

use std::{fs, path::Path};

use assert_cmd::Command;
use serde_json::Value;

use seedance_testing::files::root;

pub fn run_in(directory: &Path, arguments: &[&str]) -> (i32, String, String) {
    let mut command = Command::cargo_bin("seedance-query").unwrap();
    let output = command
        .current_dir(directory)
        .arg("validate")
        .args(arguments)
        .output()
        .unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (
        output.status.code().unwrap(),
        text(&output.stdout),
        text(&output.stderr),
    )
}

fn run(arguments: &[&str]) -> (i32, String, String) {
    run_in(root(), arguments)
}

const LIFE: &str = "tests/timelines/a-life.har";
const DRIFT: &str = "tests/drift/5k-undocumented-row-members.json";

#[test]
fn a_life_is_a_table() {
    let (code, out, err) = run(&["--timeline", LIFE]);
    assert_eq!((code, err.as_str()), (0, ""));
    let lines: Vec<Vec<&str>> = out
        .lines()
        .map(|line| line.split_whitespace().collect())
        .collect();
    assert_eq!(lines[0], ["asyntask_Lf3mQ8vYw2KcR7nZt5XhB1sJd9GpE4uA"]);
    assert_eq!(
        lines[1][..5],
        ["status", "progress", "polls", "since", "for"]
    );
    assert_eq!(
        lines[2],
        [
            "NOT_START",
            "0%",
            "1",
            "2026-06-04T19:28:55Z",
            "15s",
            &format!("{LIFE}#1")
        ]
    );
    assert_eq!(
        lines[4],
        [
            "IN_PROGRESS",
            "90%",
            "3",
            "2026-06-04T19:29:25Z",
            "46s",
            &format!("{LIFE}#3")
        ]
    );
    assert_eq!(lines[5][0], "SUCCESS");
    assert_eq!(
        out.lines().last(),
        Some("6 responses: 6 conform, 0 drift, 0 violate (0 errors, 0 warnings, 0 infos)")
    );
}

#[test]
fn what_comes_up_many_times_in_an_input_is_shown_once() {
    let directory = tempfile::tempdir().unwrap();
    let body = fs::read_to_string(root().join(DRIFT)).unwrap();
    let line = serde_json::from_str::<Value>(&body).unwrap().to_string();
    let lines = format!("{line}\n").repeat(500);
    fs::write(directory.path().join("a.ndjson"), &lines).unwrap();
    let (code, out, _) = run_in(directory.path(), &["a.ndjson"]);
    assert_eq!(code, 0);
    assert_eq!(out.matches("info[undocumented-field]").count(), 9);
    assert!(out.starts_with("in all 500 responses:\n"), "{out}");
    let end: Vec<&str> = out.lines().rev().take(2).collect();
    assert_eq!(
        end,
        [
            "500 responses: 0 conform, 500 drift, 0 violate (0 errors, 0 warnings, 4,500 infos)",
            "500 responses of 500 lines"
        ]
    );
    // With one that has none of them, they are shown where they occur first.
    let capture = root().join("tests/captures/pending-queued.http");
    let other = fs::read_to_string(capture).unwrap();
    let (_, other) = other.rsplit_once("\n\n").unwrap();
    let other = serde_json::from_str::<Value>(other).unwrap();
    fs::write(
        directory.path().join("b.ndjson"),
        format!("{lines}{other}\n"),
    )
    .unwrap();
    let (_, out, _) = run_in(directory.path(), &["b.ndjson"]);
    assert_eq!(out.matches("info[undocumented-field]").count(), 9);
    let end: Vec<&str> = out.lines().rev().take(2).collect();
    assert_eq!(
        end,
        [
            "501 responses: 1 conform, 500 drift, 0 violate (0 errors, 0 warnings, 4,500 infos)",
            "4,491 findings repeated and not shown"
        ]
    );
    let (_, out, _) = run_in(directory.path(), &["--summary=full", "a.ndjson"]);
    assert!(
        out.contains("  cost:\n    type: integer\n    format: int64\n    x-source: observed\n"),
        "{out}"
    );
}

#[test]
fn fails_on_what_it_is_told_to() {
    for (severity, code) in [("never", 0), ("error", 0), ("warning", 0), ("info", 1)] {
        assert_eq!(run(&["--fail-on", severity, DRIFT]).0, code, "{severity}");
    }
    assert_eq!(run(&["--fail-on", "never", "tests/drift"]).0, 0);
    assert_eq!(run(&["tests/drift"]).0, 1);
    let ignored = [
        "--fail-on",
        "info",
        "--ignore",
        "undocumented-field@/data/*",
        DRIFT,
    ];
    let (code, out, _) = run(&ignored);
    assert_eq!(code, 0);
    assert!(out.ends_with("; 9 findings ignored\n"), "{out}");
    let (code, _, err) = run(&["--ignore", "nonsense", DRIFT]);
    assert_eq!(code, 2);
    assert!(err.contains("`nonsense` is not a rule"), "{err}");
}

#[test]
fn a_baseline_is_written_checked_and_gets_stale() {
    let directory = tempfile::tempdir().unwrap();
    let (drift, more) = (
        root().join(DRIFT),
        root().join("tests/drift/9e-undocumented-action.json"),
    );
    let (drift, more) = (drift.to_str().unwrap(), more.to_str().unwrap());
    let (code, _, err) = run_in(directory.path(), &["--baseline", "check", drift]);
    assert_eq!(code, 2);
    assert!(err.contains("create one with `--baseline write`"), "{err}");
    let (code, _, err) = run_in(directory.path(), &["--baseline", "write", drift]);
    assert_eq!(code, 0);
    assert!(
        err.ends_with("seedance-baseline.toml has 9 distinct findings\n"),
        "{err}"
    );
    let check = ["--baseline", "check", "--fail-on", "info"];
    assert_eq!(
        run_in(directory.path(), &[&check[..], &[drift]].concat()).0,
        0
    );
    let (code, out, _) = run_in(directory.path(), &[&check[..], &[drift, more]].concat());
    assert_eq!(code, 1);
    assert!(
        out.contains("warning[undocumented-value]") && !out.contains("info[undocumented-field]"),
        "{out}"
    );
    let (_, _, err) = run_in(directory.path(), &[&check[..], &[more]].concat());
    assert_eq!(
        err.matches("stale baseline entry: undocumented-field@/data/")
            .count(),
        9,
        "{err}"
    );
}

#[test]
fn a_project_can_set_all_that() {
    let directory = tempfile::tempdir().unwrap();
    let write = |text: &str| fs::write(directory.path().join("seedance-query.toml"), text).unwrap();
    let drift = root().join(DRIFT);
    let run = || run_in(directory.path(), &[drift.to_str().unwrap()]);
    assert_eq!(run().0, 0);
    write("fail-on = \"info\"\n");
    let (code, _, err) = run();
    assert_eq!(code, 1);
    assert!(
        err.contains("using the configuration seedance-query.toml found here"),
        "{err}"
    );
    write("fail-on = \"info\"\nignore = [\"undocumented-field\"]\n");
    assert_eq!(run().0, 0);
    write("baseline = \"known.toml\"\n");
    assert_eq!(run().0, 2);
    let (code, _, err) = run_in(
        directory.path(),
        &["--baseline", "write", drift.to_str().unwrap()],
    );
    assert_eq!(code, 0, "{err}");
    assert!(directory.path().join("known.toml").exists());
    write("baseline = \"known.toml\"\nfail-on = \"info\"\n");
    assert_eq!(run().0, 0);
    for (text, message) in [
        ("fail-on = \"infos\"\n", "unknown variant `infos`"),
        ("failon = 1\n", "unknown field `failon`"),
        (
            "ignore = [\"x\"]\n",
            "`ignore` in the configuration: `x` is not a rule",
        ),
    ] {
        write(text);
        let (code, out, err) = run();
        assert_eq!((code, out.as_str()), (2, ""));
        assert!(err.contains(message), "{err}");
    }
}

#[test]
fn quiet_leaves_the_exit_status_and_errors_of_usage() {
    for format in ["text", "json", "junit", "sarif", "github", "html"] {
        let (code, out, _) = run(&["-q", "--format", format, "tests/drift"]);
        assert_eq!((code, out.as_str()), (1, ""), "{format}");
    }
    assert_eq!(run(&["-q", DRIFT]), (0, String::new(), String::new()));
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("report.json");
    let file = file.to_str().unwrap();
    assert_eq!(
        run(&["-q", "--format", "json", "-o", file, DRIFT]),
        (0, String::new(), String::new())
    );
    assert!(fs::read_to_string(file).unwrap().contains("\"verdict\""));
    let (code, out, err) = run(&["-q", "no/such/file"]);
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(err.contains("no/such/file"), "{err}");
}

#[test]
fn every_format_can_be_chosen_and_written_to_a_file() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("report");
    for (format, holds) in [
        ("human", "info[undocumented-field]"),
        ("json", "\"verdict\":\"drifts\""),
        ("junit", "<testsuites"),
        ("sarif", "\"2.1.0\""),
        ("github", "::notice file="),
        ("html", "<!doctype html>"),
    ] {
        let (code, out, _) = run(&["--format", format, DRIFT]);
        assert_eq!(code, 0);
        assert!(out.to_lowercase().contains(holds), "{format}: {out}");
        let (code, line, _) = run(&[
            "--format",
            format,
            "--output",
            file.to_str().unwrap(),
            DRIFT,
        ]);
        assert_eq!(code, 0);
        assert_eq!(
            line,
            "1 response: 0 conform, 1 drift, 0 violate (0 errors, 0 warnings, 9 infos)\n"
        );
        let written = fs::read_to_string(&file).unwrap();
        assert!(written.to_lowercase().contains(holds), "{format}");
    }
    let (code, _, err) = run(&["--output", "no/such/place", DRIFT]);
    assert_eq!(code, 2);
    assert!(err.contains("cannot write no/such/place: "), "{err}");
}

#[test]
fn a_summary_is_short_unless_all_is_asked_for() {
    let (_, short, _) = run(&["--summary", "tests/drift", "tests/captures"]);
    let (_, full, _) = run(&["--summary=full", "tests/drift", "tests/captures"]);
    let of_summary = |out: &str| {
        let (_, summary) = out.rsplit_once(" inputs\n").unwrap();
        summary.to_owned()
    };
    let (short, full) = (of_summary(&short), of_summary(&full));
    assert!(
        short.lines().count() < 60 && full.lines().count() > 300,
        "{short}"
    );
    let json = run(&[
        "--summary",
        "--format",
        "json",
        "tests/drift",
        "tests/captures",
    ])
    .1;
    let summary: Value = serde_json::from_str(json.lines().last().unwrap()).unwrap();
    let summary = &summary["summary"];
    let distinct = summary["drifts"].as_array().unwrap();
    let more = format!(
        "and {} distinct findings more; --summary=full lists all",
        distinct.len() - 20
    );
    assert!(short.contains(&more), "{more}: {short}");
    assert!(!short.contains("x-source: observed") && full.contains("x-source: observed"));
    assert!(!full.contains("lists all"), "{full}");
    // What was found, by weight: severities first, then counts.
    let weights: Vec<(u8, u64)> = summary["rules"]
        .as_array()
        .unwrap()
        .iter()
        .map(|rule| {
            let severity = match rule["severity"].as_str().unwrap() {
                "error" => 3,
                "warning" => 2,
                _ => 1,
            };
            (severity, rule["count"].as_u64().unwrap())
        })
        .collect();
    assert!(
        weights.len() > 30 && weights.is_sorted_by(|a, b| a >= b),
        "{weights:?}"
    );
    let share = |name: &str| {
        let share = &summary["coverage"][name];
        format!("{} of {}", share["seen"], share["of"])
    };
    let coverage = format!(
        "coverage: {} fields, {} values and {} shapes occurred; {} rules found something\n",
        share("fields"),
        share("values"),
        share("shapes"),
        share("rules"),
    );
    assert!(
        short.contains(&coverage) && full.contains(&coverage),
        "{coverage}: {short}"
    );
    // Where there is no terminal, tables have a fixed width.
    let table: Vec<&str> = short
        .lines()
        .skip_while(|line| !line.starts_with(" severity"))
        .collect();
    let widest = table.iter().map(|line| line.chars().count()).max();
    assert!(widest <= Some(120), "{short}");

    let (_, small, _) = run(&["--summary", DRIFT]);
    assert!(
        of_summary(&small.replace("1 input\n", "1 inputs\n"))
            .lines()
            .count()
            < 25,
        "{small}"
    );
    assert_eq!(run(&["--summary=long", DRIFT]).0, 2);
}
