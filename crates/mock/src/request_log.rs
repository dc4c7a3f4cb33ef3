//! What has been asked and answered.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

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
    /// The task that it is about, as far as the path tells.
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
}

/// All requests so far, in the order in which they came.
#[derive(Clone, Default)]
pub(super) struct RequestLog(Arc<Mutex<Vec<Request>>>);

impl RequestLog {
    pub(super) fn open(&self, request: Request) -> Entry {
        let mut requests = self.lock();
        requests.push(request);
        Entry {
            index: requests.len() - 1,
            log: self.clone(),
        }
    }

    pub(super) fn requests(&self) -> Vec<Request> {
        self.lock().clone()
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Request>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The place in the log of a request that is being answered.
pub(super) struct Entry {
    log: RequestLog,
    index: usize,
}

impl Entry {
    pub(super) fn answered(&self, status: u16, promised: u64) {
        self.update(|request| {
            request.status = Some(status);
            request.is_complete = promised == 0;
        });
    }

    pub(super) fn handed_out(&self, bytes: u64, promised: u64) {
        self.update(|request| {
            request.body_bytes += bytes;
            request.is_complete = request.body_bytes == promised;
        });
    }

    fn update(&self, change: impl FnOnce(&mut Request)) {
        if let Some(request) = self.log.lock().get_mut(self.index) {
            change(request);
        }
    }
}
