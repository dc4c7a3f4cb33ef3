//! The progress and the result of a download.

use std::{fmt, path::PathBuf, time::Duration};

use serde::Serialize;

use super::{error::DownloadError, leftovers::remove_unfinished, partial_file::SharedPart};

/// How far a download is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DownloadProgress {
    /// The bytes that are there, those of earlier downloads included. They get fewer only when
    /// the download has to start over.
    pub bytes: u64,
    /// The bytes of the whole video, once the server has told.
    pub total: Option<u64>,
    /// The bytes that were there already when this download began.
    pub resumed_from: u64,
}

/// A wait before the next request of a download.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DownloadWait {
    /// How long the download waits.
    pub delay: Duration,
    /// Why, without key or signatures.
    pub reason: String,
}

/// What vouches for a video being whole and unchanged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Verification {
    /// The checksum that the store announces, and no part of the file is missing.
    Checksum,
    /// The boxes of the MP4 file, and the announced length if there was one.
    Container,
    /// The announced length.
    Length,
    /// Nothing. The file can be cut off, or no video at all.
    Unverified,
}

impl Verification {
    /// Whether anything vouches for the video.
    #[must_use]
    pub fn is_verified(self) -> bool {
        self != Self::Unverified
    }
}

impl fmt::Display for Verification {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Checksum => "checksum",
            Self::Container => "container",
            Self::Length => "length",
            Self::Unverified => "unverified",
        })
    }
}

/// A video on the disk.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Downloaded {
    /// The file.
    pub path: PathBuf,
    /// Its length.
    pub bytes: u64,
    /// The SHA-256 of its bytes, in hexadecimal digits.
    pub sha256: String,
    /// The requests for the video, redirects included; those for a fresh URL are not.
    pub requests: u32,
    /// The bytes that were there already when this download began, and did not have to come again.
    pub resumed_from: u64,
    /// What vouches for the video.
    pub verification: Verification,
}

/// A video that went into a stream or a writer.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Streamed {
    /// Its length.
    pub bytes: u64,
    /// The SHA-256 of its bytes, in hexadecimal digits.
    pub sha256: String,
    /// The requests for the video, redirects included.
    pub requests: u32,
    /// What vouches for the video.
    pub verification: Verification,
}

/// A video that is complete and safe on the disk, but not under its name yet.
#[derive(Debug)]
pub struct StagedVideo {
    pub(super) part: SharedPart,
    pub(super) overwrite: bool,
    pub(super) outcome: Downloaded,
}

impl StagedVideo {
    /// The SHA-256 of the video, in hexadecimal digits.
    pub fn sha256(&self) -> &str {
        &self.outcome.sha256
    }

    /// The length of the video.
    pub fn bytes(&self) -> u64 {
        self.outcome.bytes
    }

    /// What vouches for the video.
    pub fn verification(&self) -> Verification {
        self.outcome.verification
    }

    /// The file that has its bytes.
    pub fn path(&self) -> PathBuf {
        self.part.lock().path().to_owned()
    }

    /// Removes the file, once the video is elsewhere.
    pub fn remove(self) {
        // Nobody else can begin with what is left of it, while the lock is held.
        let part = self.part.lock();
        remove_unfinished(&self.outcome.path);
        drop(part);
    }

    /// Gives the file its name, in one step.
    ///
    /// # Errors
    ///
    /// If there is a file of that name, or the disk refuses. Once the file has its name, nothing is
    /// an error any more.
    pub fn place(self) -> Result<Downloaded, DownloadError> {
        let target = self.outcome.path.as_path();
        let mut part = self.part.lock();
        match part.place(target, self.overwrite) {
            Ok(()) => {
                drop(part);
                Ok(self.outcome)
            }
            Err(error) => {
                let kept = part.kept();
                Err(if error.kind() == std::io::ErrorKind::AlreadyExists {
                    DownloadError::exists(target).with_kept(kept)
                } else {
                    DownloadError::io("put in its place", target, error).with_kept(kept)
                })
            }
        }
    }
}
