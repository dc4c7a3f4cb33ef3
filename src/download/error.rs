//! Why a download did not end with a video.

use std::{
    fmt, io,
    path::{Path, PathBuf},
};

use http::StatusCode;

use crate::client::Error;

/// A download that did not end with a video.
///
/// Predicates tell the kinds apart. The message says what went wrong, where, and what to do next;
/// neither it nor `Debug` has the API key or a signature in it.
pub struct DownloadError(Box<Inner>);

struct Inner {
    kind: DownloadErrorKind,
    message: String,
    status: Option<StatusCode>,
    kept: Option<Kept>,
    cause: Option<Cause>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum DownloadErrorKind {
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
enum Cause {
    Io(io::Error),
    Http(reqwest::Error),
    Query(Error),
}

/// What a failed download leaves.
#[derive(Debug)]
pub(super) struct Kept {
    pub path: PathBuf,
    pub bytes: u64,
    pub total: Option<u64>,
    /// Whether the next download goes on from there.
    pub can_resume: bool,
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

    /// A server does not give the video out.
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

    /// Adds what else was tried, and what came of it.
    pub(super) fn and(mut self, also: &str) -> Self {
        self.0.message.push_str("; ");
        self.0.message.push_str(also);
        self
    }

    /// Adds that no fresh URL could be had either.
    pub(super) fn and_query(self, cause: Error) -> Self {
        let mut error = self.and(&format!("asking for a fresh URL failed: {cause}"));
        error.0.cause = Some(Cause::Query(cause));
        error
    }

    pub(super) fn with_kept(mut self, kept: Option<Kept>) -> Self {
        self.0.kept = kept;
        self
    }

    /// Something that was given cannot be used: the name for the file.
    #[must_use]
    pub fn is_input(&self) -> bool {
        self.0.kind == DownloadErrorKind::Input
    }

    /// There is a file of this name already.
    #[must_use]
    pub fn is_already_exists(&self) -> bool {
        self.0.kind == DownloadErrorKind::Exists
    }

    /// Another download, maybe of another process, is writing the same file.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        self.0.kind == DownloadErrorKind::Busy
    }

    /// A server refuses to give the video out, and no fresh URL helped; see
    /// [`status`](Self::status).
    #[must_use]
    pub fn is_refused(&self) -> bool {
        matches!(self.0.kind, DownloadErrorKind::Refused { .. })
    }

    /// The video is refused because its URL has expired, as far as that can be told.
    #[must_use]
    pub fn is_expired(&self) -> bool {
        self.0.kind == DownloadErrorKind::Refused { expired: true }
    }

    /// What came is something else, such as a page, or a video that is cut off at its source.
    #[must_use]
    pub fn is_not_a_video(&self) -> bool {
        self.0.kind == DownloadErrorKind::NotAVideo
    }

    /// The video has more bytes than are allowed for.
    #[must_use]
    pub fn is_too_large(&self) -> bool {
        self.0.kind == DownloadErrorKind::TooLarge
    }

    /// Something could not be done on the disk; the source is an [`io::Error`].
    #[must_use]
    pub fn is_io(&self) -> bool {
        self.0.kind == DownloadErrorKind::Io
    }

    /// The disk, a quota or a limit for files is full.
    #[must_use]
    pub fn is_disk_full(&self) -> bool {
        matches!(&self.0.cause, Some(Cause::Io(cause)) if is_full(cause))
    }

    /// There is no URL that leads to a video: the task has none, or it redirects without end or to
    /// where nothing may be sent.
    #[must_use]
    pub fn is_unusable_url(&self) -> bool {
        self.0.kind == DownloadErrorKind::UnusableUrl
    }

    /// Connections broke, stalled or were turned away, time and again.
    #[must_use]
    pub fn is_interrupted(&self) -> bool {
        self.0.kind == DownloadErrorKind::Interrupted
    }

    /// The task has not ended yet, so there is no video.
    #[must_use]
    pub fn is_not_ready(&self) -> bool {
        self.0.kind == DownloadErrorKind::NotReady
    }

    /// The bytes do not have the checksum that the store announces, also when they came again.
    #[must_use]
    pub fn is_corrupt(&self) -> bool {
        self.0.kind == DownloadErrorKind::Corrupt
    }

    /// The video comes more slowly than the least speed, or is cut off after the same time again and
    /// again by a server that cannot go on in the middle.
    #[must_use]
    pub fn is_too_slow(&self) -> bool {
        self.0.kind == DownloadErrorKind::TooSlow
    }

    /// The time for the download as a whole is over.
    #[must_use]
    pub fn is_timed_out(&self) -> bool {
        self.0.kind == DownloadErrorKind::TimedOut
    }

    /// The same download can succeed later, without anything being changed.
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

    /// The HTTP status that the last server answered with, if that was the reason.
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

fn is_full(error: &io::Error) -> bool {
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

impl fmt::Display for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", Size(self.bytes))?;
        if let Some(total) = self.total {
            write!(f, " of {}", Size(total))?;
        }
        write!(f, " are kept in {}: run again to ", self.path.display())?;
        f.write_str(if self.can_resume {
            "go on from there"
        } else {
            "start over"
        })
    }
}

/// A number of bytes for people.
pub(super) struct Size(pub u64);

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const UNITS: [(u64, &str); 3] = [(1_000_000_000, "GB"), (1_000_000, "MB"), (1000, "kB")];
        match UNITS.iter().find(|(size, _)| self.0 >= *size) {
            Some((size, unit)) => {
                let tenths = u128::from(self.0) * 10 / u128::from(*size);
                write!(f, "{}.{} {unit}", tenths / 10, tenths % 10)
            }
            None => write!(f, "{} bytes", self.0),
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

#[cfg(test)]
mod tests {
    use super::{DownloadError, Kept, Size};

    #[test]
    fn sizes_for_people() {
        for (bytes, text) in [
            (0, "0 bytes"),
            (999, "999 bytes"),
            (1000, "1.0 kB"),
            (12_345_678, "12.3 MB"),
            (4 << 30, "4.2 GB"),
            (u64::MAX, "18446744073.7 GB"),
        ] {
            assert_eq!(Size(bytes).to_string(), text);
        }
    }

    #[test]
    fn what_is_kept_is_said() {
        let kept = |can_resume| {
            Some(Kept {
                path: "v.mp4.part".into(),
                bytes: 12_345_678,
                total: Some(40_000_000),
                can_resume,
            })
        };
        let error = DownloadError::interrupted("broken".into());
        assert_eq!(error.to_string(), "broken");
        let error = error.with_kept(kept(true));
        assert_eq!(
            error.to_string(),
            "broken; 12.3 MB of 40.0 MB are kept in v.mp4.part: run again to go on from there"
        );
        let error = error.with_kept(kept(false));
        assert!(error.to_string().ends_with("run again to start over"));
    }
}
