//! The ledger of a run, used off the asynchronous threads.

use std::sync::{Arc, Mutex, PoisonError};

use super::database::Database;
use crate::{blocking::blocking, directory_lock::DirectoryLock, error::FetchError};

/// A ledger and the lock of its directory, which is released last.
#[derive(Clone, Debug)]
pub(crate) struct SharedLedger(Arc<Mutex<Held>>);

#[derive(Debug)]
struct Held {
    ledger: Database,
    _lock: DirectoryLock,
}

impl SharedLedger {
    pub fn new(ledger: Database, lock: DirectoryLock) -> Self {
        let held = Held {
            ledger,
            _lock: lock,
        };
        Self(Arc::new(Mutex::new(held)))
    }

    /// Reads or writes the ledger.
    pub async fn with<R: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Database) -> Result<R, FetchError> + Send + 'static,
    ) -> Result<R, FetchError> {
        let shared = Arc::clone(&self.0);
        blocking(move || {
            let mut held = shared.lock().unwrap_or_else(PoisonError::into_inner);
            work(&mut held.ledger)
        })
        .await
    }
}
