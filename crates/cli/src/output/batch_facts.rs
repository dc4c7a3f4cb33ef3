//! What the events of a batch told of its tasks.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use seedance_fetch::FetchEvent;
use seedance_query::{TaskId, Verdict};

/// What is known of the tasks that this run had to do with.
#[derive(Debug, Default)]
pub(crate) struct BatchFacts {
    tasks: HashMap<TaskId, TaskFacts>,
}

/// What is known of a task from its events.
#[derive(Clone, Debug, Default)]
pub(crate) struct TaskFacts {
    pub polls: u32,
    pub verdict: Option<Verdict>,
    pub findings: usize,
    pub waited: Option<Duration>,
    pub downloaded: Option<Duration>,
    pub expires_in: Option<Duration>,
    began: Option<Instant>,
    ended: Option<Instant>,
    status: String,
}

impl BatchFacts {
    /// What is known of a task, if this run had to do with it.
    pub fn of(&self, id: &TaskId) -> Option<&TaskFacts> {
        self.tasks.get(id)
    }

    /// Keeps what the event tells; whether that is worth a line.
    pub fn take_in(&mut self, event: &FetchEvent) -> bool {
        let now = Instant::now();
        match event {
            FetchEvent::Started { .. } | FetchEvent::Left { .. } | FetchEvent::Warned { .. } => {
                true
            }
            FetchEvent::Observed {
                task_id,
                poll,
                status,
                progress,
                error,
                ..
            } => {
                let seen = self.tasks.entry(task_id.clone()).or_default();
                seen.began.get_or_insert(now);
                seen.polls = *poll;
                let status = format!("{status:?} {progress:?} {error:?}");
                std::mem::replace(&mut seen.status, status.clone()) != status
            }
            FetchEvent::Ended {
                task_id,
                verdict,
                findings,
                expires_in,
                ..
            } => {
                let seen = self.tasks.entry(task_id.clone()).or_default();
                let began = *seen.began.get_or_insert(now);
                seen.polls += 1;
                seen.waited = Some(now - began);
                seen.ended = Some(now);
                seen.verdict = *verdict;
                seen.findings = findings.len();
                seen.expires_in =
                    expires_in.and_then(|left| Duration::try_from_secs_f64(left).ok());
                true
            }
            FetchEvent::Arrived { task_id, .. } => {
                let seen = self.tasks.entry(task_id.clone()).or_default();
                seen.downloaded = seen.ended.map(|ended| now - ended);
                true
            }
            _ => false,
        }
    }
}
