//! The longest duration of a policy.

use std::time::Duration;

use serde::{Deserialize, Deserializer};

/// Longer durations are cut to this, ten years, so that every moment can be represented.
pub(super) const MAX_DURATION: Duration = Duration::from_hours(10 * 365 * 24);

/// Reads a duration, cut to the longest one.
pub(super) fn limited<'de, D: Deserializer<'de>>(from: D) -> Result<Duration, D::Error> {
    Ok(Duration::deserialize(from)?.min(MAX_DURATION))
}
