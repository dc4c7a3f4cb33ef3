//! Why an attempt did not complete a download.

use std::time::Duration;

use super::{cut::Cut, error::DownloadError};

pub(super) enum AttemptError {
    /// It can pass: try again, after some time if there is one.
    Passing(DownloadError, Option<Duration>),
    /// A transfer of the whole file broke off.
    Cut(DownloadError, Cut),
    /// The server asks for fewer requests, and the pace was lowered.
    RateLimited(DownloadError),
    /// The transfer is below the minimum speed.
    Slow(DownloadError),
    /// Another URL could help.
    Refused(DownloadError),
    /// Nothing helps.
    Final(DownloadError),
}
