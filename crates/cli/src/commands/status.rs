//! Which exit status follows from what came of a task.

use seedance_fetch::{FetchState, FetchSummary, FetchedFile};
use seedance_query::{DownloadError, Error, Outcome, QueryResponse, TaskState, WaitError};

use crate::exit_status::ExitStatus;

/// The status of a task that was asked for once.
pub(super) fn of_response(response: &QueryResponse) -> ExitStatus {
    let url = response.result_url();
    match response.view().state {
        TaskState::Failed => ExitStatus::Failed,
        _ if url.is_some_and(|url| url.expose().is_some()) => ExitStatus::Done,
        TaskState::Succeeded => ExitStatus::NoVideo,
        _ => ExitStatus::Unfinished,
    }
}

/// The status of a query that brought no task.
pub(super) fn of_query_error(error: &Error) -> ExitStatus {
    if error.is_input() {
        ExitStatus::Usage
    } else {
        ExitStatus::Unavailable
    }
}

/// The status of a wait.
pub(super) fn of_outcome(outcome: &Result<Outcome, WaitError>) -> ExitStatus {
    match outcome {
        Ok(Outcome::Succeeded(task)) => of_response(task.response()),
        Ok(Outcome::Failed(_)) => ExitStatus::Failed,
        // No answer ever told of the task.
        Ok(Outcome::TimedOut(task)) if task.last().is_none() => ExitStatus::Unavailable,
        Ok(Outcome::TimedOut(_)) => ExitStatus::Unfinished,
        // The upstream has ended, and the gateway has not noticed yet.
        Ok(_) => ExitStatus::NoVideo,
        Err(error) => error
            .query_error()
            .map_or(ExitStatus::Unfinished, of_query_error),
    }
}

/// The status of a download that did not end with a video.
pub(super) fn of_download_error(error: &DownloadError) -> ExitStatus {
    if error.is_input() || error.is_already_exists() || error.is_io() || error.is_too_large() {
        ExitStatus::Usage
    } else if error.is_retryable() {
        ExitStatus::Unfinished
    } else {
        ExitStatus::NoVideo
    }
}

/// The status of a batch: what is left counts first, then what this run found out.
///
/// A run that has nothing left to do ends with [`ExitStatus::Done`], so that a loop over runs ends.
pub(super) fn of_batch(summary: &FetchSummary) -> ExitStatus {
    let found = |state| {
        let mut tasks = summary.tasks.iter();
        tasks.any(|task| task.is_new && task.state == state)
    };
    // What others hold, or what is due again later, is not done.
    let is_left = summary.fleet.is_some_and(|fleet| fleet.open() > 0);
    if summary.fleet.is_some() && summary.tasks.is_empty() {
        if is_left {
            ExitStatus::Unfinished
        } else {
            ExitStatus::Done
        }
    } else if summary.tasks.is_empty() && !summary.perhaps_submitted.is_empty() {
        ExitStatus::PerhapsSubmitted
    } else if summary.tasks.is_empty() {
        ExitStatus::Usage
    } else if summary.is_unauthorized || summary.is_unreachable {
        ExitStatus::Unavailable
    } else if is_left || summary.count(FetchState::Left) > 0 {
        ExitStatus::Unfinished
    } else if found(FetchState::Unavailable) {
        ExitStatus::NoVideo
    } else if has_unverified(summary) {
        ExitStatus::Unverified
    } else if found(FetchState::Failed) {
        ExitStatus::Failed
    } else {
        ExitStatus::Done
    }
}

/// Whether this run brought a video that nothing vouches for.
fn has_unverified(summary: &FetchSummary) -> bool {
    let new = summary.tasks.iter().filter(|task| task.is_new);
    new.flat_map(|task| &task.files)
        .any(FetchedFile::is_unverified)
}
