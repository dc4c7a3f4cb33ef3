//! The traffic of the mock conforms: what the proxy says of it, and what is said of its recordings.

use std::{collections::BTreeSet, path::Path, sync::Arc, time::Duration};

use seedance_mock::{Family, Gateway, GatewayBuilder};
use seedance_query::{Rule, Severity, capture::Recorder};
use seedance_testing::http_client::client;
use seedance_traffic::Summary;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::builder;
use crate::validate;

/// Where the life of a task is looked at, in seconds of the gateway's clock.
const MOMENTS: [u64; 5] = [0, 6, 30, 60, 120];

/// A client that asks through the proxy.
struct Client {
    base_url: String,
    key: String,
}

impl Client {
    async fn submit(&self, model: &str, prompt: &str) -> String {
        let content = json!([{ "type": "text", "text": prompt }]);
        let request = json!({ "model": model, "resolution": "720p", "content": content });
        let url = format!("{}/v1/video/generations", self.base_url);
        let post = client().post(url).bearer_auth(&self.key);
        let reply = post.body(request.to_string()).send().await.unwrap();
        let reply: Value = serde_json::from_slice(&reply.bytes().await.unwrap()).unwrap();
        reply["task_id"].as_str().unwrap().to_owned()
    }

    async fn get(&self, path: &str) -> u16 {
        let get = client().get(format!("{}{path}", self.base_url));
        let reply = get.bearer_auth(&self.key).send().await.unwrap();
        let status = reply.status().as_u16();
        reply.bytes().await.unwrap();
        status
    }
}

/// The paths that tell of a task.
fn paths(family: Family, id: &str) -> Vec<String> {
    let mut paths = vec![format!("/v1/video/generations/{id}")];
    if family == Family::NewApi {
        paths.push(format!("/v1/videos/{id}"));
        paths.push(format!("/v1/generation/tasks/{id}"));
    }
    paths
}

/// Lives the lives of three tasks through the proxy, with what else clients ask; the summary of the
/// proxy, and the recordings.
async fn live(builder_of_mock: GatewayBuilder, family: Family, into: &Path) -> Summary {
    let gateway: Gateway = builder_of_mock
        .one_port()
        .opaque_ids()
        .like(family)
        .speed(0.0)
        .start()
        .await
        .unwrap();
    let recorder = Recorder::new(into).unwrap();
    let proxy = builder(gateway.base_url()).record(recorder);
    let proxy = Arc::new(proxy.start().await.unwrap());
    let client = Client {
        base_url: format!("http://{}", proxy.local_addr()),
        key: gateway.api_key().to_owned(),
    };
    let mut ids = Vec::new();
    for (model, prompt) in [
        ("seedance-2.0", "a boat"),
        ("seedance-2.0-ultra", "a boat"),
        ("seedance-2.0", "a boat [failure]"),
    ] {
        ids.push(client.submit(model, prompt).await);
    }
    for moment in MOMENTS {
        gateway.advance(Duration::from_secs(moment));
        for id in &ids {
            for path in paths(family, id) {
                assert_eq!(client.get(&path).await, 200);
            }
        }
    }
    let content = |id: &str| format!("/v1/videos/{id}/content");
    assert_eq!(client.get(&content(&ids[0])).await, 200);
    assert_eq!(client.get(&content(&ids[2])).await, 400);
    let proxy = Arc::into_inner(proxy).unwrap();
    proxy.shutdown().await.report
}

/// The rules that found more than an info.
fn worse_than_info(summary: &Summary) -> BTreeSet<Rule> {
    let findings = summary.drifts.iter();
    let worse = findings.filter(|finding| finding.severity != Severity::Info);
    worse.map(|finding| finding.rule).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn whole_lives_at_the_mock_have_no_findings() {
    let mock = Gateway::builder;
    for (family, builder, planted) in [
        (Family::Documented, mock(), &[][..]),
        // Where the URL would be, such a gateway repeats why a task failed.
        (Family::NewApi, mock(), &[Rule::ErrorTextAsUrl]),
        (Family::NewApi, mock().white_label(), &[]),
    ] {
        let directory = TempDir::new().unwrap();
        let summary = live(builder, family, directory.path()).await;
        let forms = if family == Family::NewApi { 3 } else { 1 };
        let queries = 3 * MOMENTS.len() as u64 * forms;
        assert!(summary.responses >= queries, "{summary:?}");
        let planted: BTreeSet<Rule> = planted.iter().copied().collect();
        assert_eq!(worse_than_info(&summary), planted, "{:#?}", summary.drifts);
        assert_eq!(summary.verdicts.violates, 0);
        let (kept, recorded) = validate::validate(&[directory.path()]);
        assert_eq!(kept.complaints(), Vec::<String>::new());
        assert_eq!(recorded.responses, summary.responses);
        assert_eq!(
            worse_than_info(&recorded),
            planted,
            "{:#?}",
            recorded.drifts
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_planted_fault_is_the_only_thing_that_is_found() {
    let directory = TempDir::new().unwrap();
    let mock = Gateway::builder().fault(seedance_mock::Fault::ProgressWithoutPercent);
    let summary = live(mock, Family::Documented, directory.path()).await;
    let found: BTreeSet<Rule> = summary.drifts.iter().map(|finding| finding.rule).collect();
    assert_eq!(
        found,
        BTreeSet::from([Rule::OddFormat]),
        "{:#?}",
        summary.drifts
    );
}

#[test]
fn urls_of_this_machine_are_right_in_a_recording_of_a_gateway_on_it() {
    let body = json!({"code": "success", "message": "", "data": {
        "task_id": "asyntask_Qm4tZ81kWvYc3RbN7sXeLh2GpD6uJa0F", "action": "generate", "status": "SUCCESS",
        "result_url": "http://127.0.0.1:8080/seedance-2-0/a.mp4?X-Tos-Date=20260528T202910Z&X-Tos-Expires=86400",
        "submit_time": 1_780_000_000, "start_time": 1_780_000_004, "finish_time": 1_780_000_170,
        "progress": "100%", "request_id": "r1"}});
    for (host, is_found) in [("127.0.0.1:8080", false), ("gateway.example", true)] {
        let url =
            format!("http://{host}/v1/video/generations/asyntask_Qm4tZ81kWvYc3RbN7sXeLh2GpD6uJa0F");
        let har = json!({"log": {"entries": [{
            "request": {"method": "GET", "url": url},
            "response": {"status": 200, "content": {"text": body.to_string()}},
        }]}});
        let line = json!({"method": "GET", "url": url, "status": 200, "body": body});
        let directory = TempDir::new().unwrap();
        for (name, text) in [
            ("a.har", har.to_string()),
            ("a.ndjson", format!("{line}\n")),
        ] {
            let path = directory.path().join(name);
            std::fs::write(&path, text).unwrap();
            let (_, summary) = validate::validate(&[&path]);
            assert_eq!(summary.responses, 1, "{name}");
            let found = summary.drifts.iter();
            let found = found
                .filter(|finding| finding.rule == Rule::LoopbackUrl)
                .count();
            assert_eq!(found > 0, is_found, "{name} of {host}");
        }
    }
}
