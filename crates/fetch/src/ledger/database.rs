//! The ledger's file: opened, upgraded, and what its errors say.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use rusqlite::{Connection, OpenFlags};

use seedance_query::capture::private_file;

use super::schema::{VERSION, create, upgrade_from_1};
use crate::error::FetchError;

/// The file in the directory.
const NAME: &str = "seedance-query.sqlite3";

/// The database of a directory.
#[derive(Debug)]
pub(crate) struct Ledger {
    pub(super) connection: Connection,
    path: PathBuf,
}

impl Ledger {
    /// Whether a directory has one.
    pub fn is_in(directory: &Path) -> bool {
        directory.join(NAME).exists()
    }

    /// Opens the ledger of a directory, which is created or upgraded where it has to be.
    pub fn open(directory: &Path) -> Result<Self, FetchError> {
        // The directory may be reached through a link; the ledger itself must not be one.
        let directory = directory.canonicalize().map_err(|cause| {
            FetchError::io(format!("cannot open {}", directory.display()), cause)
        })?;
        let path = directory.join(NAME);
        if fs::symlink_metadata(&path).is_ok_and(|found| !found.is_file()) {
            let path = path.display();
            let message = format!("the ledger {path} is not a regular file: move it away");
            return Err(FetchError::ledger(message, None));
        }
        // What gateways say is in it, so it is for its owner alone. SQLite gives its other files
        // the same permissions, and says why if this cannot be done.
        let _ = private_file().write(true).create_new(true).open(&path);
        let flags = OpenFlags::default() | OpenFlags::SQLITE_OPEN_NOFOLLOW;
        let opened = Connection::open_with_flags(&path, flags).and_then(|connection| {
            connection.busy_timeout(Duration::from_secs(5))?;
            connection.pragma_update(None, "journal_mode", "WAL")?;
            // Each step has to be on disk before the next one: a power cut is a way to die, too.
            connection.pragma_update(None, "synchronous", "FULL")?;
            // An upgrade replaces tables that others refer to.
            connection.pragma_update(None, "foreign_keys", false)?;
            let version: i64 =
                connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
            Ok((connection, version))
        });
        let (mut connection, version) = opened.map_err(|cause| failed(&path, "open", cause))?;
        match version {
            0 => create(&mut connection).map_err(|cause| failed(&path, "create", cause))?,
            1 => {
                let upgraded = upgrade_from_1(&mut connection);
                upgraded.map_err(|cause| failed(&path, "upgrade", cause))?;
            }
            VERSION => {}
            later => {
                let message = format!(
                    "the ledger {} has version {later}, and this program knows versions up to \
                     {VERSION}: use the later program that wrote it",
                    path.display()
                );
                return Err(FetchError::ledger(message, None));
            }
        }
        connection
            .pragma_update(None, "foreign_keys", true)
            .map_err(|cause| failed(&path, "open", cause))?;
        Ok(Self { connection, path })
    }

    pub(super) fn written<T>(&self, outcome: rusqlite::Result<T>) -> Result<T, FetchError> {
        outcome.map_err(|cause| failed(&self.path, "write", cause))
    }

    pub(super) fn read<T>(&self, outcome: rusqlite::Result<T>) -> Result<T, FetchError> {
        outcome.map_err(|cause| failed(&self.path, "read", cause))
    }
}

fn failed(path: &Path, what: &str, cause: rusqlite::Error) -> FetchError {
    let hint = match cause.sqlite_error_code() {
        Some(rusqlite::ErrorCode::DiskFull) => {
            ": the disk is full; what has arrived is safe, free some space and run again"
        }
        Some(rusqlite::ErrorCode::NotADatabase | rusqlite::ErrorCode::DatabaseCorrupt) => {
            ": it is broken; move it away and run again with all ids, files that are there stay"
        }
        _ => "",
    };
    let message = format!("cannot {what} the ledger {}{hint}", path.display());
    FetchError::ledger(message, Some(cause))
}
