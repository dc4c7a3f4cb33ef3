//! An exchange as far as it was recorded.

use std::time::SystemTime;

use seedance_query::validate::operations::Operation;

/// A response, with its status and time where these were recorded.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Exchange<'a> {
    pub status: Option<u16>,
    /// In Unix seconds.
    pub time: Option<i64>,
    pub body: &'a [u8],
    /// What was asked, where the request is known.
    pub operation: Option<&'static Operation>,
    /// The id of the task that was asked for, where the request is known.
    pub asked_for: Option<&'a str>,
    /// Whether the gateway is known to be on this machine, so that its URLs are expected to be, too.
    pub is_local: bool,
}

impl<'a> Exchange<'a> {
    /// A body of which nothing else was recorded.
    pub fn of_body(body: &'a [u8]) -> Self {
        Self {
            status: None,
            time: None,
            body,
            operation: None,
            asked_for: None,
            is_local: false,
        }
    }
}

/// Unix seconds of a time; none before 1970.
pub(super) fn unix_seconds(time: SystemTime) -> Option<i64> {
    let elapsed = time.duration_since(SystemTime::UNIX_EPOCH).ok()?;
    i64::try_from(elapsed.as_secs()).ok()
}

/// An HTTP status as text.
pub(crate) fn http_status(text: &str) -> Option<u16> {
    let text = text.trim();
    let status: u16 = (text.len() == 3).then(|| text.parse().ok())??;
    (100..600).contains(&status).then_some(status)
}
