//! Undelivered events of a watch.

use std::collections::{HashMap, VecDeque};

use super::{event::WaitEvent, observation::Observation};
use crate::model::TaskId;

/// Keeps a bounded number of events per task while the consumer is busy: the latest observation and
/// the outcome.
#[derive(Default)]
pub(super) struct Outbox {
    order: VecDeque<TaskId>,
    waiting: HashMap<TaskId, Waiting>,
}

#[derive(Default)]
struct Waiting {
    seen: Option<Observation>,
    ended: VecDeque<WaitEvent>,
}

impl Outbox {
    pub fn push(&mut self, id: TaskId, event: WaitEvent) {
        if !self.waiting.contains_key(&id) {
            self.order.push_back(id.clone());
        }
        let waiting = self.waiting.entry(id).or_default();
        match event {
            // After an end, the events are those of another watch of the same task; they stay in
            // order.
            WaitEvent::Observed(seen) if waiting.ended.is_empty() => {
                waiting.seen = Some(match waiting.seen.take() {
                    Some(before) => seen.after_unseen(&before),
                    None => seen,
                });
            }
            WaitEvent::Observed(seen) => match waiting.ended.back_mut() {
                Some(WaitEvent::Observed(before)) => *before = seen.after_unseen(before),
                _ => waiting.ended.push_back(WaitEvent::Observed(seen)),
            },
            ended @ WaitEvent::Ended(_) => waiting.ended.push_back(ended),
        }
    }

    /// The next event of the task that has waited longest.
    pub fn pop(&mut self) -> Option<(TaskId, WaitEvent)> {
        let id = self.order.pop_front()?;
        let waiting = self.waiting.get_mut(&id)?;
        let event = match waiting.seen.take() {
            Some(seen) => WaitEvent::Observed(seen),
            None => waiting.ended.pop_front()?,
        };
        if waiting.ended.is_empty() {
            self.waiting.remove(&id);
        } else {
            self.order.push_front(id.clone());
        }
        Some((id, event))
    }

    pub fn is_empty(&self) -> bool {
        self.order.is_empty()
    }
}
