//! Limits of the whole fleet: how often a query begins, and how many videos are downloaded at a time.

use std::{num::NonZeroU32, sync::Arc, time::Duration};

use futures_util::future::BoxFuture;
use seedance_query::client::Turns;
use tokio::{sync::Mutex, time::sleep};

use super::{claims::Lease, connections::Connections};
use crate::error::FetchError;

/// How often a worker looks for a free place to download.
const LOOK_AGAIN: Duration = Duration::from_millis(250);

/// The worker that joined last says what the rate is, if it says anything.
const SET_RATE: &str = "
INSERT INTO seedance_query.query_rate (per_second) VALUES ($1)
ON CONFLICT (is_only) DO UPDATE SET per_second = excluded.per_second";

const SET_DEFAULT_RATE: &str = "
INSERT INTO seedance_query.query_rate (per_second) VALUES ($1) ON CONFLICT DO NOTHING";

const SET_DOWNLOADS: &str = "
WITH superfluous AS (DELETE FROM seedance_query.download_slot WHERE number > $1)
INSERT INTO seedance_query.download_slot (number) SELECT generate_series(1, $1)
ON CONFLICT DO NOTHING";

/// Each query gets the next free moment. There is no burst: moments that nobody used are gone.
const TAKE_TURN: &str = "
UPDATE seedance_query.query_rate SET taken = taken + 1,
    next_at = greatest(next_at, clock_timestamp()) + interval '1 second' / per_second
RETURNING extract(epoch FROM
    next_at - interval '1 second' / per_second - clock_timestamp())::float8 AS wait";

/// A place to download, if one is free; without any row there is no limit.
const TAKE_SLOT: &str = "
WITH taken AS (
    UPDATE seedance_query.download_slot
    SET worker = $1, held_until = now() + $2 * interval '1 second'
    WHERE number = (
        SELECT number FROM seedance_query.download_slot
        WHERE held_until IS NULL OR held_until <= now()
        ORDER BY number LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING number
)
SELECT (SELECT number FROM taken) AS number,
    EXISTS (SELECT FROM seedance_query.download_slot) AS is_limited";

const RENEW_SLOTS: &str = "
UPDATE seedance_query.download_slot SET held_until = now() + $2 * interval '1 second'
WHERE worker = $1 AND held_until IS NOT NULL";

const GIVE_BACK: &str = "
UPDATE seedance_query.download_slot SET held_until = NULL WHERE worker = $1 AND number = $2";

const GIVE_ALL_BACK: &str = "
UPDATE seedance_query.download_slot SET held_until = NULL WHERE worker = $1";

/// Sets what this worker says of the limits.
pub(super) async fn set(
    connections: &Connections,
    rate: Option<NonZeroU32>,
    default_rate: NonZeroU32,
    downloads: Option<NonZeroU32>,
) -> Result<(), FetchError> {
    let number = |number: NonZeroU32| i32::try_from(number.get()).unwrap_or(i32::MAX);
    let (statement, rate) = match rate {
        Some(rate) => (SET_RATE, rate),
        None => (SET_DEFAULT_RATE, default_rate),
    };
    connections.query(statement, &[&number(rate)]).await?;
    if let Some(downloads) = downloads {
        connections
            .query(SET_DOWNLOADS, &[&number(downloads)])
            .await?;
    }
    Ok(())
}

/// The turns of a worker's queries.
pub(super) struct FleetTurns {
    connections: Arc<Connections>,
    /// One moment is reserved at a time: a worker that is killed wastes no more.
    next: Mutex<()>,
}

impl FleetTurns {
    pub fn new(connections: Arc<Connections>) -> Self {
        Self {
            connections,
            next: Mutex::new(()),
        }
    }
}

impl Turns for FleetTurns {
    fn turn(&self) -> BoxFuture<'_, ()> {
        Box::pin(async {
            let _next = self.next.lock().await;
            let Ok(rows) = self.connections.query(TAKE_TURN, &[]).await else {
                // The run finds out as well, and ends.
                return std::future::pending().await;
            };
            let wait: Option<f64> = rows.first().map(|row| row.get("wait"));
            let wait = Duration::try_from_secs_f64(wait.unwrap_or_default());
            sleep(wait.unwrap_or_default()).await;
        })
    }
}

/// A place to download, which is given back when it is dropped.
#[derive(Debug)]
pub struct DownloadSlot {
    _taken: Option<Taken>,
}

#[derive(Debug)]
struct Taken {
    connections: Arc<Connections>,
    worker: String,
    number: i32,
}

impl Drop for Taken {
    fn drop(&mut self) {
        let (connections, worker) = (Arc::clone(&self.connections), self.worker.clone());
        let number = self.number;
        // At the end of the runtime it is not given back, but it ends by itself.
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move {
                let _ = connections.query(GIVE_BACK, &[&worker, &number]).await;
            });
        }
    }
}

/// Waits for a place to download.
pub(super) async fn take_slot(
    connections: &Arc<Connections>,
    lease: &Lease,
) -> Result<DownloadSlot, FetchError> {
    let seconds = lease.duration.as_secs_f64();
    loop {
        let rows = connections
            .query(TAKE_SLOT, &[&lease.worker, &seconds])
            .await?;
        let number: Option<i32> = rows[0].get("number");
        if let Some(number) = number {
            let taken = Taken {
                connections: Arc::clone(connections),
                worker: lease.worker.clone(),
                number,
            };
            return Ok(DownloadSlot {
                _taken: Some(taken),
            });
        }
        if !rows[0].get::<_, bool>("is_limited") {
            return Ok(DownloadSlot { _taken: None });
        }
        sleep(LOOK_AGAIN).await;
    }
}

pub(super) async fn renew_slots(
    connections: &Connections,
    lease: &Lease,
) -> Result<(), FetchError> {
    let seconds = lease.duration.as_secs_f64();
    let renewed = connections
        .query(RENEW_SLOTS, &[&lease.worker, &seconds])
        .await;
    renewed.map(drop)
}

pub(super) async fn give_all_back(connections: &Connections, lease: &Lease) {
    let _ = connections
        .query_once(GIVE_ALL_BACK, &[&lease.worker])
        .await;
}
