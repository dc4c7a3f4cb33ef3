//! Limits of a download, videos that nothing vouches for, and what a store asks for.

use std::fs;

use seedance_mock::{Fault, Scenario, task_id};
use seedance_testing::{
    http_server::{Reply, Server},
    replies::{ok, raw, response},
};
use serde_json::json;
use tempfile::TempDir;

use super::{command, gateway, of_kind, run};
use crate::program::{self, program};

const ID: &str = "asyntask_Un4tZ81kWvYc3RbN7sXeLh2GpD6uJa0F";

/// A gateway and store in one: a finished task, whose video is WebM without an announced length.
async fn store() -> Server {
    Server::start(|request, _| -> Reply {
        if request.target.starts_with("/store/") {
            let video = [b"\x1a\x45\xdf\xa3".as_slice(), &[0x42; 5000]].concat();
            return raw("200 OK", "content-type: video/webm\r\n", &video);
        }
        let host = request
            .head
            .lines()
            .find_map(|line| line.strip_prefix("host: "));
        ok(&finished(&format!("http://{}/store/v.mp4", host.unwrap())))
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_video_that_nothing_vouches_for_is_kept_and_has_an_exit_status() {
    for command in ["download", "fetch"] {
        let server = store().await;
        let directory = TempDir::new().unwrap();
        let into = directory.path().display().to_string();
        let arguments = [command, "--no-verify", "--into", &into, ID];
        let (code, _, said) = program::run(program(&server.url, &arguments)).await;
        assert_eq!(code, 7, "{command}: {said}");
        let file = fs::read(directory.path().join(format!("{ID}.mp4"))).unwrap();
        assert_eq!(file.len(), 5004, "{command}");
        if command == "fetch" {
            // Nothing is left to do.
            let (code, _, said) = program::run(program(&server.url, &arguments)).await;
            assert_eq!(code, 0, "{said}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn size_and_duration_of_a_download_have_limits() {
    let gateway = gateway().video_bytes(400_000).start().await.unwrap();
    let directory = TempDir::new().unwrap();
    let ids = [task_id(Scenario::Normal, 1)];
    let mut small = command(&gateway, directory.path(), &ids);
    small.args(["--max-size", "100kB"]);
    let (code, events, _) = run(small).await;
    assert_eq!(code, 5, "{events:?}");
    let reason = of_kind(&events, "unavailable")[0]["reason"]
        .as_str()
        .unwrap();
    assert!(
        reason.contains("100.0 kB") || reason.contains("100000"),
        "{reason}"
    );

    // 400 kB at 64 KiB a second take 6 s.
    let ids = [task_id(Scenario::from(Fault::SlowVideo), 1)];
    let mut short = command(&gateway, directory.path(), &ids);
    short.args(["--download-timeout", "1s"]);
    let (code, events, _) = run(short).await;
    assert_eq!(code, 3, "{events:?}");
    let problem = of_kind(&events, "left")[0]["problem"].as_str().unwrap();
    assert!(
        problem.contains("1s") && problem.contains(".part"),
        "{problem}"
    );
}

/// The body of a finished task with this URL.
fn finished(url: &str) -> Vec<u8> {
    let body = json!({
        "code": "success", "message": "",
        "data": {
            "task_id": ID, "action": "generate", "status": "SUCCESS", "progress": "100%",
            "result_url": url
        }
    });
    body.to_string().into_bytes()
}

/// A gateway that knows one finished task, whose video this store has, and not the video itself.
async fn gateway_of(store: &Server) -> Server {
    let body = finished(&format!("{}/v.mp4", store.url));
    Server::start(move |request, _| {
        if request.target.ends_with("/content") {
            return response("404 Not Found", "", b"");
        }
        ok(&body)
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_download_below_the_minimum_speed_ends() {
    let gateway = gateway().video_bytes(40_000_000).start().await.unwrap();
    let directory = TempDir::new().unwrap();
    let into = directory.path().display().to_string();
    // 64 KiB a second; the speed is measured over 30 s, twice.
    let id = task_id(Scenario::from(Fault::SlowVideo), 1);
    let speed = ["--min-speed", "1MB", "--interval", "0.1s"];
    let arguments = [&["download", "--into", &into, id.as_str()], &speed[..]].concat();
    let mut command = program(gateway.base_url(), &arguments);
    command.env("SEEDANCE_API_KEY", gateway.api_key());
    let (code, _, errors) = program::run(command).await;
    assert_eq!(code, 5, "{errors}");
    assert!(errors.contains("less than 1.0 MB per second"), "{errors}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_was_withheld_is_mentioned_with_the_host() {
    let store = Server::start(|_, _| response("401 Unauthorized", "", b"")).await;
    let gateway = gateway_of(&store).await;
    for command in ["download", "fetch"] {
        let directory = TempDir::new().unwrap();
        let into = directory.path().display().to_string();
        let arguments = [command, "--into", &into, ID];
        let (code, _, errors) = program::run(program(&gateway.url, &arguments)).await;
        assert_eq!(code, 5, "{command}: {errors}");
        let withheld = "the API key was withheld from 127.0.0.1: it goes to the gateway only";
        assert!(errors.contains(withheld), "{command}: {errors}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wait_that_a_store_asks_for_is_said_with_its_cap() {
    let headers = "Retry-After: 3600\r\n";
    let store = Server::always(response("429 Too Many Requests", headers, b"")).await;
    let gateway = gateway_of(&store).await;
    for command in ["download", "fetch"] {
        let directory = TempDir::new().unwrap();
        let into = directory.path().display().to_string();
        let arguments = [command, "--download-timeout", "2s", "--into", &into, ID];
        let (code, _, errors) = program::run(program(&gateway.url, &arguments)).await;
        assert_eq!(code, 3, "{command}: {errors}");
        let capped = "asks for fewer requests (it asks to wait 3600 s; 600 s are honoured)";
        assert!(errors.contains(capped), "{command}: {errors}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_url_into_another_network_is_not_requested() {
    let body = finished("http://169.254.169.254/latest/meta-data/");
    let gateway = Server::start(move |request, _| {
        if request.target.ends_with("/content") {
            return response("404 Not Found", "", b"");
        }
        ok(&body)
    })
    .await;
    for command in ["download", "fetch"] {
        let directory = TempDir::new().unwrap();
        let into = directory.path().display().to_string();
        let arguments = [command, "--into", &into, ID];
        let (code, _, errors) = program::run(program(&gateway.url, &arguments)).await;
        assert_eq!(code, 5, "{command}: {errors}");
        assert!(
            errors.contains("where the gateway is not"),
            "{command}: {errors}"
        );
    }
}
