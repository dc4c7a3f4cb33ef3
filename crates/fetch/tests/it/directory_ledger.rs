//! The tests of all engines, for the one of a directory.

use seedance_fetch::DirectoryLedger;
use seedance_ledger_suite::{Store, tests};
use tempfile::TempDir;

struct Directory(TempDir);

impl Store for Directory {
    type Ledger = DirectoryLedger;

    async fn open(&self) -> DirectoryLedger {
        DirectoryLedger::open(self.0.path()).unwrap()
    }
}

async fn directory() -> Directory {
    Directory(TempDir::new().unwrap())
}

tests!(directory);
