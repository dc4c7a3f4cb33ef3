//! Asking for a task until it has ended.

use std::{
    fmt,
    future::IntoFuture,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use futures_util::{
    Stream,
    future::BoxFuture,
    stream::{self, BoxStream, StreamExt},
};
use tokio::time::{Instant, sleep};

use super::{
    error::WaitError, machine::Machine, observation::Observation, outcome::Outcome,
    policy::WaitPolicy,
};
use crate::{client::Client, model::TaskId};

impl Client {
    /// Waits until a task has ended: to be awaited, or observed as a stream.
    ///
    /// The first query is made at once, the next ones as [`WaitPolicy`] says. Nothing but this
    /// query is ever sent, so no task is ever paid for twice; dropping the future ends the waiting
    /// and leaves the task alone.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # async fn run(client: seedance_query::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// use std::time::Duration;
    ///
    /// use seedance_query::Outcome;
    ///
    /// let id = "asyntask_Qm4tZ81kWvYc3RbN7sXeLh2GpD6uJa0F".parse()?;
    /// match client.wait(&id).timeout(Duration::from_secs(600)).await? {
    ///     Outcome::Succeeded(task) => println!("the video: {}", task.result_url()),
    ///     Outcome::Failed(task) => println!("no video: {task}"),
    ///     Outcome::TimedOut(task) => println!("not yet: {task}"),
    ///     _ => {}
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn wait(&self, task_id: &TaskId) -> Wait {
        Wait::new(self.clone(), task_id.clone(), Arc::default())
    }
}

/// Waiting for a task that has not begun yet; see [`Client::wait`].
///
/// Awaiting it gives the [`Outcome`], or a [`WaitError`] if it is given up.
#[derive(Clone)]
#[must_use = "nothing is asked for until it is awaited"]
pub struct Wait {
    client: Client,
    task_id: TaskId,
    policy: Arc<WaitPolicy>,
}

impl Wait {
    pub(super) fn new(client: Client, task_id: TaskId, policy: Arc<WaitPolicy>) -> Self {
        Self {
            client,
            task_id,
            policy,
        }
    }

    /// The task that is waited for.
    #[must_use]
    pub fn task_id(&self) -> &TaskId {
        &self.task_id
    }

    /// Sets how often to ask, for how long, and what to put up with.
    pub fn policy(mut self, policy: WaitPolicy) -> Self {
        self.policy = Arc::new(policy);
        self
    }

    /// Sets the longest time to wait; see [`WaitPolicy::timeout`].
    pub fn timeout(mut self, timeout: Duration) -> Self {
        let policy = (*self.policy).clone().timeout(timeout);
        self.policy = Arc::new(policy);
        self
    }

    /// The same waiting as a stream: each query that is followed by another one, then the end.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # async fn run(client: seedance_query::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// use seedance_query::WaitEvent;
    ///
    /// let id = "asyntask_Qm4tZ81kWvYc3RbN7sXeLh2GpD6uJa0F".parse()?;
    /// let mut events = client.wait(&id).observe();
    /// while let Some(event) = events.next().await {
    ///     match event {
    ///         WaitEvent::Observed(seen) => println!("{:?} {:?}", seen.status(), seen.progress()),
    ///         WaitEvent::Ended(outcome) => println!("{:?}", outcome?),
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn observe(self) -> Observations {
        let state = Some((self, None, Duration::ZERO));
        let events = stream::unfold(state, |state| async move {
            let (wait, machine, delay) = state?;
            if !delay.is_zero() {
                sleep(delay).await;
            }
            let (event, machine) = wait.poll(machine).await;
            match event {
                WaitEvent::Observed(seen) => {
                    let delay = seen.next_in();
                    Some((
                        WaitEvent::Observed(seen),
                        Some((wait, Some(machine), delay)),
                    ))
                }
                ended @ WaitEvent::Ended(_) => Some((ended, None)),
            }
        });
        Observations(events.fuse().boxed())
    }

    /// Asks once.
    async fn poll(&self, machine: Option<Machine>) -> (WaitEvent, Machine) {
        let begin = || {
            Machine::new(
                self.task_id.clone(),
                Arc::clone(&self.policy),
                Instant::now(),
            )
        };
        let mut machine = machine.unwrap_or_else(begin);
        let answer = self.client.query(&self.task_id).await;
        let event = machine.step(&self.client, Instant::now(), answer);
        (event, machine)
    }
}

impl IntoFuture for Wait {
    type Output = Result<Outcome, WaitError>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let mut machine = None;
            loop {
                let (event, next) = self.poll(machine).await;
                match event {
                    WaitEvent::Ended(outcome) => return outcome,
                    WaitEvent::Observed(seen) => sleep(seen.next_in()).await,
                }
                machine = Some(next);
            }
        })
    }
}

impl fmt::Debug for Wait {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wait")
            .field("task_id", &self.task_id)
            .field("policy", &self.policy)
            .finish_non_exhaustive()
    }
}

/// What happens while a task is waited for.
#[derive(Debug)]
pub enum WaitEvent {
    /// The task was asked for, and will be again.
    Observed(Observation),
    /// The last event: how it ended.
    Ended(Result<Outcome, WaitError>),
}

/// The stream of [`Wait::observe`].
#[must_use = "nothing is asked for until it is polled"]
pub struct Observations(BoxStream<'static, WaitEvent>);

impl Observations {
    /// The next event, none after the end.
    pub async fn next(&mut self) -> Option<WaitEvent> {
        self.0.next().await
    }
}

impl Stream for Observations {
    type Item = WaitEvent;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<WaitEvent>> {
        self.0.poll_next_unpin(cx)
    }
}

impl fmt::Debug for Observations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Observations").finish_non_exhaustive()
    }
}
