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

const LIMITS: &str = "
SELECT (SELECT per_second FROM seedance_query.query_rate) AS rate,
    (SELECT taken FROM seedance_query.query_rate) AS taken,
    (SELECT count(*) FROM seedance_query.download_slot WHERE held_until > now()) AS downloads,
    (SELECT count(*) FROM seedance_query.download_slot) AS places";

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
    let mut status = read(&rows[0]);
    let rows = connections.query(LIMITS, &[]).await?;
    let (rate, taken): (Option<i32>, Option<i64>) = (rows[0].get("rate"), rows[0].get("taken"));
    status.queries = count(taken.unwrap_or_default()) as u64;
    status.queries_per_second = rate.and_then(|rate| u32::try_from(rate).ok());
    status.downloads = count(rows[0].get("downloads")) as u64;
    let places = count(rows[0].get("places")) as u64;
    status.max_downloads = Some(places).filter(|places| *places > 0);
    Ok(status)
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
        ..FleetStatus::default()
    }
}
