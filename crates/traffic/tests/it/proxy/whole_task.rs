//! An unmodified client waits for a task and downloads it through the proxy.

use std::time::Duration;

use seedance_mock::{Gateway, Scenario, Video, task_id};
use seedance_query::{Client, ErrorPolicy, Outcome, WaitPolicy, capture::Recorder};
use tempfile::TempDir;

use super::{builder, captures};

#[tokio::test(flavor = "multi_thread")]
async fn a_task_is_awaited_and_downloaded_through_the_proxy() {
    let gateway = Gateway::builder()
        .speed(200.0)
        .failure_rate(0.1, 7)
        .retry_after(Duration::ZERO)
        .video_bytes(300_000)
        .start()
        .await
        .unwrap();
    let directory = TempDir::new().unwrap();
    let recorder = Recorder::new(directory.path().join("captures")).unwrap();
    let proxy = builder(gateway.base_url()).record(recorder.clone());
    let proxy = proxy.start().await.unwrap();
    let client = Client::builder()
        .base_url(format!("http://{}", proxy.local_addr()))
        .api_key(gateway.api_key())
        .build()
        .unwrap();
    let policy = WaitPolicy::default()
        .interval(Duration::from_millis(100))
        .errors(
            ErrorPolicy::default().backoff(Duration::from_millis(20), Duration::from_millis(50)),
        );
    for scenario in [Scenario::Normal, Scenario::SuperResolution] {
        let id = task_id(scenario, 1);
        let outcome = client.wait(&id).policy(policy.clone()).await.unwrap();
        let Outcome::Succeeded(task) = outcome else {
            panic!("{outcome:?}");
        };
        let download = client.download(&id, task.result_url());
        let video = download.into_dir(directory.path()).await.unwrap();
        assert_eq!(video.sha256, gateway.sha256(&id, Video::Result));
    }
    let queries = gateway
        .requests()
        .iter()
        .filter(|r| r.has_authorization)
        .count() as u64;
    let summary = proxy.shutdown().await;
    let unvalidated: u64 = summary.unvalidated.values().sum();
    let failures: u64 = summary.failures.values().sum();
    assert_eq!(
        summary.report.responses + unvalidated + failures,
        queries,
        "{summary:?}"
    );
    assert_eq!(summary.recorded, summary.report.responses);
    let captures = captures(recorder.directory());
    assert_eq!(captures.len() as u64, summary.recorded);
}
