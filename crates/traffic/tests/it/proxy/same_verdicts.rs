//! What the proxy finds in traffic is what `validate` finds in its recording of it.

use std::{
    io::{self, Write},
    path::Path,
    sync::{Arc, Mutex},
    time::Duration,
};

use flate2::{Compression, write::GzEncoder};
use seedance_mock::{Fault, Gateway, Scenario, task_id};
use seedance_query::{Finding, capture::Recorder};
use seedance_testing::{
    files::{files, read},
    replies::about_task,
};
use seedance_traffic::{
    Output, Recordings, Session, Summary, Unreadable, ValidatedResponse,
    proxy::{Proxy, ProxyEvent},
};
use tempfile::TempDir;

use super::{KEY, RawClient, Server, builder, json, send};

/// A response and its findings: where it was recorded, and of which task it tells.
type Judged = (
    String,
    Option<u16>,
    Option<i64>,
    Option<String>,
    Vec<Finding>,
);

fn judged(response: &ValidatedResponse) -> Judged {
    (
        response.source.to_string(),
        response.http_status,
        response.time,
        response.task_id.clone(),
        response.report.findings().to_vec(),
    )
}

/// Keeps everything.
#[derive(Default)]
struct All(Vec<Judged>);

impl Output for All {
    fn wants_all(&self) -> bool {
        true
    }

    fn response(&mut self, response: &ValidatedResponse) -> io::Result<()> {
        self.0.push(judged(response));
        Ok(())
    }

    fn unreadable(&mut self, unreadable: &Unreadable) -> io::Result<()> {
        panic!("{}: {}", unreadable.source, unreadable.message);
    }

    fn end(&mut self, _: &Summary) -> io::Result<()> {
        Ok(())
    }
}

pub(super) struct Recording {
    directory: TempDir,
    live: Arc<Mutex<Vec<Judged>>>,
    pub(super) proxy: Proxy,
}

/// How a recording hides what it hides.
pub(super) const WAYS: [fn(Recorder) -> Recorder; 3] = [
    |recorder| recorder,
    |recorder| recorder.redact_ids(true),
    |recorder| recorder.unredacted(true),
];

impl Recording {
    pub(super) async fn start(upstream: &str, way: fn(Recorder) -> Recorder) -> Self {
        let directory = TempDir::new().unwrap();
        let live: Arc<Mutex<Vec<Judged>>> = Arc::default();
        let keeper = Arc::clone(&live);
        let proxy = builder(upstream)
            .session(Session::new().with_task_timelines())
            .record(way(Recorder::new(directory.path()).unwrap()))
            .on_event(move |event| {
                if let ProxyEvent::Validated { response, .. } = event {
                    keeper.lock().unwrap().push(judged(response));
                }
            });
        Self {
            directory,
            live,
            proxy: proxy.start().await.unwrap(),
        }
    }

    /// The number of responses and of findings that both have found.
    pub(super) async fn compare(self) -> (usize, usize) {
        let summary = self.proxy.shutdown().await;
        assert_eq!((summary.waiting, summary.unrecorded), (0, 0));
        let mut live = std::mem::take(&mut *self.live.lock().unwrap());
        let (mut recorded, of_recording) = validated(self.directory.path());
        live.sort_by(|one, other| one.0.cmp(&other.0));
        recorded.sort_by(|one, other| one.0.cmp(&other.0));
        for (live, recorded) in live.iter().zip(&recorded) {
            assert_eq!(live, recorded);
        }
        assert_eq!(live.len(), recorded.len());
        let report = &summary.report;
        assert_eq!(report.verdicts, of_recording.verdicts);
        assert_eq!(report.shapes, of_recording.shapes);
        assert_eq!(report.rules, of_recording.rules);
        assert_eq!(report.fields, of_recording.fields);
        let findings = live.iter().map(|judged| judged.4.len()).sum();
        (live.len(), findings)
    }
}

fn validated(directory: &Path) -> (Vec<Judged>, Summary) {
    let mut all = All::default();
    let session = Session::new().with_task_timelines();
    let recordings = Recordings::new([directory.to_owned()]);
    let summary = recordings.validate(session, &mut all).unwrap();
    (all.0, summary)
}

pub(super) fn response(status: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let head = format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {length}\r\n\r\n");
    [head.as_bytes(), body].concat()
}

fn gzip(body: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(body).unwrap();
    encoder.finish().unwrap()
}

/// Answers of any kind, with the path that asks for each.
fn answers() -> Vec<(String, Vec<u8>)> {
    let query = |id: &str| format!("/v1/video/generations/{id}");
    let mut answers = Vec::new();
    for directory in ["tests/captures", "tests/drift"] {
        for (number, path) in files(directory).into_iter().enumerate() {
            // Each is a task of its own.
            let id = format!("task_{}", answers.len());
            let mut body = read(&path);
            body.bytes = about_task(&id, &body.bytes);
            let status = format!("{} x", body.status.unwrap_or(200));
            // A long chunk would come in parts.
            let answer = match if body.bytes.len() > 4096 {
                1
            } else {
                number % 3
            } {
                0 => response(&status, "", &body.bytes),
                1 => response(&status, "Content-Encoding: gzip\r\n", &gzip(&body.bytes)),
                _ => {
                    let size = format!("{:X}\r\n", body.bytes.len());
                    let head = format!("HTTP/1.1 {status}\r\nTransfer-Encoding: chunked\r\n\r\n");
                    let parts = [
                        head.as_bytes(),
                        size.as_bytes(),
                        &body.bytes,
                        b"\r\n0\r\n\r\n",
                    ];
                    parts.concat()
                }
            };
            answers.push((query(&id), answer));
        }
    }
    let task = |id: &str, status: &str, progress: &str, url: &str| {
        format!(
            r#"{{"code":"success","message":"","data":{{"task_id":"{id}","status":"{status}",
            "action":"generate","progress":"{progress}","submit_time":1780000000,"start_time":0,
            "finish_time":0,"request_id":"r","user_id":12,"result_url":"{url}"}}}}"#
        )
    };
    // Polls that contradict each other, with and without a time of their own.
    for (date, status, progress) in [
        ("Date: Mon, 01 Jun 2026 10:00:00 GMT\r\n", "SUCCESS", "100%"),
        ("Date: Mon, 01 Jun 2026 10:00:09 GMT\r\n", "QUEUED", "0%"),
        ("", "IN_PROGRESS", "70%"),
        ("", "IN_PROGRESS", "60%"),
    ] {
        let body = task("polled", status, progress, "");
        answers.push((query("polled"), response("200 OK", date, body.as_bytes())));
    }
    let signed = "https://store.example/v.mp4?X-Tos-Algorithm=TOS4-HMAC-SHA256&X-Tos-Expires=86400\
                  &X-Tos-Signature=0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    for (id, url) in [
        ("signed", signed),
        ("loopback", "http://127.0.0.1:9/v.mp4"),
        ("another", "https://store.example/v.mp4"),
        (KEY, "https://store.example/v.mp4?token=0123456789abcdef"),
    ] {
        let body = task(id, "SUCCESS", "100%", url);
        let asked = if id == "another" { "asked" } else { id };
        answers.push((query(asked), json(body.as_bytes())));
    }
    let page = b"<html><title>502 Bad Gateway</title><pre>\nHTTP/1.1 200 OK\n\n{}\n</pre></html>";
    let gbk = b"{\"code\":\"task_not_exist\",\"message\":\"\xc8\xce\xce\xf1\",\"data\":null}";
    let bomb = gzip(&vec![b' '; 5_000_000]);
    for (path, answer) in [
        (
            query("page"),
            response("502 Bad Gateway", "Content-Type: text/html\r\n", page),
        ),
        (query("page"), response("404 Not Found", "", page)),
        (
            query("gbk"),
            response(
                "404 No",
                "Content-Type: application/json; charset=GBK\r\n",
                gbk,
            ),
        ),
        (query("nothing"), response("200 OK", "", b"")),
        (
            query("nothing"),
            b"HTTP/1.1 204 No Content\r\n\r\n".to_vec(),
        ),
        (query("nothing"), response("304 Not Modified", "", b"")),
        (
            query("moved"),
            response("302 Found", "Location: /x?key=1\r\n", b""),
        ),
        (
            query("video"),
            response("200 OK", "Content-Type: video/mp4\r\n", b"\0\0\0\x18ftyp"),
        ),
        (query("video"), response("200 OK", "", b"\0\0\0\x18ftyp")),
        (
            query("bomb"),
            response("200 OK", "Content-Encoding: gzip\r\n", &bomb),
        ),
        (
            query("odd"),
            response("200 OK", "Content-Encoding: odd\r\n", b"x"),
        ),
        (query("half"), json(br#"{"code":"success","data":{"task_"#)),
        (
            query("line"),
            json(b"{}\n# label: x\nHTTP/1.1 200 OK\n\n{}"),
        ),
        (
            "/v1/videos/sister".to_owned(),
            json(br#"{"id":"sister","object":"video","status":"failed","progress":0}"#),
        ),
        (
            "/v1/videos/sister/content".to_owned(),
            response(
                "410 Gone",
                "",
                br#"{"error":{"message":"expired","type":"x"}}"#,
            ),
        ),
        (
            "/v1/generation/tasks/sister".to_owned(),
            json(br#"{"id":"sister","status":"processing"}"#),
        ),
        (
            "/v1/models".to_owned(),
            json(br#"{"object":"list","data":[]}"#),
        ),
    ] {
        answers.push((path, answer));
    }
    answers
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_of_any_kind() {
    for way in WAYS {
        let answers = answers();
        let replies: Vec<Vec<u8>> = answers.iter().map(|(_, answer)| answer.clone()).collect();
        let upstream = Server::start(move |_, number| vec![send(&replies[number])]).await;
        let recording = Recording::start(&upstream.url, way).await;
        let mut client = RawClient::connect(recording.proxy.local_addr()).await;
        for (path, answer) in &answers {
            client.get(path).await;
            client.expect(answer).await;
        }
        let (responses, findings) = recording.compare().await;
        assert!(responses > 100 && findings > 200, "{responses}, {findings}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn faults_of_the_mock() {
    let gateway = Gateway::builder().speed(0.0).retry_after(Duration::ZERO);
    let gateway = gateway.start().await.unwrap();
    let recording = Recording::start(gateway.base_url(), WAYS[0]).await;
    let proxy = recording.proxy.local_addr();
    let client = seedance_testing::http_client::builder().build().unwrap();
    let faults = Fault::ALL.iter().map(|fault| task_id(*fault, 1));
    let ids: Vec<_> = faults.chain([task_id(Scenario::Normal, 1)]).collect();
    // The first two queries fail, then the task is looked at in each of its states.
    for minutes in [0, 0, 0, 1, 1, 5] {
        gateway.advance(Duration::from_mins(minutes));
        for id in &ids {
            let url = format!("http://{proxy}/v1/video/generations/{id}");
            let request = client.get(url).bearer_auth(gateway.api_key());
            // Whatever comes of it: some connections break.
            if let Ok(response) = request.send().await {
                let _ = response.bytes().await;
            }
        }
    }
    let (responses, findings) = recording.compare().await;
    assert!(responses > 300 && findings > 200, "{responses}, {findings}");
}
