//! What a batch reports while it runs.

use std::path::PathBuf;

use serde::Serialize;

use super::video_kind::VideoKind;
use seedance_query::{
    model::TaskId,
    poll::{Observation, RetryAfter},
    validate::{Finding, Verdict},
};

/// Something that happened in a batch. Serializes as an object with a member `event`.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
#[non_exhaustive]
pub enum FetchEvent {
    /// The ledger was read.
    Started {
        /// How many tasks this run works on.
        tasks: usize,
        /// How many tasks had ended before, with all of their videos.
        done_before: usize,
    },
    /// Tasks were added while the batch runs.
    Added {
        /// How many of them this run works on.
        tasks: usize,
    },
    /// A task was queried and goes on.
    Observed(ObservedTask),
    /// A task has succeeded or failed.
    Ended {
        /// The task.
        task_id: TaskId,
        /// Its shape: `normal`, `super_resolution` or `failure`.
        shape: Option<String>,
        /// The verdict on the last answer.
        verdict: Option<Verdict>,
        /// What was found in it.
        findings: Vec<Finding>,
        /// The tokens that are billed.
        billed_tokens: Option<i64>,
        /// Why it failed.
        reason: Option<String>,
        /// Seconds until its URL expires, by this machine's clock.
        expires_in: Option<f64>,
    },
    /// A video is being downloaded. Some of these events are dropped where they come too fast.
    Downloading {
        /// The task.
        task_id: TaskId,
        /// Which of its videos.
        kind: VideoKind,
        /// Bytes that are on disk.
        bytes: u64,
        /// Total bytes, if the store announces them.
        total: Option<u64>,
    },
    /// A download waits before its next request.
    DownloadWaiting {
        /// The task.
        task_id: TaskId,
        /// Which of its videos.
        kind: VideoKind,
        /// Seconds until the next request.
        next_in: f64,
        /// The reason.
        reason: String,
    },
    /// A video is on disk under its name.
    Arrived {
        /// The task.
        task_id: TaskId,
        /// Which of its videos.
        kind: VideoKind,
        /// The file.
        file: PathBuf,
        /// Its length.
        bytes: u64,
        /// Its SHA-256 in hexadecimal digits.
        sha256: String,
        /// How it was verified as complete, such as `container`; `unverified` if it was not.
        verification: Option<String>,
        /// Whether the file existed already and was not downloaded.
        was_there: bool,
    },
    /// A problem that does not affect the video; the task continues.
    Warned {
        /// The task.
        task_id: TaskId,
        /// What went wrong.
        problem: String,
    },
    /// A video of a task is not available.
    Unavailable {
        /// The task.
        task_id: TaskId,
        /// Why.
        reason: String,
    },
    /// Another worker has taken a task over, because the lease of this one had ended.
    TakenOver {
        /// The task.
        task_id: TaskId,
    },
    /// The database of a fleet's ledger is away; what the worker holds is kept meanwhile.
    LedgerAway {
        /// What happened.
        problem: String,
    },
    /// The database of a fleet's ledger is there again.
    LedgerBack {
        /// Seconds for which it was away.
        after: f64,
    },
    /// This run gives up on a task; another run continues with it.
    Left {
        /// The task.
        task_id: TaskId,
        /// Why.
        problem: String,
    },
}

/// One query of a task that goes on.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct ObservedTask {
    /// The task.
    pub task_id: TaskId,
    /// Which query of it this is, counted from 1.
    pub poll: u32,
    /// Its status, if the answer tells one.
    pub status: Option<String>,
    /// The gateway's estimate.
    pub progress: Option<String>,
    /// Seconds since the first query.
    pub elapsed: f64,
    /// Seconds until the next query.
    pub next_in: f64,
    /// How long the gateway asks to wait, if it does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<RetryAfter>,
    /// What was found in the answer.
    pub findings: Vec<Finding>,
    /// Why the answer tells no status.
    pub error: Option<String>,
}

impl ObservedTask {
    /// The first query of a task, before any answer.
    #[must_use]
    pub fn new(task_id: TaskId) -> Self {
        Self {
            task_id,
            poll: 1,
            status: None,
            progress: None,
            elapsed: 0.0,
            next_in: 0.0,
            retry_after: None,
            findings: Vec::new(),
            error: None,
        }
    }
}

impl From<&Observation> for FetchEvent {
    fn from(seen: &Observation) -> Self {
        let status = seen.status();
        Self::Observed(ObservedTask {
            task_id: seen.task_id().clone(),
            poll: seen.poll(),
            progress: seen.progress().map(str::to_owned),
            elapsed: seen.elapsed().as_secs_f64(),
            next_in: seen.next_in().as_secs_f64(),
            retry_after: seen.retry_after(),
            findings: seen.findings().to_vec(),
            error: match seen.answer() {
                Err(error) if status.is_none() => Some(error.to_string()),
                _ => None,
            },
            status: status.map(str::to_owned),
        })
    }
}
