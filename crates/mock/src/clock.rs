//! The gateway's clock, which can be accelerated and set while it runs.

use std::{
    sync::atomic::{AtomicI64, AtomicU64, Ordering},
    time::{Duration, SystemTime},
};

use jiff::Timestamp;
use tokio::time::Instant;

/// A time of day in the year 9891: what is added to it is still a date.
const LATEST: i64 = 250_000_000_000;

/// One clock with two readings: elapsed time and time of day.
///
/// Elapsed time drives the tasks and never jumps. The time of day is used in bodies and signatures.
pub(super) struct Clock {
    start: Instant,
    epoch: Timestamp,
    speed: f64,
    /// Milliseconds added by [`Clock::advance`].
    ahead: AtomicU64,
    step: AtomicI64,
}

impl Clock {
    pub(super) fn new(speed: f64) -> Self {
        Self {
            start: Instant::now(),
            epoch: Timestamp::now(),
            speed,
            ahead: AtomicU64::new(0),
            step: AtomicI64::new(0),
        }
    }

    /// The time since the start, in the gateway's seconds.
    pub(super) fn elapsed(&self) -> Duration {
        let seconds = self.start.elapsed().as_secs_f64() * self.speed;
        let ahead = Duration::from_millis(self.ahead.load(Ordering::Relaxed));
        Duration::try_from_secs_f64(seconds)
            .unwrap_or(Duration::MAX)
            .saturating_add(ahead)
    }

    /// Advances the clock.
    pub(super) fn advance(&self, time: Duration) {
        let time = u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        self.ahead.fetch_add(time, Ordering::Relaxed);
    }

    /// The time of day, in Unix seconds.
    pub(super) fn wall(&self) -> i64 {
        let elapsed = i64::try_from(self.elapsed().as_secs()).unwrap_or(i64::MAX);
        self.epoch
            .as_second()
            .saturating_add(elapsed)
            .saturating_add(self.step.load(Ordering::Relaxed))
            .clamp(0, LATEST)
    }

    /// Moves the time of day forward, or back if negative.
    pub(super) fn step(&self, seconds: i64) {
        self.step.fetch_add(seconds, Ordering::Relaxed);
    }
}

/// A time of day as a date, clamped to the representable range.
pub(super) fn date(seconds: i64) -> Timestamp {
    let nearest = if seconds < 0 {
        Timestamp::MIN
    } else {
        Timestamp::MAX
    };
    Timestamp::from_second(seconds).unwrap_or(nearest)
}

/// A time of day as an HTTP date.
pub(super) fn http_date(seconds: i64) -> String {
    let seconds = u64::try_from(seconds.clamp(0, LATEST)).unwrap_or(0);
    httpdate::fmt_http_date(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds))
}
