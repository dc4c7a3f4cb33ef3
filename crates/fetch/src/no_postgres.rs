//! What is said where Postgres was not built in.

use std::future::Future;

use futures_util::Stream;
use seedance_query::model::TaskId;

use super::{
    error::FetchError, event::FetchEvent, fleet::Fleet, fleet_status::FleetStatus,
    options::Options, summary::FetchSummary,
};

/// The message; the URL, which can have a password, is not in it.
fn not_built(url: &str) -> FetchError {
    let message = if url.starts_with("postgres") {
        "this program was built without ledgers in Postgres: build it with `--features postgres`"
    } else {
        "expected a URL of Postgres, such as `postgres://user@host/database`"
    };
    FetchError::input(message.to_owned())
}

pub(super) async fn run_worker(
    _: Options,
    fleet: &Fleet,
    _: impl Stream<Item = TaskId>,
    _: impl FnMut(FetchEvent),
    _: impl Future<Output = ()>,
) -> Result<FetchSummary, FetchError> {
    Err(not_built(&fleet.url))
}

pub(super) async fn read_status(url: &str) -> Result<FleetStatus, FetchError> {
    Err(not_built(url))
}
