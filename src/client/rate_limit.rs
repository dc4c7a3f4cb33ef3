//! How many requests a client begins in a second.

use std::{
    num::NonZeroU32,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

/// Spaces requests evenly, so that no second has more of them than allowed.
///
/// Each request reserves the next free moment. There is no burst: one at the end of a second and
/// another at the beginning of the next would be twice as many as allowed within a second.
#[derive(Debug)]
pub(crate) struct RateLimit {
    spacing: Duration,
    next: Mutex<Option<Instant>>,
}

impl RateLimit {
    pub fn per_second(requests: NonZeroU32) -> Self {
        let nanos = 1_000_000_000_u64.div_ceil(u64::from(requests.get()));
        Self {
            spacing: Duration::from_nanos(nanos),
            next: Mutex::default(),
        }
    }

    /// The moment at which the next request may begin, which is the caller's alone.
    pub fn reserve(&self) -> Instant {
        let now = Instant::now();
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        let at = next.map_or(now, |next| next.max(now));
        *next = Some(at + self.spacing);
        at
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::{Instant, advance};

    use super::RateLimit;

    #[tokio::test(start_paused = true)]
    async fn no_second_has_more_than_allowed() {
        for requests in [1, 3, 7, 10, 20, 1000] {
            let limit = RateLimit::per_second(requests.try_into().unwrap());
            let mut starts: Vec<Instant> = (0..requests).map(|_| limit.reserve()).collect();
            assert_eq!(starts[0], Instant::now(), "the first one is not delayed");
            advance(Duration::from_millis(1700)).await;
            starts.extend((0..4 * requests).map(|_| limit.reserve()));
            let per_second = requests as usize;
            for window in starts.windows(per_second + 1) {
                let span = window[per_second] - window[0];
                assert!(span >= Duration::from_secs(1), "{requests}: {span:?}");
            }
        }
    }
}
