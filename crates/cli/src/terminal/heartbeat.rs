//! What is waited for, said at intervals where no terminal shows it.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{RecvTimeoutError, Sender, channel},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use crate::output::{BatchFacts, say, waiting_text};

/// A thread that says what is waited for whenever nothing else was said for a while.
pub(super) struct Heartbeat {
    thread: Option<(Sender<()>, JoinHandle<()>)>,
}

impl Heartbeat {
    pub fn start(facts: Arc<Mutex<BatchFacts>>, period: Duration) -> Self {
        let (postpone, postponed) = channel();
        let thread = thread::spawn(move || {
            loop {
                match postponed.recv_timeout(period) {
                    Ok(()) => {}
                    Err(RecvTimeoutError::Timeout) => {
                        let facts = facts.lock().unwrap_or_else(PoisonError::into_inner);
                        let line = waiting_text(&facts);
                        drop(facts);
                        if let Some(line) = line {
                            say(&line);
                        }
                    }
                    Err(RecvTimeoutError::Disconnected) => return,
                }
            }
        });
        Self {
            thread: Some((postpone, thread)),
        }
    }

    /// Something was said: the period begins again.
    pub fn postpone(&self) {
        if let Some((postpone, _)) = &self.thread {
            // It runs as long as it can be told something.
            let _ = postpone.send(());
        }
    }

    /// Waits until nothing more is said.
    pub fn stop(&mut self) {
        if let Some((postpone, thread)) = self.thread.take() {
            drop(postpone);
            let _ = thread.join();
        }
    }
}

impl Drop for Heartbeat {
    fn drop(&mut self) {
        self.stop();
    }
}
