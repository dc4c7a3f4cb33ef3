//! `--record` from the command line.

use std::{
    collections::BTreeSet,
    fs,
    path::Path,
    process::{Command, Stdio},
};

use seedance_mock::{Fault, Gateway, Scenario, task_id};
use seedance_query::capture::Capture;
use serde_json::Value;
use tempfile::TempDir;

fn names(directory: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(directory).unwrap();
    let name = |entry: fs::DirEntry| entry.file_name().into_string().unwrap();
    entries.map(|entry| name(entry.unwrap())).collect()
}

async fn run(mut command: Command) -> (i32, String) {
    let output = tokio::task::spawn_blocking(move || command.output().unwrap());
    let output = output.await.unwrap();
    let err = String::from_utf8_lossy(&output.stderr).into_owned();
    let out = String::from_utf8_lossy(&output.stdout).into_owned();
    (output.status.code().unwrap(), out + &err)
}

fn command(gateway: &Gateway, program: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(program);
    command
        .env("SEEDANCE_BASE_URL", gateway.base_url())
        .env("SEEDANCE_API_KEY", gateway.api_key())
        .args(arguments)
        .stdin(Stdio::null());
    command
}

const PROGRAM: &str = env!("CARGO_BIN_EXE_seedance-query");

#[tokio::test(flavor = "multi_thread")]
async fn each_poll_is_a_file() {
    let gateway = Gateway::builder().speed(200.0).start().await.unwrap();
    let directory = TempDir::new().unwrap();
    let into = directory.path().join("captures").display().to_string();
    let id = task_id(Scenario::from(Fault::ExtraMembers), 1);
    let wait = [
        "wait",
        id.as_str(),
        "--interval",
        "0.2s",
        "--record",
        &into,
        "--redact-ids",
    ];
    let (code, said) = run(command(&gateway, PROGRAM, &wait)).await;
    assert_eq!(code, 0, "{said}");
    let get = ["get", id.as_str(), "--record", &into];
    assert_eq!(run(command(&gateway, PROGRAM, &get)).await.0, 0);
    let names = names(into.as_ref());
    assert_eq!(names.len(), gateway.requests().len());
    assert!(
        names.first().unwrap().ends_with("-0001-pending.http"),
        "{names:?}"
    );
    assert!(names.last().unwrap().ends_with("-normal.http"), "{names:?}");
    for name in &names {
        let text = fs::read_to_string(Path::new(&into).join(name)).unwrap();
        assert!(!text.contains(gateway.api_key()), "{text}");
        assert!(!text.contains("Signature=") || text.contains("Signature=REDACTED"));
        let capture = Capture::parse(text.as_bytes()).unwrap();
        let body: Value = serde_json::from_slice(&capture.body).unwrap();
        let is_redacted = body["data"]["user_id"] == 0;
        // The last one is that of `get`, which was not told to.
        assert_eq!(is_redacted, Some(name) != names.last(), "{name}");
    }
    let (code, said) = run(command(&gateway, PROGRAM, &["validate", &into])).await;
    assert_eq!(code, 0, "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_directory_that_cannot_be_used_is_told() {
    let gateway = Gateway::builder().speed(200.0).start().await.unwrap();
    let file = tempfile::NamedTempFile::new().unwrap();
    let path = file.path().display().to_string();
    let get = ["get", "normal", "--record", &path];
    let (code, said) = run(command(&gateway, PROGRAM, &get)).await;
    assert!(code == 2 && said.contains("cannot record in "), "{said}");
    assert!(gateway.requests().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn unredacted_asks_first() {
    let gateway = Gateway::builder().speed(0.0).start().await.unwrap();
    let id = task_id(Scenario::Normal, 1);
    let directory = TempDir::new().unwrap();
    let into = directory.path().display().to_string();
    let get = ["get", id.as_str(), "--record", &into, "--unredacted"];
    let (code, said) = run(command(&gateway, PROGRAM, &get)).await;
    assert!(code == 2 && said.contains("needs a terminal"), "{said}");
    assert!(gateway.requests().is_empty() && names(directory.path()).is_empty());

    #[cfg(target_os = "linux")]
    {
        use std::io::Write;
        // Born, and then at its end, so that there is a URL.
        let first = ["get", id.as_str()];
        assert_eq!(
            run(command(&gateway, PROGRAM, &first)).await.0,
            3,
            "it is pending"
        );
        gateway.advance(std::time::Duration::from_mins(5));
        for (answer, code, count) in [("no\n", 2, 0), ("yes\n", 0, 1)] {
            let line = format!("{PROGRAM} get {id} --record {into} --unredacted");
            // It is a terminal for what it runs.
            let mut script = command(&gateway, "script", &["-qec", &line, "/dev/null"]);
            script.stdin(Stdio::piped()).stdout(Stdio::piped());
            let mut child = script.spawn().unwrap();
            let mut input = child.stdin.take().unwrap();
            input.write_all(answer.as_bytes()).unwrap();
            let output = tokio::task::spawn_blocking(move || child.wait_with_output());
            let output = output.await.unwrap().unwrap();
            drop(input);
            let said = String::from_utf8_lossy(&output.stdout);
            assert_eq!(output.status.code(), Some(code), "{said}");
            assert!(said.contains("Type yes to continue"), "{said}");
            assert_eq!(names(directory.path()).len(), count);
        }
        let name = names(directory.path()).pop_first().unwrap();
        let text = fs::read_to_string(directory.path().join(name)).unwrap();
        assert!(
            text.contains("X-Tos-Signature=") && !text.contains("=REDACTED"),
            "{text}"
        );
        assert!(!text.contains(gateway.api_key()), "{text}");
    }
}
