//! `fetch`: batches into a directory or an object store.

use std::{io, num::NonZeroU32, path::Path, sync::atomic::Ordering, task::Poll, time::Duration};

use futures_util::stream;
use seedance_fetch::{Fetch, Fleet};
use seedance_query::TaskId;
use tokio::sync::mpsc::UnboundedReceiver;

use super::{fleet::fleet, place::place, status, verify};
use crate::{
    arguments::FetchArguments,
    exit_status::ExitStatus,
    input::{ids_of_standard_input, parse_ids, read_ids},
    output::{chain, complain, print, print_batch, print_perhaps_submitted},
    session::{limited_client_or_complain, policy, runtime, stopped},
    terminal::Progress,
};

const RATE: NonZeroU32 = NonZeroU32::new(20).unwrap();
const RATE_OF_A_WORKER: NonZeroU32 = NonZeroU32::new(1000).unwrap();

pub(super) fn run(arguments: &FetchArguments) -> io::Result<ExitStatus> {
    let place = match place(arguments) {
        Ok(place) => place,
        Err(message) => {
            complain(&message);
            return Ok(ExitStatus::Usage);
        }
    };
    if arguments.verify {
        return verify::run(&place, arguments.json);
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
    let Some(client) = limited_client_or_complain(&arguments.gateway, Some(rate(arguments))) else {
        return Ok(ExitStatus::Usage);
    };
    let mut fetch = Fetch::new(&client, &place.directory)
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
    if let Some(store) = &place.store {
        fetch = fetch.into_store(store.clone());
    }
    let fleet = fleet(&arguments.fleet);
    if let (Some(_), Some(rate)) = (&fleet, arguments.rate) {
        fetch = fetch.requests_per_second(rate);
    }
    let directory = place.directory.as_path();
    let (json, progress_every) = (arguments.json, arguments.waiting.progress_every);
    let batch = Batch {
        fetch,
        fleet,
        more_ids: None,
    };
    runtime()?.block_on(async {
        if !arguments.takes_ids_from_standard_input() {
            return run_and_print(batch, directory, json, progress_every).await;
        }
        let (ids, had_fault) = ids_of_standard_input();
        let more_ids = Some(ids);
        let batch = Batch { more_ids, ..batch };
        let status = run_and_print(batch, directory, json, progress_every).await?;
        let is_done = status == ExitStatus::Done;
        Ok(if is_done && had_fault.load(Ordering::Relaxed) {
            ExitStatus::Usage
        } else {
            status
        })
    })
}

/// Maximum number of queries per second of this process. With a fleet, the ledger has the limit of all.
fn rate(arguments: &FetchArguments) -> NonZeroU32 {
    let usual = if arguments.fleet.ledger.is_some() {
        RATE_OF_A_WORKER
    } else {
        RATE
    };
    arguments.rate.unwrap_or(usual)
}

/// A batch, the fleet whose ledger it uses, if any, and the tasks that may still come.
pub(super) struct Batch {
    pub fetch: Fetch,
    pub fleet: Option<Fleet>,
    pub more_ids: Option<UnboundedReceiver<TaskId>>,
}

/// Runs a batch with its progress shown, and prints how it ended.
pub(super) async fn run_and_print(
    batch: Batch,
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
    let Batch {
        fetch,
        fleet,
        more_ids,
    } = batch;
    let has_more = more_ids.is_some();
    let mut more_ids = more_ids;
    let ids = stream::poll_fn(move |context| match &mut more_ids {
        Some(ids) => ids.poll_recv(context),
        None => Poll::Ready(None),
    });
    let outcome = match fleet {
        Some(fleet) => fetch.run_in_fleet(&fleet, ids, show, stop).await,
        None if has_more => fetch.run_with_ids(ids, show, stop).await,
        None => fetch.run(show, stop).await,
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
