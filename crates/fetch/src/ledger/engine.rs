//! What a batch asks of a ledger, whichever engine keeps it.

use std::{
    fmt::Debug,
    future::Future,
    time::{Duration, SystemTime},
};

use seedance_query::model::TaskId;

use super::rows::{LedgerRows, TaskRow, VideoRow};
use crate::{error::FetchError, video_kind::VideoKind};

/// What a run begins with.
#[derive(Clone, Debug, Default)]
pub struct Beginning {
    /// Tasks that are taken out of the ledger first.
    pub forgotten: Vec<TaskId>,
    /// Tasks that are added unless they are there.
    pub ids: Vec<TaskId>,
    /// Whether the videos before the enhancement are wanted as well.
    pub originals: bool,
}

/// How much a ledger has, as a run begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Backlog {
    /// Tasks that are not done.
    pub tasks: usize,
    /// Tasks that are done, or have no video that can be had.
    pub done: usize,
}

/// A task that this run holds. The token rises each time that somebody claims the task, so a write
/// that names an old one is refused.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Claim {
    /// The task.
    pub task_id: TaskId,
    /// Which hold of the task this is.
    pub token: i64,
}

/// A task that was just claimed.
#[derive(Clone, Debug)]
pub struct Claimed {
    /// The hold of the task.
    pub claim: Claim,
    /// Whether its video could not be had before: then the next answer decides.
    pub was_unavailable: bool,
    /// Its videos that somebody was giving their names when the program ended.
    pub placing: Vec<VideoRow>,
}

/// The tasks that a run goes on with.
#[derive(Clone, Debug, Default)]
pub struct Claims {
    /// The nearest expiry first.
    pub tasks: Vec<Claimed>,
    /// When there can be more; none if there is no more unless it is added.
    pub ask_again_in: Option<Duration>,
}

/// A file that is about to appear under its name.
#[derive(Clone, Debug)]
pub struct Placing {
    /// Its name in the directory.
    pub file: String,
    /// Its length.
    pub bytes: u64,
    /// Its SHA-256 in hexadecimal digits.
    pub sha256: String,
    /// What vouches for it being whole.
    pub verification: Option<String>,
}

/// The ledger of a batch.
///
/// A run claims tasks, notes what becomes of them, and releases them. Each write names its claim; one
/// that is not held any more is refused with [`FetchError::is_taken_over`], and changes nothing.
pub trait Ledger: Clone + Debug + Send + Sync + 'static {
    /// A place to download, for as long as it is kept.
    type DownloadSlot: Send + 'static;

    /// Begins a run: forgets and adds tasks, and forgets what stopped the last run.
    fn begin(&self, beginning: Beginning) -> impl Future<Output = Result<(), FetchError>> + Send;

    /// The videos that a killed run was giving their names. An engine that many workers share hands
    /// them out with their tasks instead.
    fn interrupted(
        &self,
    ) -> impl Future<Output = Result<Vec<(Claim, VideoRow)>, FetchError>> + Send;

    /// The videos of tasks that have arrived in the directory of this run, as far as the ledger knows
    /// that they came into this one.
    fn arrived_here(
        &self,
        ids: Vec<TaskId>,
    ) -> impl Future<Output = Result<Vec<VideoRow>, FetchError>> + Send;

    /// Notes that the file of a video that had arrived here is gone: its task is claimed again.
    fn gone(
        &self,
        id: TaskId,
        kind: VideoKind,
    ) -> impl Future<Output = Result<(), FetchError>> + Send;

    /// How much is to be done, once a run has begun.
    fn backlog(&self) -> impl Future<Output = Result<Backlog, FetchError>> + Send;

    /// Adds tasks, and returns how many of them there is something to do for.
    fn add(&self, ids: Vec<TaskId>) -> impl Future<Output = Result<usize, FetchError>> + Send;

    /// Claims the next tasks that are due. A task that this run has released is not claimed again by
    /// it, unless it is due again or added again.
    fn claim(&self, at_most: usize) -> impl Future<Output = Result<Claims, FetchError>> + Send;

    /// Gives a task back, done or not.
    fn release(&self, claim: &Claim) -> impl Future<Output = Result<(), FetchError>> + Send;

    /// Gives back all that this run holds, as it ends.
    fn release_all(&self) -> impl Future<Output = Result<(), FetchError>> + Send;

    /// Notes how a task ended, and which videos it has and until when their URLs hold.
    fn ended(
        &self,
        claim: &Claim,
        row: TaskRow,
        videos: Vec<(VideoKind, Option<SystemTime>)>,
    ) -> impl Future<Output = Result<(), FetchError>> + Send;

    /// Notes that a task has not ended, whatever was known of it before.
    fn goes_on(&self, claim: &Claim) -> impl Future<Output = Result<(), FetchError>> + Send;

    /// Notes that a task has no video that can be had, as far as can be told.
    fn unavailable(
        &self,
        claim: &Claim,
        reason: String,
    ) -> impl Future<Output = Result<(), FetchError>> + Send;

    /// Notes why a task could not be taken further in this run.
    fn has_problem(
        &self,
        claim: &Claim,
        problem: String,
    ) -> impl Future<Output = Result<(), FetchError>> + Send;

    /// What is known of a video.
    fn video(
        &self,
        id: TaskId,
        kind: VideoKind,
    ) -> impl Future<Output = Result<Option<VideoRow>, FetchError>> + Send;

    /// Notes that a verified file is about to appear under its name.
    fn placing(
        &self,
        claim: &Claim,
        kind: VideoKind,
        placing: Placing,
    ) -> impl Future<Output = Result<(), FetchError>> + Send;

    /// Notes whether the file that was to appear did.
    fn placed(
        &self,
        claim: &Claim,
        kind: VideoKind,
        did: bool,
    ) -> impl Future<Output = Result<(), FetchError>> + Send;

    /// Waits for a place to download, if all runs together have a limited number of them.
    fn download_slot(&self) -> impl Future<Output = Result<Self::DownloadSlot, FetchError>> + Send;

    /// What a run tells at its end.
    fn rows(&self) -> impl Future<Output = Result<LedgerRows, FetchError>> + Send;
}
