//! `submit`: from options to a video, and what is refused or unknown.

use std::fs;

use seedance_testing::{
    http_server::{Reply, Server, Step},
    replies::response,
};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    commands::{command, gateway, lines, run},
    program::{self, program},
};

const PROMPT: [&str; 5] = ["submit", "--model", "seedance-fast", "--prompt", "a boat"];

#[tokio::test]
async fn the_id_is_printed_and_the_video_arrives() {
    let gateway = gateway().await;
    let (status, out, err) = run(command(&gateway, &PROMPT)).await;
    assert_eq!(
        (status, out.as_str()),
        (0, "asyntask_Normal00000000000000000000000001\n")
    );
    assert_eq!(
        err,
        "request id mock-1, which names the charge in the gateway's log\n"
    );

    let videos = TempDir::new().unwrap();
    let into = videos.path().to_str().unwrap();
    let arguments = [&PROMPT[..], &["--interval", "1s", "--json", "--into", into]].concat();
    let (status, out, err) = run(command(&gateway, &arguments)).await;
    assert_eq!(status, 0, "{out}{err}");
    let events = lines(&out);
    let id = "asyntask_Normal00000000000000000000000002";
    assert_eq!(
        events[0],
        json!({ "event": "submitted", "task_id": id, "request_id": "mock-2", "submission": 1 })
    );
    assert!(videos.path().join(format!("{id}.mp4")).is_file());

    let arguments = [&PROMPT[..], &["--interval", "1s", "--wait"]].concat();
    let (status, out, err) = run(command(&gateway, &arguments)).await;
    assert_eq!(status, 0, "{out}{err}");
    assert!(out.contains("SUCCESS"), "{out}");
}

#[test]
fn a_dry_run_prints_what_would_be_sent() {
    let directory = TempDir::new().unwrap();
    let image = directory.path().join("boat.png");
    fs::write(&image, b"\x89PNG\r\n\x1a\nrest").unwrap();
    let base = directory.path().join("request.json");
    fs::write(
        &base,
        r#"{"model":"seedance-2.0","duration":5,"camera":"orbit"}"#,
    )
    .unwrap();
    let output = program("http://127.0.0.1:1", &["submit", "--dry-run"])
        .args(["--prompt", "it moves", "--duration", "8"])
        .args(["--request", base.to_str().unwrap()])
        .args(["--first-frame", image.to_str().unwrap()])
        .args(["--last-frame", "asset://a-1", "--generate-audio", "false"])
        .output()
        .unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let request: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        request,
        json!({
            "model": "seedance-2.0",
            "content": [
                { "type": "text", "text": "it moves" },
                {
                    "type": "image_url",
                    "image_url": { "url": "data:image/png;base64,iVBORw0KGgpyZXN0" },
                    "role": "first_frame",
                },
                { "type": "image_url", "image_url": { "url": "asset://a-1" }, "role": "last_frame" },
            ],
            "duration": 8,
            "generate_audio": false,
            "camera": "orbit",
        })
    );
    assert!(
        text(&output.stderr).contains("/camera"),
        "{}",
        text(&output.stderr)
    );
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn what_breaks_a_limit_is_not_sent() {
    for (arguments, place) in [
        (
            &[
                "--model",
                "seedance-2.0",
                "--prompt",
                "a",
                "--duration",
                "16",
            ][..],
            "/duration",
        ),
        (
            &["--model", "seedance-2.0-ultra", "--prompt", "a"],
            "/resolution",
        ),
        (
            &[
                "--model",
                "seedance-2.0",
                "--audio",
                "https://a.example/a.mp3",
            ],
            "/content",
        ),
        (&["--model", "seedance-2.0"], "/content"),
        (
            &[
                "--model",
                "seedance-2.0",
                "--image",
                "http://a.example/i.png",
            ],
            "/content/0/image_url/url",
        ),
        (
            &["--model", "seedance-2.0", "--image", "gone.png"],
            "gone.png",
        ),
        (&["--request", "gone.json"], "gone.json"),
        (&["--prompt", "a"], "--model"),
    ] {
        // Nothing listens there: nothing is sent.
        let output = program("http://127.0.0.1:1", &["submit"])
            .args(arguments)
            .output()
            .unwrap();
        let err = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {err}");
        assert!(err.contains(place), "{arguments:?}: {err}");
    }
}

#[tokio::test]
async fn what_is_not_known_has_a_status_of_its_own() {
    let body = PROMPT_BODY.len();
    let after_the_body = |mut reply: Reply| {
        reply.0.insert(0, Step::Read(body));
        reply
    };
    for (reply, status, acceptance) in [
        (
            response("502 Bad Gateway", "", b"<html></html>"),
            8,
            "perhaps accepted",
        ),
        (Reply::close(Vec::new()), 8, "perhaps accepted"),
        (
            response("200 OK", "", br#"{"status":"submitted"}"#),
            8,
            "accepted",
        ),
        (
            response("429 Too Many Requests", "", b"{}"),
            6,
            "not accepted",
        ),
        (
            response(
                "403 Forbidden",
                "",
                br#"{"error":{"code":"insufficient_user_quota","message":"no quota"}}"#,
            ),
            6,
            "not accepted",
        ),
    ] {
        let server = Server::always(after_the_body(reply)).await;
        let arguments = [&PROMPT[..], &["--json"]].concat();
        let (found, out, err) = program::run(program(&server.url, &arguments)).await;
        assert_eq!(server.requests().len(), 1, "nothing is sent again");
        assert_eq!(found, status, "{out}{err}");
        let event = &lines(&out)[0];
        assert_eq!(event["event"], "not_submitted");
        assert_eq!(event["acceptance"], acceptance);
    }
}

/// What these options send.
const PROMPT_BODY: &str = r#"{
  "content": [
    {
      "text": "a boat",
      "type": "text"
    }
  ],
  "model": "seedance-fast"
}
"#;
