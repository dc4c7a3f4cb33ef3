//! The states of a directory's tasks: at the end of a run, or by the ledger alone.

use std::{
    collections::{HashMap, HashSet},
    path::Path,
};

use super::{
    error::FetchError,
    ledger::{Database, Ledger, LedgerRows, TaskRow, TaskState, VideoRow, VideoState},
    run::Run,
    store_url::{StoreUrl, location},
    submission_record::SubmissionRecord,
    summary::{FetchState, FetchSummary, FetchedFile, FetchedTask},
    video_kind::VideoKind,
};
use seedance_query::model::TaskId;

impl<L: Ledger> Run<L> {
    pub(super) async fn summary(&self, is_stopped: bool) -> Result<FetchSummary, FetchError> {
        let rows = self.ledger.rows().await?;
        let unfinished = if self.is_unauthorized {
            "the gateway does not accept the API key"
        } else if is_stopped {
            "the run was stopped first"
        } else {
            "it was added to the ledger while this run was going on"
        };
        let reading = Reading {
            directory: &self.fetch.directory,
            originals: self.fetch.originals,
            changed: Some(&self.changed),
            unfinished,
        };
        let mut summary = reading.summary(rows);
        let tasks = summary.tasks.iter();
        let mut left = tasks.filter(|task| task.state == FetchState::Left);
        summary.is_unreachable = left.clone().next().is_some()
            && left.all(|task| self.unreachable.contains(&task.task_id));
        summary.is_stopped = is_stopped;
        summary.is_unauthorized = self.is_unauthorized;
        Ok(summary)
    }

    /// Whether a video that has arrived is still there.
    pub(super) fn is_there(&self, video: &VideoRow) -> bool {
        is_there(&self.fetch.directory, video)
    }
}

/// Reads what the ledger of a directory knows of its tasks and submissions; nothing is changed or
/// queried, and a run may hold the directory.
///
/// # Errors
///
/// If the directory has no ledger, or it cannot be read.
///
/// # Examples
///
/// ```no_run
/// let status = seedance_fetch::status("videos".as_ref())?;
/// for submission in &status.perhaps_submitted {
///     println!("submission {} was perhaps submitted", submission.number);
/// }
/// # Ok::<(), seedance_fetch::FetchError>(())
/// ```
pub fn status(directory: &Path) -> Result<FetchSummary, FetchError> {
    if !Database::is_in(directory) {
        let message = format!("{} has no ledger", directory.display());
        return Err(FetchError::input(message));
    }
    let rows = Database::open(directory)?.rows()?;
    let reading = Reading {
        directory,
        originals: false,
        changed: None,
        unfinished: "it has not been fetched yet",
    };
    Ok(reading.summary(rows))
}

/// How a ledger is read.
struct Reading<'a> {
    directory: &'a Path,
    originals: bool,
    /// The tasks whose state a run has determined.
    changed: Option<&'a HashSet<TaskId>>,
    /// Why a task is unfinished, if the ledger has no reason.
    unfinished: &'a str,
}

impl Reading<'_> {
    fn summary(&self, rows: LedgerRows) -> FetchSummary {
        let mut videos: HashMap<TaskId, Vec<VideoRow>> = HashMap::new();
        for video in rows.videos {
            videos.entry(video.task_id.clone()).or_default().push(video);
        }
        let tasks = rows.tasks.into_iter().map(|task| {
            let mut videos = videos.remove(&task.task_id).unwrap_or_default();
            videos.sort_by_key(|video| video.kind);
            self.task(task, videos)
        });
        let tasks = tasks.collect();
        let submissions = rows.submissions.into_iter();
        FetchSummary {
            tasks,
            perhaps_submitted: submissions.filter(SubmissionRecord::is_unsettled).collect(),
            ..FetchSummary::default()
        }
    }

    fn task(&self, task: TaskRow, videos: Vec<VideoRow>) -> FetchedTask {
        let mut wanted = videos
            .iter()
            .filter(|video| wants(video.kind, self.originals));
        let state = match task.state {
            TaskState::Failed => FetchState::Failed,
            TaskState::Unavailable => FetchState::Unavailable,
            TaskState::Succeeded if wanted.all(|video| video.state == VideoState::Arrived) => {
                FetchState::Arrived
            }
            TaskState::Succeeded | TaskState::Waiting => FetchState::Left,
        };
        let reason = match state {
            FetchState::Arrived => task.problem,
            FetchState::Failed | FetchState::Unavailable => task.reason,
            FetchState::Left => Some(task.problem.unwrap_or_else(|| self.unfinished.to_owned())),
        };
        let files = videos
            .into_iter()
            .filter(|video| video.state == VideoState::Arrived);
        let files = files.map(|video| FetchedFile {
            is_there: is_there(self.directory, &video),
            kind: video.kind,
            file: location(self.directory, &video.file.unwrap_or_default()),
            bytes: video.bytes.unwrap_or_default(),
            sha256: video.sha256.unwrap_or_default(),
            verification: video.verification,
        });
        FetchedTask {
            is_new: self
                .changed
                .is_some_and(|changed| changed.contains(&task.task_id)),
            task_id: task.task_id,
            state,
            shape: task.shape,
            billed_tokens: task.billed_tokens,
            reason,
            request_id: task.request_id,
            files: files.collect(),
        }
    }
}

fn wants(kind: VideoKind, originals: bool) -> bool {
    kind == VideoKind::Result || originals
}

/// A store is not asked: the ledger knows what it has taken.
fn is_there(directory: &Path, video: &VideoRow) -> bool {
    if video.file.as_deref().is_some_and(StoreUrl::is_url) {
        return true;
    }
    let path = directory.join(video.file.as_deref().unwrap_or_default());
    std::fs::metadata(path).is_ok_and(|found| found.is_file() && Some(found.len()) == video.bytes)
}
