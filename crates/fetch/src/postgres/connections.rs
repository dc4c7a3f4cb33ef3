//! Statements to a database that can be away for a while.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use deadpool_postgres::{Manager, ManagerConfig, Object, Pool, RecyclingMethod, Runtime};
use tokio::{
    sync::mpsc,
    time::{Instant, sleep, timeout},
};
use tokio_postgres::{NoTls, Row, config::SslMode, types::ToSql};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::{address::PostgresAddress, failure::Failure};
use crate::{error::FetchError, event::FetchEvent};
use seedance_query::client::rustls_config;

/// Connections of a worker: its writes, its heartbeat and its turns.
const CONNECTIONS: usize = 4;
/// Maximum time for a statement; each touches few rows.
const STATEMENT_TIMEOUT: Duration = Duration::from_secs(30);
const FIRST_DELAY: Duration = Duration::from_millis(100);
const MAX_DELAY: Duration = Duration::from_secs(5);
/// How long the database is waited for by a worker that was told to stop.
const PATIENCE_AT_THE_END: Duration = Duration::from_secs(5);

/// The connections of a worker. What is asked while the database is away is asked again.
#[derive(Debug)]
pub(super) struct Connections {
    pool: Pool,
    address: PostgresAddress,
    state: Mutex<State>,
    notices: mpsc::UnboundedSender<FetchEvent>,
}

#[derive(Debug)]
struct State {
    /// How long the database may be away.
    patience: Duration,
    away_since: Option<Instant>,
}

impl Connections {
    /// Prepares connections; nothing is connected yet.
    pub fn new(
        address: &PostgresAddress,
        patience: Duration,
        notices: mpsc::UnboundedSender<FetchEvent>,
    ) -> Result<Self, FetchError> {
        let config = ManagerConfig {
            recycling_method: RecyclingMethod::Fast,
        };
        let database = address.config.clone();
        let manager = if database.get_ssl_mode() == SslMode::Disable {
            Manager::from_config(database, NoTls, config)
        } else {
            let tls = rustls_config().map_err(|cause| {
                FetchError::ledger(
                    "TLS cannot be set up for the ledger".to_owned(),
                    Some(cause),
                )
            })?;
            Manager::from_config(database, MakeRustlsConnect::new(tls), config)
        };
        let pool = Pool::builder(manager)
            .max_size(CONNECTIONS)
            .runtime(Runtime::Tokio1)
            .wait_timeout(Some(STATEMENT_TIMEOUT))
            .build()
            .map_err(|cause| {
                FetchError::ledger(format!("cannot use the ledger {address}"), Some(cause))
            })?;
        Ok(Self {
            pool,
            address: address.clone(),
            state: Mutex::new(State {
                patience,
                away_since: None,
            }),
            notices,
        })
    }

    pub fn address(&self) -> &PostgresAddress {
        &self.address
    }

    /// A connection, at once or not at all.
    pub async fn connect(&self) -> Result<Object, FetchError> {
        let connected = timeout(STATEMENT_TIMEOUT, self.pool.get()).await;
        let connected = connected.map_err(|_| Failure::Silence);
        connected
            .and_then(|connected| connected.map_err(Failure::from))
            .map_err(|failure| self.failed("cannot be reached", failure))
    }

    /// Carries out a statement, again and again while the database is away. Each statement may
    /// be carried out twice: an answer can be lost.
    pub async fn query(
        &self,
        statement: &str,
        parameters: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<Row>, FetchError> {
        let mut delay = FIRST_DELAY;
        loop {
            let failure = match self.query_once(statement, parameters).await {
                Ok(rows) => {
                    self.is_there();
                    return Ok(rows);
                }
                Err(failure) => failure,
            };
            if !failure.is_passing() {
                return Err(self.failed("has refused a statement", failure));
            }
            let since = self.is_away(&failure);
            let patience = self.state().patience;
            if since.elapsed() >= patience {
                let what = format!(
                    "was away for {} s, and the worker ends: what it holds is taken over when its \
                     leases end, so run again to continue",
                    since.elapsed().as_secs()
                );
                return Err(self.failed(&what, failure));
            }
            sleep(delay).await;
            delay = (delay * 2).min(MAX_DELAY);
        }
    }

    /// Carries out a statement once.
    pub async fn query_once(
        &self,
        statement: &str,
        parameters: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<Row>, Failure> {
        let connection = self.pool.get().await?;
        let asked = async {
            let prepared = connection.prepare_cached(statement).await?;
            connection.query(&prepared, parameters).await
        };
        let outcome = match timeout(STATEMENT_TIMEOUT, asked).await {
            Ok(outcome) => outcome.map_err(Failure::from),
            Err(_) => Err(Failure::Silence),
        };
        if outcome.as_ref().is_err_and(Failure::is_passing) {
            // Nobody else shall get this connection.
            drop(Object::take(connection));
        }
        outcome
    }

    /// The worker ends: a database that is away is not waited for much longer.
    pub fn hurry(&self) {
        let mut state = self.state();
        let waited = state.away_since.map(|since| since.elapsed());
        state.patience = waited.unwrap_or_default() + PATIENCE_AT_THE_END;
    }

    pub fn failed(&self, what: &str, failure: Failure) -> FetchError {
        let message = format!("the ledger {} {what}", self.address);
        FetchError::ledger(message, Some(failure))
    }

    /// Notes since when the database is away, and says so once.
    fn is_away(&self, failure: &Failure) -> Instant {
        let mut state = self.state();
        if let Some(since) = state.away_since {
            return since;
        }
        let now = Instant::now();
        state.away_since = Some(now);
        let _ = self.notices.send(FetchEvent::LedgerAway {
            problem: format!("the ledger {} is away: {failure}", self.address),
        });
        now
    }

    fn is_there(&self) {
        let mut state = self.state();
        if let Some(since) = state.away_since.take() {
            let _ = self.notices.send(FetchEvent::LedgerBack {
                after: since.elapsed().as_secs_f64(),
            });
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
