//! The command line as a user runs it.

use std::{fs, process::Output};

use assert_cmd::Command;
use seedance_query::Verdict;
use serde_json::Value;

use seedance_testing::{
    files::{read, read_all, root},
    http_server::Server,
    replies::{ok, response},
};

fn command() -> Command {
    let mut command = Command::cargo_bin("seedance-query").unwrap();
    command.current_dir(root());
    command
        .env_remove("SEEDANCE_BASE_URL")
        .env_remove("SEEDANCE_API_KEY");
    command
}

pub fn run(arguments: &[&str]) -> (i32, String, String) {
    texts(&command().args(arguments).output().unwrap())
}

fn texts(output: &Output) -> (i32, String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (
        output.status.code().unwrap(),
        text(&output.stdout),
        text(&output.stderr),
    )
}

#[test]
fn validates_the_captures() {
    let (code, out, err) = run(&["validate", "tests/captures"]);
    assert_eq!((code, err.as_str()), (0, ""));
    let reports = read_all("tests/captures");
    let count = |verdict| {
        reports
            .iter()
            .filter(|body| body.report.verdict() == verdict)
            .count()
    };
    let expected = format!(
        "{} responses: {} conform, {} drift, 0 violate (0 errors, ",
        reports.len(),
        count(Verdict::Conforms),
        count(Verdict::Drifts)
    );
    assert!(out.lines().last().unwrap().starts_with(&expected), "{out}");
    assert!(
        !out.contains('\x1b'),
        "no colours where there is no terminal"
    );
    let (code, ..) = run(&["validate", "--fail-on", "warning", "tests/captures"]);
    assert_eq!(code, 1);
    let (code, ..) = run(&[
        "validate",
        "--fail-on",
        "warning",
        "tests/captures/normal-720p.http",
    ]);
    assert_eq!(code, 0);
}

#[test]
fn underlines_the_place() {
    let (code, out, _) = run(&["validate", "tests/drift/9p-numeric-progress.json"]);
    assert_eq!(code, 1);
    let expected = "\
violates  tests/drift/9p-numeric-progress.json (pending)
error[wrong-type]: expected a string, found a number
  --> tests/drift/9p-numeric-progress.json:12:17
   |
12 |     \"progress\": 50,
   |                 ^^
   |
   = note: at /data/progress, expected string
   = note: see #/components/schemas/TaskCommon/properties/progress in the spec

1 response: 0 conform, 0 drift, 1 violate (1 error, 0 warnings, 0 infos)
";
    assert_eq!(out, expected);
}

#[test]
fn colours_only_where_they_are_wanted() {
    let coloured = |name: &str, value: &str| {
        let output = command()
            .env(name, value)
            .args(["validate", "tests/captures"])
            .output();
        texts(&output.unwrap()).1.contains('\x1b')
    };
    assert!(coloured("CLICOLOR_FORCE", "1"));
    assert!(!coloured("NO_COLOR", "1"));
}

#[test]
fn json_is_one_object_a_line_in_input_order() {
    let (code, out, _) = run(&[
        "validate",
        "--format",
        "json",
        "tests/drift/9p-numeric-progress.json",
        "tests/captures/normal-720p.http",
        "tests/drift/9r-truncated.json",
    ]);
    assert_eq!(code, 1);
    let lines: Vec<Value> = out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), 3);
    assert_eq!(lines[0]["source"], "tests/drift/9p-numeric-progress.json");
    assert_eq!(lines[1]["verdict"], "conforms");
    assert_eq!(lines[1]["findings"], Value::Array(vec![]));
    assert_eq!(lines[2]["shape"], Value::Null);
    let finding = serde_json::json!({
        "rule": "wrong-type", "severity": "error", "pointer": "/data/progress",
        "message": "expected a string, found a number",
        "related": null, "expected": "string", "found": "50", "earlier": null,
        "spec": "/components/schemas/TaskCommon/properties/progress",
    });
    assert_eq!(lines[0]["findings"][0], finding);
    let keys: Vec<&str> = out
        .lines()
        .next()
        .unwrap()
        .split("\":")
        .map(|part| part.rsplit('"').next().unwrap())
        .collect();
    assert_eq!(
        keys[..8],
        [
            "source",
            "task_id",
            "status",
            "http_status",
            "time",
            "shape",
            "verdict",
            "findings"
        ]
    );
}

#[test]
fn reads_standard_input() {
    let body = read(&root().join("tests/captures/normal-720p.http")).bytes;
    let output = command()
        .args(["validate", "-"])
        .write_stdin(body)
        .output()
        .unwrap();
    let (code, out, _) = texts(&output);
    assert_eq!(code, 0);
    assert!(
        out.starts_with("conforms  standard input (normal)\n"),
        "{out}"
    );
}

#[test]
fn what_cannot_be_read_is_said_and_the_rest_is_checked() {
    let directory = tempfile::tempdir().unwrap();
    let path = |name: &str| directory.path().join(name).display().to_string();
    fs::write(path("broken.http"), "GET /x HTTP/1.1\n\nno response").unwrap();
    fs::create_dir(path("empty")).unwrap();
    let (code, out, err) = run(&[
        "validate",
        &path("nowhere"),
        &path("broken.http"),
        &path("empty"),
        "tests/captures/normal-720p.http",
    ]);
    assert_eq!(code, 2);
    assert!(out.contains("1 response: 1 conform"), "{out}");
    let lines: Vec<&str> = err.lines().collect();
    assert_eq!(lines.len(), 3, "{err}");
    assert!(
        lines[0].contains("cannot read") && lines[0].contains("No such file"),
        "{err}"
    );
    assert!(lines[1].contains("broken.http: line 3: "), "{err}");
    assert!(
        lines[2].contains("no file with the extension .http, .json"),
        "{err}"
    );
}

#[test]
fn standard_input_is_read_once() {
    let output = command()
        .args(["validate", "-", "-"])
        .write_stdin("{}")
        .output()
        .unwrap();
    let (code, out, err) = texts(&output);
    assert_eq!(code, 2);
    assert!(out.contains("1 response:"), "{out}");
    assert_eq!(
        err,
        "seedance-query: cannot read standard input: standard input was already read\n"
    );
}

/// Whoever reads only the beginning still learns from the exit status how it ended.
#[test]
fn a_closed_pipe_does_not_hide_a_violation() {
    for format in ["text", "json", "junit", "sarif", "github", "html"] {
        let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_seedance-query"))
            .current_dir(root())
            .args(["validate", "tests/captures", "tests/drift"])
            .args(["--format", format])
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        let (code, _, err) = texts(&output);
        assert_eq!((code, err.as_str()), (1, ""), "{format}");
    }
}

#[test]
fn no_input_is_overwritten() {
    let directory = tempfile::TempDir::new().unwrap();
    let input = directory.path().join("a.http");
    let bytes = std::fs::read(root().join("tests/captures/normal-720p.http")).unwrap();
    std::fs::write(&input, &bytes).unwrap();
    let input = input.to_str().unwrap();
    let dotted = format!("{}/./a.http", directory.path().display());
    for option in ["-o", "--summary-out"] {
        let (code, _, err) = run(&["validate", input, option, &dotted]);
        let said = format!("{dotted} is an input, and would be overwritten");
        assert!(code == 2 && err.contains(&said), "{option}: {err}");
        assert_eq!(std::fs::read(input).unwrap(), bytes, "{option}");
    }
    // Another one may be written, and written again.
    let report = directory.path().join("report.txt");
    let report = report.to_str().unwrap();
    for _ in 0..2 {
        assert_eq!(run(&["validate", input, "-o", report]).0, 0);
    }
}

#[test]
fn help_shows_no_value_of_the_environment() {
    let output = command()
        .env("SEEDANCE_BASE_URL", "https://u:secretpw@h")
        .args(["get", "--help"])
        .output();
    let (_, out, _) = texts(&output.unwrap());
    assert!(
        out.contains("SEEDANCE_BASE_URL") && !out.contains("secretpw"),
        "{out}"
    );
}

#[test]
fn the_help_lists_every_exit_status() {
    let (_, out, _) = run(&["--help"]);
    let list = &out[out.find("Exit status:").unwrap()..];
    for code in 0..8 {
        assert!(list.contains(&format!("\n  {code}  ")), "{code}: {list}");
    }
}

#[test]
fn usage_errors_exit_with_2() {
    for arguments in [
        &["validate"][..],
        &["validate", "--format", "xml", "."],
        &["nonsense"],
        &[],
    ] {
        let (code, _, err) = run(arguments);
        assert_eq!(code, 2, "{arguments:?}");
        assert!(err.contains("--help"), "{err}");
    }
}

#[test]
fn no_signature_leaves_the_validator() {
    let body = fs::read_to_string(root().join("tests/drift/9l-normal-url-mismatch.json")).unwrap();
    let body = body.replace("Signature=REDACTED", "Signature=c0ffee");
    assert!(body.contains("c0ffee"));
    for format in ["text", "json"] {
        let mut command = command();
        let output = command
            .args(["validate", "--format", format, "-"])
            .write_stdin(body.clone())
            .output();
        let (_, out, err) = texts(&output.unwrap());
        assert!(
            out.contains("url-mismatch") && !out.contains("c0ffee") && !err.contains("c0ffee"),
            "{out}"
        );
    }
}

#[test]
fn prints_the_spec_and_its_schemas() {
    let (code, out, _) = run(&["spec"]);
    assert_eq!((code, out.as_str()), (0, seedance_query::OPENAPI));
    for reading in ["contract", "documentation", "report"] {
        let (code, out, _) = run(&["spec", "--schema", reading]);
        assert_eq!(code, 0);
        let schema: Value = serde_json::from_str(&out).unwrap();
        assert!(schema["title"].as_str().unwrap().contains(reading));
        jsonschema::meta::validate(&schema).unwrap();
    }
}

#[test]
fn helps_with_examples_and_completions() {
    for arguments in [&["--help"][..], &["validate", "--help"], &["get", "--help"]] {
        let (code, out, _) = run(arguments);
        assert_eq!(code, 0);
        assert!(out.contains("Example"), "{out}");
    }
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let (code, out, _) = run(&["completions", shell]);
        assert_eq!(code, 0);
        assert!(out.contains("seedance-query"), "{shell}");
    }
}

async fn get(server: &Server, arguments: &'static [&'static str]) -> (i32, String, String) {
    let url = server.url.clone();
    let run = move || {
        let mut command = command();
        command
            .env("SEEDANCE_BASE_URL", url)
            .env("SEEDANCE_API_KEY", "sk-test-0123456789");
        texts(&command.arg("get").args(arguments).output().unwrap())
    };
    tokio::task::spawn_blocking(run).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn gets_a_task() {
    const ID: &str = "asyntask_2aWWumVwpUieLAcXZpuOELgpN812kZvp";
    let body = read(&root().join("tests/captures/normal-720p.http")).bytes;
    let server = Server::always(ok(&body)).await;
    let (code, out, err) = get(&server, &[ID]).await;
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(
        out.contains("shape     normal\n") && out.contains("billed    108900 tokens\n"),
        "{out}"
    );
    assert!(!out.contains("X-Tos-Signature"), "{out}");
    let (_, out, _) = get(&server, &["--json", ID]).await;
    assert_eq!(out.as_bytes(), body);
    assert!(server.requests()[0].contains("authorization: Bearer sk-test-0123456789"));
}

#[tokio::test(flavor = "multi_thread")]
async fn says_why_there_is_no_task() {
    let body = br#"{"code":"task_not_exist","message":"task_not_exist","data":null}"#;
    let server = Server::always(response("400 Bad Request", "", body)).await;
    let (code, out, err) = get(&server, &["asyntask_1"]).await;
    assert_eq!((code, out.as_str()), (6, ""));
    assert_eq!(
        err,
        "seedance-query: HTTP 400: task_not_exist\n\
         seedance-query: a task can be unknown for a few seconds after it was submitted\n"
    );
    let (code, _, err) = run(&["get", "asyntask_1"]);
    assert_eq!(code, 2);
    assert!(
        err.starts_with("seedance-query: there is no base URL: "),
        "{err}"
    );
    let (code, _, err) = run(&["get", ""]);
    assert_eq!(
        (code, err.as_str()),
        (
            2,
            "seedance-query: the task id is empty; give the id that the submit call returned\n"
        )
    );
}
