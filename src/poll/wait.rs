//! Polling one task until it ends.

use std::{
    fmt,
    future::IntoFuture,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, SystemTime},
};

use futures_util::{
    future::BoxFuture,
    stream::{self, StreamExt},
};
use tokio::time::{Instant, sleep};

use super::{
    error::WaitError,
    event::WaitEvent,
    machine::Machine,
    observations::Observations,
    outcome::{Outcome, TimedOut, UpstreamEnded},
    policy::WaitPolicy,
    snapshot::{WaitSnapshot, later},
};
use crate::{client::Client, model::TaskId};

impl Client {
    /// Polls a task until it has ended: to be awaited, or observed as a stream.
    ///
    /// The first query is made at once, the next ones as [`WaitPolicy`] says. Nothing but this
    /// query is ever sent, so no task is paid for twice; dropping the future ends the wait and does
    /// not affect the task.
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

    /// Continues a saved wait until its deadline; if that has passed, the task is queried once more.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # async fn run(client: seedance_query::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let kept = std::fs::read_to_string("wait.json")?;
    /// let outcome = client.resume(serde_json::from_str(&kept)?).await?;
    /// println!("{outcome:?}");
    /// # Ok(())
    /// # }
    /// ```
    pub fn resume(&self, snapshot: WaitSnapshot) -> Wait {
        Wait {
            client: self.clone(),
            task_id: snapshot.task_id.clone(),
            policy: Arc::new(snapshot.policy.clone()),
            deadline: Some(snapshot.deadline),
            kept: Some(Box::new(snapshot)),
        }
    }
}

/// A wait for one task that has not begun yet; see [`Client::wait`].
///
/// Awaiting it gives the [`Outcome`], or a [`WaitError`] if it is given up.
#[derive(Clone)]
#[must_use = "nothing is queried until it is awaited"]
pub struct Wait {
    client: Client,
    task_id: TaskId,
    policy: Arc<WaitPolicy>,
    /// By this machine's clock; if none, the policy's timeout counts from the first query.
    deadline: Option<SystemTime>,
    /// The state to continue from.
    kept: Option<Box<WaitSnapshot>>,
}

impl Wait {
    fn new(client: Client, task_id: TaskId, policy: Arc<WaitPolicy>) -> Self {
        Self {
            client,
            task_id,
            policy,
            deadline: None,
            kept: None,
        }
    }

    /// A kept wait with a new deadline.
    fn again(client: Client, snapshot: Box<WaitSnapshot>) -> Self {
        Self {
            client,
            task_id: snapshot.task_id.clone(),
            policy: Arc::new(snapshot.policy.clone()),
            deadline: None,
            kept: Some(snapshot),
        }
    }

    /// The task that is waited for.
    #[must_use]
    pub fn task_id(&self) -> &TaskId {
        &self.task_id
    }

    /// Sets the policy.
    pub fn policy(mut self, policy: WaitPolicy) -> Self {
        self.policy = Arc::new(policy);
        self
    }

    /// Sets the longest time to wait; see [`WaitPolicy::timeout`].
    pub fn timeout(mut self, timeout: Duration) -> Self {
        let policy = (*self.policy).clone().timeout(timeout);
        self.policy = Arc::new(policy);
        self.deadline = None;
        self
    }

    /// Sets the moment at which to stop waiting, by this machine's clock.
    pub fn deadline(mut self, deadline: SystemTime) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// The same wait as a stream: each query that is followed by another one, then the end.
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
        let snapshot = Arc::new(Mutex::new(self.snapshot()));
        let shared = Arc::clone(&snapshot);
        let state = Some((self, None, Duration::ZERO));
        let events = stream::unfold((state, shared), |(state, shared)| async move {
            let (wait, machine, delay) = state?;
            if !delay.is_zero() {
                sleep(delay).await;
            }
            let (event, machine) = wait.poll(machine).await;
            machine.record(&mut shared.lock().unwrap_or_else(PoisonError::into_inner));
            let next = match event {
                WaitEvent::Observed(seen) => {
                    let delay = seen.next_in();
                    let state = Some((wait, Some(machine), delay));
                    (WaitEvent::Observed(seen), state)
                }
                ended @ WaitEvent::Ended(_) => (ended, None),
            };
            Some((next.0, (next.1, shared)))
        });
        Observations {
            events: events.fuse().boxed(),
            snapshot,
        }
    }

    /// The state of this wait before its next query.
    fn snapshot(&self) -> WaitSnapshot {
        let policy = (*self.policy).clone();
        let Some(kept) = &self.kept else {
            return WaitSnapshot::new(self.task_id.clone(), policy, self.deadline);
        };
        let mut snapshot = (**kept).clone();
        snapshot.deadline = self
            .deadline
            .unwrap_or_else(|| later(SystemTime::now(), policy.timeout));
        snapshot.policy = policy;
        snapshot
    }

    /// Must be called within a Tokio runtime, whose clock it reads.
    fn begin(&self) -> Machine {
        let (now, policy) = (Instant::now(), Arc::clone(&self.policy));
        if self.kept.is_none() && self.deadline.is_none() {
            return Machine::new(self.task_id.clone(), policy, now);
        }
        Machine::resumed(self.snapshot(), policy, now)
    }

    /// Queries once.
    async fn poll(&self, machine: Option<Machine>) -> (WaitEvent, Machine) {
        let mut machine = machine.unwrap_or_else(|| self.begin());
        self.client.turn(Some(machine.deadline())).await;
        let answer = self.client.query_now(&self.task_id).await;
        let event = machine.step(&self.client, Instant::now(), answer);
        (event, machine)
    }
}

impl TimedOut {
    /// Waits for the same task again, with the same policy and a new deadline. Its used failure budget
    /// and grace periods are not reset.
    pub fn resume(self) -> Wait {
        Wait::again(self.client, self.snapshot)
    }
}

impl UpstreamEnded {
    /// Waits until the gateway notices, with the same policy and a new deadline. Both the timeout
    /// and the [grace](WaitPolicy::upstream_grace) should be long.
    pub fn resume(self) -> Wait {
        Wait::again(self.client, self.snapshot)
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
