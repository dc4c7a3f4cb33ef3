//! What a ledger that workers share has, as text.

use std::time::Duration;

use seedance_fetch::FleetStatus;

use super::units::{count, digits, span};

/// Four lines: what is to be done, what is done, how fast, and what expires first.
pub(crate) fn fleet_text(status: &FleetStatus) -> String {
    let workers = count(status.workers, "worker");
    format!(
        "queue   {} due, {} held by {workers}, {} later\n\
         done    {} arrived, {} failed and refunded by the platform, {} without an available video\n\
         rate    {} done in the last minute, {} in the last hour; {} queries begun, at most {} per second\n\
         expiry  {}",
        digits(status.due),
        digits(status.held),
        digits(status.later),
        digits(status.arrived),
        digits(status.failed),
        digits(status.unavailable),
        digits(status.done_last_minute),
        digits(status.done_last_hour),
        digits(status.queries),
        status.queries_per_second.unwrap_or_default(),
        expiry(status.oldest_expiry_in),
    )
}

fn expiry(seconds: Option<f64>) -> String {
    let Some(seconds) = seconds else {
        return "no URL is known of a video that has not arrived".to_owned();
    };
    let time = Duration::try_from_secs_f64(seconds.abs()).unwrap_or_default();
    if seconds < 0.0 {
        format!(
            "the first URL of a video that has not arrived expired {} ago; another is asked for",
            span(time)
        )
    } else {
        format!(
            "the first URL of a video that has not arrived expires in {}",
            span(time)
        )
    }
}

/// The tasks of the whole fleet, in a line.
pub(super) fn fleet_line(status: &FleetStatus) -> String {
    format!(
        "all workers: {}, {} arrived, {} failed, {} without an available video, {} left",
        count(status.tasks(), "task"),
        status.arrived,
        status.failed,
        status.unavailable,
        status.open(),
    )
}
