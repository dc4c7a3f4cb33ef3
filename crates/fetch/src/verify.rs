//! Compares the files of a batch with its ledger.

use std::{fs::File, io, path::Path};

use seedance_query::model::{
    TaskId,
    hash::{hash, hex},
};
use serde::Serialize;

use super::{
    directory_lock::DirectoryLock,
    error::FetchError,
    ledger::{Database, VideoRow, VideoState},
    store_url::StoreUrl,
    video_kind::VideoKind,
};

/// A video of the ledger, compared with its file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct VerifiedFile {
    /// The task.
    pub task_id: TaskId,
    /// Which of its videos.
    pub kind: VideoKind,
    /// The name of the file in the directory, or the URL of the object.
    pub file: String,
    /// What came of the comparison.
    pub state: FileState,
}

/// What a file is, compared with the ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
#[non_exhaustive]
pub enum FileState {
    /// Length and SHA-256 are those of the ledger.
    Intact,
    /// There is no such file.
    Missing,
    /// Length or SHA-256 differ.
    Changed {
        /// The length of the file.
        bytes: u64,
        /// The SHA-256 of the file in hexadecimal digits.
        sha256: String,
    },
    /// The file cannot be read.
    Unreadable {
        /// Why.
        problem: String,
    },
}

/// Reads every video of a directory that has arrived, and compares it with the ledger; reports each
/// one. Nothing is changed or queried.
///
/// # Errors
///
/// If the directory has no ledger, or it cannot be read, or a run holds the directory.
///
/// # Examples
///
/// ```no_run
/// use seedance_fetch::{FileState, verify};
///
/// let mut damaged = 0;
/// verify("videos".as_ref(), |file| damaged += u32::from(file.state != FileState::Intact))?;
/// println!("{damaged} files are missing or changed");
/// # Ok::<(), seedance_fetch::FetchError>(())
/// ```
pub fn verify(directory: &Path, mut on_file: impl FnMut(&VerifiedFile)) -> Result<(), FetchError> {
    let (_lock, videos) = arrived(directory)?;
    for video in videos {
        on_file(&compare(directory, video));
    }
    Ok(())
}

/// Locks a directory, and reads which videos have arrived.
pub(super) fn arrived(directory: &Path) -> Result<(DirectoryLock, Vec<VideoRow>), FetchError> {
    if !Database::is_in(directory) {
        let message = format!("{} has no ledger of an earlier run", directory.display());
        return Err(FetchError::input(message));
    }
    let lock = DirectoryLock::acquire(directory)?;
    let mut videos = Database::open(directory)?.videos()?;
    videos.retain(|video| video.state == VideoState::Arrived);
    Ok((lock, videos))
}

/// What a video is, compared with the ledger's length and checksum.
pub(super) fn state(video: &VideoRow, bytes: u64, sha256: String) -> FileState {
    if Some(bytes) == video.bytes && Some(&sha256) == video.sha256.as_ref() {
        FileState::Intact
    } else {
        FileState::Changed { bytes, sha256 }
    }
}

/// Compares a file of the directory.
pub(super) fn compare(directory: &Path, video: VideoRow) -> VerifiedFile {
    let file = video.file.clone().unwrap_or_default();
    let state = match read(&directory.join(&file)) {
        _ if StoreUrl::is_url(&file) => FileState::Unreadable {
            problem: "it is in an object store: name the store it is in".to_owned(),
        },
        Ok((bytes, sha256)) => state(&video, bytes, sha256),
        Err(error) if error.kind() == io::ErrorKind::NotFound => FileState::Missing,
        Err(error) => FileState::Unreadable {
            problem: error.to_string(),
        },
    };
    VerifiedFile {
        task_id: video.task_id,
        kind: video.kind,
        file,
        state,
    }
}

fn read(path: &Path) -> io::Result<(u64, String)> {
    // A pipe or a device in its place would be waited for.
    if !path.metadata()?.is_file() {
        return Err(io::Error::other("it is not a file"));
    }
    let (bytes, hasher) = hash(File::open(path)?)?;
    Ok((bytes, hex(&sha2::Digest::finalize(hasher))))
}
