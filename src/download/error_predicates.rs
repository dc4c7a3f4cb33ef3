//! Questions that a caller can ask about a failed download.

use std::path::Path;

use http::StatusCode;

use super::error::{Cause, DownloadError, DownloadErrorKind, is_full};

impl DownloadError {
    /// An argument cannot be used: the file name.
    #[must_use]
    pub fn is_input(&self) -> bool {
        self.0.kind == DownloadErrorKind::Input
    }

    /// A file of this name exists already.
    #[must_use]
    pub fn is_already_exists(&self) -> bool {
        self.0.kind == DownloadErrorKind::Exists
    }

    /// Another download, possibly in another process, is writing the same file.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        self.0.kind == DownloadErrorKind::Busy
    }

    /// A server refuses to serve the video, and no other URL helped; see
    /// [`status`](Self::status).
    #[must_use]
    pub fn is_refused(&self) -> bool {
        matches!(self.0.kind, DownloadErrorKind::Refused { .. })
    }

    /// The video is refused because its URL has expired, as far as the answer tells.
    #[must_use]
    pub fn is_expired(&self) -> bool {
        self.0.kind == DownloadErrorKind::Refused { expired: true }
    }

    /// The body is something else, such as a page, or a video that is cut off at its source.
    #[must_use]
    pub fn is_not_a_video(&self) -> bool {
        self.0.kind == DownloadErrorKind::NotAVideo
    }

    /// The video is larger than the limit.
    #[must_use]
    pub fn is_too_large(&self) -> bool {
        self.0.kind == DownloadErrorKind::TooLarge
    }

    /// A file operation failed; the source is an [`io::Error`](std::io::Error).
    #[must_use]
    pub fn is_io(&self) -> bool {
        self.0.kind == DownloadErrorKind::Io
    }

    /// The disk or a quota is full, or the file too large for the file system.
    #[must_use]
    pub fn is_disk_full(&self) -> bool {
        matches!(&self.0.cause, Some(Cause::Io(cause)) if is_full(cause))
    }

    /// No URL leads to a video: the task has none, or it redirects in a loop or to an address that
    /// is not followed.
    #[must_use]
    pub fn is_unusable_url(&self) -> bool {
        self.0.kind == DownloadErrorKind::UnusableUrl
    }

    /// Connections broke, stalled or were refused, repeatedly.
    #[must_use]
    pub fn is_interrupted(&self) -> bool {
        self.0.kind == DownloadErrorKind::Interrupted
    }

    /// The task has not ended yet, so there is no video.
    #[must_use]
    pub fn is_not_ready(&self) -> bool {
        self.0.kind == DownloadErrorKind::NotReady
    }

    /// The bytes do not have the checksum that the store announces, even after a second transfer.
    #[must_use]
    pub fn is_corrupt(&self) -> bool {
        self.0.kind == DownloadErrorKind::Corrupt
    }

    /// The transfer is slower than the minimum speed, or is repeatedly cut off after the same time by
    /// a server that cannot resume.
    #[must_use]
    pub fn is_too_slow(&self) -> bool {
        self.0.kind == DownloadErrorKind::TooSlow
    }

    /// The timeout of the whole download has passed.
    #[must_use]
    pub fn is_timed_out(&self) -> bool {
        self.0.kind == DownloadErrorKind::TimedOut
    }

    /// The same download can succeed later without any change.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match &self.0.cause {
            Some(Cause::Query(cause)) => cause.is_retryable(),
            _ => matches!(
                self.0.kind,
                DownloadErrorKind::Interrupted
                    | DownloadErrorKind::Busy
                    | DownloadErrorKind::NotReady
                    | DownloadErrorKind::TimedOut
            ),
        }
    }

    /// The HTTP status of the last answer, if that was the reason.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.0.status
    }

    /// The unfinished file, if one is kept.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        self.0.kept.as_ref().map(|kept| kept.path.as_path())
    }
}
