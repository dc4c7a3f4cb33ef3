//! Spans and events of queries and waits.

use std::{
    fmt::{Debug, Write as _},
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
};

use seedance_query::{Client, Outcome, TaskId};
use tracing::{
    Event, Metadata, Subscriber,
    field::{Field, Visit},
    span,
};

use seedance_testing::{
    http_server::{Reply, Server},
    replies::{captured, response},
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
    let lines = log.lines.lock().unwrap().clone();
    let all = lines.join("\n");
    assert!(
        !all.contains("0123456789") && !all.contains("Signature="),
        "{all}"
    );
    let has = |words: &[&str]| {
        let line = lines
            .iter()
            .find(|line| words.iter().all(|word| line.contains(word)));
        assert!(line.is_some(), "{words:?} in\n{all}");
    };
    assert_eq!(
        lines
            .iter()
            .filter(|line| line.contains("span query task_id=asyntask_Qm4"))
            .count(),
        4
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
    has(&["WARN", "consecutive=1", "HTTP 503"]);
    // No response came, and there is an event all the same.
    has(&["DEBUG", "closed the connection before it answered"]);
    has(&["WARN", "consecutive=2"]);
    has(&[
        "INFO",
        "polls=4",
        "outcome=\"succeeded\"",
        "the wait has ended",
    ]);
}
