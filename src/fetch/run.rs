//! One run of a batch: a loop over what the gateway and the stores say.

use std::{
    collections::{HashMap, HashSet},
    future::Future,
    path::Path,
    pin::pin,
    sync::Arc,
    time::SystemTime,
};

use tokio::{sync::mpsc, task::JoinSet};

use super::{
    Fetch, FetchError, FetchEvent, FetchState, FetchSummary, FetchedFile, FetchedTask, VideoKind,
    ledger::{Ledger, TaskRow, TaskState, VideoRow},
    lock::DirectoryLock,
    queue::{Queue, Wanted},
};
use crate::{
    DownloadError, Outcome, QueryResponse, ResultUrl, TaskId, WaitError, WaitEvent,
    capture::{Capture, is_left_over},
    download::{self, Verified, verify},
    mask::mask,
};

/// At most this many downloads of a video are begun in a run.
const TRIES: u32 = 3;

pub(super) struct Run {
    fetch: Arc<Fetch>,
    ledger: Ledger,
    queue: Queue,
    downloads: JoinSet<(Wanted, u32, Result<Verified, DownloadError>)>,
    progress: mpsc::Sender<FetchEvent>,
    progressed: mpsc::Receiver<FetchEvent>,
    is_unauthorized: bool,
    _lock: DirectoryLock,
}

impl Run {
    pub fn open(fetch: Arc<Fetch>) -> Result<Self, FetchError> {
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
        on_event(FetchEvent::Started {
            tasks: ids.len(),
            done_before: self.ledger.tasks()?.len() - ids.len(),
        });
        let mut watch = self
            .fetch
            .client
            .watch(ids)
            .policy(self.fetch.policy.clone());
        if let Some(requests) = self.fetch.requests_per_second {
            watch = watch.requests_per_second(requests);
        }
        let mut waiting = watch.observe();
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

    /// Settles what a killed run was about to do.
    fn recover(&mut self, on_event: &mut impl FnMut(FetchEvent)) -> Result<(), FetchError> {
        let fetch = Arc::clone(&self.fetch);
        let named: HashSet<&TaskId> = fetch.ids.iter().collect();
        for video in self.ledger.videos()? {
            if video.is_arrived && named.contains(&video.task_id) && !self.is_there(&video) {
                self.ledger.placed(&video.task_id, video.kind, false)?;
            }
            let (Some(file), true) = (&video.file, video.is_placing) else {
                continue;
            };
            let path = self.fetch.directory.join(file);
            let is_there =
                verify(&path).is_ok_and(|found| Some(&found.sha256) == video.sha256.as_ref());
            self.ledger.placed(&video.task_id, video.kind, is_there)?;
            if is_there {
                self.arrived(&video.task_id, video.kind, true, on_event)?;
            }
        }
        Ok(())
    }

    /// The tasks that this run takes further: those with the nearest expiry first.
    fn unfinished(&self) -> Result<Vec<TaskId>, FetchError> {
        let mut ids = Vec::new();
        for video in self.ledger.videos()? {
            if !video.is_arrived && self.wants(video.kind) {
                ids.push(video.task_id);
            }
        }
        for task in self.ledger.tasks()? {
            let lacks_original = self.fetch.originals
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
        ids.retain(|id| seen.insert(id.clone()));
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
                self.leave(id, &format!("{task}; run again to go on"), on_event)
            }
            WaitEvent::Ended(Err(error)) => self.given_up(id, &error, on_event),
        }
    }

    /// Notes how a task ended and what there is to download. The capture comes first: a task that
    /// the ledger calls ended has one.
    fn ended(
        &mut self,
        id: &TaskId,
        response: &QueryResponse,
        failure: Option<String>,
        on_event: &mut impl FnMut(FetchEvent),
    ) -> Result<(), FetchError> {
        let kept = self.keep(id, &response.capture());
        let task = response.task();
        let urls = [
            (VideoKind::Result, response.result_url()),
            (
                VideoKind::Original,
                response
                    .original_result_url()
                    .filter(|_| self.fetch.originals),
            ),
        ];
        let urls = urls
            .into_iter()
            .filter_map(|(kind, url)| Some((kind, url?)));
        let urls: Vec<(VideoKind, ResultUrl)> = urls.collect();
        let row = TaskRow {
            task_id: id.clone(),
            state: match failure {
                Some(_) => TaskState::Failed,
                None => TaskState::Succeeded,
            },
            shape: Some(task.shape().name().to_owned()),
            billed_tokens: task.billed_tokens(),
            reason: failure,
            problem: None,
        };
        let expires_in = urls
            .first()
            .and_then(|(_, url)| url.expires_in(SystemTime::now()));
        on_event(FetchEvent::Ended {
            task_id: id.clone(),
            shape: row.shape.clone(),
            verdict: Some(response.report().verdict()),
            findings: response.report().findings().to_vec(),
            billed_tokens: row.billed_tokens,
            reason: row.reason.clone(),
            expires_in: expires_in.map(|left| left.as_secs_f64()),
        });
        self.want(&row, urls, on_event)?;
        self.warn_unless(kept, id, on_event)
    }

    /// Waiting was given up; a body that has a URL all the same is a video that was paid for.
    fn given_up(
        &mut self,
        id: &TaskId,
        error: &WaitError,
        on_event: &mut impl FnMut(FetchEvent),
    ) -> Result<(), FetchError> {
        self.is_unauthorized |= error.is_unauthorized();
        let Some(url) = error.result_url() else {
            return self.leave(id, &error.to_string(), on_event);
        };
        let capture = error.query_error().capture();
        let kept = capture.map_or(Ok(()), |capture| self.keep(id, &capture));
        let row = TaskRow {
            task_id: id.clone(),
            state: TaskState::Succeeded,
            shape: None,
            billed_tokens: None,
            reason: None,
            problem: None,
        };
        self.want(&row, vec![(VideoKind::Result, url.clone())], on_event)?;
        self.warn_unless(kept, id, on_event)
    }

    fn want(
        &mut self,
        row: &TaskRow,
        urls: Vec<(VideoKind, ResultUrl)>,
        on_event: &mut impl FnMut(FetchEvent),
    ) -> Result<(), FetchError> {
        let expiry = |url: &ResultUrl| url.expiry().map(|expiry| expiry.at);
        let videos: Vec<_> = urls
            .iter()
            .map(|(kind, url)| (*kind, expiry(url)))
            .collect();
        self.ledger.ended(row, &videos)?;
        for (kind, url) in urls {
            let video = self.ledger.video(&row.task_id, kind)?;
            if video.is_some_and(|video| video.is_arrived) {
                continue;
            }
            if !self.adopt(&row.task_id, kind, on_event)? {
                let task_id = row.task_id.clone();
                self.queue.push(Wanted { task_id, kind, url });
            }
        }
        Ok(())
    }

    /// Takes over a whole video that is there under its name, as after a ledger was lost.
    fn adopt(
        &mut self,
        id: &TaskId,
        kind: VideoKind,
        on_event: &mut impl FnMut(FetchEvent),
    ) -> Result<bool, FetchError> {
        let name = file_name(id, kind);
        let Ok(found) = verify(&self.fetch.directory.join(&name)) else {
            return Ok(false);
        };
        self.ledger
            .placing(id, kind, (&name, found.bytes, &found.sha256))?;
        self.ledger.placed(id, kind, true)?;
        self.arrived(id, kind, true, on_event)?;
        Ok(true)
    }

    fn begin_downloads(&mut self) {
        while self.downloads.len() < self.fetch.downloads.get()
            && let Some(wanted) = self.queue.pop()
        {
            self.begin_download(wanted, 1);
        }
    }

    fn begin_download(&mut self, wanted: Wanted, tries: u32) {
        let progress = self.progress.clone();
        let (task_id, kind) = (wanted.task_id.clone(), wanted.kind);
        let mut download = self
            .fetch
            .client
            .download(&wanted.task_id, wanted.url.clone())
            .into_dir(&self.fetch.directory)
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
        self.downloads
            .spawn(async move { (wanted, tries, download.run().await) });
    }

    /// Lets a verified file appear, with its checksum in the ledger before.
    fn downloaded(
        &mut self,
        wanted: Wanted,
        tries: u32,
        outcome: Result<Verified, DownloadError>,
        on_event: &mut impl FnMut(FetchEvent),
    ) -> Result<(), FetchError> {
        let (id, kind) = (wanted.task_id.clone(), wanted.kind);
        let placed = match outcome {
            Ok(verified) => {
                let name = file_name(&id, kind);
                let found = (name.as_str(), verified.bytes(), verified.sha256());
                self.ledger.placing(&id, kind, found)?;
                let placed = verified.place();
                self.ledger.placed(&id, kind, placed.is_ok())?;
                placed.map(|_| ())
            }
            Err(error) => Err(error),
        };
        match placed {
            Ok(()) => self.arrived(&id, kind, false, on_event),
            Err(error) if error.is_retryable() && tries < TRIES => {
                self.begin_download(wanted, tries + 1);
                Ok(())
            }
            Err(error) if error.is_exists() => self.leave(
                &id,
                &format!("{error}; move it away and run again"),
                on_event,
            ),
            Err(error) => self.leave(&id, &error.to_string(), on_event),
        }
    }

    fn arrived(
        &mut self,
        id: &TaskId,
        kind: VideoKind,
        was_there: bool,
        on_event: &mut impl FnMut(FetchEvent),
    ) -> Result<(), FetchError> {
        if let Some(video) = self.ledger.video(id, kind)? {
            on_event(FetchEvent::Arrived {
                task_id: id.clone(),
                kind,
                file: self.fetch.directory.join(video.file.unwrap_or_default()),
                bytes: video.bytes.unwrap_or_default(),
                sha256: video.sha256.unwrap_or_default(),
                was_there,
            });
        }
        Ok(())
    }

    /// Whether a video that has arrived is still there.
    fn is_there(&self, video: &VideoRow) -> bool {
        let path = self
            .fetch
            .directory
            .join(video.file.as_deref().unwrap_or_default());
        std::fs::metadata(path)
            .is_ok_and(|found| found.is_file() && Some(found.len()) == video.bytes)
    }

    /// A capture that could not be written is no reason to lose a video.
    fn warn_unless(
        &mut self,
        kept: Result<(), String>,
        id: &TaskId,
        on_event: &mut impl FnMut(FetchEvent),
    ) -> Result<(), FetchError> {
        if let Err(problem) = kept {
            self.ledger.has_problem(id, &problem)?;
            on_event(FetchEvent::Warned {
                task_id: id.clone(),
                problem,
            });
        }
        Ok(())
    }

    fn leave(
        &mut self,
        id: &TaskId,
        problem: &str,
        on_event: &mut impl FnMut(FetchEvent),
    ) -> Result<(), FetchError> {
        let problem = mask(problem).into_owned();
        self.ledger.has_problem(id, &problem)?;
        on_event(FetchEvent::Left {
            task_id: id.clone(),
            problem,
        });
        Ok(())
    }

    /// Keeps the last answer beside the video.
    fn keep(&self, id: &TaskId, capture: &Capture) -> Result<(), String> {
        let name = download::capture_name(id);
        let path = self.fetch.directory.join(name);
        capture
            .save(&path)
            .map_err(|cause| format!("cannot write {}: {cause}", path.display()))
    }

    fn summary(&self, is_stopped: bool) -> Result<FetchSummary, FetchError> {
        let mut videos: HashMap<TaskId, Vec<VideoRow>> = HashMap::new();
        for video in self.ledger.videos()? {
            videos.entry(video.task_id.clone()).or_default().push(video);
        }
        let tasks = self.ledger.tasks()?.into_iter().map(|task| {
            let mut videos = videos.remove(&task.task_id).unwrap_or_default();
            videos.sort_by_key(|video| video.kind);
            self.fetched(task, videos)
        });
        Ok(FetchSummary {
            tasks: tasks.collect(),
            is_stopped,
            is_unauthorized: self.is_unauthorized,
        })
    }

    fn fetched(&self, task: TaskRow, videos: Vec<VideoRow>) -> FetchedTask {
        let mut wanted = videos.iter().filter(|video| self.wants(video.kind));
        let state = match task.state {
            TaskState::Failed => FetchState::Failed,
            TaskState::Succeeded if wanted.all(|video| video.is_arrived) => FetchState::Arrived,
            TaskState::Succeeded | TaskState::Waiting => FetchState::Left,
        };
        let reason = match state {
            FetchState::Arrived => task.problem,
            FetchState::Failed => task.reason,
            FetchState::Left => {
                let reason = if self.is_unauthorized {
                    "the gateway does not accept the API key"
                } else {
                    "the run was stopped before"
                };
                Some(task.problem.unwrap_or_else(|| reason.to_owned()))
            }
        };
        let files = videos.into_iter().filter(|video| video.is_arrived);
        let files = files.map(|video| FetchedFile {
            is_there: self.is_there(&video),
            kind: video.kind,
            file: self.fetch.directory.join(video.file.unwrap_or_default()),
            bytes: video.bytes.unwrap_or_default(),
            sha256: video.sha256.unwrap_or_default(),
        });
        FetchedTask {
            task_id: task.task_id,
            state,
            shape: task.shape,
            billed_tokens: task.billed_tokens,
            reason,
            files: files.collect(),
        }
    }

    fn wants(&self, kind: VideoKind) -> bool {
        kind == VideoKind::Result || self.fetch.originals
    }
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

fn file_name(id: &TaskId, kind: VideoKind) -> String {
    download::video_name(id, kind == VideoKind::Original)
}
