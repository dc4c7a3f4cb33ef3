//! Waiting for many tasks at once.

use std::{
    cmp::Reverse,
    collections::{BinaryHeap, HashSet},
    fmt,
    num::{NonZeroU32, NonZeroUsize},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use futures_util::{
    Stream,
    future::BoxFuture,
    stream::{self, BoxStream, FuturesUnordered, StreamExt},
};
use governor::{Quota, RateLimiter, clock::Clock, middleware::NoOpMiddleware, state};
use http::StatusCode;
use tokio::time::{Instant, sleep_until};

use super::{machine::Machine, policy::WaitPolicy, wait::WaitEvent};
use crate::{
    client::{Client, Error, QueryResponse},
    model::TaskId,
};

const CONCURRENCY: NonZeroUsize = NonZeroUsize::new(32).unwrap();
const REQUESTS_PER_SECOND: NonZeroU32 = NonZeroU32::new(20).unwrap();

impl Client {
    /// Waits for any number of tasks with a bounded number of requests.
    ///
    /// Each task is waited for as by [`wait`](Self::wait), from its own first query on. An id that
    /// is given twice is watched once.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # async fn run(client: seedance_query::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// use seedance_query::{TaskId, WaitEvent};
    ///
    /// let ids = ["asyntask_1", "asyntask_2"].map(str::parse::<TaskId>);
    /// let ids = ids.into_iter().collect::<Result<Vec<_>, _>>()?;
    /// let mut events = client.watch(ids).requests_per_second(5.try_into()?).observe();
    /// while let Some((id, event)) = events.next().await {
    ///     if let WaitEvent::Ended(outcome) = event {
    ///         println!("{id}: {outcome:?}");
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn watch(&self, ids: impl IntoIterator<Item = TaskId>) -> Watch {
        let mut seen = HashSet::new();
        let ids = ids.into_iter().filter(|id| seen.insert(id.clone()));
        Watch {
            ids: ids.collect(),
            client: self.clone(),
            policy: WaitPolicy::default(),
            concurrency: CONCURRENCY,
            requests_per_second: REQUESTS_PER_SECOND,
        }
    }
}

/// Waiting for many tasks that has not begun yet; see [`Client::watch`].
#[derive(Clone)]
#[must_use = "nothing is asked for until it is observed"]
pub struct Watch {
    client: Client,
    ids: Vec<TaskId>,
    policy: WaitPolicy,
    concurrency: NonZeroUsize,
    requests_per_second: NonZeroU32,
}

impl Watch {
    /// Sets how often to ask for each task, for how long, and what to put up with.
    pub fn policy(mut self, policy: WaitPolicy) -> Self {
        self.policy = policy;
        self
    }

    /// How many requests can be under way at a time: 32 unless set.
    pub fn concurrency(mut self, requests: NonZeroUsize) -> Self {
        self.concurrency = requests;
        self
    }

    /// How many requests begin in a second, over all tasks: 20 unless set. With more tasks than
    /// this and the interval allow for, each is asked for less often.
    pub fn requests_per_second(mut self, requests: NonZeroU32) -> Self {
        self.requests_per_second = requests;
        self
    }

    /// Begins: the events of all tasks as they come, the last of each being its end.
    pub fn observe(self) -> Watched {
        let events = stream::unfold(None, move |scheduler: Option<Scheduler>| {
            // The clock is read when the stream is first polled, within the runtime.
            let mut scheduler = scheduler.unwrap_or_else(|| Scheduler::new(self.clone()));
            async move { scheduler.next().await.map(|event| (event, Some(scheduler))) }
        });
        Watched(events.fuse().boxed())
    }
}

impl fmt::Debug for Watch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watch")
            .field("tasks", &self.ids.len())
            .field("policy", &self.policy)
            .field("concurrency", &self.concurrency)
            .field("requests_per_second", &self.requests_per_second)
            .finish_non_exhaustive()
    }
}

/// The stream of [`Watch::observe`].
#[must_use = "nothing is asked for until it is polled"]
pub struct Watched(BoxStream<'static, (TaskId, WaitEvent)>);

impl Watched {
    /// The next event of any of the tasks, none once all have ended.
    pub async fn next(&mut self) -> Option<(TaskId, WaitEvent)> {
        self.0.next().await
    }
}

impl Stream for Watched {
    type Item = (TaskId, WaitEvent);

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_next_unpin(cx)
    }
}

impl fmt::Debug for Watched {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watched").finish_non_exhaustive()
    }
}

/// The time since the watch began, by the clock that also sleeps.
#[derive(Clone)]
struct TokioClock {
    began: Instant,
}

impl Clock for TokioClock {
    type Instant = Duration;

    fn now(&self) -> Duration {
        self.began.elapsed()
    }
}

type Limiter =
    RateLimiter<state::NotKeyed, state::InMemoryState, TokioClock, NoOpMiddleware<Duration>>;
type Answer = Result<QueryResponse, Error>;

/// A task and what is known of it; nothing before it was first asked for.
enum Slot {
    New(TaskId),
    Begun(Machine),
    Ended,
}

/// Which task is asked for when. A waiting task costs its slot and a place in a heap, no timer.
struct Scheduler {
    client: Client,
    policy: Arc<WaitPolicy>,
    concurrency: usize,
    limiter: Limiter,
    clock: TokioClock,
    slots: Vec<Slot>,
    due: BinaryHeap<Reverse<(Instant, usize)>>,
    under_way: FuturesUnordered<BoxFuture<'static, (usize, Answer)>>,
    /// Before this the gateway does not want to be asked.
    quiet_until: Instant,
}

impl Scheduler {
    fn new(watch: Watch) -> Self {
        let now = Instant::now();
        let clock = TokioClock { began: now };
        let quota = Quota::per_second(watch.requests_per_second);
        let due = (0..watch.ids.len()).map(|index| Reverse((now, index)));
        Self {
            due: due.collect(),
            slots: watch.ids.into_iter().map(Slot::New).collect(),
            client: watch.client,
            policy: Arc::new(watch.policy),
            concurrency: watch.concurrency.get(),
            limiter: Limiter::direct_with_clock(quota, clock.clone()),
            clock,
            under_way: FuturesUnordered::new(),
            quiet_until: now,
        }
    }

    /// Runs until something can be told.
    async fn next(&mut self) -> Option<(TaskId, WaitEvent)> {
        loop {
            let wake = self.start_what_is_due();
            if wake.is_none() && self.under_way.is_empty() {
                return None;
            }
            let asleep = async {
                match wake {
                    Some(at) => sleep_until(at).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                Some((index, answer)) = self.under_way.next() => {
                    if let Some(event) = self.step(index, answer) {
                        return Some(event);
                    }
                }
                () = asleep => {}
            }
        }
    }

    /// Starts as many requests as are due and allowed; gives the time to look again, or none if an
    /// answer has to come first.
    fn start_what_is_due(&mut self) -> Option<Instant> {
        let now = Instant::now();
        while self.under_way.len() < self.concurrency {
            let Reverse((at, index)) = *self.due.peek()?;
            let at = at.max(self.quiet_until);
            if at > now {
                return Some(at);
            }
            if let Err(too_early) = self.limiter.check() {
                return Some(now + too_early.wait_time_from(self.clock.now()));
            }
            self.due.pop();
            self.start(index, now);
        }
        None
    }

    fn start(&mut self, index: usize, now: Instant) {
        let slot = &mut self.slots[index];
        if let Slot::New(id) = slot {
            let machine = Machine::new(id.clone(), Arc::clone(&self.policy), now);
            *slot = Slot::Begun(machine);
        }
        if let Slot::Begun(machine) = slot {
            let (client, id) = (self.client.clone(), machine.task_id().clone());
            let query = async move { (index, client.query(&id).await) };
            self.under_way.push(Box::pin(query));
        }
    }

    fn step(&mut self, index: usize, answer: Answer) -> Option<(TaskId, WaitEvent)> {
        let now = Instant::now();
        let slot = &mut self.slots[index];
        let Slot::Begun(machine) = slot else {
            return None;
        };
        let id = machine.task_id().clone();
        if let Err(error) = &answer
            && error.status() == Some(StatusCode::TOO_MANY_REQUESTS)
            && let Some(delay) = error.retry_after()
        {
            // The limit is the client's, not the task's, so that it holds for all; not for ever.
            let delay = delay.min(self.policy.errors_policy().longest_delay());
            self.quiet_until = self.quiet_until.max(now + delay);
        }
        let event = machine.step(&self.client, now, answer);
        match &event {
            WaitEvent::Observed(seen) => self.due.push(Reverse((now + seen.next_in(), index))),
            WaitEvent::Ended(_) => *slot = Slot::Ended,
        }
        Some((id, event))
    }
}
