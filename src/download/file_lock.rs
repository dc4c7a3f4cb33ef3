//! Taking hold of a part, so that nobody else writes to it.

use std::{
    fs::{self, File, Metadata, OpenOptions, TryLockError},
    io,
    path::Path,
};

use super::{DownloadError, resume_state::remove};

/// Opens or creates a part, and locks it.
pub(super) fn open_and_lock(path: &Path) -> Result<File, DownloadError> {
    let failed = |error| DownloadError::io("opened", path, error);
    let mut tries = 0;
    loop {
        let file = open(path).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(DownloadError::busy(path)),
            Err(TryLockError::Error(error)) => return Err(failed(error)),
        }
        // While this waited, the file may have been finished and renamed by who had the lock.
        let is_there = match fs::symlink_metadata(path) {
            Ok(there) => is_same(&there, &file.metadata().map_err(failed)?),
            Err(_) => false,
        };
        // A part that has another name too is finished, but for the removal of this name.
        if is_there && !has_other_names(&file.metadata().map_err(failed)?) {
            return Ok(file);
        }
        if is_there {
            remove(path).map_err(failed)?;
        }
        tries += 1;
        if tries > 9 {
            return Err(DownloadError::busy(path));
        }
    }
}

fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true);
    match fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_file() => options.open(path),
        Ok(_) => Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            "it is not a regular file",
        )),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            match options.create_new(true).open(path) {
                // Somebody was faster.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => open(path),
                opened => opened,
            }
        }
        Err(error) => Err(error),
    }
}

#[cfg(unix)]
fn is_same(one: &Metadata, other: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    one.is_file() && (one.dev(), one.ino()) == (other.dev(), other.ino())
}

#[cfg(not(unix))]
fn is_same(one: &Metadata, other: &Metadata) -> bool {
    one.is_file()
        && one.len() == other.len()
        && one.created().ok() == other.created().ok()
        && one.modified().ok() == other.modified().ok()
}

#[cfg(unix)]
fn has_other_names(metadata: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    metadata.nlink() > 1
}

#[cfg(not(unix))]
fn has_other_names(_: &Metadata) -> bool {
    false
}

/// Makes sure that names survive a loss of power, where a directory can be opened for that.
#[cfg(unix)]
pub(super) fn sync_directory_of(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(directory) => File::open(directory)?.sync_all(),
        None => Ok(()),
    }
}

#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "it can fail elsewhere")]
pub(super) fn sync_directory_of(_: &Path) -> io::Result<()> {
    Ok(())
}
