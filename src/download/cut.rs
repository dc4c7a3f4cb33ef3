//! Transfers that are repeatedly cut off at the same time or place.

use std::{fmt, time::Duration};

use super::size::Size;

/// How a transfer of the whole file ended early.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cut {
    /// From the request on.
    pub after: Duration,
    /// How many bytes had come.
    pub received: u64,
    /// How many were to come, if that was announced.
    pub total: Option<u64>,
}

/// A limit that a transfer runs into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Limit {
    Time(Cut),
    Place(Cut),
}

impl Cut {
    /// Whether this one and the one before show a limit.
    pub fn limit(self, before: Self) -> Option<Limit> {
        /// Shorter transfers end alike by chance.
        const MIN_TIME: Duration = Duration::from_secs(1);
        const MIN_TOLERANCE: Duration = Duration::from_millis(250);
        let shorter = self.after.min(before.after);
        let tolerance = (shorter / 20).max(MIN_TOLERANCE);
        let is_same_time = self.after.abs_diff(before.after) <= tolerance;
        // The time tells more, where both are the same: the rate that would be needed.
        if shorter >= MIN_TIME && is_same_time {
            return Some(Limit::Time(self));
        }
        (self.received > 0 && self.received == before.received).then_some(Limit::Place(self))
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Self::Time(cut) | Self::Place(cut)) = self;
        let received = Size(cut.received);
        match self {
            Self::Place(_) => write!(f, "the transfer is cut off again after the same {received}")?,
            Self::Time(_) => {
                let seconds = cut.after.as_secs_f64();
                write!(
                    f,
                    "the transfer is cut off again after {seconds:.0} s, at {received}"
                )?;
            }
        }
        if let Some(total) = cut.total {
            write!(f, " of {}", Size(total))?;
        }
        f.write_str(", and the server cannot resume")?;
        if let (Self::Time(_), Some(total)) = (self, cut.total) {
            let nanos = cut.after.as_nanos().max(1);
            let in_nanos = |bytes: u64| u128::from(bytes) * Duration::from_secs(1).as_nanos();
            let size = |bytes: u128| Size(bytes.try_into().unwrap_or(u64::MAX));
            write!(
                f,
                ": the video needs {} per second, and the server sent {} per second",
                size(in_nanos(total).div_ceil(nanos)),
                size(in_nanos(cut.received) / nanos)
            )?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Cut, Limit};

    fn cut(millis: u64, received: u64) -> Cut {
        Cut {
            after: Duration::from_millis(millis),
            received,
            total: Some(120_000_000),
        }
    }

    #[test]
    fn a_limit_shows_when_it_is_met_again() {
        let one = cut(60_000, 40_000_000);
        for (other, is_limit) in [
            (cut(60_300, 41_000_000), true),
            (cut(63_000, 41_000_000), true),
            (cut(70_000, 41_000_000), false),
            (cut(5_000, 40_000_000), true),
        ] {
            assert_eq!(other.limit(one).is_some(), is_limit, "{other:?}");
        }
        assert_eq!(cut(200, 1).limit(cut(210, 2)), None, "too short to tell");
        assert_eq!(cut(200, 0).limit(cut(900, 0)), None, "nothing came");
    }

    #[test]
    fn the_rate_that_would_be_needed_is_said() {
        assert_eq!(
            Limit::Time(cut(60_000, 40_000_000)).to_string(),
            "the transfer is cut off again after 60 s, at 40.0 MB of 120.0 MB, and the server \
             cannot resume: the video needs 2.0 MB per second, and the server sent 666.6 kB per second"
        );
        assert_eq!(
            Limit::Place(cut(10, 50_000)).to_string(),
            "the transfer is cut off again after the same 50.0 kB of 120.0 MB, and the server \
             cannot resume"
        );
    }
}
