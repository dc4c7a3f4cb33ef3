//! Why a download did not end with a video.

use std::{fmt, io, path::Path};

use http::StatusCode;

use super::kept::Kept;
use crate::client::Error;

/// A download that did not end with a video.
///
/// Predicates tell the kinds apart. The message says what went wrong, where, and what to do next;
/// neither it nor `Debug` has the API key or a signature in it.
pub struct DownloadError(pub(super) Box<Inner>);

pub(super) struct Inner {
    pub kind: DownloadErrorKind,
    message: String,
    pub status: Option<StatusCode>,
    pub kept: Option<Kept>,
    pub cause: Option<Cause>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DownloadErrorKind {
    Input,
    Exists,
    Busy,
    Refused { expired: bool },
    NotAVideo,
    TooLarge,
    Io,
    UnusableUrl,
    Interrupted,
    NotReady,
    Corrupt,
    TooSlow,
    TimedOut,
}

#[derive(Debug)]
pub(super) enum Cause {
    Io(io::Error),
    Http(reqwest::Error),
    Query(Error),
}

impl DownloadError {
    fn new(kind: DownloadErrorKind, message: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            kind,
            message: message.into(),
            status: None,
            kept: None,
            cause: None,
        }))
    }

    pub(super) fn input(message: impl Into<String>) -> Self {
        Self::new(DownloadErrorKind::Input, message)
    }

    pub(super) fn exists(path: &Path) -> Self {
        let path = path.display();
        Self::new(
            DownloadErrorKind::Exists,
            format!("{path} already exists and is not overwritten"),
        )
    }

    pub(super) fn busy(path: &Path) -> Self {
        let path = path.display();
        Self::new(
            DownloadErrorKind::Busy,
            format!("{path} is being written by another download"),
        )
    }

    /// Something could not be done with a file.
    pub(super) fn io(what: &str, path: &Path, cause: io::Error) -> Self {
        let path = path.display();
        let mut error = Self::new(
            DownloadErrorKind::Io,
            format!("{path} cannot be {what}: {cause}"),
        );
        if is_full(&cause) {
            error.0.message.push_str("; make room for it");
        }
        error.0.cause = Some(Cause::Io(cause));
        error
    }

    /// A server refuses to serve the video.
    pub(super) fn refused(message: String, status: StatusCode, expired: bool) -> Self {
        Self::new(DownloadErrorKind::Refused { expired }, message).with_status(status)
    }

    pub(super) fn not_a_video(message: String) -> Self {
        Self::new(DownloadErrorKind::NotAVideo, message)
    }

    pub(super) fn too_large(message: String) -> Self {
        Self::new(DownloadErrorKind::TooLarge, message)
    }

    pub(super) fn unusable_url(message: String) -> Self {
        Self::new(DownloadErrorKind::UnusableUrl, message)
    }

    pub(super) fn interrupted(message: String) -> Self {
        Self::new(DownloadErrorKind::Interrupted, message)
    }

    /// The task has no video yet.
    pub(super) fn not_ready(message: String) -> Self {
        Self::new(DownloadErrorKind::NotReady, message)
    }

    /// The bytes are not those that the store announced.
    pub(super) fn corrupt(message: String) -> Self {
        Self::new(DownloadErrorKind::Corrupt, message)
    }

    pub(super) fn too_slow(message: String) -> Self {
        Self::new(DownloadErrorKind::TooSlow, message)
    }

    pub(super) fn timed_out(message: String) -> Self {
        Self::new(DownloadErrorKind::TimedOut, message)
    }

    pub(super) fn http(message: String, cause: reqwest::Error) -> Self {
        let kind = if cause.is_builder() {
            DownloadErrorKind::UnusableUrl
        } else {
            DownloadErrorKind::Interrupted
        };
        let mut error = Self::new(kind, message);
        error.0.cause = Some(Cause::Http(cause.without_url()));
        error
    }

    pub(super) fn with_status(mut self, status: StatusCode) -> Self {
        self.0.status = Some(status);
        self
    }

    /// Adds what else was tried, and its result.
    pub(super) fn and(mut self, also: &str) -> Self {
        self.0.message.push_str("; ");
        self.0.message.push_str(also);
        self
    }

    /// Adds that the query for a fresh URL failed.
    pub(super) fn and_query(self, cause: Error) -> Self {
        let mut error = self.and(&format!("asking for a fresh URL failed: {cause}"));
        error.0.cause = Some(Cause::Query(cause));
        error
    }

    pub(super) fn with_kept(mut self, kept: Option<Kept>) -> Self {
        self.0.kept = kept;
        self
    }
}

pub(super) fn is_full(error: &io::Error) -> bool {
    use io::ErrorKind::{FileTooLarge, QuotaExceeded, StorageFull};
    matches!(error.kind(), StorageFull | QuotaExceeded | FileTooLarge)
}

impl fmt::Display for DownloadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)?;
        match &self.0.kept {
            Some(kept) => write!(f, "; {kept}"),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for DownloadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DownloadError")
            .field("kind", &self.0.kind)
            .field("message", &self.0.message)
            .field("status", &self.0.status)
            .field("kept", &self.0.kept)
            .field("cause", &self.0.cause)
            .finish()
    }
}

impl std::error::Error for DownloadError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self.0.cause.as_ref()? {
            Cause::Io(cause) => Some(cause),
            Cause::Http(cause) => Some(cause),
            Cause::Query(cause) => Some(cause),
        }
    }
}
