//! Values of arguments.

use std::time::Duration;

/// A number of seconds, or a number with a unit.
pub(super) fn duration(text: &str) -> Result<Duration, String> {
    let parsed = match text.parse::<f64>() {
        Ok(seconds) => Duration::try_from_secs_f64(seconds).ok(),
        Err(_) => text
            .parse::<jiff::SignedDuration>()
            .ok()
            .and_then(|duration| duration.try_into().ok()),
    };
    match parsed {
        Some(duration) if duration.is_zero() => Err("has to be more than 0".to_owned()),
        Some(duration) => Ok(duration),
        None => Err("not a time such as `90`, `90s`, `30m` or `2h`".to_owned()),
    }
}

pub(super) fn factor(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(factor) if factor > 0.0 && factor.is_finite() => Ok(factor),
        _ => Err("has to be a number above 0".to_owned()),
    }
}

pub(super) fn part(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(part) if (0.0..=1.0).contains(&part) => Ok(part),
        _ => Err("has to be a number from 0 to 1".to_owned()),
    }
}
