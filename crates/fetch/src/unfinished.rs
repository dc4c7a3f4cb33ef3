//! What is left to do in a directory, by its ledger.

use std::collections::HashSet;

use super::{
    error::FetchError,
    ledger::{Ledger, TaskState, VideoState},
    video_kind::VideoKind,
};
use seedance_query::model::{Shape, TaskId};

/// The tasks of a ledger that a run has to do with.
pub(super) struct Unfinished {
    /// Those that it goes on with, the nearest expiry first.
    pub ids: Vec<TaskId>,
    /// Those whose video an earlier run could not get.
    pub unavailable: Vec<TaskId>,
    /// How many are done.
    pub done: usize,
}

/// Reads from the ledger what is left to do.
pub(super) fn unfinished(ledger: &Ledger, originals: bool) -> Result<Unfinished, FetchError> {
    let tasks = ledger.tasks()?;
    let unavailable: HashSet<TaskId> = tasks
        .iter()
        .filter(|task| task.state == TaskState::Unavailable)
        .map(|task| task.task_id.clone())
        .collect();
    let mut ids = Vec::new();
    for video in ledger.videos()? {
        let is_wanted = video.kind == VideoKind::Result || originals;
        if video.state != VideoState::Arrived && is_wanted {
            ids.push(video.task_id);
        }
    }
    for task in &tasks {
        let lacks_original = originals
            && task.state == TaskState::Succeeded
            && task.shape.as_deref() == Some(Shape::SuperResolution.name())
            && ledger.video(&task.task_id, VideoKind::Original)?.is_none();
        if task.state == TaskState::Waiting || lacks_original {
            ids.push(task.task_id.clone());
        }
    }
    let mut seen = HashSet::new();
    ids.retain(|id| !unavailable.contains(id) && seen.insert(id.clone()));
    Ok(Unfinished {
        done: tasks.len() - ids.len(),
        ids,
        unavailable: unavailable.into_iter().collect(),
    })
}
