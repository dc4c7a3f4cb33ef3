//! Numbers with their nouns and units.

use std::{fmt, time::Duration};

/// A number with its noun, in the plural where it has to be.
pub(crate) fn count<N: Copy + fmt::Display + PartialEq + From<u8>>(
    number: N,
    noun: &str,
) -> String {
    let is_one = number == N::from(1);
    format!("{number} {noun}{}", if is_one { "" } else { "s" })
}

/// A duration in whole seconds, such as `23h 59m 12s`.
pub(crate) fn span(time: Duration) -> String {
    let seconds = i64::try_from(time.as_secs()).unwrap_or(i64::MAX);
    format!("{:#}", jiff::SignedDuration::from_secs(seconds))
}
