//! Large bodies are handled a few at a time, however many cores there are.

use std::sync::{Condvar, Mutex, PoisonError};

use crate::limits::MAX_LARGE_BODIES;

static FREE: Mutex<usize> = Mutex::new(MAX_LARGE_BODIES);
static RETURNED: Condvar = Condvar::new();

/// The right to hold one large body; it ends when it is dropped.
pub(crate) struct Turn(());

impl Turn {
    /// Waits until others have ended theirs. Whoever has one must not wait for another.
    pub fn wait() -> Self {
        let free = FREE.lock().unwrap_or_else(PoisonError::into_inner);
        let mut free = RETURNED
            .wait_while(free, |free| *free == 0)
            .unwrap_or_else(PoisonError::into_inner);
        *free -= 1;
        Self(())
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        *FREE.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        RETURNED.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use std::{
        sync::atomic::{AtomicUsize, Ordering},
        thread,
        time::Duration,
    };

    use super::{MAX_LARGE_BODIES, Turn};

    #[test]
    fn only_a_few_are_handled_at_a_time() {
        let (now, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
        thread::scope(|scope| {
            for _ in 0..16 {
                scope.spawn(|| {
                    let _turn = Turn::wait();
                    let count = now.fetch_add(1, Ordering::SeqCst) + 1;
                    most.fetch_max(count, Ordering::SeqCst);
                    // Long enough for the others to try.
                    thread::sleep(Duration::from_millis(5));
                    now.fetch_sub(1, Ordering::SeqCst);
                });
            }
        });
        let most = most.into_inner();
        assert!((1..=MAX_LARGE_BODIES).contains(&most), "{most}");
    }
}
