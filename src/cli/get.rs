//! `get`: one query.

use std::{
    error::Error as _,
    io::{self, Write},
};

use seedance_query::{Client, ClientBuilder, Error, QueryResponse, Report, TaskId};

use super::{BAD, GetArguments, OK, UNUSABLE, complain};

pub(super) fn run(arguments: &GetArguments) -> io::Result<u8> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let task_id: TaskId = match arguments.task_id.parse() {
        Ok(task_id) => task_id,
        Err(error) => {
            complain(&format!("{error}"));
            return Ok(UNUSABLE);
        }
    };
    let outcome = client(arguments).and_then(|client| runtime.block_on(client.query(&task_id)));
    match outcome {
        Ok(response) => {
            print(&response, arguments.json)?;
            Ok(OK)
        }
        Err(error) => {
            explain(&error);
            Ok(if error.is_input() { UNUSABLE } else { BAD })
        }
    }
}

fn client(arguments: &GetArguments) -> Result<Client, Error> {
    let mut builder = ClientBuilder::from_env().timeout(arguments.timeout);
    if let Some(base_url) = &arguments.base_url {
        builder = builder.base_url(base_url);
    }
    builder.build()
}

fn print(response: &QueryResponse, json: bool) -> io::Result<()> {
    let mut out = io::stdout().lock();
    if json {
        out.write_all(response.body())?;
        if !response.body().ends_with(b"\n") {
            out.write_all(b"\n")?;
        }
    } else {
        let task = response.task();
        writeln!(out, "task      {}", task.task_id())?;
        writeln!(out, "shape     {}", task.shape())?;
        if let Some(url) = task.result_url() {
            writeln!(out, "video     {url} (whole with --json)")?;
        }
        if let Some(tokens) = task.billed_tokens() {
            writeln!(out, "billed    {tokens} tokens")?;
        }
        if let Some(reason) = task.fail_reason() {
            writeln!(out, "failed    {reason}")?;
        }
        writeln!(out, "verdict   {}", response.report().verdict())?;
    }
    for finding in response.report().findings() {
        anstream::eprintln!("{finding}");
    }
    Ok(())
}

/// Says what went wrong, from the outermost to the innermost cause, and what is known beyond.
fn explain(error: &Error) {
    let mut message = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        message.push_str(&format!(": {inner}"));
        cause = inner.source();
    }
    complain(&message);
    if let Some(wait) = error.retry_after() {
        complain(&format!("the gateway asks to wait {} s", wait.as_secs()));
    } else if error.is_unauthorized() {
        complain("check SEEDANCE_API_KEY");
    } else if error.is_unknown_task() {
        complain("a task can be unknown for some seconds after it was submitted");
    } else if error.is_retryable() {
        complain("the task is not lost: the same query can succeed later");
    }
    if error.is_contract_violation() {
        for finding in error.report().into_iter().flat_map(Report::findings) {
            anstream::eprintln!("{finding}");
        }
        if let Some(url) = error.result_url() {
            complain(&format!(
                "all the same, the body has the video's URL: {url}"
            ));
        }
    }
}
