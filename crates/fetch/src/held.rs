//! The tasks that a run holds, from the claim to the release.

use std::collections::HashMap;

use seedance_query::model::TaskId;
use tokio::task::AbortHandle;

use super::ledger::Claim;

/// A task that is queried, or whose videos are on their way.
#[derive(Debug)]
struct Held {
    claim: Claim,
    is_watched: bool,
    /// How many of its videos are queued or being downloaded.
    videos: usize,
    downloads: Vec<AbortHandle>,
}

/// All of them.
#[derive(Debug, Default)]
pub(super) struct HeldTasks {
    tasks: HashMap<TaskId, Held>,
    watched: usize,
}

impl HeldTasks {
    pub fn len(&self) -> usize {
        self.tasks.len()
    }

    /// Whether any task is queried.
    pub fn is_any_watched(&self) -> bool {
        self.watched > 0
    }

    /// Holds a task that is about to be queried, perhaps for a second time.
    pub fn hold(&mut self, claim: Claim) {
        let held = self.tasks.entry(claim.task_id.clone()).or_insert(Held {
            claim: claim.clone(),
            is_watched: false,
            videos: 0,
            downloads: Vec::new(),
        });
        held.claim = claim;
        if !held.is_watched {
            held.is_watched = true;
            self.watched += 1;
        }
    }

    pub fn claim_of(&self, id: &TaskId) -> Option<Claim> {
        self.tasks.get(id).map(|held| held.claim.clone())
    }

    /// Whether a task is still held by this claim.
    pub fn has(&self, claim: &Claim) -> bool {
        let held = self.tasks.get(&claim.task_id);
        held.is_some_and(|held| held.claim == *claim)
    }

    fn of(&mut self, claim: &Claim) -> Option<&mut Held> {
        let held = self.tasks.get_mut(&claim.task_id);
        held.filter(|held| held.claim == *claim)
    }

    /// A task is not queried any more.
    pub fn stop_watching(&mut self, claim: &Claim) {
        if let Some(held) = self.of(claim)
            && held.is_watched
        {
            held.is_watched = false;
            self.watched -= 1;
        }
    }

    /// A video of a task is queued.
    pub fn video_queued(&mut self, claim: &Claim) {
        if let Some(held) = self.of(claim) {
            held.videos += 1;
        }
    }

    /// A download of a video has begun.
    pub fn download_begun(&mut self, claim: &Claim, download: AbortHandle) {
        if let Some(held) = self.of(claim) {
            held.downloads.push(download);
        }
    }

    /// Nothing is left to do for a video of a task.
    pub fn video_done(&mut self, claim: &Claim) {
        if let Some(held) = self.of(claim) {
            held.videos -= 1;
        }
    }

    /// Lets go of a task for which nothing is left to do in this run; returns whether that is so.
    pub fn let_go_if_idle(&mut self, claim: &Claim) -> bool {
        let is_idle = self
            .of(claim)
            .is_some_and(|held| !held.is_watched && held.videos == 0);
        if is_idle {
            self.tasks.remove(&claim.task_id);
        }
        is_idle
    }

    /// Drops a task that somebody else holds now, with its downloads.
    pub fn drop_task(&mut self, claim: &Claim) {
        self.stop_watching(claim);
        if self.has(claim)
            && let Some(held) = self.tasks.remove(&claim.task_id)
        {
            for download in held.downloads {
                download.abort();
            }
        }
    }
}
