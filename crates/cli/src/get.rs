//! `get`: one query.

use std::io::{self, Write};

use seedance_query::QueryResponse;

use super::{BAD, OK, UNUSABLE, arguments::GetArguments, explain, gateway, heard};

pub(super) fn run(arguments: &GetArguments) -> io::Result<u8> {
    let Some(task_id) = gateway::id_or_complain(&arguments.task_id) else {
        return Ok(UNUSABLE);
    };
    let Some(client) = gateway::client_or_complain(&arguments.gateway) else {
        return Ok(UNUSABLE);
    };
    match gateway::runtime()?.block_on(client.query(&task_id)) {
        Ok(response) => {
            heard(if arguments.json {
                print_body(&response)
            } else {
                print(&response)
            })?;
            explain::findings(response.report());
            Ok(OK)
        }
        Err(error) => {
            explain::query_error(&error);
            Ok(if error.is_input() { UNUSABLE } else { BAD })
        }
    }
}

fn print_body(response: &QueryResponse) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(response.body())?;
    if !response.body().ends_with(b"\n") {
        out.write_all(b"\n")?;
    }
    Ok(())
}

/// The summary of a task.
pub(super) fn print(response: &QueryResponse) -> io::Result<()> {
    let mut out = io::stdout().lock();
    let task = response.task();
    writeln!(out, "task      {}", task.task_id())?;
    writeln!(out, "shape     {}", task.shape())?;
    writeln!(out, "status    {}", task.status())?;
    if let Some(progress) = task.progress().filter(|_| !task.is_terminal()) {
        writeln!(out, "progress  {progress}")?;
    }
    if let Some(url) = response.result_url() {
        writeln!(out, "video     {url} (whole with --json)")?;
        let left = url.expires_in(std::time::SystemTime::now());
        if let Some(left) = left {
            writeln!(out, "expires   {}", super::table::span(left))?;
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
