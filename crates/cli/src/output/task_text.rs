//! A task for a person.

use std::io::{self, Write};

use seedance_query::{QueryResponse, redact::terminal_json};

use super::{stream::print, units::span};

/// The body as it came, without the key.
pub(crate) fn print_body(response: &QueryResponse) -> io::Result<()> {
    let body = response.body_without_key();
    // Bytes that are no UTF-8 can control a terminal, too.
    let body = String::from_utf8_lossy(&body);
    let body = terminal_json(&body);
    let mut out = io::stdout().lock();
    out.write_all(body.as_bytes())?;
    if !body.ends_with('\n') {
        out.write_all(b"\n")?;
    }
    Ok(())
}

/// The summary of a task.
pub(crate) fn print_task(response: &QueryResponse) -> io::Result<()> {
    let mut out = Vec::new();
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
    write!(out, "verdict   {}", response.report().verdict())?;
    print(&String::from_utf8_lossy(&out))
}
