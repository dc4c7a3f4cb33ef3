//! One run of a batch: the event loop over gateway answers and downloads.

use std::{
    collections::HashSet, future::Future, num::NonZeroU32, pin::pin, sync::Arc, time::Duration,
};

use futures_util::stream::{Stream, StreamExt, select};
use tokio::{sync::mpsc, task::JoinSet};

use super::{
    blocking::blocking,
    error::FetchError,
    event::FetchEvent,
    ledger::SharedLedger,
    open::open_ledger,
    options::Options,
    queue::{DownloadOutcome, Queue},
    summary::FetchSummary,
    unfinished::unfinished,
};
use seedance_query::{
    client::Error,
    model::TaskId,
    poll::{Outcome, WaitEvent, WaitPolicy, Watch},
};

/// Number of ids added to the ledger in one transaction.
const ADDED_AT_ONCE: usize = 256;

/// A run that holds its directory.
pub(super) struct Run {
    pub(super) fetch: Arc<Options>,
    pub(super) ledger: SharedLedger,
    pub(super) queue: Queue,
    pub(super) downloads: JoinSet<DownloadOutcome>,
    pub(super) progress: mpsc::Sender<FetchEvent>,
    pub(super) progressed: mpsc::Receiver<FetchEvent>,
    pub(super) is_unauthorized: bool,
    /// Tasks without an available video when the run began; they are queried once more.
    pub(super) unavailable_before: HashSet<TaskId>,
    /// Tasks whose state this run has determined.
    pub(super) changed: HashSet<TaskId>,
    /// Tasks whose last query failed to connect.
    pub(super) unreachable: HashSet<TaskId>,
}

impl Run {
    /// Opens and locks the directory; `expects_ids` means that tasks can still be added.
    pub async fn open(fetch: Arc<Options>, expects_ids: bool) -> Result<Self, FetchError> {
        let options = Arc::clone(&fetch);
        let ledger = blocking(move || open_ledger(&options, expects_ids)).await?;
        // An event without room is replaced by the next one.
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
        })
    }

    pub async fn run(
        mut self,
        added: impl Stream<Item = TaskId>,
        mut on_event: impl FnMut(FetchEvent),
        stop: impl Future<Output = ()>,
    ) -> Result<FetchSummary, FetchError> {
        self.recover(&mut on_event).await?;
        let originals = self.fetch.originals;
        let unfinished = self
            .ledger
            .with(move |ledger| unfinished(ledger, originals));
        let unfinished = unfinished.await?;
        let unavailable = unfinished.unavailable;
        self.unavailable_before = unavailable.iter().cloned().collect();
        on_event(FetchEvent::Started {
            tasks: unfinished.ids.len(),
            done_before: unfinished.done,
        });
        let policy = &self.fetch.policy;
        let (rate, slow_rate) = shares(self.fetch.requests_per_second, unavailable.len());
        let main = self.watch(unfinished.ids, policy.clone(), rate);
        let (handle, main) = main.observe_with_handle();
        // The watch ends once no task can be added any more.
        let mut handle = Some(handle);
        // An earlier run waited out the grace period already.
        let again = self.watch(unavailable, without_grace(policy), slow_rate);
        let mut waiting = select(main, again.observe());
        let mut added = pin!(added.ready_chunks(ADDED_AT_ONCE));
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
                ids = added.next(), if handle.is_some() => match (ids, &handle) {
                    (Some(ids), Some(handle)) => {
                        for id in self.add(ids, &mut on_event).await? {
                            handle.add(id);
                        }
                    }
                    _ => handle = None,
                },
                Some(event) = self.progressed.recv() => on_event(event),
                Some(joined) = self.downloads.join_next() => match joined {
                    Ok(download) => {
                        // Its progress is reported before its end.
                        self.report_progress(&mut on_event);
                        self.downloaded(download, &mut on_event).await?;
                    }
                    Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
                    Err(_) => {}
                },
                event = waiting.next(), if is_waiting => match event {
                    Some((id, event)) => {
                        self.observed(&id, event, &mut on_event).await?;
                        if self.is_unauthorized {
                            // The answer would be the same for every other task.
                            is_waiting = false;
                            handle = None;
                        }
                    }
                    None => is_waiting = false,
                },
            }
        }
        // Each unfinished file is on disk with what is needed to resume.
        self.downloads.shutdown().await;
        self.summary(is_stopped).await
    }

    fn watch(&self, ids: Vec<TaskId>, policy: WaitPolicy, rate: Option<NonZeroU32>) -> Watch {
        let watch = self.fetch.client.watch(ids).policy(policy);
        match rate {
            Some(requests) => watch.requests_per_second(requests),
            None => watch,
        }
    }

    async fn observed(
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
                self.ended(id, task.response(), None, on_event).await
            }
            WaitEvent::Ended(Ok(Outcome::Failed(task))) => {
                let failure = Some(task.to_string());
                self.ended(id, task.response(), failure, on_event).await
            }
            WaitEvent::Ended(Ok(Outcome::TimedOut(task))) => {
                let task_id = id.clone();
                self.ledger
                    .with(move |ledger| ledger.goes_on(&task_id))
                    .await?;
                let problem = format!("{task}; run again to go on");
                self.leave(id, &problem, on_event).await
            }
            WaitEvent::Ended(Ok(Outcome::UpstreamEnded(task))) => {
                let kept = self.keep(id, task.response().capture()).await;
                self.unavailable(id, &task.to_string(), on_event).await?;
                self.warn_unless(kept, id, on_event).await
            }
            WaitEvent::Ended(Err(error)) => self.given_up(id, &error, on_event).await,
            WaitEvent::Ended(Ok(_)) => Ok(()),
        }
    }
}

/// The policy for tasks whose grace period an earlier run waited out: the next answer decides.
fn without_grace(policy: &WaitPolicy) -> WaitPolicy {
    let policy = policy.clone().unknown_task_grace(Duration::ZERO);
    policy.upstream_grace(1, Duration::ZERO)
}

/// How two watches share a rate: the second one, which queries few tasks once, gets the minimum.
/// One request a second cannot be shared; then the first watch gets no less.
fn shares(rate: Option<NonZeroU32>, second: usize) -> (Option<NonZeroU32>, Option<NonZeroU32>) {
    let Some(rate) = rate.filter(|_| second > 0) else {
        return (rate, None);
    };
    let rest = NonZeroU32::new(rate.get() - 1).unwrap_or(rate);
    (Some(rest), Some(NonZeroU32::MIN))
}
