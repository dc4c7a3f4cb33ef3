//! `proxy`: validates the traffic of any client on its way.

use std::{
    env, io,
    sync::{Arc, Mutex, TryLockError},
};

use seedance_traffic::proxy::{Proxy, ProxySummary};
use serde_json::json;

use crate::{
    arguments::ProxyArguments,
    exit_status::ExitStatus,
    output::{complain, counts_line, print, say},
    session::{recorder_or_complain, stopped},
    terminal::{ProxyMonitor, lock},
};

/// The variable with the token that the pages ask for.
const PAGE_TOKEN: &str = "SEEDANCE_PROXY_TOKEN";

pub(super) fn run(arguments: &ProxyArguments) -> io::Result<ExitStatus> {
    let Some(recorder) = recorder_or_complain(&arguments.record) else {
        return Ok(ExitStatus::Usage);
    };
    let monitor = Arc::new(Mutex::new(ProxyMonitor::new(arguments.json)));
    let listener = Arc::clone(&monitor);
    let mut builder = Proxy::builder()
        .upstream(&arguments.upstream)
        .listen(arguments.listen)
        .timeout(arguments.timeout)
        .idle_timeout(arguments.idle_timeout)
        .grace(arguments.grace)
        .on_event(move |event| lock(&listener).show(event));
    if let Some(recorder) = recorder {
        builder = builder.record(recorder);
    }
    if let Ok(token) = env::var(PAGE_TOKEN) {
        builder = builder.page_token(token);
    }
    // One thread: handing work from task to task then wakes no other.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let stop = stopped()?;
        let proxy = match builder.start().await {
            Ok(proxy) => proxy,
            Err(error) => {
                complain(&format!(
                    "cannot run a proxy at {} for {}: {error}",
                    arguments.listen,
                    seedance_query::redact::text(&arguments.upstream)
                ));
                return Ok(ExitStatus::Usage);
            }
        };
        if !arguments.listen.ip().is_loopback() {
            complain(
                "anyone who can reach this address can use the gateway through it, with their own \
                 key; the report needs the token above. Use 127.0.0.1 to serve this machine only",
            );
        }
        print_address(&proxy, &arguments.upstream, arguments.json)?;
        let drawing = ProxyMonitor::draw(&monitor);
        stop.await;
        let again = stopped()?;
        let summary = tokio::select! {
            summary = proxy.shutdown() => Some(summary),
            () = again => None,
        };
        drop(drawing);
        if matches!(monitor.try_lock(), Err(TryLockError::WouldBlock)) {
            // Standard error is not being read; nothing more can be printed there.
            return Ok(ExitStatus::Unfinished);
        }
        let Some(summary) = summary else {
            complain("stopped at once; open requests were cut off");
            return Ok(ExitStatus::Unfinished);
        };
        if arguments.json {
            print(&json!({ "event": "stopped", "summary": summary }))?;
        } else {
            print_summary(&summary);
        }
        Ok(if summary.waiting > 0 {
            ExitStatus::Unfinished
        } else if summary.unrecorded > 0 {
            // The directory cannot be used.
            ExitStatus::Usage
        } else {
            ExitStatus::Done
        })
    })
}

fn print_address(proxy: &Proxy, upstream: &str, json: bool) -> io::Result<()> {
    let url = format!("http://{}", proxy.local_addr());
    let upstream = seedance_query::redact::text(upstream);
    let page = |path: &str| match proxy.page_token() {
        Some(token) => format!("{url}{path}?token={}", encoded(token)),
        None => format!("{url}{path}"),
    };
    let (report, metrics) = (page("/_report"), page("/_metrics"));
    if json {
        let line = json!({
            "event": "listening",
            "base_url": url,
            "upstream": upstream,
            "report_url": report,
            "metrics_url": metrics,
        });
        return print(&line);
    }
    let id = "asyntask_...";
    let lines = [
        format!("proxy     {url}"),
        format!("upstream  {upstream}"),
        format!("report    {report}"),
        format!("metrics   {metrics}"),
        String::new(),
        format!(
            "curl -H \"Authorization: Bearer $SEEDANCE_API_KEY\" {url}/v1/video/generations/{id}"
        ),
        format!("SEEDANCE_BASE_URL={url} seedance-query get {id}"),
    ];
    print(&lines.join("\n"))
}

/// A token as the value of a query.
fn encoded(token: &str) -> String {
    url::form_urlencoded::byte_serialize(token.as_bytes()).collect()
}

fn print_summary(summary: &ProxySummary) {
    say(&counts_line(&summary.report));
    say(&summary.to_string());
}
