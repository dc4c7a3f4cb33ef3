//! `fetch`: batches into a directory.

use std::{
    fs,
    io::{self, Read, Write},
    path::Path,
};

use seedance_query::{
    TaskId,
    fetch::{Fetch, FetchState, FetchSummary},
};

use super::{
    BAD, OK, UNFINISHED, UNUSABLE, arguments::FetchArguments, complain, explain, gateway,
    progress::Progress, table,
};

pub(super) fn run(arguments: &FetchArguments) -> io::Result<u8> {
    let ids = match ids(arguments) {
        Ok(ids) => ids,
        Err(message) => {
            complain(&message);
            return Ok(UNUSABLE);
        }
    };
    let Some(client) = gateway::client_or_complain(&arguments.gateway) else {
        return Ok(UNUSABLE);
    };
    let fetch = Fetch::new(&client, &arguments.into)
        .tasks(ids)
        .policy(gateway::policy(&arguments.waiting))
        .downloads(arguments.downloads)
        .requests_per_second(arguments.rate)
        .originals(arguments.original);
    gateway::runtime()?.block_on(run_and_print(fetch, arguments.json))
}

/// Runs a batch with its progress shown, and prints how it ended.
pub(super) async fn run_and_print(fetch: Fetch, json: bool) -> io::Result<u8> {
    let stop = gateway::stopped()?;
    let mut progress = Progress::new(json);
    let mut shown = Ok(());
    let outcome = fetch
        .run(
            |event| {
                // Whoever has closed the pipe gets no more; the videos are still fetched.
                if shown.is_ok() {
                    shown = progress.show(&event);
                }
            },
            stop,
        )
        .await;
    progress.clear();
    let summary = match outcome {
        Ok(summary) => summary,
        Err(error) => {
            complain(&explain::chain(&error));
            return Ok(UNUSABLE);
        }
    };
    let is_heard = shown.is_ok();
    match shown {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => return Err(error),
        _ => {}
    }
    if json && is_heard {
        let mut out = io::stdout().lock();
        let line = serde_json::json!({ "event": "summary", "summary": summary });
        writeln!(out, "{line}")?;
    } else if is_heard {
        table::print(&summary, &progress)?;
    }
    Ok(code(&summary))
}

fn code(summary: &FetchSummary) -> u8 {
    let arrived = summary.count(FetchState::Arrived);
    match arrived {
        _ if arrived == summary.tasks.len() => OK,
        0 if summary.count(FetchState::Left) == 0 => BAD,
        0 if !summary.is_stopped => BAD,
        _ => UNFINISHED,
    }
}

/// The ids of the arguments and of the file.
fn ids(arguments: &FetchArguments) -> Result<Vec<TaskId>, String> {
    let mut ids = Vec::new();
    for text in &arguments.task_ids {
        ids.push(text.parse::<TaskId>().map_err(|error| error.to_string())?);
    }
    if let Some(path) = &arguments.from {
        let (name, text) = read(path)?;
        for line in text.lines().map(str::trim) {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let id = line.parse::<TaskId>();
            ids.push(id.map_err(|error| format!("{name}: {error}"))?);
        }
    }
    Ok(ids)
}

fn read(path: &Path) -> Result<(String, String), String> {
    let is_stdin = path == Path::new("-");
    let name = if is_stdin {
        "standard input".to_owned()
    } else {
        path.display().to_string()
    };
    let read = || -> io::Result<String> {
        if is_stdin {
            let mut text = String::new();
            io::stdin().lock().read_to_string(&mut text)?;
            Ok(text)
        } else {
            fs::read_to_string(path)
        }
    };
    let text = read().map_err(|error| format!("cannot read {name}: {error}"))?;
    Ok((name, text))
}
