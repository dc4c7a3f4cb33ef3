//! The way from the traffic to the worker: whatever does not fit is left out, and nobody waits.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
        mpsc::{Receiver, SyncSender, TrySendError, sync_channel},
    },
    time::SystemTime,
};

use http::{HeaderMap, StatusCode};

/// So many exchanges can wait for the worker.
const LONGEST: usize = 8192;

/// An exchange that is complete.
pub(super) struct Job {
    pub target: String,
    /// The key is among them; they go with the job, and are never stored.
    pub request_headers: HeaderMap,
    pub status: StatusCode,
    pub headers: HeaderMap,
    /// The body as it went by, still in its encoding.
    pub body: Vec<u8>,
    pub time: SystemTime,
    /// The room that it takes.
    pub room: Room,
}

pub(super) enum Message {
    Job(Box<Job>),
    /// Nothing comes after it.
    Stop,
}

/// The end of the traffic.
#[derive(Clone)]
pub(super) struct Queue {
    sender: SyncSender<Message>,
    waiting: Arc<AtomicUsize>,
    used: Arc<AtomicUsize>,
    /// So many bytes of bodies are held at a time, those on their way included.
    limit: usize,
}

impl Queue {
    pub fn new(limit: usize) -> (Self, Receiver<Message>) {
        let (sender, receiver) = sync_channel(LONGEST);
        let queue = Self {
            sender,
            waiting: Arc::default(),
            used: Arc::default(),
            limit,
        };
        (queue, receiver)
    }

    /// Room for nothing yet.
    pub fn room(&self) -> Room {
        Room {
            used: Arc::clone(&self.used),
            limit: self.limit,
            taken: 0,
        }
    }

    /// Hands a job over, or tells that it does not fit.
    pub fn offer(&self, job: Box<Job>) -> bool {
        self.waiting.fetch_add(1, Ordering::Relaxed);
        let is_taken = self.sender.try_send(Message::Job(job)).is_ok();
        if !is_taken {
            self.waiting.fetch_sub(1, Ordering::Relaxed);
        }
        is_taken
    }

    /// How many jobs are not done yet.
    pub fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }

    /// What the worker counts down, once for each job.
    pub fn counter(&self) -> Arc<AtomicUsize> {
        Arc::clone(&self.waiting)
    }

    /// Asks the worker to end; false if it cannot even be asked yet.
    pub fn stop(&self) -> bool {
        !matches!(
            self.sender.try_send(Message::Stop),
            Err(TrySendError::Full(_))
        )
    }

    /// How many bytes wait or are on their way.
    pub fn held(&self) -> usize {
        self.used.load(Ordering::Relaxed)
    }
}

/// Room for a body, given back when it is dropped.
pub(super) struct Room {
    used: Arc<AtomicUsize>,
    limit: usize,
    taken: usize,
}

impl Room {
    /// Takes more room, if there is any.
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
    use http::{HeaderMap, StatusCode};

    use super::{Job, LONGEST, Queue, SystemTime};

    fn job(queue: &Queue) -> Box<Job> {
        Box::new(Job {
            target: String::new(),
            request_headers: HeaderMap::new(),
            status: StatusCode::OK,
            headers: HeaderMap::new(),
            body: Vec::new(),
            time: SystemTime::UNIX_EPOCH,
            room: queue.room(),
        })
    }

    #[test]
    fn what_does_not_fit_is_refused_at_once() {
        let (queue, receiver) = Queue::new(100);
        for _ in 0..LONGEST {
            assert!(queue.offer(job(&queue)));
        }
        assert!(!queue.offer(job(&queue)));
        assert!(!queue.stop());
        drop(receiver.recv().unwrap());
        assert!(queue.offer(job(&queue)));
        drop(receiver);
        assert!(!queue.offer(job(&queue)));
        assert!(queue.stop(), "who is gone needs not be asked");
    }

    #[test]
    fn room_is_given_back() {
        let (queue, _receiver) = Queue::new(100);
        let mut first = queue.room();
        assert!(first.grow(60) && first.grow(40));
        assert!(!queue.room().grow(1));
        drop(first);
        assert_eq!(queue.held(), 0);
        assert!(queue.room().grow(100));
    }
}
