//! The ledger in Postgres, with servers of their own.

mod away;
mod clocks;
mod command;
mod cost;
mod fencing;
mod kills;
mod limits;
mod suite;
mod tls;
mod versions;
mod workers;

use std::{sync::Weak, time::Duration};

use seedance_external_tests::PostgresServer;
use seedance_fetch::{Beginning, Ledger, PostgresAddress, PostgresLedger};
use std::sync::Arc;
use tokio::sync::Mutex;

/// Longer than a busy machine lets a heartbeat wait.
const LEASE: Duration = Duration::from_secs(2);
const PATIENCE: Duration = Duration::from_secs(20);

/// The server of all tests that run at a time; it ends with the last of them.
async fn server() -> Arc<PostgresServer> {
    static SERVER: Mutex<Weak<PostgresServer>> = Mutex::const_new(Weak::new());
    let mut server = SERVER.lock().await;
    if let Some(running) = server.upgrade() {
        return running;
    }
    let started = Arc::new(PostgresServer::start().await);
    *server = Arc::downgrade(&started);
    started
}

/// A database of a test.
struct Database {
    url: String,
    _server: Arc<PostgresServer>,
}

async fn database() -> Database {
    let server = server().await;
    Database {
        url: server.database().await,
        _server: server,
    }
}

impl Database {
    fn address(&self) -> PostgresAddress {
        self.url.parse().unwrap()
    }

    async fn worker(&self) -> PostgresLedger {
        let opened = PostgresLedger::open(&self.address(), LEASE, PATIENCE).await;
        opened.unwrap().0
    }

    /// A connection beside the workers.
    async fn client(&self) -> tokio_postgres::Client {
        seedance_external_tests::connect(&self.url).await.unwrap()
    }
}

/// Begins a run with tasks `t0`, `t1` and so on.
async fn begin(ledger: &PostgresLedger, tasks: usize) {
    let beginning = Beginning {
        ids: (0..tasks)
            .map(|number| format!("t{number}").parse().unwrap())
            .collect(),
        ..Beginning::default()
    };
    ledger.begin(beginning).await.unwrap();
}
