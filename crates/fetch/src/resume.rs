//! Recovery of the state that earlier runs left.

use super::{
    arrivals::file_name,
    blocking::blocking,
    error::FetchError,
    event::FetchEvent,
    ledger::{Claim, Claimed, Ledger, VideoRow},
    run::Run,
};
use seedance_query::{
    download::{remove_unfinished, verify},
    model::TaskId,
};

impl<L: Ledger> Run<L> {
    /// Completes the interrupted steps of a killed run.
    pub(super) async fn recover(
        &mut self,
        on_event: &mut impl FnMut(FetchEvent),
    ) -> Result<(), FetchError> {
        for (claim, video) in self.ledger.interrupted().await? {
            self.complete(&claim, video, on_event).await?;
        }
        self.refetch_what_is_gone(self.fetch.ids.clone()).await?;
        Ok(())
    }

    /// Completes what a killed run was doing for a task that was just claimed; returns whether its
    /// videos turn out to be there.
    pub(super) async fn has_arrived_already(
        &mut self,
        task: &Claimed,
        on_event: &mut impl FnMut(FetchEvent),
    ) -> Result<bool, FetchError> {
        if task.placing.is_empty() {
            return Ok(false);
        }
        let mut are_there = true;
        for video in task.placing.clone() {
            match self.complete(&task.claim, video, on_event).await {
                Ok(is_there) => are_there &= is_there,
                Err(error) => {
                    self.settle(&task.claim, Err(error), on_event).await?;
                    return Ok(true);
                }
            }
        }
        if are_there {
            self.changed.insert(task.claim.task_id.clone());
            self.held.stop_watching(&task.claim);
            self.settle(&task.claim, Ok(()), on_event).await?;
        }
        Ok(are_there)
    }

    /// Records whether a file that was about to be renamed was renamed; returns whether it was.
    async fn complete(
        &mut self,
        claim: &Claim,
        video: VideoRow,
        on_event: &mut impl FnMut(FetchEvent),
    ) -> Result<bool, FetchError> {
        let Some(file) = &video.file else {
            return Ok(false);
        };
        let is_there = match &self.store {
            // Who cannot be asked is asked when the video is stored again.
            Some(store) => match store.has_interrupted(&video).await {
                Ok(is_there) => {
                    if is_there {
                        self.remove_staged(&video).await;
                    }
                    is_there
                }
                Err(_) => return Ok(false),
            },
            None => self.is_whole_file(file, &video).await,
        };
        self.ledger.placed(claim, video.kind, is_there).await?;
        if is_there {
            self.arrived(&claim.task_id, video.kind, true, on_event)
                .await?;
        }
        Ok(is_there)
    }

    /// Removes what was downloaded of a video that is in the store.
    async fn remove_staged(&self, video: &VideoRow) {
        let name = file_name(&video.task_id, video.kind);
        let file = self.fetch.directory.join(name);
        blocking(move || remove_unfinished(&file)).await;
    }

    /// Whether a file is the video of the ledger; then nothing else is kept of it.
    async fn is_whole_file(&self, file: &str, video: &VideoRow) -> bool {
        let path = self.fetch.directory.join(file);
        let expected = video.bytes.zip(video.sha256.clone());
        let is_there = blocking(move || {
            let is_there =
                expected.is_some_and(|(bytes, sha256)| verify(&path, bytes, &sha256).is_ok());
            if is_there {
                remove_unfinished(&path);
            }
            is_there
        });
        is_there.await
    }

    /// Requeues the tasks of arrived videos whose files are gone; returns how many tasks there are.
    async fn refetch_what_is_gone(&mut self, ids: Vec<TaskId>) -> Result<usize, FetchError> {
        let mut missing = self.ledger.arrived_here(ids).await?;
        if let Some(store) = &self.store {
            missing = store.gone(missing).await;
        } else {
            missing.retain(|video| !self.is_there(video));
        }
        let mut gone = Vec::new();
        for video in missing {
            self.ledger.gone(video.task_id.clone(), video.kind).await?;
            if !gone.contains(&video.task_id) {
                gone.push(video.task_id);
            }
        }
        Ok(gone.len())
    }

    /// Adds tasks to the run.
    pub(super) async fn add(
        &mut self,
        ids: Vec<TaskId>,
        on_event: &mut impl FnMut(FetchEvent),
    ) -> Result<(), FetchError> {
        let added = self.ledger.add(ids.clone()).await?;
        let tasks = added + self.refetch_what_is_gone(ids).await?;
        if tasks > 0 {
            on_event(FetchEvent::Added { tasks });
        }
        Ok(())
    }
}
