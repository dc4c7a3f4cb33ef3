//! One run at a time in a directory.

use std::{
    fs::{File, TryLockError},
    io::{self, Read, Write},
    path::{Path, PathBuf},
};

use seedance_query::download::open_regular;

use super::error::FetchError;

const NAME: &str = ".seedance-query.lock";

/// Locks a directory for this process. The system releases the lock when the process ends, however it
/// ends; the file stays, because removing it would let two runs lock two files of the same name.
#[derive(Debug)]
pub(super) struct DirectoryLock {
    _file: File,
}

impl DirectoryLock {
    /// Locks a directory for this process alone.
    pub fn acquire(directory: &Path) -> Result<Self, FetchError> {
        let (path, mut file) = lock(directory, File::try_lock)?;
        let failed = |cause| FetchError::io(format!("cannot lock {}", path.display()), cause);
        let owner = format!("{}\n", std::process::id());
        file.set_len(0)
            .and_then(|()| file.write_all(owner.as_bytes()))
            .map_err(failed)?;
        Ok(Self { _file: file })
    }

    /// Locks a directory for workers that have their ledger elsewhere: a run whose ledger is in the
    /// directory does not use it beside them.
    #[cfg(feature = "postgres")]
    pub fn share(directory: &Path) -> Result<Self, FetchError> {
        let (_, file) = lock(directory, File::try_lock_shared)?;
        Ok(Self { _file: file })
    }
}

fn lock(
    directory: &Path,
    try_lock: impl FnOnce(&File) -> Result<(), TryLockError>,
) -> Result<(PathBuf, File), FetchError> {
    let path = directory.join(NAME);
    let failed = |cause| FetchError::io(format!("cannot lock {}", path.display()), cause);
    let file = open_regular(&path).map_err(failed)?;
    match try_lock(&file) {
        Ok(()) => Ok((path, file)),
        Err(TryLockError::WouldBlock) => Err(busy(directory, &path)),
        Err(TryLockError::Error(cause)) => Err(failed(cause)),
    }
}

fn busy(directory: &Path, path: &PathBuf) -> FetchError {
    let mut owner = String::new();
    // Some systems do not let others read what is locked.
    let read = File::open(path).and_then(|file| file.take(32).read_to_string(&mut owner));
    let owner = match (read as io::Result<usize>, owner.trim()) {
        (Ok(_), owner) if !owner.is_empty() => format!(" (process {owner})"),
        _ => String::new(),
    };
    FetchError::busy(format!(
        "another run{owner} is fetching into {}: wait for it, or use another directory",
        directory.display()
    ))
}
