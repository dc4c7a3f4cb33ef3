//! Batches and questions that go to a ledger in a database.

use std::future::Future;

use futures_util::Stream;
use seedance_query::model::TaskId;

#[cfg(not(feature = "postgres"))]
use super::no_postgres::{read_status, run_worker};
#[cfg(feature = "postgres")]
use super::postgres::{read_status, run_worker};
use super::{
    batch::Fetch, error::FetchError, event::FetchEvent, fleet::Fleet, fleet_status::FleetStatus,
    summary::FetchSummary,
};

impl Fetch {
    /// Runs as one worker of a fleet, whose ledger is in a database instead of the directory, with tasks
    /// that are added while it runs. It needs the feature `postgres`.
    ///
    /// Any number of workers join and leave, also with one directory for all of them. Each task is with
    /// one worker at a time; those of a worker that dies are taken over when its lease ends. The worker
    /// ends when `ids` has ended, no task can be claimed and nobody holds one, or when `stop` is ready.
    ///
    /// [`requests_per_second`](Fetch::requests_per_second) holds for all workers together; the one that
    /// joined last sets it, and it is 20 if none does.
    ///
    /// # Errors
    ///
    /// If the directory cannot be used, or the database is away, at the beginning or for too long, or a
    /// later program has upgraded its tables.
    pub async fn run_in_fleet(
        self,
        fleet: &Fleet,
        ids: impl Stream<Item = TaskId>,
        on_event: impl FnMut(FetchEvent),
        stop: impl Future<Output = ()>,
    ) -> Result<FetchSummary, FetchError> {
        run_worker(self.0, fleet, ids, on_event, stop).await
    }
}

/// Reads what the ledger in the database of a URL knows of all workers and tasks; nothing is queried.
/// It needs the feature `postgres`.
///
/// # Errors
///
/// If the database cannot be reached, or has no ledger, or that of a later program.
pub async fn fleet_status(url: &str) -> Result<FleetStatus, FetchError> {
    read_status(url).await
}
