//! The tests of all engines, for Postgres.

use seedance_fetch::PostgresLedger;
use seedance_ledger_suite::{Store, tests};

use super::{Database, database};

impl Store for Database {
    type Ledger = PostgresLedger;

    async fn open(&self) -> PostgresLedger {
        self.worker().await
    }
}

tests!(database);
