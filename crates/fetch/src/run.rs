//! One run of a batch: the event loop over gateway answers and downloads.

use std::{
    collections::HashSet, future::Future, num::NonZeroU32, pin::pin, sync::Arc, time::Duration,
};

use futures_util::stream::{Stream, StreamExt, select};
use tokio::{
    sync::mpsc,
    task::JoinSet,
    time::{Instant, sleep_until},
};

use super::{
    error::FetchError,
    event::FetchEvent,
    held::HeldTasks,
    ledger::{Beginning, Claim, Claimed, Ledger},
    options::Options,
    queue::{DownloadOutcome, Queue},
    summary::FetchSummary,
    video_store::VideoStore,
};
use seedance_query::{
    client::Error,
    model::TaskId,
    poll::{Outcome, WaitError, WaitEvent, WaitPolicy, Watch, WatchHandle},
};

/// Number of ids added to the ledger in one transaction.
const ADDED_AT_ONCE: usize = 256;

/// How often a run that can get more tasks asks for those that somebody else has added.
const PAUSE: Duration = Duration::from_secs(1);

/// A run on a ledger.
pub(super) struct Run<L> {
    pub(super) fetch: Arc<Options>,
    pub(super) ledger: L,
    pub(super) store: Option<VideoStore>,
    pub(super) held: HeldTasks,
    pub(super) queue: Queue,
    pub(super) downloads: JoinSet<DownloadOutcome>,
    pub(super) progress: mpsc::Sender<FetchEvent>,
    pub(super) progressed: mpsc::Receiver<FetchEvent>,
    pub(super) is_unauthorized: bool,
    /// Tasks without an available video when they were claimed; they are queried once more.
    pub(super) unavailable_before: HashSet<TaskId>,
    /// Tasks whose state this run has determined.
    pub(super) changed: HashSet<TaskId>,
    /// Tasks whose last query failed to connect.
    pub(super) unreachable: HashSet<TaskId>,
}

/// The watches of a run, which end once nothing can be added to them any more.
struct Watches {
    main: WatchHandle,
    /// Of tasks whose grace period is over.
    again: WatchHandle,
}

impl Watches {
    fn add(&self, claimed: Vec<Claimed>) {
        for task in claimed {
            let handle = if task.was_unavailable {
                &self.again
            } else {
                &self.main
            };
            handle.add(task.claim.task_id);
        }
    }
}

impl<L: Ledger> Run<L> {
    pub fn new(fetch: Arc<Options>, ledger: L, store: Option<VideoStore>) -> Self {
        // An event without room is replaced by the next one.
        let (progress, progressed) = mpsc::channel(64);
        Self {
            fetch,
            ledger,
            store,
            held: HeldTasks::default(),
            queue: Queue::new(),
            downloads: JoinSet::new(),
            progress,
            progressed,
            is_unauthorized: false,
            unavailable_before: HashSet::new(),
            changed: HashSet::new(),
            unreachable: HashSet::new(),
        }
    }

    pub async fn run(
        mut self,
        added: impl Stream<Item = TaskId>,
        mut on_event: impl FnMut(FetchEvent),
        stop: impl Future<Output = ()>,
    ) -> Result<FetchSummary, FetchError> {
        let on_event = &mut on_event;
        let beginning = Beginning {
            forgotten: self.fetch.forgotten.clone(),
            ids: self.fetch.ids.clone(),
            originals: self.fetch.originals,
        };
        self.ledger.begin(beginning).await?;
        self.recover(on_event).await?;
        let backlog = self.ledger.backlog().await?;
        on_event(FetchEvent::Started {
            tasks: backlog.tasks,
            done_before: backlog.done,
        });
        let (claimed, mut ask_at) = self.claim(on_event).await?;
        let (again, first): (Vec<_>, Vec<_>) =
            claimed.into_iter().partition(|task| task.was_unavailable);
        let policy = &self.fetch.policy;
        let (rate, slow_rate) = shares(self.fetch.requests_per_second, again.len());
        let first = self.watch(first, policy.clone(), rate);
        // An earlier run waited out the grace period already.
        let again = self.watch(again, without_grace(policy), slow_rate);
        let (main, first) = first.observe_with_handle();
        let (slow, again) = again.observe_with_handle();
        let mut watches = Some(Watches { main, again: slow });
        let mut waiting = select(first, again);
        let mut added = pin!(added.ready_chunks(ADDED_AT_ONCE));
        let mut takes_more = true;
        let mut has_ended = false;
        let mut is_stopped = false;
        let mut stop = pin!(stop);
        loop {
            if ask_at.is_none() {
                if !takes_more {
                    watches = None;
                } else if self.fetch.held_at_a_time.is_some() {
                    ask_at = Some(Instant::now() + PAUSE);
                }
            }
            // A task that somebody else has taken over is not waited for.
            let is_waiting = !has_ended && (watches.is_some() || self.held.is_any_watched());
            if !is_waiting && self.queue.is_empty() && self.downloads.is_empty() {
                break;
            }
            self.begin_downloads();
            let asks = async {
                match ask_at {
                    Some(at) => sleep_until(at).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = &mut stop => {
                    is_stopped = true;
                    break;
                }
                ids = added.next(), if takes_more => match ids {
                    Some(ids) => {
                        self.add(ids, on_event).await?;
                        ask_at = self.claim_more(watches.as_ref(), on_event).await?;
                    }
                    None => takes_more = false,
                },
                () = asks => ask_at = self.claim_more(watches.as_ref(), on_event).await?,
                Some(event) = self.progressed.recv() => on_event(event),
                Some(joined) = self.downloads.join_next() => match joined {
                    Ok(download) => {
                        // Its progress is reported before its end.
                        self.report_progress(on_event);
                        self.downloaded(download, on_event).await?;
                    }
                    Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
                    Err(_) => {}
                },
                event = waiting.next(), if is_waiting => match event {
                    Some((id, event)) => {
                        self.observed(&id, event, on_event).await?;
                        if self.is_unauthorized {
                            // The answer would be the same for every other task.
                            (takes_more, has_ended) = (false, true);
                            ask_at = None;
                        }
                    }
                    None => has_ended = true,
                },
            }
        }
        // Each unfinished file is on disk with what is needed to resume.
        self.downloads.shutdown().await;
        if let Some(store) = &self.store {
            store.close().await;
        }
        self.ledger.release_all().await?;
        self.summary(is_stopped).await
    }

    /// Claims the next tasks, completes what a killed run was doing for them, and returns those that
    /// have to be queried, and when there can be more.
    async fn claim(
        &mut self,
        on_event: &mut impl FnMut(FetchEvent),
    ) -> Result<(Vec<Claimed>, Option<Instant>), FetchError> {
        let claims = self.ledger.claim(self.room()).await?;
        let mut queried = Vec::new();
        for task in claims.tasks {
            self.held.hold(task.claim.clone());
            if task.was_unavailable {
                self.unavailable_before.insert(task.claim.task_id.clone());
            }
            if !self.has_arrived_already(&task, on_event).await? {
                queried.push(task);
            }
        }
        let ask_at = claims.ask_again_in.map(|delay| Instant::now() + delay);
        Ok((queried, ask_at))
    }

    /// The same while the run goes on: the tasks are added to what is watched, if that still takes any.
    async fn claim_more(
        &mut self,
        watches: Option<&Watches>,
        on_event: &mut impl FnMut(FetchEvent),
    ) -> Result<Option<Instant>, FetchError> {
        let (claimed, ask_at) = self.claim(on_event).await?;
        if let Some(watches) = watches {
            watches.add(claimed);
        }
        Ok(ask_at)
    }

    /// How many more tasks the run holds.
    fn room(&self) -> usize {
        let Some(most) = self.fetch.held_at_a_time else {
            return usize::MAX;
        };
        // What waits for a download here can be downloaded by somebody else.
        if self.queue.len() > self.fetch.downloads.get() {
            return 0;
        }
        most.get().saturating_sub(self.held.len())
    }

    fn watch(&self, tasks: Vec<Claimed>, policy: WaitPolicy, rate: Option<NonZeroU32>) -> Watch {
        let ids = tasks.into_iter().map(|task| task.claim.task_id);
        let watch = self.fetch.client.watch(ids).policy(policy);
        match rate {
            Some(requests) => watch.requests_per_second(requests),
            None => watch,
        }
    }

    /// Takes in what was observed of a task that this run holds.
    async fn observed(
        &mut self,
        id: &TaskId,
        event: WaitEvent,
        on_event: &mut impl FnMut(FetchEvent),
    ) -> Result<(), FetchError> {
        let Some(claim) = self.held.claim_of(id) else {
            return Ok(());
        };
        let ended = match event {
            WaitEvent::Observed(seen) => {
                if seen.answer().is_err_and(Error::is_connect) {
                    self.unreachable.insert(id.clone());
                } else {
                    self.unreachable.remove(id);
                }
                on_event(FetchEvent::from(&seen));
                return Ok(());
            }
            WaitEvent::Ended(outcome) => outcome,
        };
        self.held.stop_watching(&claim);
        let outcome = self.wait_ended(&claim, ended, on_event).await;
        self.settle(&claim, outcome, on_event).await
    }

    async fn wait_ended(
        &mut self,
        claim: &Claim,
        outcome: Result<Outcome, WaitError>,
        on_event: &mut impl FnMut(FetchEvent),
    ) -> Result<(), FetchError> {
        match outcome {
            Ok(Outcome::Succeeded(task)) => {
                self.ended(claim, task.response(), None, on_event).await
            }
            Ok(Outcome::Failed(task)) => {
                let failure = Some(task.to_string());
                self.ended(claim, task.response(), failure, on_event).await
            }
            Ok(Outcome::TimedOut(task)) => {
                self.ledger.goes_on(claim).await?;
                let problem = format!("{task}; run again to go on");
                self.leave(claim, &problem, on_event).await
            }
            Ok(Outcome::UpstreamEnded(task)) => {
                let kept = self.keep(&claim.task_id, task.response().capture()).await;
                self.unavailable(claim, &task.to_string(), on_event).await?;
                self.warn_unless(kept, claim, on_event).await
            }
            Err(error) => self.given_up(claim, &error, on_event).await,
            Ok(_) => Ok(()),
        }
    }

    /// Releases a task for which nothing is left to do in this run, and drops one that somebody else
    /// has taken over.
    pub(super) async fn settle(
        &mut self,
        claim: &Claim,
        outcome: Result<(), FetchError>,
        on_event: &mut impl FnMut(FetchEvent),
    ) -> Result<(), FetchError> {
        let outcome = match outcome {
            Ok(()) if self.held.let_go_if_idle(claim) => self.ledger.release(claim).await,
            outcome => outcome,
        };
        match outcome {
            Err(error) if error.is_taken_over() => {
                self.held.drop_task(claim);
                self.queue.retain(|wanted| wanted.claim != *claim);
                self.changed.remove(&claim.task_id);
                on_event(FetchEvent::TakenOver {
                    task_id: claim.task_id.clone(),
                });
                Ok(())
            }
            outcome => outcome,
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
