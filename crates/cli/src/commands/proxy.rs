//! `proxy`: validates the traffic of any client on its way.

use std::{
    env, io,
    sync::{Arc, Mutex, TryLockError},
};

use seedance_playground::{Backend, Playground};
use seedance_traffic::{
    Output,
    proxy::{Proxy, ProxyEvent, ProxySummary},
};
use serde_json::json;

use super::validate::output;
use crate::{
    arguments::{ProxyArguments, ReportArguments},
    exit_status::{Exit, ExitStatus},
    output::{Text, USUAL_WIDTH, common_lines, complain, counts_line, print, say},
    session::{
        Gate, LiveReport, command, page_url, reach, recorder_or_complain, report_file, stopped,
    },
    terminal::{ProxyMonitor, lock},
};

/// The variable with the address of the gateway.
const BASE_URL: &str = "SEEDANCE_BASE_URL";
/// The variable with the token that the pages ask for.
const PAGE_TOKEN: &str = "SEEDANCE_PROXY_TOKEN";

pub(super) fn run(arguments: &ProxyArguments) -> io::Result<Exit> {
    let gate = match Gate::new(&arguments.gate) {
        Ok(gate) => gate,
        Err(message) => {
            complain(&message);
            return Ok(ExitStatus::Usage.into());
        }
    };
    let Some(recorder) = recorder_or_complain(&arguments.record) else {
        return Ok(ExitStatus::Usage.into());
    };
    let upstream = seedance_query::redact::text(&arguments.upstream).into_owned();
    let report = match live_report(&arguments.report, &gate) {
        Ok(report) => report,
        Err(message) => {
            complain(&message);
            return Ok(ExitStatus::Usage.into());
        }
    };
    let quiet = arguments.report.quiet;
    let monitor = Arc::new(Mutex::new(ProxyMonitor::new(
        arguments.json,
        quiet,
        upstream,
    )));
    let (listener, writer) = (Arc::clone(&monitor), report.clone());
    let mut builder = Proxy::builder()
        .upstream(&arguments.upstream)
        .listen(arguments.listen)
        .timeout(arguments.timeout)
        .idle_timeout(arguments.idle_timeout)
        .grace(arguments.grace)
        .session(gate.session().with_task_timelines())
        .on_event(move |event| {
            if let (Some(report), ProxyEvent::Validated { response, .. }) = (&writer, event) {
                report.response(response);
            }
            lock(&listener).show(event);
        });
    if let Some(recorder) = recorder {
        builder = builder.record(recorder);
    }
    if arguments.command.is_empty() {
        let playground = Playground::new(&Backend::gateway(&arguments.upstream))?;
        builder = playground.in_proxy(builder);
    }
    if let Ok(token) = env::var(PAGE_TOKEN) {
        builder = builder.page_token(token);
    }
    // One thread: handing work from task to task then wakes no other.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let proxy = match builder.start().await {
            Ok(proxy) => proxy,
            Err(error) => {
                complain(&format!(
                    "cannot run a proxy at {} for {}: {error}",
                    arguments.listen,
                    seedance_query::redact::text(&arguments.upstream)
                ));
                return Ok(ExitStatus::Usage.into());
            }
        };
        proxy.check_upstream();
        let can = "use the gateway through it, with a key of their own; the report needs its token";
        if let Some(warning) = reach::warning(arguments.listen, can) {
            complain(&warning);
        }
        if arguments.command.is_empty() {
            serve(proxy, arguments, &gate, report, &monitor)
                .await
                .map(Exit::from)
        } else {
            run_command(proxy, arguments, &gate, report).await
        }
    })
}

/// Serves until a signal comes.
async fn serve(
    proxy: Proxy,
    arguments: &ProxyArguments,
    gate: &Gate,
    report: Option<LiveReport>,
    monitor: &Arc<Mutex<ProxyMonitor>>,
) -> io::Result<ExitStatus> {
    let stop = stopped()?;
    print_address(&proxy, arguments)?;
    let drawing = ProxyMonitor::draw(monitor);
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
    let is_written = print_end(&summary, report, arguments)?;
    // Somebody watches: findings fail only on request.
    let is_gate = arguments.gate.fail_on.is_some() || arguments.gate.baseline.is_some();
    Ok(match incomplete(&summary) {
        Some(status) => status,
        None if !is_written => ExitStatus::Usage,
        None if is_gate => gate.conclude(&summary.report),
        None => ExitStatus::Done,
    })
}

/// Runs a command whose requests go through the proxy.
async fn run_command(
    proxy: Proxy,
    arguments: &ProxyArguments,
    gate: &Gate,
    report: Option<LiveReport>,
) -> io::Result<Exit> {
    let url = format!("http://{}", proxy.local_addr());
    if arguments.json {
        print_address(&proxy, arguments)?;
    } else if !arguments.report.quiet {
        say(&format!(
            "proxy {url} for {}",
            seedance_query::redact::text(&arguments.upstream)
        ));
    }
    let own = [(BASE_URL.to_owned(), url.clone())];
    let given = arguments.env.iter().map(|variable| {
        let value = format!("{url}{}", variable.path);
        (variable.name.clone(), value)
    });
    let child = match command::start(&arguments.command, own.into_iter().chain(given)) {
        Ok(child) => child,
        Err((code, message)) => {
            complain(&message);
            return Ok(Exit::OfCommand(code));
        }
    };
    let code = command::wait(child).await?;
    let summary = proxy.shutdown().await;
    let is_written = print_end(&summary, report, arguments)?;
    if code != 0 {
        return Ok(Exit::OfCommand(code));
    }
    if let Some(status) = incomplete(&summary) {
        return Ok(status.into());
    }
    if !is_written {
        return Ok(ExitStatus::Usage.into());
    }
    if summary.report.responses == 0 {
        complain(&format!(
            "nothing was validated. The command has to send its requests to {url}, which was in \
             {BASE_URL}; --env NAME[=PATH] sets other variables, such as OPENAI_BASE_URL=/v1"
        ));
        return Ok(ExitStatus::Usage.into());
    }
    Ok(gate.conclude(&summary.report).into())
}

/// The status of a run whose findings are not all there is.
fn incomplete(summary: &ProxySummary) -> Option<ExitStatus> {
    if summary.waiting > 0 {
        Some(ExitStatus::Unfinished)
    } else if summary.unrecorded > 0 {
        // The directory cannot be used.
        Some(ExitStatus::Usage)
    } else {
        None
    }
}

/// The report that is asked for besides what is shown on standard error.
fn live_report(arguments: &ReportArguments, gate: &Gate) -> Result<Option<LiveReport>, String> {
    let fail_on = gate.fail_on();
    let report = match &arguments.output {
        Some(path) => output(arguments, fail_on, report_file(path, &[])?),
        None if arguments.format.is_none() || arguments.quiet => return Ok(None),
        None => output(arguments, fail_on, anstream::AutoStream::auto(io::stdout())),
    };
    Ok(Some(LiveReport::new(report)))
}

/// Ends the report and prints the counts; returns whether the report could be written.
fn print_end(
    summary: &ProxySummary,
    report: Option<LiveReport>,
    arguments: &ProxyArguments,
) -> io::Result<bool> {
    let has_report = report.is_some();
    let mut is_written = true;
    if let Some(Err(error)) = report.map(|report| report.end(&summary.report)) {
        complain(&format!("cannot write the report: {error}"));
        is_written = false;
    }
    if arguments.json {
        print(&json!({ "event": "stopped", "summary": summary }))?;
    } else if !arguments.report.quiet {
        if arguments.report.summary.is_some() && !has_report {
            let out = anstream::AutoStream::auto(io::stderr());
            Text::new(out, USUAL_WIDTH, arguments.report.summary).end(&summary.report)?;
        } else {
            common_lines(&summary.report).for_each(|line| say(&line));
            say(&counts_line(&summary.report));
        }
        say(&summary.to_string());
    }
    Ok(is_written)
}

fn print_address(proxy: &Proxy, arguments: &ProxyArguments) -> io::Result<()> {
    let url = format!("http://{}", proxy.local_addr());
    let upstream = seedance_query::redact::text(&arguments.upstream);
    let page = |path| page_url(proxy, path);
    let (playground, report, metrics) = (page("/"), page("/_report"), page("/_metrics"));
    if arguments.json {
        let line = json!({
            "event": "listening",
            "base_url": url,
            "upstream": upstream,
            "playground_url": playground,
            "report_url": report,
            "metrics_url": metrics,
        });
        return print(&line);
    }
    let id = "asyntask_...";
    let lines = [
        format!("proxy     {url}"),
        format!("upstream  {upstream}"),
        format!("try it    {playground}"),
        format!("report    {report}"),
        format!("metrics   {metrics}"),
        String::new(),
        format!(
            "curl -H \"Authorization: Bearer $SEEDANCE_API_KEY\" {url}/v1/video/generations/{id}"
        ),
        format!("SEEDANCE_BASE_URL={url} seedance-query get {id}"),
    ];
    // Standard output may have a report.
    if arguments.report.format.is_some() && arguments.report.output.is_none() {
        say(&lines.join("\n"));
        return Ok(());
    }
    print(&lines.join("\n"))
}
