//! What becomes of a download.

use std::path::{Path, PathBuf};

use super::{
    DownloadError,
    error::Kept,
    partial_file::{Owner, SharedPart},
};

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
}

/// A video that is complete, looked at and safe on the disk, but not under its name yet.
pub struct Verified {
    pub(super) owner: Owner,
    pub(super) overwrite: bool,
    pub(super) outcome: Downloaded,
}

impl Verified {
    /// The SHA-256 of the video, in hexadecimal digits.
    pub fn sha256(&self) -> &str {
        &self.outcome.sha256
    }

    /// The length of the video.
    pub fn bytes(&self) -> u64 {
        self.outcome.bytes
    }

    /// Gives the file its name, in one step.
    pub fn place(self) -> Result<Downloaded, DownloadError> {
        let target = self.outcome.path.as_path();
        let part = self.owner.share();
        let placed = part.lock().place(target, self.overwrite);
        match placed {
            Ok(()) => Ok(self.outcome),
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
                Err(DownloadError::exists(target).with_kept(kept(&part)))
            }
            Err(error) => {
                Err(DownloadError::io("put in its place", target, error).with_kept(kept(&part)))
            }
        }
    }
}

/// What an error leaves on the disk; a part without bytes is removed.
pub(super) fn kept(part: &SharedPart) -> Option<Kept> {
    let mut part = part.lock();
    let bytes = part.size().ok()?;
    if bytes == 0 {
        // It would be in nobody's way.
        let _ = part.remove();
        return None;
    }
    Some(Kept {
        path: part.path().to_owned(),
        bytes,
        total: part.total(),
        can_resume: part.note().is_some_and(|note| note.validator.is_some()),
    })
}

/// The unfinished file that belongs to a finished one.
pub(super) fn part_of(target: &Path) -> PathBuf {
    target.with_added_extension("part")
}
