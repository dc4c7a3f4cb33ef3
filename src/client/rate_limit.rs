//! When the next request of a client may begin.

use std::{
    num::NonZeroU32,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio::time::{Instant, sleep_until};

/// The longest `Retry-After` that is honoured unless another limit is set.
pub(crate) const MAX_RETRY_AFTER: Duration = Duration::from_mins(5);

/// Spaces requests evenly, so that no second has more of them than allowed, and pauses them all.
///
/// Each request reserves the next free moment. There is no burst: one at the end of a second and
/// another at the beginning of the next would be twice as many as allowed within a second.
#[derive(Debug)]
pub(crate) struct RateLimit {
    spacing: Duration,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    next: Option<Instant>,
    paused_until: Option<Instant>,
}

impl RateLimit {
    pub fn per_second(requests: NonZeroU32) -> Self {
        let nanos = 1_000_000_000_u64.div_ceil(u64::from(requests.get()));
        Self {
            spacing: Duration::from_nanos(nanos),
            state: Mutex::default(),
        }
    }

    /// The moment at which the next request may begin, which is the caller's alone; unless there is
    /// a pause by then.
    pub fn reserve(&self) -> Instant {
        let now = Instant::now();
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let at = state.next.map_or(now, |next| next.max(now));
        state.next = Some(at + self.spacing);
        at
    }

    /// Holds all requests until a moment, those that have reserved one before as well.
    pub fn pause(&self, until: Instant) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.paused_until = state.paused_until.max(Some(until));
    }

    /// When the pause is over that there is now, for a request that may not begin later than
    /// `latest`.
    pub fn paused_until(&self, latest: Option<Instant>) -> Option<Instant> {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let until = state.paused_until?;
        let until = latest.map_or(until, |latest| latest.min(until));
        (until > Instant::now()).then_some(until)
    }

    /// Waits until a request may begin. A pause delays it until `latest` at most.
    pub async fn turn(&self, latest: Option<Instant>) {
        loop {
            if let Some(until) = self.paused_until(latest) {
                sleep_until(until).await;
            }
            sleep_until(self.reserve()).await;
            if self.paused_until(latest).is_none() {
                return;
            }
        }
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

    #[tokio::test(start_paused = true)]
    async fn a_pause_holds_all_that_need_not_begin_before_its_end() {
        let limit = RateLimit::per_second(10.try_into().unwrap());
        let began = Instant::now();
        let turn = async |latest: Option<u64>| {
            let latest = latest.map(|seconds| began + Duration::from_secs(seconds));
            limit.turn(latest).await;
            began.elapsed().as_millis()
        };
        let pause = async {
            // While the others wait for the moments that they have reserved.
            tokio::time::sleep(Duration::from_millis(150)).await;
            limit.pause(began + Duration::from_secs(30));
            limit.pause(began + Duration::from_secs(20));
        };
        let turns = tokio::join!(
            turn(None),
            turn(None),
            turn(None),
            turn(Some(5)),
            turn(Some(60)),
            pause
        );
        let (first, second, third, early, late, ()) = turns;
        assert_eq!((first, second), (0, 100));
        assert_eq!(early, 5000);
        let mut held = [third, late];
        held.sort_unstable();
        assert_eq!(held, [30_000, 30_100], "spaced after the pause as well");
        assert_eq!(limit.paused_until(None), None);
    }
}
