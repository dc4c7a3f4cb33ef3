//! What has been asked and answered.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use seedance_query::model::TaskId;

/// Which of the gateway's servers a request came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Origin {
    /// The API.
    Gateway,
    /// Where the videos are.
    Storage,
    /// Where [`Fault::Redirect`](super::Fault::Redirect) points.
    Elsewhere,
}

/// A request and what became of it. It holds neither the key nor a signature.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Request {
    /// Where it came to.
    pub origin: Origin,
    /// The method, such as `GET`.
    pub method: String,
    /// The path, without the query.
    pub path: String,
    /// The task that it is about, as far as the path or the answer tells.
    pub task_id: Option<TaskId>,
    /// The `Range` header.
    pub range: Option<String>,
    /// The `If-Range` header.
    pub if_range: Option<String>,
    /// Whether it has an `Authorization` header.
    pub has_authorization: bool,
    /// Whether that header holds the right key.
    pub has_right_key: bool,
    /// The HTTP status of the answer; `None` until there is one, and if the connection was ended
    /// instead.
    pub status: Option<u16>,
    /// So many bytes of the answer's body were handed to the connection.
    pub body_bytes: u64,
    /// Whether these are all that the answer promised.
    pub is_complete: bool,
    /// The time until the whole answer was handed to the connection, or was given up; `None` until
    /// then.
    pub duration: Option<Duration>,
}

/// Is told of each request once it has been answered.
pub(super) type Observer = Box<dyn Fn(&Request) + Send + Sync>;

/// The latest requests, in the order in which they came.
#[derive(Clone)]
pub(super) struct RequestLog(Arc<Shared>);

struct Shared {
    kept: Mutex<Kept>,
    /// How many requests are kept.
    limit: usize,
    observer: Option<Observer>,
}

#[derive(Default)]
struct Kept {
    /// How many came before the first that is kept.
    gone: usize,
    requests: VecDeque<Request>,
}

impl RequestLog {
    pub(super) fn new(limit: usize, observer: Option<Observer>) -> Self {
        Self(Arc::new(Shared {
            kept: Mutex::default(),
            limit,
            observer,
        }))
    }

    pub(super) fn open(&self, request: Request) -> Entry {
        let mut kept = self.lock();
        kept.requests.push_back(request);
        let index = kept.gone + kept.requests.len() - 1;
        if kept.requests.len() > self.0.limit {
            kept.requests.pop_front();
            kept.gone += 1;
        }
        Entry {
            index,
            start: Instant::now(),
            log: self.clone(),
        }
    }

    pub(super) fn requests(&self) -> Vec<Request> {
        self.lock().requests.iter().cloned().collect()
    }

    /// How many there were in all.
    pub(super) fn count(&self) -> usize {
        let kept = self.lock();
        kept.gone + kept.requests.len()
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.0.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The place in the log of a request that is being answered.
pub(super) struct Entry {
    log: RequestLog,
    index: usize,
    start: Instant,
}

impl Entry {
    pub(super) fn answered(&self, status: u16, promised: u64) {
        self.update(|request| {
            request.status = Some(status);
            request.is_complete = promised == 0;
        });
    }

    pub(super) fn is_about(&self, task: TaskId) {
        self.update(|request| request.task_id = Some(task));
    }

    pub(super) fn handed_out(&self, bytes: u64, promised: u64) {
        self.update(|request| {
            request.body_bytes += bytes;
            request.is_complete = request.body_bytes == promised;
        });
    }

    fn update<T>(&self, change: impl FnOnce(&mut Request) -> T) -> Option<T> {
        let mut kept = self.log.lock();
        let index = self.index.checked_sub(kept.gone)?;
        kept.requests.get_mut(index).map(change)
    }
}

impl Drop for Entry {
    fn drop(&mut self) {
        let request = self.update(|request| {
            request.duration = Some(self.start.elapsed());
            self.log.0.observer.as_ref().map(|_| request.clone())
        });
        // Not while the log is locked: the observer may read it.
        if let (Some(observer), Some(Some(request))) = (&self.log.0.observer, request) {
            observer(&request);
        }
    }
}
