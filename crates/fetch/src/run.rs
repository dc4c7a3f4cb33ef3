//! One run of a batch: a loop over what the gateway and the stores say.

use std::{
    collections::HashSet, future::Future, num::NonZeroU32, path::Path, pin::pin, sync::Arc,
    time::Duration,
};

use futures_util::stream::{StreamExt, select};
use tokio::{sync::mpsc, task::JoinSet};

use super::{
    directory_lock::DirectoryLock,
    error::FetchError,
    event::FetchEvent,
    ledger::{Ledger, TaskState, VideoState},
    options::Options,
    queue::{Queue, Wanted},
    summary::FetchSummary,
    video_kind::VideoKind,
};
use seedance_query::{
    capture::is_left_over,
    client::Error,
    download::{DownloadError, StagedVideo, verify},
    model::TaskId,
    poll::{Outcome, WaitEvent, WaitPolicy, Watched},
};

/// A run that holds its directory.
pub(super) struct Run {
    pub(super) fetch: Arc<Options>,
    pub(super) ledger: Ledger,
    pub(super) queue: Queue,
    downloads: JoinSet<(Wanted, u32, Result<StagedVideo, DownloadError>)>,
    progress: mpsc::Sender<FetchEvent>,
    progressed: mpsc::Receiver<FetchEvent>,
    pub(super) is_unauthorized: bool,
    /// Tasks that had no video to be had when the run began; they are asked for once more.
    pub(super) unavailable_before: HashSet<TaskId>,
    /// Tasks whose state this run has found out.
    pub(super) changed: HashSet<TaskId>,
    /// Tasks whose last query found no connection.
    pub(super) unreachable: HashSet<TaskId>,
    _lock: DirectoryLock,
}

impl Run {
    pub fn open(fetch: Arc<Options>) -> Result<Self, FetchError> {
        let directory = &fetch.directory;
        if directory.exists() && !directory.is_dir() {
            let message = format!("{} is not a directory", directory.display());
            return Err(FetchError::input(message));
        }
        if fetch.ids.is_empty() && !Ledger::is_in(directory) {
            return Err(FetchError::input(format!(
                "there is nothing to fetch: no task is given, and {} has no ledger of an earlier run",
                directory.display()
            )));
        }
        std::fs::create_dir_all(directory).map_err(|cause| {
            FetchError::io(format!("cannot make {}", directory.display()), cause)
        })?;
        let lock = DirectoryLock::acquire(directory)?;
        remove_left_overs(directory);
        let mut ledger = Ledger::open(directory)?;
        ledger.forget(&fetch.forgotten)?;
        ledger.begin(&fetch.ids)?;
        // What is not taken in time is told by the next one.
        let (progress, progressed) = mpsc::channel(64);
        Ok(Self {
            fetch,
            ledger,
            queue: Queue::new(),
            downloads: JoinSet::new(),
            progress,
            progressed,
            is_unauthorized: false,
            unavailable_before: HashSet::new(),
            changed: HashSet::new(),
            unreachable: HashSet::new(),
            _lock: lock,
        })
    }

    pub async fn run(
        mut self,
        mut on_event: impl FnMut(FetchEvent),
        stop: impl Future<Output = ()>,
    ) -> Result<FetchSummary, FetchError> {
        self.recover(&mut on_event)?;
        let ids = self.unfinished()?;
        self.unavailable_before = self.known_unavailable()?;
        let unavailable: Vec<TaskId> = self.unavailable_before.iter().cloned().collect();
        on_event(FetchEvent::Started {
            tasks: ids.len(),
            done_before: self.ledger.tasks()?.len() - ids.len(),
        });
        let policy = &self.fetch.policy;
        let (rate, slow_rate) = shares(self.fetch.requests_per_second, unavailable.len());
        // What nobody could tell of in an earlier run needs no second time of grace.
        let mut waiting = select(
            self.watch(ids, policy.clone(), rate),
            self.watch(unavailable, without_grace(policy), slow_rate),
        );
        let mut is_waiting = true;
        let mut is_stopped = false;
        let mut stop = pin!(stop);
        while is_waiting || !self.queue.is_empty() || !self.downloads.is_empty() {
            self.begin_downloads();
            tokio::select! {
                () = &mut stop => {
                    is_stopped = true;
                    break;
                }
                Some(event) = self.progressed.recv() => on_event(event),
                Some(joined) = self.downloads.join_next() => match joined {
                    Ok((wanted, tries, outcome)) => {
                        // What it told of its progress comes before how it ended.
                        while let Ok(event) = self.progressed.try_recv() {
                            on_event(event);
                        }
                        self.downloaded(wanted, tries, outcome, &mut on_event)?;
                    }
                    Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
                    Err(_) => {}
                },
                event = waiting.next(), if is_waiting => match event {
                    Some((id, event)) => {
                        self.observed(&id, event, &mut on_event)?;
                        // No other task would be told anything else.
                        is_waiting = !self.is_unauthorized;
                    }
                    None => is_waiting = false,
                },
            }
        }
        // Each part is on disk with what is needed to go on with it.
        self.downloads.shutdown().await;
        self.summary(is_stopped)
    }

    fn watch(&self, ids: Vec<TaskId>, policy: WaitPolicy, rate: Option<NonZeroU32>) -> Watched {
        let mut watch = self.fetch.client.watch(ids).policy(policy);
        if let Some(requests) = rate {
            watch = watch.requests_per_second(requests);
        }
        watch.observe()
    }

    /// Completes what a killed run was about to do.
    fn recover(&mut self, on_event: &mut impl FnMut(FetchEvent)) -> Result<(), FetchError> {
        let fetch = Arc::clone(&self.fetch);
        let named: HashSet<&TaskId> = fetch.ids.iter().collect();
        for video in self.ledger.videos()? {
            if video.state == VideoState::Arrived
                && named.contains(&video.task_id)
                && !self.is_there(&video)
            {
                self.ledger.placed(&video.task_id, video.kind, false)?;
            }
            let (Some(file), true) = (&video.file, video.state == VideoState::Placing) else {
                continue;
            };
            let path = self.fetch.directory.join(file);
            let (bytes, sha256) = (video.bytes, video.sha256.as_ref());
            let is_there = bytes
                .zip(sha256)
                .is_some_and(|(bytes, sha256)| verify(&path, bytes, sha256).is_ok());
            self.ledger.placed(&video.task_id, video.kind, is_there)?;
            if is_there {
                self.arrived(&video.task_id, video.kind, true, on_event)?;
            }
        }
        Ok(())
    }

    /// The tasks whose video could not be had in an earlier run.
    fn known_unavailable(&self) -> Result<HashSet<TaskId>, FetchError> {
        let tasks = self.ledger.tasks()?.into_iter();
        let unavailable = tasks.filter(|task| task.state == TaskState::Unavailable);
        Ok(unavailable.map(|task| task.task_id).collect())
    }

    /// The tasks that this run goes on with: those with the nearest expiry first.
    fn unfinished(&self) -> Result<Vec<TaskId>, FetchError> {
        let unavailable = self.known_unavailable()?;
        let mut ids = Vec::new();
        for video in self.ledger.videos()? {
            if video.state != VideoState::Arrived && self.wants(video.kind) {
                ids.push(video.task_id);
            }
        }
        for task in self.ledger.tasks()? {
            let lacks_original = self.fetch.originals
                && task.state == TaskState::Succeeded
                && task.shape.as_deref() == Some("super_resolution")
                && self
                    .ledger
                    .video(&task.task_id, VideoKind::Original)?
                    .is_none();
            if task.state == TaskState::Waiting || lacks_original {
                ids.push(task.task_id);
            }
        }
        let mut seen = HashSet::new();
        ids.retain(|id| !unavailable.contains(id) && seen.insert(id.clone()));
        Ok(ids)
    }

    fn observed(
        &mut self,
        id: &TaskId,
        event: WaitEvent,
        on_event: &mut impl FnMut(FetchEvent),
    ) -> Result<(), FetchError> {
        match event {
            WaitEvent::Observed(seen) => {
                if seen.answer().is_err_and(Error::is_connect) {
                    self.unreachable.insert(id.clone());
                } else {
                    self.unreachable.remove(id);
                }
                on_event(FetchEvent::from(&seen));
                Ok(())
            }
            WaitEvent::Ended(Ok(Outcome::Succeeded(task))) => {
                self.ended(id, task.response(), None, on_event)
            }
            WaitEvent::Ended(Ok(Outcome::Failed(task))) => {
                self.ended(id, task.response(), Some(task.to_string()), on_event)
            }
            WaitEvent::Ended(Ok(Outcome::TimedOut(task))) => {
                self.ledger.goes_on(id)?;
                self.leave(id, &format!("{task}; run again to go on"), on_event)
            }
            WaitEvent::Ended(Ok(Outcome::UpstreamEnded(task))) => {
                let kept = self.keep(id, &task.response().capture());
                self.unavailable(id, &task.to_string(), on_event)?;
                self.warn_unless(kept, id, on_event)
            }
            WaitEvent::Ended(Err(error)) => self.given_up(id, &error, on_event),
            WaitEvent::Ended(Ok(_)) => Ok(()),
        }
    }

    fn begin_downloads(&mut self) {
        while self.downloads.len() < self.fetch.downloads.get()
            && let Some(wanted) = self.queue.pop()
        {
            self.begin_download(wanted, 1);
        }
    }

    pub(super) fn begin_download(&mut self, wanted: Wanted, tries: u32) {
        let progress = self.progress.clone();
        let (task_id, kind) = (wanted.task_id.clone(), wanted.kind);
        let (waits, waiting_id) = (self.progress.clone(), wanted.task_id.clone());
        let mut download = self
            .fetch
            .client
            .download(&wanted.task_id, wanted.url.clone())
            .into_dir(&self.fetch.directory)
            .verify(self.fetch.verify)
            .on_wait(move |wait| {
                let _ = waits.try_send(FetchEvent::DownloadWaiting {
                    task_id: waiting_id.clone(),
                    kind,
                    next_in: wait.delay.as_secs_f64(),
                    reason: wait.reason,
                });
            })
            .on_progress(move |seen| {
                let _ = progress.try_send(FetchEvent::Downloading {
                    task_id: task_id.clone(),
                    kind,
                    bytes: seen.bytes,
                    total: seen.total,
                });
            });
        if kind == VideoKind::Original {
            download = download.original();
        }
        if let Some(bytes) = self.fetch.max_bytes {
            download = download.max_bytes(bytes);
        }
        if let Some(speed) = self.fetch.min_speed {
            download = download.min_speed(speed);
        }
        if let Some(timeout) = self.fetch.download_timeout {
            download = download.total_timeout(timeout);
        }
        self.downloads
            .spawn(async move { (wanted, tries, download.stage().await) });
    }
}

/// The policy for tasks that an earlier run had patience with: the next answer tells.
fn without_grace(policy: &WaitPolicy) -> WaitPolicy {
    let policy = policy.clone().unknown_task_grace(Duration::ZERO);
    policy.upstream_grace(1, Duration::ZERO)
}

/// How two watches share a rate: the second one, which asks for few tasks once, gets the least.
/// One request a second cannot be shared; then the first watch gets nothing less.
fn shares(rate: Option<NonZeroU32>, second: usize) -> (Option<NonZeroU32>, Option<NonZeroU32>) {
    let Some(rate) = rate.filter(|_| second > 0) else {
        return (rate, None);
    };
    let rest = NonZeroU32::new(rate.get() - 1).unwrap_or(rate);
    (Some(rest), Some(NonZeroU32::MIN))
}

/// Removes captures that a killed run was writing: nobody else writes here while the lock is held.
fn remove_left_overs(directory: &Path) {
    // What cannot be removed is hidden and does no harm.
    for entry in std::fs::read_dir(directory).into_iter().flatten().flatten() {
        if entry.file_name().to_str().is_some_and(is_left_over) {
            let _ = std::fs::remove_file(entry.path());
        }
    }
}
