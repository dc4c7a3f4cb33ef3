//! Videos in Postgres, read and written.

use seedance_query::model::TaskId;
use tokio_postgres::{Row, types::ToSql};

use super::{connections::Connections, fenced, task_id::task_id};
use crate::{
    error::FetchError,
    ledger::{Claim, Placing, VideoRow, VideoState},
    video_kind::VideoKind,
};

const ONE: &str = "
SELECT task_id, kind, state, file, bytes, sha256, verification FROM seedance_query.video
WHERE task_id = $1 AND kind = $2";

const OF_WORKER: &str = "
SELECT task_id, kind, video.state, file, bytes, sha256, verification
FROM seedance_query.video JOIN seedance_query.task USING (task_id) WHERE worker = $1";

/// The row of the task is locked, so that nobody claims it before the video is written.
const PLACING: &str = "
WITH held AS (
    SELECT task_id FROM seedance_query.task WHERE task_id = $1 AND token = $2 FOR UPDATE
), written AS (
    UPDATE seedance_query.video SET state = 'placing', file = $4, bytes = $5, sha256 = $6,
        verification = $7, changed_at = now()
    FROM held WHERE video.task_id = held.task_id AND kind = $3
)
SELECT task_id FROM held";

/// With its last video a task is done.
const PLACED: &str = "
WITH held AS (
    UPDATE seedance_query.task SET is_done = done.it_is, done_at = CASE WHEN done.it_is THEN now() END
    FROM (
        SELECT $4 AND NOT EXISTS (
            SELECT FROM seedance_query.video
            WHERE video.task_id = $1 AND kind <> $3 AND state <> 'arrived') AS it_is
    ) AS done
    WHERE task_id = $1 AND token = $2 RETURNING task_id
), written AS (
    UPDATE seedance_query.video SET changed_at = now(),
        state = CASE WHEN $4 THEN 'arrived' ELSE 'wanted' END
    FROM held WHERE video.task_id = held.task_id AND kind = $3
)
SELECT task_id FROM held";

pub(super) async fn video(
    connections: &Connections,
    id: &TaskId,
    kind: VideoKind,
) -> Result<Option<VideoRow>, FetchError> {
    let (id, kind) = (id.as_str(), kind.name());
    let rows = connections.query(ONE, &[&id, &kind]).await?;
    rows.first().map(row).transpose()
}

pub(super) async fn of_worker(
    connections: &Connections,
    worker: &str,
) -> Result<Vec<VideoRow>, FetchError> {
    let rows = connections.query(OF_WORKER, &[&worker]).await?;
    rows.iter().map(row).collect()
}

pub(super) async fn placing(
    connections: &Connections,
    claim: &Claim,
    kind: VideoKind,
    placing: &Placing,
) -> Result<(), FetchError> {
    let bytes = i64::try_from(placing.bytes).unwrap_or(i64::MAX);
    let kind = kind.name();
    let Placing {
        file,
        sha256,
        verification,
        ..
    } = placing;
    let parameters: [&(dyn ToSql + Sync); 5] = [&kind, file, &bytes, sha256, verification];
    fenced::write(connections, PLACING, claim, &parameters).await
}

pub(super) async fn placed(
    connections: &Connections,
    claim: &Claim,
    kind: VideoKind,
    did: bool,
) -> Result<(), FetchError> {
    let kind = kind.name();
    fenced::write(connections, PLACED, claim, &[&kind, &did]).await
}

pub(super) fn row(row: &Row) -> Result<VideoRow, FetchError> {
    let bytes: Option<i64> = row.get("bytes");
    Ok(VideoRow {
        task_id: task_id(row)?,
        kind: VideoKind::of(row.get("kind")),
        state: VideoState::of(row.get("state")),
        file: row.get("file"),
        bytes: bytes.and_then(|bytes| u64::try_from(bytes).ok()),
        sha256: row.get("sha256"),
        verification: row.get("verification"),
    })
}
