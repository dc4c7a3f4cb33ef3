//! Why one attempt did not bring a download to its end.

use std::time::Duration;

use super::{cut::Cut, error::DownloadError};

pub(super) enum AttemptError {
    /// It can pass: try again, maybe not before some time.
    Passing(DownloadError, Option<Duration>),
    /// A transfer of the whole file broke off.
    Cut(DownloadError, Cut),
    /// The server asks for fewer requests; it has been noted.
    RateLimited(DownloadError),
    /// The bytes come too slowly.
    Slow(DownloadError),
    /// Another URL could help.
    Refused(DownloadError),
    /// Nothing helps.
    Final(DownloadError),
}
