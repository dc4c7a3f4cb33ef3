//! How fast one origin may be asked: slower after each HTTP 429, and gradually faster again.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::time::Instant;
use url::Url;

/// The interval between two requests after the first HTTP 429.
const FIRST_INTERVAL: Duration = Duration::from_secs(1);
const MAX_INTERVAL: Duration = Duration::from_secs(30);

/// What the downloads of one client know of the servers they ask.
#[derive(Clone, Default)]
pub(crate) struct Origins(Arc<Mutex<HashMap<String, Arc<Origin>>>>);

/// One scheme, host and port.
#[derive(Default)]
pub(super) struct Origin(Mutex<State>);

#[derive(Default)]
struct State {
    /// When the next request may be sent.
    next: Option<Instant>,
    interval: Duration,
    /// The wait that the server asked for last, if it was longer than what is honoured.
    capped_wait: Option<Duration>,
    /// When the interval was last made longer.
    lowered: Option<Instant>,
    ignores_ranges: bool,
    has_opaque_etags: bool,
}

impl Origins {
    pub fn of(&self, url: &Url) -> Arc<Origin> {
        let mut origins = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let name = url.origin().ascii_serialization();
        Arc::clone(origins.entry(name).or_default())
    }
}

impl Origin {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reserves the next request, and says how long to wait for it.
    pub fn reserve(&self) -> Duration {
        let mut state = self.lock();
        let now = Instant::now();
        let at = state.next.map_or(now, |next| next.max(now));
        if state.interval > Duration::ZERO || at > now {
            state.next = Some(at + state.interval);
        }
        at - now
    }

    /// A request that was sent then was answered with HTTP 429: no request is sent for this time, up
    /// to a limit, and fewer after it.
    pub fn slow_down(&self, sent: Instant, pause: Duration, max: Duration) {
        let mut state = self.lock();
        let until = Instant::now() + pause.min(max);
        state.capped_wait = Some(pause).filter(|pause| *pause > max);
        // Those that were under way already say the same once more.
        if state.lowered.is_none_or(|lowered| sent > lowered) {
            state.interval = (state.interval * 2).clamp(FIRST_INTERVAL, MAX_INTERVAL);
            state.lowered = Some(Instant::now());
        }
        state.next = Some(state.next.map_or(until, |next| next.max(until)));
    }

    /// The wait that the server asked for, if it was longer than what is honoured.
    pub fn capped_wait(&self) -> Option<Duration> {
        self.lock().capped_wait
    }

    /// A request was answered: the pace recovers by a tenth.
    pub fn recover(&self) {
        let mut state = self.lock();
        state.interval = state.interval * 9 / 10;
        state.capped_wait = None;
        if state.interval < FIRST_INTERVAL / 4 {
            state.interval = Duration::ZERO;
        }
    }

    /// The server answers a request for a range with the whole file.
    pub fn note_ignored_range(&self) {
        self.lock().ignores_ranges = true;
    }

    pub fn ignores_ranges(&self) -> bool {
        self.lock().ignores_ranges
    }

    /// The server's tags look like checksums, but are none.
    pub fn note_opaque_etags(&self) {
        self.lock().has_opaque_etags = true;
    }

    pub fn has_opaque_etags(&self) -> bool {
        self.lock().has_opaque_etags
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::{Instant, advance};

    use super::{MAX_INTERVAL, Origin, Origins};

    const SECOND: Duration = Duration::from_secs(1);
    const MINUTE: Duration = Duration::from_mins(1);

    #[tokio::test(start_paused = true)]
    async fn a_429_delays_all_requests_and_then_spaces_them() {
        let origin = Origin::default();
        let sent = Instant::now();
        assert_eq!([origin.reserve(), origin.reserve()], [Duration::ZERO; 2]);
        origin.slow_down(sent, MINUTE, MINUTE);
        // The second one that was under way changes nothing.
        origin.slow_down(sent, MINUTE, MINUTE);
        assert_eq!(origin.capped_wait(), None);
        let waits = [origin.reserve(), origin.reserve(), origin.reserve()];
        assert_eq!(waits, [MINUTE, MINUTE + SECOND, MINUTE + 2 * SECOND]);
        advance(MINUTE + 3 * SECOND).await;
        assert_eq!(
            [origin.reserve(), origin.reserve()],
            [Duration::ZERO, SECOND]
        );
    }

    #[tokio::test(start_paused = true)]
    async fn each_429_halves_the_pace_and_answers_restore_it() {
        let origin = Origin::default();
        let interval = || {
            let waits = [origin.reserve(), origin.reserve()];
            waits[1].abs_diff(waits[0])
        };
        for expected in [1, 2, 4, 8, 16, 30, 30] {
            origin.slow_down(Instant::now(), Duration::ZERO, MINUTE);
            assert_eq!(interval(), expected * SECOND);
            advance(2 * MAX_INTERVAL).await;
        }
        for _ in 0..50 {
            origin.recover();
        }
        advance(2 * MAX_INTERVAL).await;
        assert_eq!(interval(), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn a_long_wait_is_capped_and_the_cap_is_known() {
        let origin = Origin::default();
        origin.slow_down(Instant::now(), 60 * MINUTE, MINUTE);
        assert_eq!(origin.reserve(), MINUTE);
        assert_eq!(origin.capped_wait(), Some(60 * MINUTE));
        origin.recover();
        assert_eq!(origin.capped_wait(), None);
    }

    #[test]
    fn an_origin_is_scheme_host_and_port() {
        let origins = Origins::default();
        let of = |url: &str| origins.of(&url.parse().unwrap());
        of("https://a.example/one?x=1").note_ignored_range();
        assert!(of("https://a.example:443/two").ignores_ranges());
        assert!(!of("http://a.example/one").ignores_ranges());
        assert!(!of("https://a.example:444/one").ignores_ranges());
    }
}
