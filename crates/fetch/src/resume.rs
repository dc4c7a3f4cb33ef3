//! Recovery of the state that earlier runs left.

use std::{collections::HashSet, path::PathBuf, sync::Arc};

use super::{
    blocking::blocking,
    error::FetchError,
    event::FetchEvent,
    ledger::{VideoRow, VideoState},
    run::Run,
    video_kind::VideoKind,
};
use seedance_query::{
    download::{remove_unfinished, verify},
    model::TaskId,
};

impl Run {
    /// Completes the interrupted steps of a killed run.
    pub(super) async fn recover(
        &mut self,
        on_event: &mut impl FnMut(FetchEvent),
    ) -> Result<(), FetchError> {
        let fetch = Arc::clone(&self.fetch);
        let named: HashSet<TaskId> = fetch.ids.iter().cloned().collect();
        for video in self.ledger.with(|ledger| ledger.videos()).await? {
            if video.state == VideoState::Arrived && named.contains(&video.task_id) {
                self.refetch_if_gone(video).await?;
            } else if let (Some(file), VideoState::Placing) = (&video.file, video.state) {
                let path = fetch.directory.join(file);
                self.complete(video, path, on_event).await?;
            }
        }
        Ok(())
    }

    /// Records whether a file that was about to be renamed was renamed.
    async fn complete(
        &mut self,
        video: VideoRow,
        path: PathBuf,
        on_event: &mut impl FnMut(FetchEvent),
    ) -> Result<(), FetchError> {
        let (id, kind) = (video.task_id.clone(), video.kind);
        let is_there = blocking(move || {
            let expected = video.bytes.zip(video.sha256.as_ref());
            let is_there =
                expected.is_some_and(|(bytes, sha256)| verify(&path, bytes, sha256).is_ok());
            if is_there {
                remove_unfinished(&path);
            }
            is_there
        });
        let is_there = is_there.await;
        let task_id = id.clone();
        self.ledger
            .with(move |ledger| ledger.placed(&task_id, kind, is_there))
            .await?;
        if is_there {
            self.arrived(&id, kind, true, on_event).await?;
        }
        Ok(())
    }

    /// Requeues an arrived video whose file is gone; returns whether it is.
    async fn refetch_if_gone(&self, video: VideoRow) -> Result<bool, FetchError> {
        if self.is_there(&video) {
            return Ok(false);
        }
        self.ledger
            .with(move |ledger| ledger.placed(&video.task_id, video.kind, false))
            .await?;
        Ok(true)
    }

    /// Adds tasks to the run, and returns those that it has to query.
    pub(super) async fn add(
        &mut self,
        ids: Vec<TaskId>,
        on_event: &mut impl FnMut(FetchEvent),
    ) -> Result<Vec<TaskId>, FetchError> {
        let given = ids.clone();
        let added = self.ledger.with(move |ledger| ledger.add(&given)).await?;
        let new: HashSet<TaskId> = added.iter().cloned().collect();
        let mut queried = added;
        for id in ids.into_iter().filter(|id| !new.contains(id)) {
            let task_id = id.clone();
            let videos = self.ledger.with(move |ledger| {
                let kinds = [VideoKind::Result, VideoKind::Original];
                let videos = kinds.map(|kind| ledger.video(&task_id, kind));
                videos.into_iter().collect::<Result<Vec<_>, _>>()
            });
            let mut is_gone = false;
            for video in videos.await?.into_iter().flatten() {
                let has_arrived = video.state == VideoState::Arrived;
                is_gone |= has_arrived && self.refetch_if_gone(video).await?;
            }
            if is_gone && !queried.contains(&id) {
                queried.push(id);
            }
        }
        if !queried.is_empty() {
            on_event(FetchEvent::Added {
                tasks: queried.len(),
            });
        }
        Ok(queried)
    }
}
