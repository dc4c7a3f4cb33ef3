//! Whether a process is sending a submission now.

use std::{fs::File, path::Path};

use seedance_query::download::open_regular;

use super::error::FetchError;

const NAME: &str = ".seedance-query.sending.lock";

/// Held by each process while it sends a submission. The system releases it when the process ends,
/// however it ends, so what is noted as being sent while nobody holds it was perhaps submitted.
#[derive(Debug)]
pub(crate) struct SendingLock {
    _file: File,
}

impl SendingLock {
    /// Holds the lock, beside others that do.
    pub fn hold(directory: &Path) -> Result<Self, FetchError> {
        let path = directory.join(NAME);
        let file = open_regular(&path).and_then(|file| {
            file.lock_shared()?;
            Ok(file)
        });
        match file {
            Ok(file) => Ok(Self { _file: file }),
            Err(cause) => {
                let message = format!("cannot lock {}", path.display());
                Err(FetchError::io(message, cause))
            }
        }
    }

    /// Whether anybody holds the lock. To look is to take it for a moment, so only one process at a
    /// time may.
    pub fn is_held(directory: &Path) -> bool {
        let path = directory.join(NAME);
        path.exists() && open_regular(&path).is_ok_and(|file| file.try_lock().is_err())
    }
}
