//! `fetch`: batches into a directory.

use std::{io, path::Path, sync::atomic::Ordering, time::Duration};

use futures_util::stream;
use seedance_fetch::Fetch;
use seedance_query::TaskId;
use tokio::sync::mpsc::UnboundedReceiver;

use super::{status, verify};
use crate::{
    arguments::FetchArguments,
    exit_status::ExitStatus,
    input::{ids_of_standard_input, parse_ids, read_ids},
    output::{chain, complain, print, print_batch, print_perhaps_submitted},
    session::{limited_client_or_complain, policy, runtime, stopped},
    terminal::Progress,
};

pub(super) fn run(arguments: &FetchArguments) -> io::Result<ExitStatus> {
    if arguments.verify {
        return verify::run(&arguments.into, arguments.json);
    }
    let forgotten = parse_ids(&arguments.forget);
    let ids = if arguments.takes_ids_from_standard_input() {
        parse_ids(&arguments.task_ids)
    } else {
        read_ids(arguments)
    };
    let (ids, forgotten) = match ids.and_then(|ids| Ok((ids, forgotten?))) {
        Ok(ids) => ids,
        Err(message) => {
            complain(&message);
            return Ok(ExitStatus::Usage);
        }
    };
    let Some(client) = limited_client_or_complain(&arguments.gateway, Some(arguments.rate)) else {
        return Ok(ExitStatus::Usage);
    };
    let mut fetch = Fetch::new(&client, &arguments.into)
        .tasks(ids)
        .policy(policy(&arguments.waiting))
        .downloads(arguments.downloads)
        .originals(arguments.original)
        .forget(forgotten);
    if let Some(bytes) = arguments.downloading.max_size {
        fetch = fetch.max_bytes(bytes);
    }
    if let Some(speed) = arguments.downloading.min_speed {
        fetch = fetch.min_speed(speed);
    }
    if let Some(timeout) = arguments.downloading.download_timeout {
        fetch = fetch.download_timeout(timeout);
    }
    fetch = fetch
        .verify(!arguments.downloading.no_verify)
        .allow_private(arguments.downloading.allow_private)
        .allow_http(arguments.downloading.allow_http);
    let directory = arguments.into.as_path();
    let (json, progress_every) = (arguments.json, arguments.waiting.progress_every);
    runtime()?.block_on(async {
        if !arguments.takes_ids_from_standard_input() {
            return run_and_print(fetch, None, directory, json, progress_every).await;
        }
        let (ids, had_fault) = ids_of_standard_input();
        let status = run_and_print(fetch, Some(ids), directory, json, progress_every).await?;
        let is_done = status == ExitStatus::Done;
        Ok(if is_done && had_fault.load(Ordering::Relaxed) {
            ExitStatus::Usage
        } else {
            status
        })
    })
}

/// Runs a batch, to which more tasks may come, with its progress shown, and prints how it ended.
pub(super) async fn run_and_print(
    fetch: Fetch,
    more_ids: Option<UnboundedReceiver<TaskId>>,
    directory: &Path,
    json: bool,
    progress_every: Duration,
) -> io::Result<ExitStatus> {
    let stop = stopped()?;
    let mut progress = Progress::new(json, progress_every);
    // The videos are fetched even if what is shown of it cannot be written.
    let mut shown = Ok(());
    let show = |event| {
        if shown.is_ok() {
            shown = progress.show(&event);
        }
    };
    let outcome = match more_ids {
        None => fetch.run(show, stop).await,
        Some(mut ids) => {
            let ids = stream::poll_fn(move |context| ids.poll_recv(context));
            fetch.run_with_ids(ids, show, stop).await
        }
    };
    progress.clear();
    let summary = match outcome {
        Ok(summary) => summary,
        Err(error) => {
            let message = chain(&error);
            if json {
                let line = serde_json::json!({ "event": "error", "error": message });
                print(&line)?;
            }
            complain(&message);
            return Ok(ExitStatus::Usage);
        }
    };
    shown?;
    if json {
        let line = serde_json::json!({ "event": "summary", "summary": summary });
        print(&line)?;
    } else {
        print_batch(&summary, &progress.facts())?;
    }
    print_perhaps_submitted(&summary.perhaps_submitted, directory);
    if summary.is_unauthorized {
        complain("the gateway does not accept the API key: check SEEDANCE_API_KEY");
    }
    Ok(status::of_batch(&summary))
}
