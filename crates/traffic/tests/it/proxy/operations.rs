//! Each operation that tells of a task is judged by what the document says of it.

use std::collections::BTreeSet;

use seedance_testing::http_server::{Reply, Server};

use super::{
    KEY, RawClient, accounted, json,
    same_verdicts::{Recording, WAYS, response},
};

const ID: &str = "asyntask_00000000000000000000000000000007";

/// An operation, what it answers, and where there is a fault in it.
fn planted() -> Vec<(&'static str, String, Vec<u8>, &'static str)> {
    let pending = format!(
        r#"{{"code":"success","message":"","data":{{"task_id":"{ID}","status":"QUEUED",
        "action":"generate","progress":7,"submit_time":1780000000,"start_time":0,"finish_time":0,
        "request_id":"r"}}}}"#
    );
    let video = format!(
        r#"{{"id":"{ID}","task_id":"{ID}","object":"video","model":"seedance-2.0","status":"queued",
        "progress":0,"created_at":"soon"}}"#
    );
    let list = format!(
        r#"{{"id":"{ID}","status":"succeeded","content":[{{"type":"video_url","video_url":{{"url":7}}}}]}}"#
    );
    let reply = format!(
        r#"{{"id":"{ID}","task_id":"{ID}","object":"video","model":"seedance-2.0","status":"",
        "progress":"none","created_at":1780000000}}"#
    );
    vec![
        (
            "GET /v1/video/generations/{task_id}",
            format!("/v1/video/generations/{ID}"),
            json(pending.as_bytes()),
            "/data/progress",
        ),
        (
            "GET /v1/videos/{task_id}",
            format!("/v1/videos/{ID}"),
            json(video.as_bytes()),
            "/created_at",
        ),
        (
            "GET /v1/generation/tasks/{task_id}",
            format!("/v1/generation/tasks/{ID}"),
            json(list.as_bytes()),
            "/content/*/video_url/url",
        ),
        (
            "GET /v1/videos/{task_id}/content",
            format!("/v1/videos/{ID}/content"),
            response("410 Gone", "", br#"{"error":{"message":7,"type":"x"}}"#),
            "/error/message",
        ),
        (
            "POST /v1/video/generations",
            "/v1/video/generations".to_owned(),
            json(reply.as_bytes()),
            "/progress",
        ),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fault_is_named_as_in_the_recording() {
    for way in WAYS {
        let replies: Vec<Vec<u8>> = planted().into_iter().map(|planted| planted.2).collect();
        let upstream = Server::start(move |_, number| Reply::close(replies[number].clone())).await;
        let recording = Recording::start(&upstream.url, way).await;
        for (operation, path, ..) in planted() {
            let (method, _) = operation.split_once(' ').unwrap();
            let mut client = RawClient::connect(recording.proxy.local_addr()).await;
            let head = format!(
                "{method} {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {KEY}\r\n\
                 Content-Length: 0\r\n\r\n"
            );
            client.write(head).await;
            client.response().await;
        }
        let summary = accounted(&recording.proxy, 5).await;
        let found: BTreeSet<&str> = summary
            .report
            .drifts
            .iter()
            .map(|finding| finding.pointer.as_str())
            .collect();
        for (operation, _, _, pointer) in planted() {
            assert!(found.contains(pointer), "{operation}: {found:?}");
            let count = summary
                .exchanges
                .iter()
                .find(|count| count.operation == operation);
            let count = count.unwrap_or_else(|| panic!("{operation}: {summary:?}"));
            assert_eq!((count.validated, count.unvalidated.len()), (1, 0));
        }
        assert_eq!(summary.skipped, 0);
        let (responses, findings) = recording.compare().await;
        assert_eq!(responses, 5);
        assert!(findings >= 5, "{findings}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sound_reply_to_a_submission_conforms() {
    let reply = format!(
        r#"{{"id":"{ID}","task_id":"{ID}","object":"video","model":"seedance-2.0","status":"",
        "progress":0,"created_at":1780000000}}"#
    );
    let upstream = Server::always(json(reply.as_bytes())).await;
    let recording = Recording::start(&upstream.url, WAYS[0]).await;
    let mut client = RawClient::connect(recording.proxy.local_addr()).await;
    for path in [
        "/v1/video/generations",
        "/v1/video/generations?x=1",
        "/v1/chat",
    ] {
        client
            .write(format!(
                "POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n"
            ))
            .await;
        client.expect(json(reply.as_bytes())).await;
    }
    let summary = accounted(&recording.proxy, 3).await;
    assert_eq!(summary.report.verdicts.conforms, 2, "{summary:?}");
    assert_eq!(summary.report.tasks, 0, "it is no poll of a task");
    assert_eq!(summary.skipped, 1, "what is not of the document is counted");
    assert_eq!(recording.compare().await, (2, 0));
}
