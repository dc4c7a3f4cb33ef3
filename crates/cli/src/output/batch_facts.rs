//! What is known of the tasks of a batch from its events.

use std::{
    collections::{BTreeMap, HashMap},
    time::{Duration, Instant},
};

use seedance_fetch::FetchEvent;
use seedance_query::{TaskId, Verdict};

/// What is known of the tasks of this run.
#[derive(Debug)]
pub(crate) struct BatchFacts {
    began: Instant,
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
    pub began: Option<Instant>,
    /// The status with the time since which it stands, and the progress beside it.
    pub status: Option<(String, Instant)>,
    pub progress: Option<String>,
    pub next_poll: Option<Instant>,
    /// The bytes of its video that are there, and all of them if that is known.
    pub downloading: Option<(u64, Option<u64>)>,
    /// When its download goes on, and why it waits.
    pub download_wait: Option<(Instant, String)>,
    problem: Option<String>,
    ended: Option<Instant>,
    is_done: bool,
}

impl BatchFacts {
    pub fn new() -> Self {
        Self {
            began: Instant::now(),
            tasks: HashMap::new(),
        }
    }

    /// What is known of a task, if it is part of this run.
    pub fn of(&self, id: &TaskId) -> Option<&TaskFacts> {
        self.tasks.get(id)
    }

    /// The time since the run began.
    pub fn elapsed(&self) -> Duration {
        self.began.elapsed()
    }

    /// The tasks that have not ended.
    pub fn open(&self) -> impl Iterator<Item = (&TaskId, &TaskFacts)> {
        self.tasks.iter().filter(|(_, task)| !task.is_done)
    }

    /// How many of the open tasks that are not being downloaded have each status.
    pub fn statuses(&self) -> BTreeMap<&str, usize> {
        let mut statuses = BTreeMap::new();
        for (_, task) in self.open().filter(|(_, task)| task.downloading.is_none()) {
            let status = task.status.as_ref().map(|(status, _)| status.as_str());
            *statuses.entry(status.unwrap_or("no answer")).or_default() += 1;
        }
        statuses
    }

    /// Records an event; returns whether it is a change worth a line.
    pub fn take_in(&mut self, event: &FetchEvent) -> bool {
        let now = Instant::now();
        match event {
            FetchEvent::Observed(seen) => {
                let task = self.tasks.entry(seen.task_id.clone()).or_default();
                task.began.get_or_insert(now);
                task.polls = seen.poll;
                task.next_poll = after(now, seen.next_in);
                task.progress.clone_from(&seen.progress);
                task.observe(seen.status.as_deref(), seen.error.as_deref(), now)
            }
            FetchEvent::Ended {
                task_id,
                verdict,
                findings,
                expires_in,
                reason,
                ..
            } => {
                let task = self.tasks.entry(task_id.clone()).or_default();
                let began = *task.began.get_or_insert(now);
                task.polls += 1;
                task.waited = Some(now - began);
                task.ended = Some(now);
                task.next_poll = None;
                task.verdict = *verdict;
                task.findings = findings.len();
                task.expires_in =
                    expires_in.and_then(|left| Duration::try_from_secs_f64(left).ok());
                task.is_done = reason.is_some();
                true
            }
            FetchEvent::Downloading {
                task_id,
                bytes,
                total,
                ..
            } => {
                let task = self.tasks.entry(task_id.clone()).or_default();
                task.downloading = Some((*bytes, *total));
                task.download_wait = None;
                false
            }
            FetchEvent::Arrived { task_id, .. } => {
                let task = self.tasks.entry(task_id.clone()).or_default();
                task.downloaded = task.ended.map(|ended| now - ended);
                task.close();
                true
            }
            FetchEvent::Unavailable { task_id, .. }
            | FetchEvent::TakenOver { task_id }
            | FetchEvent::Left { task_id, .. } => {
                self.tasks.entry(task_id.clone()).or_default().close();
                true
            }
            FetchEvent::DownloadWaiting {
                task_id,
                next_in,
                reason,
                ..
            } => {
                let task = self.tasks.entry(task_id.clone()).or_default();
                task.downloading.get_or_insert((0, None));
                task.download_wait = after(now, *next_in).map(|until| (until, reason.clone()));
                true
            }
            FetchEvent::Started { .. }
            | FetchEvent::Added { .. }
            | FetchEvent::LedgerAway { .. }
            | FetchEvent::LedgerBack { .. }
            | FetchEvent::Warned { .. } => true,
            _ => false,
        }
    }
}

impl TaskFacts {
    /// Returns whether the status or the problem has changed.
    fn observe(&mut self, status: Option<&str>, problem: Option<&str>, now: Instant) -> bool {
        let Some(status) = status else {
            let is_new = self.problem.as_deref() != problem;
            self.problem = problem.map(str::to_owned);
            return is_new;
        };
        if self.status.as_ref().is_some_and(|(old, _)| old == status) {
            return false;
        }
        self.status = Some((status.to_owned(), now));
        true
    }

    fn close(&mut self) {
        self.is_done = true;
        self.downloading = None;
        self.download_wait = None;
        self.next_poll = None;
    }
}

fn after(now: Instant, seconds: f64) -> Option<Instant> {
    let delay = Duration::try_from_secs_f64(seconds).ok()?;
    now.checked_add(delay)
}

#[cfg(test)]
mod tests {
    use seedance_fetch::{FetchEvent, ObservedTask};

    use super::BatchFacts;

    fn observed(status: Option<&str>, error: Option<&str>) -> FetchEvent {
        let mut seen = ObservedTask::new("t1".parse().unwrap());
        seen.status = status.map(str::to_owned);
        seen.error = error.map(str::to_owned);
        FetchEvent::Observed(seen)
    }

    #[test]
    fn each_change_of_status_is_worth_one_line() {
        let mut facts = BatchFacts::new();
        let events = [
            (Some("QUEUED"), None, true),
            (Some("QUEUED"), None, false),
            (None, Some("HTTP 503"), true),
            (None, Some("HTTP 503"), false),
            (Some("QUEUED"), None, false),
            (None, Some("HTTP 503"), false),
            (Some("IN_PROGRESS"), None, true),
        ];
        for (at, (status, error, is_change)) in events.into_iter().enumerate() {
            assert_eq!(
                facts.take_in(&observed(status, error)),
                is_change,
                "event {at}"
            );
        }
        assert_eq!(
            facts.statuses().into_iter().collect::<Vec<_>>(),
            [("IN_PROGRESS", 1)]
        );
    }
}
