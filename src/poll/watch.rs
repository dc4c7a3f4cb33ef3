//! Polling many tasks at once.

use std::{
    fmt,
    num::{NonZeroU32, NonZeroUsize},
    pin::Pin,
    task::{Context, Poll, ready},
};

use futures_util::{FutureExt, Stream, future::poll_fn};
use tokio::{sync::mpsc, task::JoinHandle};

use super::{event::WaitEvent, policy::WaitPolicy, scheduler::Scheduler};
use crate::{
    client::{Client, RateLimit},
    model::TaskId,
};

const CONCURRENCY: NonZeroUsize = NonZeroUsize::new(32).unwrap();
/// The capacity of the channel to the consumer; further events are kept per task.
const READY_EVENTS: usize = 64;

impl Client {
    /// Polls any number of tasks with a bounded number of requests.
    ///
    /// Each task is polled as by [`wait`](Self::wait), from its own first query on. An id that is
    /// given twice is watched once. All requests together keep to the client's
    /// [`requests_per_second`](crate::ClientBuilder::requests_per_second).
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
        Watch {
            ids: ids.into_iter().collect(),
            client: self.clone(),
            policy: WaitPolicy::default(),
            concurrency: CONCURRENCY,
            requests_per_second: None,
        }
    }
}

/// A watch that has not begun yet; see [`Client::watch`].
#[derive(Clone)]
#[must_use = "nothing is queried until it is observed"]
pub struct Watch {
    client: Client,
    ids: Vec<TaskId>,
    policy: WaitPolicy,
    concurrency: NonZeroUsize,
    requests_per_second: Option<NonZeroU32>,
}

impl Watch {
    /// Sets the policy for each task.
    pub fn policy(mut self, policy: WaitPolicy) -> Self {
        self.policy = policy;
        self
    }

    /// The maximum number of concurrent requests: 32 unless set.
    pub fn concurrency(mut self, requests: NonZeroUsize) -> Self {
        self.concurrency = requests;
        self
    }

    /// The maximum number of requests of this watch that begin in a second, over all tasks, in
    /// addition to the client's own [limit](crate::ClientBuilder::requests_per_second). With more
    /// tasks than this and the interval allow for, each is queried less often.
    pub fn requests_per_second(mut self, requests: NonZeroU32) -> Self {
        self.requests_per_second = Some(requests);
        self
    }

    /// The events of all tasks as they happen; the last event of each task is its end.
    ///
    /// The watch begins when the stream is first polled, and runs as a Tokio task of its own, so it
    /// goes on while the consumer is busy. An observation that was not taken in time is replaced by
    /// the next one of the same task; changes of status and ends are never lost. Dropping the stream
    /// ends the watch.
    pub fn observe(self) -> Watched {
        self.observe_with_handle().1
    }

    /// The same, with a handle for adding tasks while the watch runs. The stream ends once all tasks
    /// have ended and all handles are dropped.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # async fn run(client: seedance_query::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let (handle, mut events) = client.watch([]).observe_with_handle();
    /// handle.add("asyntask_1".parse()?);
    /// drop(handle);
    /// while let Some((id, event)) = events.next().await {
    ///     println!("{id}: {event:?}");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn observe_with_handle(self) -> (WatchHandle, Watched) {
        let (add, added) = mpsc::unbounded_channel();
        (
            WatchHandle { add },
            Watched(State::New(Box::new(self), added)),
        )
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

/// Adds tasks to a running watch; see [`Watch::observe_with_handle`]. Clones add to the same watch.
#[derive(Clone, Debug)]
pub struct WatchHandle {
    add: mpsc::UnboundedSender<TaskId>,
}

impl WatchHandle {
    /// Adds a task. One that is being watched is left as it is; one that has ended is watched again.
    /// Returns whether the watch still runs.
    pub fn add(&self, id: TaskId) -> bool {
        self.add.send(id).is_ok()
    }
}

/// The stream of [`Watch::observe`].
#[must_use = "nothing is queried until it is polled"]
pub struct Watched(State);

enum State {
    New(Box<Watch>, mpsc::UnboundedReceiver<TaskId>),
    Running(mpsc::Receiver<(TaskId, WaitEvent)>, JoinHandle<()>),
    Ended,
}

impl Watched {
    /// The next event of any of the tasks, none once all have ended.
    pub async fn next(&mut self) -> Option<(TaskId, WaitEvent)> {
        poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await
    }
}

impl Stream for Watched {
    type Item = (TaskId, WaitEvent);

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if let State::New(..) = self.0
            && let State::New(watch, added) = std::mem::replace(&mut self.0, State::Ended)
        {
            // Here, within the runtime, because the scheduler reads its clock.
            let limit = watch.requests_per_second.map(RateLimit::per_second);
            let concurrency = watch.concurrency.get();
            let mut scheduler = Scheduler::new(watch.client, watch.policy, concurrency, limit);
            for id in watch.ids {
                scheduler.add(id);
            }
            let (send, receive) = mpsc::channel(READY_EVENTS);
            let running = tokio::spawn(scheduler.run(added, send));
            self.0 = State::Running(receive, running);
        }
        let State::Running(events, running) = &mut self.0 else {
            return Poll::Ready(None);
        };
        if let Some(event) = ready!(events.poll_recv(cx)) {
            return Poll::Ready(Some(event));
        }
        // The last event was sent, or the scheduler has panicked, which must not look like an end.
        let ended = ready!(running.poll_unpin(cx));
        self.0 = State::Ended;
        if let Err(error) = ended
            && error.is_panic()
        {
            std::panic::resume_unwind(error.into_panic());
        }
        Poll::Ready(None)
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        if let State::Running(_, running) = &self.0 {
            running.abort();
        }
    }
}

impl fmt::Debug for Watched {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watched").finish_non_exhaustive()
    }
}
