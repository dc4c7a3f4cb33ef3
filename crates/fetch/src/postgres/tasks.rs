//! Tasks in Postgres, read and written.

use std::time::SystemTime;

use seedance_query::model::{Shape, TaskId};
use tokio_postgres::types::ToSql;

use super::{connections::Connections, fenced, task_id::task_id};
use crate::{
    error::FetchError,
    ledger::{Backlog, Beginning, Claim, TaskRow, TaskState},
    video_kind::VideoKind,
};

/// Number of ids that one statement takes.
const IDS_AT_ONCE: usize = 10_000;

/// Adds tasks in their order; one that has no video that can be had is asked for once more.
const ADD: &str = "
WITH given AS (
    SELECT id, min(at) AS at FROM unnest($1::text[]) WITH ORDINALITY AS given (id, at) GROUP BY id
), new AS (
    INSERT INTO seedance_query.task (task_id) SELECT id FROM given ORDER BY at
    ON CONFLICT DO NOTHING RETURNING task_id
), again AS (
    UPDATE seedance_query.task SET is_done = false, next_at = now()
    FROM given WHERE task_id = id AND state = 'unavailable' AND is_done RETURNING task_id
)
SELECT (SELECT count(*) FROM new) + (SELECT count(*) FROM again) AS added";

const FORGET: &str = "DELETE FROM seedance_query.task WHERE task_id = ANY ($1::text[])";

/// What stopped a worker does not stop the next one.
const FORGET_PROBLEMS: &str = "
UPDATE seedance_query.task SET problem = NULL, next_at = now()
WHERE NOT is_done AND problem IS NOT NULL AND (leased_until IS NULL OR leased_until <= now())";

/// Those that ended before the video before the enhancement was wanted.
const WANT_ORIGINALS: &str = "
UPDATE seedance_query.task SET is_done = false, next_at = now()
WHERE is_done AND state = 'succeeded' AND shape = $1
    AND NOT EXISTS (SELECT FROM seedance_query.video
                    WHERE video.task_id = task.task_id AND kind = 'original')";

const BACKLOG: &str = "
SELECT count(*) FILTER (WHERE NOT is_done AND state <> 'unavailable') AS open, count(*) AS all
FROM seedance_query.task";

/// A task is done when none of its videos is wanted any more.
const ENDED: &str = "
WITH given AS (
    SELECT * FROM unnest($7::text[], $8::timestamptz[]) AS given (kind, expires_at)
), missing AS (
    SELECT kind FROM given UNION SELECT kind FROM seedance_query.video WHERE task_id = $1
    EXCEPT SELECT kind FROM seedance_query.video WHERE task_id = $1 AND state = 'arrived'
), held AS (
    UPDATE seedance_query.task SET state = $3, shape = $4, billed_tokens = $5, reason = $6,
        problem = NULL, expires_at = (SELECT min(expires_at) FROM given),
        is_done = ($3 = 'failed' OR NOT EXISTS (SELECT FROM missing)),
        done_at = CASE WHEN $3 = 'failed' OR NOT EXISTS (SELECT FROM missing) THEN now() END
    WHERE task_id = $1 AND token = $2 RETURNING task_id
), wanted AS (
    INSERT INTO seedance_query.video (task_id, kind, state, expires_at)
    SELECT task_id, kind, 'wanted', expires_at FROM held, given
    ON CONFLICT (task_id, kind) DO UPDATE SET expires_at = excluded.expires_at, changed_at = now()
    WHERE video.state <> 'arrived'
)
SELECT task_id FROM held";

const GOES_ON: &str = "
UPDATE seedance_query.task SET state = 'waiting', reason = NULL, is_done = false, done_at = NULL
WHERE task_id = $1 AND token = $2 RETURNING token";

const UNAVAILABLE: &str = "
UPDATE seedance_query.task SET state = 'unavailable', reason = $3, problem = NULL, is_done = true,
    done_at = now()
WHERE task_id = $1 AND token = $2 RETURNING token";

const HAS_PROBLEM: &str = "
UPDATE seedance_query.task SET problem = $3 WHERE task_id = $1 AND token = $2 RETURNING token";

/// The tasks that a worker was the last to claim.
const OF_WORKER: &str = "
SELECT task_id, state, shape, billed_tokens, reason, problem FROM seedance_query.task
WHERE worker = $1 ORDER BY position";

pub(super) async fn begin(
    connections: &Connections,
    beginning: &Beginning,
) -> Result<(), FetchError> {
    if !beginning.forgotten.is_empty() {
        let forgotten = texts(&beginning.forgotten);
        connections.query(FORGET, &[&forgotten]).await?;
    }
    connections.query(FORGET_PROBLEMS, &[]).await?;
    if beginning.originals {
        let shape = Shape::SuperResolution.name();
        connections.query(WANT_ORIGINALS, &[&shape]).await?;
    }
    add(connections, &beginning.ids).await.map(drop)
}

pub(super) async fn add(connections: &Connections, ids: &[TaskId]) -> Result<usize, FetchError> {
    let mut added = 0;
    for ids in ids.chunks(IDS_AT_ONCE) {
        let rows = connections.query(ADD, &[&texts(ids)]).await?;
        added += count(rows[0].get("added"));
    }
    Ok(added)
}

pub(super) async fn backlog(connections: &Connections) -> Result<Backlog, FetchError> {
    let rows = connections.query(BACKLOG, &[]).await?;
    let (open, all) = (count(rows[0].get("open")), count(rows[0].get("all")));
    Ok(Backlog {
        tasks: open,
        done: all.saturating_sub(open),
    })
}

pub(super) async fn ended(
    connections: &Connections,
    claim: &Claim,
    row: &TaskRow,
    videos: &[(VideoKind, Option<SystemTime>)],
) -> Result<(), FetchError> {
    let kinds: Vec<&str> = videos.iter().map(|(kind, _)| kind.name()).collect();
    let expiries: Vec<Option<SystemTime>> = videos.iter().map(|(_, expiry)| *expiry).collect();
    let state = row.state.name();
    let parameters: [&(dyn ToSql + Sync); 6] = [
        &state,
        &row.shape,
        &row.billed_tokens,
        &row.reason,
        &kinds,
        &expiries,
    ];
    fenced::write(connections, ENDED, claim, &parameters).await
}

pub(super) async fn goes_on(connections: &Connections, claim: &Claim) -> Result<(), FetchError> {
    fenced::write(connections, GOES_ON, claim, &[]).await
}

pub(super) async fn unavailable(
    connections: &Connections,
    claim: &Claim,
    reason: &str,
) -> Result<(), FetchError> {
    fenced::write(connections, UNAVAILABLE, claim, &[&reason]).await
}

pub(super) async fn has_problem(
    connections: &Connections,
    claim: &Claim,
    problem: &str,
) -> Result<(), FetchError> {
    fenced::write(connections, HAS_PROBLEM, claim, &[&problem]).await
}

pub(super) async fn of_worker(
    connections: &Connections,
    worker: &str,
) -> Result<Vec<TaskRow>, FetchError> {
    let rows = connections.query(OF_WORKER, &[&worker]).await?;
    let tasks = rows.iter().map(|row| {
        Ok(TaskRow {
            task_id: task_id(row)?,
            state: TaskState::of(row.get("state")),
            shape: row.get("shape"),
            billed_tokens: row.get("billed_tokens"),
            reason: row.get("reason"),
            problem: row.get("problem"),
            request_id: None,
        })
    });
    tasks.collect()
}

fn texts(ids: &[TaskId]) -> Vec<&str> {
    ids.iter().map(TaskId::as_str).collect()
}

pub(super) fn count(number: i64) -> usize {
    usize::try_from(number).unwrap_or_default()
}
