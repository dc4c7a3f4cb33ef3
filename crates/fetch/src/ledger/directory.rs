//! The ledger of a directory: one run at a time, which the directory's lock sees to.

use std::{
    collections::{HashSet, VecDeque},
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::SystemTime,
};

use seedance_query::{
    capture::is_left_over,
    download::create_directories,
    model::{Shape, TaskId},
};

use super::{
    database::Database,
    engine::{Backlog, Beginning, Claim, Claimed, Claims, Ledger, Placing},
    rows::{LedgerRows, TaskRow, TaskState, VideoRow, VideoState},
    shared::SharedLedger,
};
use crate::{directory_lock::DirectoryLock, error::FetchError, video_kind::VideoKind};

/// The token of every claim: nobody else can have one while the directory is locked.
const TOKEN: i64 = 0;

/// The ledger of a locked directory.
#[derive(Clone, Debug)]
pub struct DirectoryLedger {
    shared: SharedLedger,
    run: Arc<Mutex<DirectoryRun>>,
}

#[derive(Debug, Default)]
struct DirectoryRun {
    originals: bool,
    /// What has not been claimed yet.
    due: VecDeque<Claimed>,
}

impl DirectoryLedger {
    /// Creates the directory and its ledger where they are missing, and locks the directory.
    ///
    /// # Errors
    ///
    /// If the directory or its ledger cannot be used, or another run holds it.
    pub fn open(directory: &Path) -> Result<Self, FetchError> {
        create_directories(directory).map_err(|cause| {
            FetchError::io(format!("cannot create {}", directory.display()), cause)
        })?;
        let lock = DirectoryLock::acquire(directory)?;
        remove_left_overs(directory);
        let database = Database::open(directory)?;
        Ok(Self {
            shared: SharedLedger::new(database, lock),
            run: Arc::default(),
        })
    }

    fn run(&self) -> MutexGuard<'_, DirectoryRun> {
        self.run.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Ledger for DirectoryLedger {
    type DownloadSlot = ();

    async fn begin(&self, beginning: Beginning) -> Result<(), FetchError> {
        self.run().originals = beginning.originals;
        let begun = self.shared.with(move |database| {
            database.forget(&beginning.forgotten)?;
            database.begin(&beginning.ids)
        });
        begun.await
    }

    async fn interrupted(&self) -> Result<Vec<(Claim, VideoRow)>, FetchError> {
        let mut videos = self.shared.with(|database| database.videos()).await?;
        videos.retain(|video| video.state == VideoState::Placing);
        let claimed = videos.into_iter();
        Ok(claimed
            .map(|video| (claim(video.task_id.clone()), video))
            .collect())
    }

    async fn arrived_here(&self, ids: Vec<TaskId>) -> Result<Vec<VideoRow>, FetchError> {
        let videos = self.shared.with(move |database| {
            let mut videos = Vec::new();
            for id in &ids {
                for kind in [VideoKind::Result, VideoKind::Original] {
                    videos.extend(database.video(id, kind)?);
                }
            }
            Ok(videos)
        });
        let mut videos = videos.await?;
        videos.retain(|video| video.state == VideoState::Arrived);
        Ok(videos)
    }

    async fn gone(&self, id: TaskId, kind: VideoKind) -> Result<(), FetchError> {
        let task_id = id.clone();
        let noted = self
            .shared
            .with(move |database| database.placed(&task_id, kind, false));
        noted.await?;
        let mut run = self.run();
        if !run.due.iter().any(|due| due.claim.task_id == id) {
            run.due.push_back(due(id, false));
        }
        Ok(())
    }

    async fn backlog(&self) -> Result<Backlog, FetchError> {
        let originals = self.run().originals;
        let (due, backlog) = self
            .shared
            .with(move |database| unfinished(database, originals))
            .await?;
        self.run().due = due;
        Ok(backlog)
    }

    async fn add(&self, ids: Vec<TaskId>) -> Result<usize, FetchError> {
        let added = self.shared.with(move |database| database.add(&ids)).await?;
        let count = added.len();
        let added = added.into_iter().map(|id| due(id, false));
        self.run().due.extend(added);
        Ok(count)
    }

    async fn claim(&self, at_most: usize) -> Result<Claims, FetchError> {
        let mut run = self.run();
        let count = run.due.len().min(at_most);
        Ok(Claims {
            tasks: run.due.drain(..count).collect(),
            ask_again_in: None,
        })
    }

    async fn release(&self, _: &Claim) -> Result<(), FetchError> {
        Ok(())
    }

    async fn release_all(&self) -> Result<(), FetchError> {
        Ok(())
    }

    async fn ended(
        &self,
        _: &Claim,
        row: TaskRow,
        videos: Vec<(VideoKind, Option<SystemTime>)>,
    ) -> Result<(), FetchError> {
        self.shared
            .with(move |database| database.ended(&row, &videos))
            .await
    }

    async fn goes_on(&self, claim: &Claim) -> Result<(), FetchError> {
        let id = claim.task_id.clone();
        self.shared
            .with(move |database| database.goes_on(&id))
            .await
    }

    async fn unavailable(&self, claim: &Claim, reason: String) -> Result<(), FetchError> {
        let id = claim.task_id.clone();
        self.shared
            .with(move |database| database.unavailable(&id, &reason))
            .await
    }

    async fn has_problem(&self, claim: &Claim, problem: String) -> Result<(), FetchError> {
        let id = claim.task_id.clone();
        self.shared
            .with(move |database| database.has_problem(&id, &problem))
            .await
    }

    async fn video(&self, id: TaskId, kind: VideoKind) -> Result<Option<VideoRow>, FetchError> {
        self.shared
            .with(move |database| database.video(&id, kind))
            .await
    }

    async fn placing(
        &self,
        claim: &Claim,
        kind: VideoKind,
        placing: Placing,
    ) -> Result<(), FetchError> {
        let id = claim.task_id.clone();
        let noted = self.shared.with(move |database| {
            let found = (&*placing.file, placing.bytes, &*placing.sha256);
            database.placing(&id, kind, found, placing.verification.as_deref())
        });
        noted.await
    }

    async fn placed(&self, claim: &Claim, kind: VideoKind, did: bool) -> Result<(), FetchError> {
        let id = claim.task_id.clone();
        self.shared
            .with(move |database| database.placed(&id, kind, did))
            .await
    }

    async fn download_slot(&self) -> Result<(), FetchError> {
        Ok(())
    }

    async fn rows(&self) -> Result<LedgerRows, FetchError> {
        self.shared.with(Database::rows).await
    }
}

/// What is left to do: first what has the nearest expiry, at the end what could not be had.
fn unfinished(
    database: &Database,
    originals: bool,
) -> Result<(VecDeque<Claimed>, Backlog), FetchError> {
    let tasks = database.tasks()?;
    let unavailable: HashSet<&TaskId> = tasks
        .iter()
        .filter(|task| task.state == TaskState::Unavailable)
        .map(|task| &task.task_id)
        .collect();
    let mut ids = Vec::new();
    for video in database.videos()? {
        let is_wanted = video.kind == VideoKind::Result || originals;
        if video.state != VideoState::Arrived && is_wanted {
            ids.push(video.task_id);
        }
    }
    for task in &tasks {
        let lacks_original = originals
            && task.state == TaskState::Succeeded
            && task.shape.as_deref() == Some(Shape::SuperResolution.name())
            && database
                .video(&task.task_id, VideoKind::Original)?
                .is_none();
        if task.state == TaskState::Waiting || lacks_original {
            ids.push(task.task_id.clone());
        }
    }
    let mut seen = HashSet::new();
    ids.retain(|id| !unavailable.contains(id) && seen.insert(id.clone()));
    let backlog = Backlog {
        tasks: ids.len(),
        done: tasks.len() - ids.len(),
    };
    let again = unavailable.into_iter().map(|id| due(id.clone(), true));
    let first = ids.into_iter().map(|id| due(id, false));
    Ok((first.chain(again).collect(), backlog))
}

fn claim(task_id: TaskId) -> Claim {
    Claim {
        task_id,
        token: TOKEN,
    }
}

fn due(id: TaskId, was_unavailable: bool) -> Claimed {
    Claimed {
        claim: claim(id),
        was_unavailable,
        placing: Vec::new(),
    }
}

/// Removes captures that a killed run was writing: nothing else writes here while the lock is held.
fn remove_left_overs(directory: &Path) {
    // A file that cannot be removed is hidden and harmless.
    for entry in std::fs::read_dir(directory).into_iter().flatten().flatten() {
        if entry.file_name().to_str().is_some_and(is_left_over) {
            let _ = std::fs::remove_file(entry.path());
        }
    }
}
