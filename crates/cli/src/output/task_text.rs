//! A task for a person.

use std::io::{self, Write};

use seedance_query::QueryResponse;

use super::units::span;

/// The body as it came.
pub(crate) fn print_body(response: &QueryResponse) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(response.body())?;
    if !response.body().ends_with(b"\n") {
        out.write_all(b"\n")?;
    }
    Ok(())
}

/// The summary of a task.
pub(crate) fn print_task(response: &QueryResponse) -> io::Result<()> {
    let mut out = io::stdout().lock();
    let view = response.view();
    if let Some(id) = &view.task_id {
        writeln!(out, "task      {id}")?;
    }
    match view.shape() {
        Some(shape) => writeln!(out, "shape     {shape}")?,
        None => writeln!(out, "shape     unknown")?,
    }
    writeln!(
        out,
        "status    {}",
        view.status.as_deref().unwrap_or("missing")
    )?;
    if let Some(progress) = view.progress.as_ref().filter(|_| !view.state.is_terminal()) {
        writeln!(out, "progress  {progress}")?;
    }
    let upstream = &view.upstream;
    if let Some(status) = upstream
        .status
        .as_ref()
        .filter(|_| upstream.state.is_terminal() && upstream.state != view.state)
    {
        writeln!(out, "upstream  {status}")?;
    }
    if let Some(url) = response.result_url() {
        writeln!(out, "video     {url} (whole with --json)")?;
        let left = url.expires_in(std::time::SystemTime::now());
        if let Some(left) = left {
            writeln!(out, "expires   {}", span(left))?;
        }
    }
    if let Some(tokens) = view.billed_tokens {
        writeln!(out, "billed    {tokens} tokens")?;
    }
    if let Some(reason) = &view.fail_reason {
        writeln!(out, "failed    {reason}")?;
    }
    writeln!(out, "verdict   {}", response.report().verdict())
}
