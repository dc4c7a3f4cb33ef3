//! Schedules the queries of many tasks.

use std::{
    cmp::Reverse,
    collections::{BinaryHeap, HashSet},
    sync::Arc,
};

use futures_util::{
    future::BoxFuture,
    stream::{FuturesUnordered, StreamExt},
};
use tokio::{
    sync::mpsc,
    time::{Instant, sleep_until},
};

use super::{event::WaitEvent, machine::Machine, outbox::Outbox, policy::WaitPolicy};
use crate::{
    client::{Client, Error, QueryResponse, RateLimit},
    model::TaskId,
};

type QueryResult = Result<QueryResponse, Error>;

/// A task and what is known of it; nothing before its first query.
enum Slot {
    New(TaskId),
    Begun(Machine),
    Free,
}

/// Queries tasks as they are due. A waiting task costs its slot and a place in a heap, no timer.
pub(super) struct Scheduler {
    client: Client,
    policy: Arc<WaitPolicy>,
    concurrency: usize,
    /// Of this watch alone, in addition to the client's.
    rate_limit: Option<RateLimit>,
    /// The tasks that are watched.
    watched: HashSet<TaskId>,
    slots: Vec<Slot>,
    free: Vec<usize>,
    due: BinaryHeap<Reverse<(Instant, usize)>>,
    under_way: FuturesUnordered<BoxFuture<'static, (usize, QueryResult)>>,
    /// When the next request may begin, if its turn is reserved already.
    turn: Option<Instant>,
    outbox: Outbox,
}

impl Scheduler {
    pub fn new(
        client: Client,
        policy: WaitPolicy,
        concurrency: usize,
        rate_limit: Option<RateLimit>,
    ) -> Self {
        Self {
            client,
            policy: Arc::new(policy),
            concurrency,
            rate_limit,
            watched: HashSet::new(),
            slots: Vec::new(),
            free: Vec::new(),
            due: BinaryHeap::new(),
            under_way: FuturesUnordered::new(),
            turn: None,
            outbox: Outbox::default(),
        }
    }

    /// Watches a task from now on, unless it is watched already.
    pub fn add(&mut self, id: TaskId) {
        if !self.watched.insert(id.clone()) {
            return;
        }
        let index = self.free.pop().unwrap_or_else(|| {
            self.slots.push(Slot::Free);
            self.slots.len() - 1
        });
        self.slots[index] = Slot::New(id);
        self.due.push(Reverse((Instant::now(), index)));
    }

    /// Runs until all tasks have ended and no more can be added, or the consumer is gone.
    pub async fn run(
        mut self,
        mut added: mpsc::UnboundedReceiver<TaskId>,
        events: mpsc::Sender<(TaskId, WaitEvent)>,
    ) {
        let mut is_open = true;
        loop {
            let wake = self.start_what_is_due();
            let is_idle = wake.is_none() && self.under_way.is_empty();
            if is_idle && !is_open && self.outbox.is_empty() {
                return;
            }
            let asleep = async {
                match wake {
                    Some(at) => sleep_until(at).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = events.closed() => return,
                id = added.recv(), if is_open => match id {
                    Some(id) => self.add(id),
                    None => is_open = false,
                },
                permit = events.reserve(), if !self.outbox.is_empty() => {
                    if let (Ok(permit), Some(event)) = (permit, self.outbox.pop()) {
                        permit.send(event);
                    }
                }
                Some((index, answer)) = self.under_way.next() => self.step(index, answer),
                () = asleep => {}
            }
        }
    }

    /// Starts all requests that are due and allowed. Returns when to check again, or `None` if only an
    /// answer or another task can change anything.
    fn start_what_is_due(&mut self) -> Option<Instant> {
        while self.under_way.len() < self.concurrency {
            let Reverse((at, index)) = *self.due.peek()?;
            let now = Instant::now();
            if at > now {
                return Some(at);
            }
            if let Some(resumes) = self.paused_until(index) {
                self.turn = None;
                self.due.pop();
                self.due.push(Reverse((resumes, index)));
                continue;
            }
            let turn = *self.turn.get_or_insert_with(|| {
                let own = self.rate_limit.as_ref().map(RateLimit::reserve);
                own.map_or(now, |own| own.max(now))
                    .max(self.client.reserve_turn())
            });
            if turn > now {
                return Some(turn);
            }
            self.turn = None;
            self.due.pop();
            self.start(index, now);
        }
        None
    }

    /// When the client's pause ends for a task; it is still queried at its deadline.
    fn paused_until(&self, index: usize) -> Option<Instant> {
        let latest = match &self.slots[index] {
            Slot::Begun(machine) => Some(machine.deadline()),
            Slot::New(_) | Slot::Free => None,
        };
        self.client.paused_until(latest)
    }

    fn start(&mut self, index: usize, now: Instant) {
        let slot = &mut self.slots[index];
        if let Slot::New(id) = slot {
            let machine = Machine::new(id.clone(), Arc::clone(&self.policy), now);
            *slot = Slot::Begun(machine);
        }
        if let Slot::Begun(machine) = slot {
            let (client, id) = (self.client.clone(), machine.task_id().clone());
            let query = async move { (index, client.query_now(&id).await) };
            self.under_way.push(Box::pin(query));
        }
    }

    fn step(&mut self, index: usize, answer: QueryResult) {
        let now = Instant::now();
        let slot = &mut self.slots[index];
        let Slot::Begun(machine) = slot else {
            return;
        };
        let id = machine.task_id().clone();
        let event = machine.step(&self.client, now, answer);
        match &event {
            WaitEvent::Observed(seen) => self.due.push(Reverse((now + seen.next_in(), index))),
            WaitEvent::Ended(_) => {
                *slot = Slot::Free;
                self.free.push(index);
                self.watched.remove(&id);
            }
        }
        self.outbox.push(id, event);
    }
}
