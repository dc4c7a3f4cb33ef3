//! The queue from the traffic to the worker; what does not fit is dropped, without waiting.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
    mpsc::{Receiver, SyncSender, TrySendError, sync_channel},
};

use super::exchange_head::ExchangeHead;

/// Maximum number of exchanges in the queue.
const MAX_JOBS: usize = 8192;

/// A complete exchange.
pub(super) struct Job {
    /// The method and the path without ids, for the counts.
    pub operation: String,
    pub head: ExchangeHead,
    /// The body as forwarded, in its content encoding.
    pub body: Vec<u8>,
    /// The memory that it holds.
    pub room: Room,
}

/// Why an exchange is not validated.
pub(super) enum Unjudged {
    Unvalidated(&'static str),
    NoResponse(String),
}

pub(super) enum Message {
    Job(Box<Job>),
    /// An exchange that is not validated, for the observer.
    Unjudged(Box<Job>, Unjudged),
    /// There is no connection to the upstream, and why.
    NoConnection(String),
    /// The last message.
    Stop,
}

/// The sending end.
#[derive(Clone)]
pub(super) struct Queue {
    sender: SyncSender<Message>,
    waiting: Arc<AtomicUsize>,
    used: Arc<AtomicUsize>,
    /// Maximum number of bytes of bodies held, those being received included.
    limit: usize,
    is_observed: bool,
}

impl Queue {
    /// If it is observed, what is not validated is sent as well.
    pub fn new(limit: usize, is_observed: bool) -> (Self, Receiver<Message>) {
        let (sender, receiver) = sync_channel(MAX_JOBS);
        let queue = Self {
            sender,
            waiting: Arc::default(),
            used: Arc::default(),
            limit,
            is_observed,
        };
        (queue, receiver)
    }

    /// Room for 0 bytes.
    pub fn room(&self) -> Room {
        Room {
            used: Arc::clone(&self.used),
            limit: self.limit,
            taken: 0,
        }
    }

    /// Enqueues a job; gives it back if it does not fit.
    pub fn offer(&self, job: Box<Job>) -> Result<(), Box<Job>> {
        self.waiting.fetch_add(1, Ordering::Relaxed);
        let outcome = self.sender.try_send(Message::Job(job));
        match outcome {
            Err(
                TrySendError::Full(Message::Job(job))
                | TrySendError::Disconnected(Message::Job(job)),
            ) => {
                self.waiting.fetch_sub(1, Ordering::Relaxed);
                Err(job)
            }
            _ => Ok(()),
        }
    }

    /// Whether what is not validated is wanted.
    pub fn is_observed(&self) -> bool {
        self.is_observed
    }

    /// Tells the observer of an exchange that is not validated; dropped if the queue is full.
    pub fn unjudged(&self, job: Box<Job>, why: Unjudged) {
        if self.is_observed {
            let _ = self.sender.try_send(Message::Unjudged(job, why));
        }
    }

    /// Tells the worker that there is no connection to the upstream; false if the queue is full.
    pub fn no_connection(&self, why: String) -> bool {
        self.sender.try_send(Message::NoConnection(why)).is_ok()
    }

    /// The number of jobs that are not done.
    pub fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }

    /// The counter that the worker decrements after each job.
    pub fn counter(&self) -> Arc<AtomicUsize> {
        Arc::clone(&self.waiting)
    }

    /// Tells the worker to stop; false if the queue is full.
    pub fn stop(&self) -> bool {
        !matches!(
            self.sender.try_send(Message::Stop),
            Err(TrySendError::Full(_))
        )
    }

    /// The number of bytes held.
    pub fn held(&self) -> usize {
        self.used.load(Ordering::Relaxed)
    }
}

/// Memory reserved for a body, released when dropped.
pub(super) struct Room {
    used: Arc<AtomicUsize>,
    limit: usize,
    taken: usize,
}

impl Room {
    /// Reserves more; false if the limit is exceeded.
    pub fn grow(&mut self, bytes: usize) -> bool {
        let before = self.used.fetch_add(bytes, Ordering::Relaxed);
        self.taken += bytes;
        before + bytes <= self.limit
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        self.used.fetch_sub(self.taken, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use http::{HeaderMap, Method, StatusCode};

    use super::{ExchangeHead, Job, MAX_JOBS, Queue};

    fn job(queue: &Queue) -> Box<Job> {
        Box::new(Job {
            operation: String::new(),
            head: ExchangeHead {
                method: Method::GET,
                target: String::new(),
                request_headers: HeaderMap::new(),
                status: StatusCode::OK,
                headers: HeaderMap::new(),
                time: SystemTime::UNIX_EPOCH,
                elapsed: Duration::ZERO,
            },
            body: Vec::new(),
            room: queue.room(),
        })
    }

    #[test]
    fn a_full_queue_refuses_at_once() {
        let (queue, receiver) = Queue::new(100, false);
        for _ in 0..MAX_JOBS {
            assert!(queue.offer(job(&queue)).is_ok());
        }
        assert!(queue.offer(job(&queue)).is_err());
        assert!(!queue.stop());
        drop(receiver.recv().unwrap());
        assert!(queue.offer(job(&queue)).is_ok());
        drop(receiver);
        assert!(queue.offer(job(&queue)).is_err());
        assert!(queue.stop(), "a worker that has ended needs no message");
    }

    #[test]
    fn dropped_room_is_released() {
        let (queue, _receiver) = Queue::new(100, false);
        let mut first = queue.room();
        assert!(first.grow(60) && first.grow(40));
        assert!(!queue.room().grow(1));
        drop(first);
        assert_eq!(queue.held(), 0);
        assert!(queue.room().grow(100));
    }
}
