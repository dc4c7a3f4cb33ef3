//! The ledger's file: opened, upgraded, and what its errors say.

use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior};

use seedance_query::capture::private_file;

use super::schema::{VERSION, create, upgrade};
use crate::error::FetchError;

/// The file in the directory.
const NAME: &str = "seedance-query.sqlite3";

/// How long another process that writes is waited for.
const PATIENCE: Duration = Duration::from_secs(5);

/// The database of a directory.
#[derive(Debug)]
pub(crate) struct Database {
    pub(super) connection: Connection,
    path: PathBuf,
}

impl Database {
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
            return Err(FetchError::ledger(message, None::<rusqlite::Error>));
        }
        // What gateways say is in it, so it is for its owner alone. SQLite gives its other files
        // the same permissions, and says why if this cannot be done.
        let _ = private_file().write(true).create_new(true).open(&path);
        let flags = OpenFlags::default() | OpenFlags::SQLITE_OPEN_NOFOLLOW;
        let opened = Connection::open_with_flags(&path, flags).and_then(|connection| {
            connection.busy_timeout(PATIENCE)?;
            write_ahead(&connection)?;
            // Each step has to be on disk before the next one: a power cut is a way to die, too.
            connection.pragma_update(None, "synchronous", "FULL")?;
            // An upgrade replaces tables that others refer to.
            connection.pragma_update(None, "foreign_keys", false)?;
            let version = version(&connection)?;
            Ok((connection, version))
        });
        let (mut connection, mut version) = opened.map_err(|cause| failed(&path, "open", cause))?;
        if version < VERSION {
            let updated = bring_up_to_date(&mut connection);
            version = updated.map_err(|cause| failed(&path, "upgrade", cause))?;
        }
        if version > VERSION {
            let message = format!(
                "the ledger {} has version {version}, and this program knows versions up to \
                 {VERSION}: use the later program that wrote it",
                path.display()
            );
            return Err(FetchError::ledger(message, None::<rusqlite::Error>));
        }
        connection
            .pragma_update(None, "foreign_keys", true)
            .map_err(|cause| failed(&path, "open", cause))?;
        Ok(Self { connection, path })
    }

    /// The directory that it is in.
    pub(super) fn directory(&self) -> &Path {
        self.path.parent().unwrap_or(Path::new("."))
    }

    pub(super) fn written<T>(&self, outcome: rusqlite::Result<T>) -> Result<T, FetchError> {
        outcome.map_err(|cause| failed(&self.path, "write", cause))
    }

    pub(super) fn read<T>(&self, outcome: rusqlite::Result<T>) -> Result<T, FetchError> {
        outcome.map_err(|cause| failed(&self.path, "read", cause))
    }
}

fn version(connection: &Connection) -> rusqlite::Result<i64> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}

/// Turns the write-ahead log on. Two processes that do so at a time do not wait for each other by
/// themselves.
fn write_ahead(connection: &Connection) -> rusqlite::Result<()> {
    let until = Instant::now() + PATIENCE;
    loop {
        match connection.pragma_update(None, "journal_mode", "WAL") {
            Err(error)
                if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy)
                    && Instant::now() < until =>
            {
                std::thread::sleep(Duration::from_millis(20));
            }
            outcome => return outcome,
        }
    }
}

/// Creates or upgrades the tables, in one step or not at all, and returns the version; another process
/// can have done so first.
fn bring_up_to_date(connection: &mut Connection) -> rusqlite::Result<i64> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    match version(&transaction)? {
        0 => create(&transaction)?,
        earlier if earlier < VERSION => upgrade(&transaction, earlier)?,
        _ => {}
    }
    let version = version(&transaction)?;
    transaction.commit()?;
    Ok(version)
}

fn failed(path: &Path, what: &str, cause: rusqlite::Error) -> FetchError {
    let hint = match cause.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => {
            ": the disk is full; what has arrived is safe, free some space and run again"
        }
        Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => {
            ": it is broken; move it away and run again with all ids, files that are there stay"
        }
        _ => "",
    };
    let message = format!("cannot {what} the ledger {}{hint}", path.display());
    FetchError::ledger(message, Some(cause))
}
