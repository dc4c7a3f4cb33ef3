//! Leases: claimed, renewed, given back. The server's clock alone decides.

use std::time::{Duration, SystemTime};

use tokio_postgres::Row;

use super::{connections::Connections, fenced, task_id::task_id, version::refuse_later, videos};
use crate::{
    error::FetchError,
    ledger::{Claim, Claimed, Claims, TaskState},
};

/// Who claims, and for how long.
#[derive(Clone, Debug)]
pub(super) struct Lease {
    /// The worker.
    pub worker: String,
    pub duration: Duration,
}

/// Maximum time between two looks for tasks that others may have left.
const MAX_PAUSE: Duration = Duration::from_secs(1);

/// Claims the tasks that are due, with what a killed worker was placing for them.
const CLAIM: &str = "
WITH due AS (
    SELECT task_id FROM seedance_query.task
    WHERE NOT is_done AND next_at <= now() AND (leased_until IS NULL OR leased_until <= now())
    ORDER BY expires_at, position LIMIT $1
    FOR UPDATE SKIP LOCKED
), claimed AS (
    UPDATE seedance_query.task SET token = token + 1, worker = $2,
        leased_until = now() + $3 * interval '1 second'
    FROM due WHERE task.task_id = due.task_id
    RETURNING task.*
)
SELECT claimed.task_id, claimed.token, claimed.state AS task_state, claimed.expires_at,
    claimed.position, video.kind, video.state, video.file, video.bytes, video.sha256,
    video.verification
FROM claimed LEFT JOIN seedance_query.video
    ON video.task_id = claimed.task_id AND video.state = 'placing'";

/// Whether anything is due, or held by a worker that can die, and which version the tables have.
const OUTLOOK: &str = "
SELECT EXISTS (
    SELECT FROM seedance_query.task
    WHERE NOT is_done AND (next_at <= now() OR leased_until > now())
) AS is_open, (SELECT version FROM seedance_query.schema_version) AS version";

/// A task with a problem is due again later, each time twice as late.
const RELEASE: &str = "
UPDATE seedance_query.task SET leased_until = NULL,
    tries = CASE WHEN problem IS NULL THEN tries ELSE least(tries + 1, 6) END,
    next_at = CASE WHEN problem IS NULL THEN now()
                   ELSE now() + interval '1 minute' * (1 << tries) END
WHERE task_id = $1 AND token = $2 RETURNING token";

const RELEASE_ALL: &str = "
UPDATE seedance_query.task SET leased_until = NULL WHERE worker = $1 AND leased_until IS NOT NULL";

/// Renews the leases of a worker, also one that has just ended, unless somebody has the task.
const RENEW: &str = "
UPDATE seedance_query.task SET leased_until = now() + $2 * interval '1 second'
WHERE worker = $1 AND leased_until IS NOT NULL AND NOT is_done";

pub(super) async fn claim(
    connections: &Connections,
    lease: &Lease,
    at_most: usize,
) -> Result<Claims, FetchError> {
    let pause = MAX_PAUSE.min(lease.duration / 4);
    let mut tasks = Vec::new();
    if at_most > 0 {
        let limit = i64::try_from(at_most).unwrap_or(i64::MAX);
        let seconds = lease.duration.as_secs_f64();
        let rows = connections
            .query(CLAIM, &[&limit, &lease.worker, &seconds])
            .await?;
        tasks = claimed(&rows)?;
    }
    let mut is_open = true;
    if tasks.len() < at_most {
        let outlook = connections.query(OUTLOOK, &[]).await?;
        refuse_later(connections, outlook[0].get("version"))?;
        is_open = !tasks.is_empty() || outlook[0].get("is_open");
    }
    Ok(Claims {
        tasks,
        ask_again_in: is_open.then_some(pause),
    })
}

/// The rows of a task with two videos come twice.
fn claimed(rows: &[Row]) -> Result<Vec<Claimed>, FetchError> {
    let mut ranked: Vec<(bool, Option<SystemTime>, i64, &Row)> = rows
        .iter()
        .map(|row| {
            let expires_at: Option<SystemTime> = row.get("expires_at");
            let position = row.get("position");
            (expires_at.is_none(), expires_at, position, row)
        })
        .collect();
    ranked.sort_by_key(|(is_last, at, position, _)| (*is_last, *at, *position));
    let mut tasks: Vec<Claimed> = Vec::new();
    for (.., row) in ranked {
        let task_id = task_id(row)?;
        if tasks
            .last()
            .is_none_or(|task| task.claim.task_id != task_id)
        {
            tasks.push(Claimed {
                claim: Claim {
                    task_id,
                    token: row.get("token"),
                },
                was_unavailable: TaskState::of(row.get("task_state")) == TaskState::Unavailable,
                placing: Vec::new(),
            });
        }
        if let (Some(task), Some(_)) = (tasks.last_mut(), row.get::<_, Option<&str>>("kind")) {
            task.placing.push(videos::row(row)?);
        }
    }
    Ok(tasks)
}

pub(super) async fn release(connections: &Connections, claim: &Claim) -> Result<(), FetchError> {
    fenced::write(connections, RELEASE, claim, &[]).await
}

/// Gives back what a worker holds. A database that is away does it by itself, when the leases end.
pub(super) async fn release_all(connections: &Connections, lease: &Lease) {
    let _ = connections.query_once(RELEASE_ALL, &[&lease.worker]).await;
}

pub(super) async fn renew(connections: &Connections, lease: &Lease) -> Result<(), FetchError> {
    let seconds = lease.duration.as_secs_f64();
    let renewed = connections.query(RENEW, &[&lease.worker, &seconds]).await;
    renewed.map(drop)
}
