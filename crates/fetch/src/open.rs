//! Opening and locking a directory and its ledger.

use std::path::Path;

use seedance_query::{capture::is_left_over, download::create_directories};

use super::{
    directory_lock::DirectoryLock,
    error::FetchError,
    ledger::{Ledger, SharedLedger},
    options::Options,
};

/// Locks the directory of a batch, creates or opens its ledger, and begins a run; `expects_ids` says
/// that tasks can still be added.
pub(super) fn open_ledger(fetch: &Options, expects_ids: bool) -> Result<SharedLedger, FetchError> {
    let directory = &fetch.directory;
    if directory.exists() && !directory.is_dir() {
        let message = format!("{} is not a directory", directory.display());
        return Err(FetchError::input(message));
    }
    if !expects_ids && fetch.ids.is_empty() && !Ledger::is_in(directory) {
        return Err(FetchError::input(format!(
            "there is nothing to fetch: no task is given, and {} has no ledger of an earlier run",
            directory.display()
        )));
    }
    create_directories(directory)
        .map_err(|cause| FetchError::io(format!("cannot create {}", directory.display()), cause))?;
    let lock = DirectoryLock::acquire(directory)?;
    remove_left_overs(directory);
    let mut ledger = Ledger::open(directory)?;
    ledger.forget(&fetch.forgotten)?;
    ledger.begin(&fetch.ids)?;
    Ok(SharedLedger::new(ledger, lock))
}

/// Removes captures that a killed run was writing: nothing else writes here while the lock is held.
fn remove_left_overs(directory: &Path) {
    // A file that cannot be removed is hidden and harmless.
    for entry in std::fs::read_dir(directory).into_iter().flatten().flatten() {
        if entry.file_name().to_str().is_some_and(is_left_over) {
            let _ = std::fs::remove_file(entry.path());
        }
    }
}
