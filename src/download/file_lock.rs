//! Locking an unfinished file, so that no other download writes to it.

use std::{
    fs::{self, File, Metadata, OpenOptions, TryLockError},
    io,
    path::Path,
    thread,
    time::{Duration, Instant},
};

/// How long to wait for the lock: a download that was just dropped still syncs its last bytes.
const PATIENCE: Duration = Duration::from_secs(1);
const POLL_INTERVAL: Duration = Duration::from_millis(10);

/// Opens or creates a file and locks it, without following a link; none if somebody else keeps the
/// lock.
///
/// # Errors
///
/// If there is something else than a regular file, or the file cannot be opened.
pub(super) fn open_and_lock(path: &Path) -> io::Result<Option<File>> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(file) = try_lock(path)? {
            return Ok(Some(file));
        }
        if Instant::now() >= deadline {
            return Ok(None);
        }
        thread::sleep(POLL_INTERVAL);
    }
}

fn try_lock(path: &Path) -> io::Result<Option<File>> {
    let file = open_regular(path)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Ok(None),
        Err(TryLockError::Error(error)) => return Err(error),
    }
    // Meanwhile the file may have been finished and renamed by who had the lock.
    let metadata = file.metadata()?;
    if !fs::symlink_metadata(path).is_ok_and(|there| is_same(&there, &metadata)) {
        return Ok(None);
    }
    // A part that has another name too is finished, but for the removal of this name.
    if has_other_names(&metadata) {
        fs::remove_file(path)?;
        return Ok(None);
    }
    Ok(Some(file))
}

/// Opens or creates a regular file to read and write, without following a link.
///
/// # Errors
///
/// If there is something else, such as a link, a pipe or a device, or the file cannot be opened.
pub fn open_regular(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true);
    follow_no_link(&mut options);
    match fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_file() => options.open(path),
        Ok(_) => Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            "it is not a regular file",
        )),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            match options.create_new(true).open(path) {
                // Another process was faster.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => open_regular(path),
                opened => opened,
            }
        }
        Err(error) => Err(error),
    }
}

/// Between the look at a path and its opening, it can become a link or a pipe.
#[cfg(unix)]
fn follow_no_link(options: &mut OpenOptions) {
    use std::os::unix::fs::OpenOptionsExt;
    options.custom_flags(libc::O_NOFOLLOW | libc::O_NONBLOCK);
}

#[cfg(not(unix))]
fn follow_no_link(_: &mut OpenOptions) {}

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
