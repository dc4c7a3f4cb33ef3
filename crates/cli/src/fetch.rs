//! `fetch`: batches into a directory.

use std::{io, path::Path};

use seedance_fetch::{Fetch, FetchState, FetchSummary};
use seedance_query::TaskId;

use super::{
    BAD, OK, UNFINISHED, UNUSABLE, arguments::FetchArguments, bytes, complain, explain, gateway,
    heard, progress::Progress, table,
};

pub(super) fn run(arguments: &FetchArguments) -> io::Result<u8> {
    let forgotten = parsed(&arguments.forget);
    let (ids, forgotten) = match ids(arguments).and_then(|ids| Ok((ids, forgotten?))) {
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
        .originals(arguments.original)
        .forget(forgotten);
    gateway::runtime()?.block_on(run_and_print(fetch, arguments.json))
}

/// Runs a batch with its progress shown, and prints how it ended.
pub(super) async fn run_and_print(fetch: Fetch, json: bool) -> io::Result<u8> {
    let stop = gateway::stopped()?;
    let mut progress = Progress::new(json);
    // The videos are fetched even if what is shown of it cannot be written.
    let mut shown = Ok(());
    let outcome = fetch
        .run(
            |event| {
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
            let message = explain::chain(&error);
            if json {
                let line = serde_json::json!({ "event": "error", "error": message });
                super::print(&line)?;
            }
            complain(&message);
            return Ok(UNUSABLE);
        }
    };
    shown?;
    if json {
        let line = serde_json::json!({ "event": "summary", "summary": summary });
        super::print(&line)?;
    } else {
        heard(table::print(&summary, &progress))?;
    }
    if summary.is_unauthorized {
        complain("the gateway does not accept the API key: check SEEDANCE_API_KEY");
    }
    Ok(code(&summary))
}

/// All, none, or some.
fn code(summary: &FetchSummary) -> u8 {
    match (summary.count(FetchState::Arrived), summary.tasks.len()) {
        (_, 0) => UNUSABLE,
        (arrived, all) if arrived == all => OK,
        (0, _) => BAD,
        _ => UNFINISHED,
    }
}

fn parsed(texts: &[String]) -> Result<Vec<TaskId>, String> {
    let ids = texts.iter().map(|text| text.parse::<TaskId>());
    ids.map(|id| id.map_err(|error| error.to_string()))
        .collect()
}

/// The ids of the arguments and of the file.
fn ids(arguments: &FetchArguments) -> Result<Vec<TaskId>, String> {
    let mut ids = parsed(&arguments.task_ids)?;
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
    let (name, bytes) = bytes::bytes(path)?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let valid = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = valid.split(|byte| *byte == b'\n').count();
        format!("cannot read {name}: line {line} is not UTF-8")
    })?;
    // Some editors put a mark at the beginning, which is no part of an id.
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text).to_owned();
    Ok((name, text))
}
