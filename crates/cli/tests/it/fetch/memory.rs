//! The memory of a download.
#![cfg(target_os = "linux")]

use std::process::Stdio;

use seedance_testing::{
    http_server::{Reply, Server, Step},
    memory::peak,
    mp4::mp4_box,
    patience::until,
    replies::{ok, response},
};
use serde_json::json;
use tempfile::TempDir;

use crate::program::program;

const ID: &str = "asyntask_Un4tZ81kWvYc3RbN7sXeLh2GpD6uJa0F";
/// The bound, in MiB.
const MAX_PEAK: f64 = 16.0;

#[tokio::test(flavor = "multi_thread")]
async fn a_video_of_400_000_tiny_boxes_takes_less_than_16_mib() {
    let boxes = [
        mp4_box(b"ftyp", b"isom\0\0\0\0"),
        mp4_box(b"moov", &b"\0\0\0\x08free".repeat(200_000)),
        b"\0\0\0\x08free".repeat(200_000),
    ];
    let video = boxes.concat();
    let server = Server::start(move |request, number| -> Reply {
        if request.target.starts_with("/v.mp4") {
            return response("200 OK", "Content-Type: video/mp4\r\n", &video);
        }
        if number > 1 {
            // The boxes were read, and nothing comes any more while memory is measured.
            return vec![Step::Silence].into();
        }
        let host = request
            .head
            .lines()
            .find_map(|line| line.strip_prefix("host: "));
        let url = format!("http://{}/v.mp4", host.unwrap());
        let task = json!({"task_id": ID, "status": "SUCCESS", "result_url": url});
        let body = json!({"code": "success", "message": "", "data": task});
        ok(body.to_string().as_bytes())
    })
    .await;
    let directory = TempDir::new().unwrap();
    let into = directory.path().display().to_string();
    let mut command = program(&server.url, &["download", "--into", &into, ID]);
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    until("a query after the video", || server.requests().len() >= 3).await;
    let peak = peak(&child).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(peak < MAX_PEAK, "{peak:.1} MiB");
}
