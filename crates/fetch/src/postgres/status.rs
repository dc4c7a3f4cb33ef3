//! What the database knows of all workers and tasks.

use std::time::Duration;

use tokio::sync::mpsc;
use tokio_postgres::Row;

use super::{
    address::PostgresAddress, connections::Connections, tasks::count, version::check_version,
};
use crate::{error::FetchError, fleet_status::FleetStatus};

const EXISTS: &str = "SELECT to_regclass('seedance_query.task') IS NOT NULL AS there";

const STATUS: &str = "
SELECT
    count(*) FILTER (WHERE is_open AND NOT is_held AND next_at <= now()) AS due,
    count(*) FILTER (WHERE is_open AND is_held) AS held,
    count(*) FILTER (WHERE is_open AND NOT is_held AND next_at > now()) AS later,
    count(*) FILTER (WHERE NOT is_open AND state = 'succeeded') AS arrived,
    count(*) FILTER (WHERE NOT is_open AND state = 'failed') AS failed,
    count(*) FILTER (WHERE NOT is_open AND state = 'unavailable') AS unavailable,
    count(DISTINCT worker) FILTER (WHERE is_open AND is_held) AS workers,
    count(*) FILTER (WHERE done_at > now() - interval '1 minute') AS done_last_minute,
    count(*) FILTER (WHERE done_at > now() - interval '1 hour') AS done_last_hour,
    (extract(epoch FROM min(expires_at) FILTER (WHERE is_open) - now()))::float8 AS oldest_expiry_in
FROM (
    SELECT *, NOT is_done AS is_open, coalesce(leased_until > now(), false) AS is_held
    FROM seedance_query.task
) AS task";

/// Reads what the ledger in the database of a URL knows.
pub(crate) async fn read_status(url: &str) -> Result<FleetStatus, FetchError> {
    let address: PostgresAddress = url.parse()?;
    let (notices, _) = mpsc::unbounded_channel();
    let connections = Connections::new(&address, Duration::ZERO, notices)?;
    drop(connections.connect().await?);
    let rows = connections.query(EXISTS, &[]).await?;
    if !rows[0].get::<_, bool>("there") {
        return Err(FetchError::input(format!("{address} has no ledger")));
    }
    check_version(&connections).await?;
    status(&connections).await
}

pub(super) async fn status(connections: &Connections) -> Result<FleetStatus, FetchError> {
    let rows = connections.query(STATUS, &[]).await?;
    Ok(read(&rows[0]))
}

fn read(row: &Row) -> FleetStatus {
    let number = |name: &str| count(row.get(name)) as u64;
    FleetStatus {
        due: number("due"),
        held: number("held"),
        later: number("later"),
        arrived: number("arrived"),
        failed: number("failed"),
        unavailable: number("unavailable"),
        workers: number("workers"),
        done_last_minute: number("done_last_minute"),
        done_last_hour: number("done_last_hour"),
        oldest_expiry_in: row.get("oldest_expiry_in"),
    }
}
