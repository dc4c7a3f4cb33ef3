//! `curl`, as it is used by hand.

use std::{process::Command, time::Duration};

use seedance_mock::{Family, Gateway, Video};
use seedance_query::TaskId;
use seedance_testing::patience::PATIENCE;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::{mock, run};

/// The status and the body of one request.
async fn curl(gateway: &Gateway, arguments: &[&str]) -> (String, Vec<u8>) {
    let mut command = Command::new("curl");
    command.args(["--silent", "--show-error", "--max-time", "60"]);
    command.args(["--write-out", "%{stderr}%{http_code}"]);
    command
        .arg("--header")
        .arg(format!("Authorization: Bearer {}", gateway.api_key()));
    command.args(arguments);
    let output = run(command, "curl", "curl").await;
    (String::from_utf8(output.stderr).unwrap(), output.stdout)
}

async fn json_of(gateway: &Gateway, arguments: &[&str]) -> Value {
    let (status, body) = curl(gateway, arguments).await;
    assert_eq!(status, "200", "{}", String::from_utf8_lossy(&body));
    serde_json::from_slice(&body).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_task_is_submitted_polled_and_downloaded() {
    for builder in [
        mock(),
        mock().like(Family::NewApi),
        mock().like(Family::NewApi).white_label(),
    ] {
        let gateway = builder.start().await.unwrap();
        let submissions = format!("{}/v1/video/generations", gateway.base_url());
        let request =
            json!({ "model": "seedance-2.0", "content": [{"type": "text", "text": "a boat"}] });
        let sent = ["--json", &request.to_string(), &submissions];
        let task = json_of(&gateway, &sent).await;
        let id: TaskId = task["task_id"].as_str().unwrap().parse().unwrap();
        let query = format!("{submissions}/{id}");
        let polled = async {
            loop {
                let row = json_of(&gateway, &[&query]).await["data"].clone();
                if row["status"] == "SUCCESS" {
                    return row["result_url"].as_str().unwrap().to_owned();
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        let url = tokio::time::timeout(PATIENCE, polled).await.unwrap();
        let directory = TempDir::new().unwrap();
        let file = directory.path().join("video.mp4");
        let (status, _) = curl(&gateway, &["--output", file.to_str().unwrap(), &url]).await;
        assert_eq!(status, "200");
        assert!(std::fs::read(&file).unwrap() == gateway.video(&id, Video::Result));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_download_is_resumed_and_a_header_is_read() {
    let gateway = mock().speed(0.0).start().await.unwrap();
    let id = "normal-1".parse().unwrap();
    let query = format!("{}/v1/video/generations/{id}", gateway.base_url());
    let faulty = ["--header", "X-Mock-Fault: server-error", &query];
    assert_eq!(curl(&gateway, &faulty).await.0, "500");
    json_of(&gateway, &[&query]).await;
    gateway.advance(Duration::from_mins(5));
    let row = json_of(&gateway, &[&query]).await;
    let url = row["data"]["result_url"].as_str().unwrap();
    let (_, head) = curl(&gateway, &["--head", url]).await;
    let head = String::from_utf8(head).unwrap().to_ascii_lowercase();
    assert!(head.contains("accept-ranges: bytes"), "{head}");
    let video = gateway.video(&id, Video::Result);
    let directory = TempDir::new().unwrap();
    let file = directory.path().join("video.mp4");
    std::fs::write(&file, &video[..1000]).unwrap();
    let resume = [
        "--continue-at",
        "-",
        "--output",
        file.to_str().unwrap(),
        url,
    ];
    assert_eq!(curl(&gateway, &resume).await.0, "206");
    assert!(std::fs::read(&file).unwrap() == video);
}
