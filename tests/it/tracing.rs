//! Spans and events of queries, waits and downloads.

use std::{
    fmt::{Debug, Write as _},
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
};

use seedance_query::{Client, Outcome, ResultUrl, TaskId};
use tempfile::TempDir;
use tracing::{
    Event, Metadata, Subscriber,
    field::{Field, Visit},
    span,
};

use seedance_testing::{
    http_server::{Reply, Server, Step},
    mp4::all,
    replies::{captured, file, response},
};

const KEY: &str = "sk-test-0123456789abcdef";

/// Keeps a line for each span and event.
#[derive(Clone, Default)]
struct Log {
    lines: Arc<Mutex<Vec<String>>>,
    spans: Arc<AtomicU64>,
}

struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let _ = write!(self.0, " {}={value:?}", field.name());
    }
}

impl Subscriber for Log {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("seedance_query")
    }

    fn new_span(&self, attributes: &span::Attributes<'_>) -> span::Id {
        let mut line = Line(format!("span {}", attributes.metadata().name()));
        attributes.record(&mut line);
        self.lines.lock().unwrap().push(line.0);
        span::Id::from_u64(self.spans.fetch_add(1, Ordering::SeqCst) + 1)
    }

    fn event(&self, event: &Event<'_>) {
        let mut line = Line(event.metadata().level().to_string());
        event.record(&mut line);
        self.lines.lock().unwrap().push(line.0);
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}
    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}
    fn enter(&self, _: &span::Id) {}
    fn exit(&self, _: &span::Id) {}
}

#[tokio::test(start_paused = true)]
async fn queries_and_waits_are_traced_without_secrets() {
    let echo = format!("{{\"error\":{{\"message\":\"bad key {KEY}\"}}}}");
    let server = Server::in_turn([
        captured("pending-queued.http"),
        response(
            "429 Too Many Requests",
            "Retry-After: 86400\r\n",
            b"{\"error\":{\"message\":\"slow down\"}}",
        ),
        response("503 Service Unavailable", "", echo.as_bytes()),
        Reply::close(Vec::new()),
        captured("normal-720p.http"),
    ])
    .await;
    let builder = Client::builder().base_url(&server.url).api_key(KEY);
    let client = builder.build().unwrap();
    let id: TaskId = "asyntask_Qm4tZ81kWvYc3RbN7sXeLh2GpD6uJa0F".parse().unwrap();
    let log = Log::default();
    let guard = tracing::subscriber::set_default(log.clone());
    let outcome = client.wait(&id).await.unwrap();
    drop(guard);
    assert!(matches!(outcome, Outcome::Succeeded(_)));
    let lines = lines_of(&log);
    assert!(!lines.join("\n").contains("Signature="));
    let has = |words: &[&str]| has(&lines, words);
    assert_eq!(
        lines
            .iter()
            .filter(|line| line.contains("span query task_id=asyntask_Qm4"))
            .count(),
        5
    );
    has(&[
        "DEBUG",
        "http_status=200",
        "state=pending",
        "QUEUED",
        "conforms",
    ]);
    has(&[
        "INFO",
        "task_id=asyntask_Qm4",
        "to=\"QUEUED\"",
        "the status has changed",
    ]);
    has(&["DEBUG", "http_status=503", "is_retryable=true"]);
    // Of a day, 5 minutes are honoured.
    has(&["WARN", "asked_s=86400", "honoured_s=300"]);
    has(&["WARN", "consecutive=1", "HTTP 429"]);
    has(&["WARN", "consecutive=2", "HTTP 503"]);
    // No response came, and there is an event all the same.
    has(&["DEBUG", "closed the connection before it answered"]);
    has(&["WARN", "consecutive=3"]);
    has(&[
        "INFO",
        "polls=5",
        "outcome=\"succeeded\"",
        "the wait has ended",
    ]);
}

/// The lines of a log, none of which has a secret.
fn lines_of(log: &Log) -> Vec<String> {
    let lines = log.lines.lock().unwrap().clone();
    let all = lines.join("\n");
    for secret in ["0123456789", "5ec2e75ec2e7"] {
        assert!(!all.contains(secret), "{all}");
    }
    lines
}

fn has(lines: &[String], words: &[&str]) {
    let has_all = |line: &&String| words.iter().all(|word| line.contains(word));
    let found = lines.iter().find(has_all);
    assert!(found.is_some(), "{words:?} in\n{}", lines.join("\n"));
}

#[tokio::test]
async fn downloads_are_traced_without_secrets() {
    let video = all()[0].bytes.clone();
    let served = video.clone();
    let store = Server::start(move |request, number| match number {
        0 => file(request, &served, "\"one\"").cut(served.len() / 2, Step::Close),
        1 => response(
            "302 Found",
            "Location: /moved?X-Tos-Signature=5ec2e75ec2e7\r\n",
            b"",
        ),
        2 => file(request, &served, "\"one\""),
        _ => response(
            "403 Forbidden",
            "",
            b"<Error><Code>AccessDenied</Code></Error>",
        ),
    })
    .await;
    let gateway = Server::start(|_, _| response("404 Not Found", "", b"")).await;
    let builder = Client::builder().base_url(&gateway.url).api_key(KEY);
    let client = builder.build().unwrap();
    let id: TaskId = "asyntask_Qm4tZ81kWvYc3RbN7sXeLh2GpD6uJa0F".parse().unwrap();
    let url = format!("{}/v.mp4?X-Tos-Signature=5ec2e75ec2e7", store.url);
    let url = ResultUrl::new(Some(&url), client.base_url(), None);
    let directory = TempDir::new().unwrap();
    let log = Log::default();
    let guard = tracing::subscriber::set_default(log.clone());
    let download = client.download(&id, url.clone()).into_dir(directory.path());
    download.await.unwrap();
    let lines = lines_of(&log);
    has(&lines, &["span download task_id=asyntask_Qm4"]);
    has(
        &lines,
        &[
            "DEBUG",
            "the video is requested",
            "number=1",
            "with_key=false",
        ],
    );
    has(&lines, &["DEBUG", "http_status=200", "the server answered"]);
    has(&lines, &["WARN", "the connection broke", "next_in_s"]);
    has(
        &lines,
        &[
            "DEBUG",
            "http_status=302",
            "/moved?REDACTED",
            "the server redirects",
        ],
    );
    let bytes = format!("bytes={}", video.len());
    has(
        &lines,
        &[
            "INFO",
            "the video is complete",
            &bytes,
            "requests=3",
            "verification=",
        ],
    );

    log.lines.lock().unwrap().clear();
    let download = client.download(&id, url).into_dir(directory.path());
    download.overwrite(true).await.unwrap_err();
    drop(guard);
    let lines = lines_of(&log);
    has(&lines, &["span query"]);
    has(
        &lines,
        &[
            "ERROR",
            "AccessDenied",
            "is_retryable=false",
            "the download failed",
        ],
    );
}
