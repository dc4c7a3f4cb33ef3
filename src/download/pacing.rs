//! How fast the bytes of a body have to come.

use std::time::Duration;

use tokio::time::Instant;

use super::size::Size;

/// The minimum speed of a transfer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pacing {
    /// Maximum time without a byte.
    pub stall_timeout: Duration,
    /// Bytes a second, measured over that time.
    pub min_speed: u64,
}

/// Measures the speed of a transfer, only while it waits for the server.
pub(super) struct SpeedGauge {
    pacing: Pacing,
    waited: Duration,
    bytes: u64,
}

impl SpeedGauge {
    pub fn new(pacing: Pacing) -> Self {
        Self {
            pacing,
            waited: Duration::ZERO,
            bytes: 0,
        }
    }

    pub fn stall_timeout(&self) -> Duration {
        self.pacing.stall_timeout
    }

    /// Counts bytes that were waited for since `begun`; says what is wrong if they are too slow.
    pub fn count(&mut self, bytes: u64, begun: Instant) -> Result<(), String> {
        self.bytes += bytes;
        self.waited += begun.elapsed();
        if self.waited < self.pacing.stall_timeout {
            return Ok(());
        }
        let min_speed = self.pacing.min_speed;
        let came = u128::from(self.bytes) * Duration::from_secs(1).as_nanos();
        let needed = u128::from(min_speed).saturating_mul(self.waited.as_nanos());
        if came < needed {
            return Err(format!(
                "received only {} in {} s, less than {} per second",
                Size(self.bytes),
                self.waited.as_secs(),
                Size(min_speed)
            ));
        }
        self.waited = Duration::ZERO;
        self.bytes = 0;
        Ok(())
    }
}
