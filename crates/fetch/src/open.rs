//! Opening and locking the directory of a batch.

use super::{
    error::FetchError,
    ledger::{Database, DirectoryLedger},
    options::Options,
};

/// Locks the directory of a batch, and creates or opens its ledger; `expects_ids` says that tasks can
/// still be added.
pub(super) fn open_ledger(
    fetch: &Options,
    expects_ids: bool,
) -> Result<DirectoryLedger, FetchError> {
    let directory = &fetch.directory;
    if directory.exists() && !directory.is_dir() {
        let message = format!("{} is not a directory", directory.display());
        return Err(FetchError::input(message));
    }
    if !expects_ids && fetch.ids.is_empty() && !Database::is_in(directory) {
        return Err(FetchError::input(format!(
            "there is nothing to fetch: no task is given, and {} has no ledger of an earlier run",
            directory.display()
        )));
    }
    DirectoryLedger::open(directory)
}
