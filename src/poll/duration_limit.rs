//! The longest duration of a policy.

use std::time::Duration;

use serde::{Deserialize, Deserializer};

/// Durations are capped at ten years, so that every deadline can be represented.
pub(super) const MAX_DURATION: Duration = Duration::from_hours(10 * 365 * 24);

/// Deserializes a duration, capped at the maximum.
pub(super) fn limited<'de, D: Deserializer<'de>>(from: D) -> Result<Duration, D::Error> {
    Ok(Duration::deserialize(from)?.min(MAX_DURATION))
}
