//! Events that the consumer of a watch has not taken yet.

use std::collections::{HashMap, VecDeque};

use super::{observation::Observation, wait::WaitEvent};
use crate::model::TaskId;

/// Keeps what is to be told, a bounded amount of it for each task however long the consumer is
/// busy: of several observations the last one, and how the task ended.
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
            // Behind an end begins another watch of the same task, which keeps its order.
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

    /// The task that has waited longest, with its first event.
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
