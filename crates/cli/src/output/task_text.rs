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
    let task = response.task();
    if let Some(id) = task.task_id() {
        writeln!(out, "task      {id}")?;
    }
    writeln!(out, "shape     {}", task.shape())?;
    writeln!(out, "status    {}", task.status())?;
    if let Some(progress) = task.progress().filter(|_| !task.is_terminal()) {
        writeln!(out, "progress  {progress}")?;
    }
    if let Some(url) = response.result_url() {
        writeln!(out, "video     {url} (whole with --json)")?;
        let left = url.expires_in(std::time::SystemTime::now());
        if let Some(left) = left {
            writeln!(out, "expires   {}", span(left))?;
        }
    }
    if let Some(tokens) = task.billed_tokens() {
        writeln!(out, "billed    {tokens} tokens")?;
    }
    if let Some(reason) = task.fail_reason() {
        writeln!(out, "failed    {reason}")?;
    }
    writeln!(out, "verdict   {}", response.report().verdict())
}
