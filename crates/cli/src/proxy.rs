//! `proxy`: the traffic of any client, checked on its way.

use std::{
    io,
    sync::{Arc, Mutex, PoisonError, TryLockError},
};

use seedance_traffic::proxy::{Proxy, ProxyEvent, ProxySummary};
use serde_json::json;

use super::{
    OK, UNFINISHED, UNUSABLE, arguments::ProxyArguments, complain, gateway, live::Live, overview,
    record, say,
};

pub(super) fn run(arguments: &ProxyArguments) -> io::Result<u8> {
    let Some(recorder) = record::recorder_or_complain(&arguments.record) else {
        return Ok(UNUSABLE);
    };
    let live = Arc::new(Mutex::new(Live::new(arguments.json)));
    let listener = Arc::clone(&live);
    let mut builder = Proxy::builder()
        .upstream(&arguments.upstream)
        .listen(arguments.listen)
        .timeout(arguments.timeout)
        .grace(arguments.grace)
        .on_event(move |event| lock(&listener).show(event));
    if let Some(recorder) = recorder {
        builder = builder.record(recorder);
    }
    // All on one thread: what one task hands to another needs not wake a second one.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let stop = gateway::stopped()?;
        let proxy = match builder.start().await {
            Ok(proxy) => proxy,
            Err(error) => {
                complain(&format!(
                    "cannot run a proxy at {} for {}: {error}",
                    arguments.listen,
                    seedance_query::redact::mask(&arguments.upstream)
                ));
                return Ok(UNUSABLE);
            }
        };
        if !arguments.listen.ip().is_loopback() {
            complain(
                "whoever reaches this address can use the gateway through it, with a key of \
                 theirs, and can read the report; 127.0.0.1 is for this machine only",
            );
        }
        print_address(&proxy, &arguments.upstream, arguments.json)?;
        let drawing = Live::draw(&live);
        stop.await;
        let again = gateway::stopped()?;
        let summary = tokio::select! {
            summary = proxy.shutdown() => Some(summary),
            () = again => None,
        };
        drop(drawing);
        if matches!(live.try_lock(), Err(TryLockError::WouldBlock)) {
            // Whoever should read what was found does not; nothing more can be said there.
            return Ok(UNFINISHED);
        }
        let Some(summary) = summary else {
            complain("stopped at once; what was on its way is lost");
            return Ok(UNFINISHED);
        };
        if arguments.json {
            super::print(&json!({ "event": "stopped", "summary": summary }))?;
        } else {
            print_summary(&summary);
        }
        Ok(if summary.waiting > 0 { UNFINISHED } else { OK })
    })
}

/// A listener that panicked has said so.
pub(super) fn lock(live: &Mutex<Live>) -> std::sync::MutexGuard<'_, Live> {
    live.lock().unwrap_or_else(PoisonError::into_inner)
}

fn print_address(proxy: &Proxy, upstream: &str, json: bool) -> io::Result<()> {
    let url = format!("http://{}", proxy.local_addr());
    let upstream = seedance_query::redact::mask(upstream);
    if json {
        let line = json!({
            "event": "listening",
            "base_url": url,
            "upstream": upstream,
            "report_url": format!("{url}/_report"),
            "metrics_url": format!("{url}/_metrics"),
        });
        return super::print(&line);
    }
    let id = "asyntask_...";
    let lines = [
        format!("proxy     {url}"),
        format!("upstream  {upstream}"),
        format!("report    {url}/_report"),
        format!("metrics   {url}/_metrics"),
        String::new(),
        format!(
            "curl -H \"Authorization: Bearer $SEEDANCE_API_KEY\" {url}/v1/video/generations/{id}"
        ),
        format!("SEEDANCE_BASE_URL={url} seedance-query get {id}"),
    ];
    super::print(&lines.join("\n"))
}

fn print_summary(summary: &ProxySummary) {
    say(&overview::line(&summary.report));
    say(&summary.to_string());
}

/// One line of the JSON output.
pub(super) fn line(event: &ProxyEvent<'_>) -> serde_json::Value {
    match event {
        ProxyEvent::Checked { checked, capture } => json!({
            "event": "checked",
            "source": checked.source,
            "capture": capture,
            "report": checked.report,
        }),
        ProxyEvent::NotRecorded(message) => json!({
            "event": "not_recorded",
            "message": message,
        }),
        _ => serde_json::Value::Null,
    }
}
