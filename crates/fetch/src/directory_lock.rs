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
    pub fn acquire(directory: &Path) -> Result<Self, FetchError> {
        let path = directory.join(NAME);
        let failed = |cause| FetchError::io(format!("cannot lock {}", path.display()), cause);
        let mut file = open_regular(&path).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(busy(directory, &path)),
            Err(TryLockError::Error(cause)) => return Err(failed(cause)),
        }
        let owner = format!("{}\n", std::process::id());
        file.set_len(0)
            .and_then(|()| file.write_all(owner.as_bytes()))
            .map_err(failed)?;
        Ok(Self { _file: file })
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
