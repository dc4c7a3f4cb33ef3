//! What the README promises outside of its tables.

use std::{
    fs,
    process::{Command, Stdio},
    time::Duration,
};

use seedance_mock::{Fault, Gateway, Origin, Scenario, task_id};
use seedance_query::{Client, Severity, Verdict, redact};
use seedance_testing::{
    files::{captured_body, captures, read_all},
    http_server::Server,
    raw_client::RawClient,
    replies::response,
};
use serde_json::Value;
use tempfile::TempDir;

use crate::{
    cli,
    commands::{command, gateway, run},
    proxy,
    running::Running,
};

/// > What it finds**: every departure from the documentation, with its place and its meaning.
#[test]
fn every_departure_has_its_place_and_its_meaning() {
    let mut findings = 0;
    for body in read_all("tests/drift") {
        for finding in body.report.findings() {
            assert!(finding.pointer.is_empty() || finding.pointer.starts_with('/'));
            assert!(finding.message.len() > 10, "{finding}");
            findings += 1;
        }
    }
    assert!(findings > 100, "{findings}");
}

/// > The first command needs no key and no network
#[tokio::test(flavor = "multi_thread")]
async fn the_demo_needs_no_key_and_no_network() {
    let mut demo = Command::new(env!("CARGO_BIN_EXE_seedance-query"));
    // Whoever asked somebody else would do so through this.
    let nowhere = "http://127.0.0.1:9";
    demo.env_clear()
        .env("HTTPS_PROXY", nowhere)
        .env("HTTP_PROXY", nowhere);
    demo.arg("demo").stdin(Stdio::null());
    let (code, out, err) = run(demo).await;
    assert_eq!(code, 0, "{out}{err}");
}

/// > So `until seedance-query fetch --into videos --from ids.txt; do sleep 60; done` ends when every task has.
#[tokio::test(flavor = "multi_thread")]
async fn a_loop_over_fetch_ends_when_every_task_has() {
    let gateway = gateway().await;
    let directory = TempDir::new().unwrap();
    let into = directory.path().join("videos");
    let list = directory.path().join("ids.txt");
    let scenarios = [
        Scenario::Normal,
        Scenario::Failure,
        Scenario::SuperResolution,
        Fault::NotAVideo.into(),
    ];
    let ids: Vec<String> = scenarios
        .iter()
        .map(|scenario| task_id(*scenario, 1).to_string())
        .collect();
    fs::write(&list, ids.join("\n")).unwrap();
    let arguments = [
        "fetch",
        "--interval",
        "0.1s",
        "--into",
        into.to_str().unwrap(),
        "--from",
        list.to_str().unwrap(),
    ];
    let mut rounds = 0;
    while run(command(&gateway, &arguments)).await.0 != 0 {
        rounds += 1;
        assert!(rounds < 10, "it does not end");
    }
    assert!(rounds > 0, "the first run says that a task failed");
}

/// > Each has `--json` or `--format json`, and `--help` with examples.
#[test]
fn each_command_has_json_and_examples() {
    let (_, help, _) = cli::run(&["--help"]);
    let (_, listed) = help.split_once("Commands:\n").unwrap();
    let lines = listed.lines().take_while(|line| line.starts_with("  "));
    let mut names: Vec<&str> = lines
        .filter(|line| !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    names.retain(|name| !["completions", "help"].contains(name));
    assert_eq!(names.len(), 14, "{listed}");
    for name in names {
        let (_, help, _) = cli::run(&[name, "--help"]);
        assert!(
            help.contains("--json") || help.contains("json"),
            "{name}: {help}"
        );
        assert!(help.contains("Example"), "{name}: {help}");
    }
}

/// > `--record DIR` keeps every response as a capture, without keys and signatures.
#[tokio::test(flavor = "multi_thread")]
async fn record_keeps_every_response_without_keys_and_signatures() {
    let gateway = gateway().await;
    let directory = TempDir::new().unwrap();
    let into = directory.path().to_str().unwrap();
    let id = task_id(Scenario::Normal, 1);
    let wait = ["wait", "--interval", "0.1s", "--record", into, id.as_str()];
    assert_eq!(run(command(&gateway, &wait)).await.0, 0);
    let kept = captures(directory.path());
    assert_eq!(kept.len(), gateway.requests().len());
    for (path, capture) in kept {
        let text = fs::read_to_string(&path).unwrap();
        assert!(!text.contains(gateway.api_key()), "{text}");
        assert_eq!(capture.redacted(&[gateway.api_key()]), capture);
        assert!(
            !text.contains("Signature=") || text.contains("Signature=REDACTED"),
            "{text}"
        );
    }
}

/// > `mock --list` names more than seventy faults, and the id of a task selects one.
#[tokio::test(flavor = "multi_thread")]
async fn mock_names_more_than_seventy_faults_and_an_id_selects_one() {
    let (_, out, _) = cli::run(&["mock", "--list"]);
    let faults = Fault::ALL.iter().filter(|fault| {
        let name = Scenario::Fault(**fault).name();
        out.contains(name)
    });
    assert!(faults.count() > 70, "{out}");
    let gateway = Gateway::builder().speed(0.0).start().await.unwrap();
    let id = task_id(Fault::Unauthorized, 1);
    let (code, ..) = run(command(&gateway, &["get", id.as_str()])).await;
    assert_eq!(code, 6);
}

/// > A build with `--features parquet` reads Parquet and Arrow files, too; any other names a command that turns them into lines.
#[test]
fn tables_are_read_or_refused_with_a_command() {
    for (name, command) in [
        ("utf8.none.parquet", "duckdb -c"),
        ("v2.feather", "python -c"),
    ] {
        let path = format!("crates/traffic/tests/recordings/tables/{name}");
        let (code, out, err) = cli::run(&["validate", &path]);
        let said = format!("{out}{err}");
        if cfg!(feature = "parquet") {
            assert_eq!(code, 1, "{said}");
            assert!(
                said.contains("7 responses in column body of 8 rows"),
                "{said}"
            );
        } else {
            assert_eq!(code, 2, "{said}");
            assert!(
                said.contains("--features parquet") && said.contains(command),
                "{said}"
            );
        }
    }
}

/// > Unreadable items are reported with their location and skipped.
#[test]
fn unreadable_items_are_reported_with_their_location_and_skipped() {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("polls.ndjson");
    let body: Value = serde_json::from_slice(&captured_body("normal-720p.http")).unwrap();
    fs::write(&path, format!("{body}\n{{\"code\":\n{body}\n")).unwrap();
    let (code, out, err) = cli::run(&["validate", path.to_str().unwrap()]);
    let said = format!("{out}{err}");
    assert!(said.contains("polls.ndjson:2"), "{said}");
    assert!(said.contains("2 conform"), "{said}");
    assert_ne!(code, 0);
}

/// > Stale baseline entries are reported.
#[test]
fn stale_baseline_entries_are_reported() {
    let directory = TempDir::new().unwrap();
    let baseline = directory.path().join("baseline.toml");
    let run = |action: &str, file: &str| {
        let at = ["validate", "--baseline-file", baseline.to_str().unwrap()];
        cli::run(&[&at[..], &["--baseline", action, file]].concat())
    };
    run("write", "tests/drift/9p-numeric-progress.json");
    let (_, out, err) = run("check", "tests/captures/normal-720p.http");
    let said = format!("{out}{err}");
    assert!(
        said.contains("stale") && said.contains("wrong-type"),
        "{said}"
    );
}

/// > The HTML report is one file that needs no network and no script.
#[test]
fn the_html_report_needs_no_network_and_no_script() {
    let (_, page, _) = cli::run(&["validate", "--format", "html", "tests/drift"]);
    assert!(page.starts_with("<!DOCTYPE html>") || page.starts_with("<!doctype html>"));
    for tag in [
        "<script", "<link", "<img", "<iframe", "@import", "url(", "src=",
    ] {
        assert!(!page.contains(tag), "{tag}");
    }
}

/// > `/_report` shows the findings (HTML or JSON), `/_metrics` counts them for Prometheus.
/// > The proxy listens on loopback unless told otherwise, has one upstream, and stores no key.
#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn the_proxy_shows_its_findings_on_loopback_and_stores_no_key() {
    let upstream = Server::always(response("200 OK", "", b"[]")).await;
    let directory = TempDir::new().unwrap();
    let record = ["--record", directory.path().to_str().unwrap()];
    let running = Running::start(proxy::command(&upstream.url, &record));
    assert!(running.address.ip().is_loopback());
    proxy::ask(&running, 1).await;
    let page = async |path: &str| {
        let mut client = RawClient::connect(running.address).await;
        client.get(path).await;
        String::from_utf8_lossy(&client.response().await.1).into_owned()
    };
    let is_shown = async |path: &str, word: &str| {
        for _ in 0..500 {
            let text = page(path).await;
            if text.contains(word) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("{path} does not show {word}: {}", page(path).await);
    };
    is_shown("/_report", "no-envelope").await;
    is_shown("/_report.json", "\"no-envelope\"").await;
    is_shown("/_metrics", "no-envelope").await;
    running.stop().await;
    for (path, _) in captures(directory.path()) {
        let text = fs::read_to_string(path).unwrap();
        assert!(!text.contains(seedance_testing::raw_client::KEY), "{text}");
    }
}

/// > The key is sent to the gateway and nowhere else, also across redirects.
#[tokio::test(flavor = "multi_thread")]
async fn the_key_is_sent_to_the_gateway_and_nowhere_else() {
    for fault in [
        Fault::Redirect,
        Fault::GatewayUrlRedirect,
        Fault::GatewayUrl,
    ] {
        let gateway = gateway().await;
        let directory = TempDir::new().unwrap();
        let into = directory.path().to_str().unwrap();
        let id = task_id(fault, 1);
        let download = [
            "download",
            "--interval",
            "0.1s",
            "--into",
            into,
            id.as_str(),
        ];
        assert_eq!(run(command(&gateway, &download)).await.0, 0);
        for request in gateway.requests() {
            let is_own = request.origin == Origin::Gateway;
            assert_eq!(request.has_authorization, is_own, "{fault:?} {request:#?}");
        }
    }
}

/// > `query` does not retry, and only [`submit`](Client::submit) and the command of that name ever submit a task.
#[tokio::test(flavor = "multi_thread")]
async fn query_does_not_retry_and_only_submit_submits_a_task() {
    let server = Server::always(response("500 Internal Server Error", "", b"{}")).await;
    let client = Client::builder()
        .base_url(&server.url)
        .api_key("sk-test-0123456789");
    let client = client.build().unwrap();
    assert!(client.query(&"asyntask_1".parse().unwrap()).await.is_err());
    assert_eq!(server.requests().len(), 1);
    // All other commands, on tasks of which some fail.
    let gateway = gateway().await;
    let directory = TempDir::new().unwrap();
    let into = directory.path().to_str().unwrap();
    for scenario in [
        Scenario::Normal,
        Scenario::Failure,
        Fault::ServerError.into(),
    ] {
        let id = task_id(scenario, 1);
        let quick = ["--interval", "0.1s", id.as_str()];
        run(command(&gateway, &["get", id.as_str()])).await;
        run(command(&gateway, &[&["wait"][..], &quick].concat())).await;
        run(command(
            &gateway,
            &[&["download", "--into", into][..], &quick].concat(),
        ))
        .await;
        run(command(
            &gateway,
            &[&["fetch", "--into", into][..], &quick].concat(),
        ))
        .await;
    }
    let requests = gateway.requests();
    assert!(requests.len() > 10);
    assert!(
        requests.iter().all(|request| request.method == "GET"),
        "{requests:#?}"
    );
}

/// > The API key and the signatures of URLs appear in no log, error or `Debug`
#[tokio::test(flavor = "multi_thread")]
async fn the_key_and_signatures_appear_in_no_error_and_no_debug() {
    let key = "sk-0wn-key-0123456789";
    let url = "https://storage.example/v.mp4?X-Tos-Signature=c0ffee";
    let body = format!(r#"{{"error":{{"message":"{key} {url}","code":"x"}}}}"#);
    let server = Server::always(response("401 Unauthorized", "", body.as_bytes())).await;
    let client = Client::builder()
        .base_url(&server.url)
        .api_key(key)
        .build()
        .unwrap();
    let error = client
        .query(&"asyntask_1".parse().unwrap())
        .await
        .unwrap_err();
    for shown in [
        format!("{error}"),
        format!("{error:?}"),
        format!("{client:?}"),
    ] {
        assert!(
            !shown.contains("0wn-key") && !shown.contains("c0ffee"),
            "{shown}"
        );
    }
    assert_eq!(redact::text(url), "https://storage.example/v.mp4?REDACTED");
}

/// > A video's URL is not requested if it leads to a private, link-local or metadata address, unless the gateway is in that network or `--allow-private` is given.
#[test]
fn private_addresses_and_http_have_to_be_permitted() {
    // That no request is made is tested beside the library, without a request to such an address.
    for command in ["download", "fetch"] {
        let (_, help, _) = cli::run(&[command, "--help"]);
        for option in ["--allow-private", "--allow-http"] {
            assert!(help.contains(option), "{command}: {help}");
        }
    }
}

/// > A response **conforms** if nothing is found in it, **drifts** if there are warnings or infos only, and **violates** the contract if there is an error.
#[test]
fn a_response_conforms_drifts_or_violates() {
    let mut seen = [0; 3];
    for body in ["tests/captures", "tests/drift"]
        .into_iter()
        .flat_map(read_all)
    {
        let findings = body.report.findings();
        let has_error = findings
            .iter()
            .any(|finding| finding.severity() == Severity::Error);
        let expected = match (findings.is_empty(), has_error) {
            (true, _) => Verdict::Conforms,
            (false, false) => Verdict::Drifts,
            (false, true) => Verdict::Violates,
        };
        assert_eq!(body.report.verdict(), expected, "{}", body.name);
        seen[expected as usize] += 1;
    }
    assert!(seen.iter().all(|count| *count > 5), "{seen:?}");
}
