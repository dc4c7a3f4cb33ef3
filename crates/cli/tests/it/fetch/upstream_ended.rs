//! Tasks whose upstream has ended while the gateway's own status still waits.

use std::process::{Command, Stdio};

use seedance_mock::{Fault, Scenario, task_id};
use tempfile::TempDir;

use super::{command, gateway, of_kind, run};

#[tokio::test(flavor = "multi_thread")]
async fn a_wait_ends_after_the_grace_and_says_both_statuses() {
    let gateway = gateway().start().await.unwrap();
    let id = task_id(Scenario::from(Fault::UpstreamExpired), 1);
    let wait = |more: &[&str]| {
        let mut wait = Command::new(env!("CARGO_BIN_EXE_seedance-query"));
        wait.env("SEEDANCE_BASE_URL", gateway.base_url())
            .env("SEEDANCE_API_KEY", gateway.api_key())
            .args(["wait", "--interval", "0.1s", "--upstream-grace", "0.5s"])
            .args(more)
            .arg(id.as_str())
            .stdin(Stdio::null());
        wait
    };
    let mut plain = wait(&[]);
    let output = tokio::task::spawn_blocking(move || plain.output().unwrap());
    let output = output.await.unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(5), "{errors}");
    for part in [
        "expired",
        "IN_PROGRESS",
        "nothing was refunded yet",
        "24 hours",
    ] {
        assert!(errors.contains(part), "{part}: {errors}");
    }
    let (code, events, _) = run(wait(&["--json"])).await;
    assert_eq!(code, 5);
    let last = events.last().unwrap();
    assert_eq!(last["event"], "upstream_ended");
    assert_eq!(last["status"], "IN_PROGRESS");
    assert_eq!(last["upstream_status"], "expired");
    assert_eq!(last["is_refunded"], false);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_asks_once_a_run_whether_the_gateway_has_noticed() {
    let gateway = gateway().start().await.unwrap();
    let directory = TempDir::new().unwrap();
    let ids = [task_id(Scenario::from(Fault::UpstreamExpired), 1)];
    let mut first = command(&gateway, directory.path(), &ids);
    first.args(["--upstream-grace", "0.5s"]);
    let (code, events, _) = run(first).await;
    assert_eq!(code, 5, "{events:?}");
    let reason = of_kind(&events, "unavailable")[0]["reason"]
        .as_str()
        .unwrap();
    assert!(reason.contains("expired") && reason.contains("nothing was refunded yet"));
    let before = gateway.requests().len();
    // No grace is waited for again.
    let (code, ..) = run(command(&gateway, directory.path(), &ids)).await;
    assert_eq!(code, 0, "it is known, and nothing else is left to do");
    assert_eq!(gateway.requests().len(), before + 1);
}
