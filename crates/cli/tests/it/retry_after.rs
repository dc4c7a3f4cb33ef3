//! A `Retry-After` is shown, and so is its cap.

use seedance_testing::{http_server::Server, replies::response};
use tempfile::TempDir;

use crate::program::{program, run};

const ID: &str = "asyntask_Qm4tZ81kWvYc3RbN7sXeLh2GpD6uJa0F";
const CAPPED: &str = "the gateway asks to wait 86400 s; 300 s are honoured";

async fn limited() -> Server {
    let body = br#"{"error":{"code":"rate_limited","message":"slow down"}}"#;
    Server::always(response(
        "429 Too Many Requests",
        "Retry-After: 86400\r\n",
        body,
    ))
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn wait_download_and_fetch_say_how_much_of_it_is_honoured() {
    let server = limited().await;
    let directory = TempDir::new().unwrap();
    let into = directory.path().to_str().unwrap();
    for (arguments, expected) in [
        (&["wait", ID][..], 6),
        (&["download", ID, "--into", into], 6),
        (&["fetch", ID, "--into", into], 3),
    ] {
        let before = server.requests().len();
        let mut command = program(&server.url, arguments);
        command.args(["--wait-timeout", "1s"]);
        let (code, _, err) = run(command).await;
        assert_eq!(code, expected, "{arguments:?}: {err}");
        assert!(err.contains(CAPPED), "{arguments:?}: {err}");
        // The deadline comes first, with a last query.
        assert_eq!(server.requests().len() - before, 2, "{arguments:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_an_event_and_a_hint() {
    let server = limited().await;
    let wait = program(&server.url, &["wait", ID, "--wait-timeout", "1s", "--json"]);
    let (_, out, _) = run(wait).await;
    let first: serde_json::Value = serde_json::from_str(out.lines().next().unwrap()).unwrap();
    assert_eq!(first["event"], "observed");
    assert_eq!(first["retry_after"]["asked"], 86_400.0);
    assert_eq!(first["retry_after"]["honoured"], 300.0);

    let (code, _, err) = run(program(&server.url, &["get", ID])).await;
    assert_eq!(code, 6, "{err}");
    assert!(err.contains("the gateway asks to wait 86400 s"), "{err}");
}
