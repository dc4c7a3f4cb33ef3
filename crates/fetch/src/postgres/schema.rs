//! The tables in Postgres, and how those of an earlier version become these.

use tokio_postgres::{Client, Error};

/// The lock under which tables are created and upgraded; any number that nobody else uses.
const LOCK: i64 = 0x7365_6564_616e_6365;

/// What each version adds to the one before it, the first to an empty schema.
const STEPS: [&str; 2] = [TASKS, LIMITS];

/// The version of the tables that this program knows.
pub(super) const VERSION: i32 = 2;

/// `token` counts the claims of a task; `worker` is who claimed it last. A task is claimed when it is
/// due (`next_at`) and nobody holds a lease, the nearest expiry first.
const TASKS: &str = "
CREATE SCHEMA seedance_query;
CREATE TABLE seedance_query.schema_version (version integer NOT NULL);
INSERT INTO seedance_query.schema_version VALUES (0);
CREATE TABLE seedance_query.task (
    task_id       text PRIMARY KEY,
    position      bigint GENERATED ALWAYS AS IDENTITY,
    state         text NOT NULL DEFAULT 'waiting'
                  CHECK (state IN ('waiting', 'succeeded', 'failed', 'unavailable')),
    is_done       boolean NOT NULL DEFAULT false,
    shape         text,
    billed_tokens bigint,
    reason        text,
    problem       text,
    tries         integer NOT NULL DEFAULT 0,
    next_at       timestamptz NOT NULL DEFAULT now(),
    expires_at    timestamptz,
    token         bigint NOT NULL DEFAULT 0,
    worker        text,
    leased_until  timestamptz,
    added_at      timestamptz NOT NULL DEFAULT now(),
    done_at       timestamptz
);
CREATE INDEX task_due ON seedance_query.task (expires_at, position) WHERE NOT is_done;
CREATE INDEX task_held ON seedance_query.task (worker) WHERE leased_until IS NOT NULL;
CREATE INDEX task_done ON seedance_query.task (done_at) WHERE is_done;
CREATE TABLE seedance_query.video (
    task_id      text NOT NULL REFERENCES seedance_query.task ON DELETE CASCADE,
    kind         text NOT NULL CHECK (kind IN ('result', 'original')),
    state        text NOT NULL CHECK (state IN ('wanted', 'placing', 'arrived')),
    file         text,
    bytes        bigint,
    sha256       text,
    verification text,
    expires_at   timestamptz,
    changed_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (task_id, kind)
);
";

/// What holds for all workers together: when the next query may begin, and who downloads.
const LIMITS: &str = "
CREATE TABLE seedance_query.query_rate (
    is_only    boolean PRIMARY KEY DEFAULT true CHECK (is_only),
    per_second integer NOT NULL CHECK (per_second > 0),
    next_at    timestamptz NOT NULL DEFAULT now(),
    taken      bigint NOT NULL DEFAULT 0
);
CREATE TABLE seedance_query.download_slot (
    number     integer PRIMARY KEY,
    worker     text,
    held_until timestamptz
);
";

/// Creates or upgrades the tables, in one step or not at all, and returns the version that they have.
/// That is a later one if a later program made them; then nothing is changed.
pub(super) async fn bring_up_to_date(client: &mut Client) -> Result<i32, Error> {
    let transaction = client.transaction().await?;
    // Workers that start together do this one after the other.
    let lock = "SELECT pg_advisory_xact_lock($1)";
    transaction.execute(lock, &[&LOCK]).await?;
    let exists = "SELECT to_regclass('seedance_query.schema_version') IS NOT NULL";
    let mut version = 0;
    if transaction.query_one(exists, &[]).await?.get(0) {
        let read = "SELECT version FROM seedance_query.schema_version";
        version = transaction.query_one(read, &[]).await?.get(0);
    }
    if version >= VERSION {
        return Ok(version);
    }
    for step in &STEPS[usize::try_from(version).unwrap_or_default()..] {
        transaction.batch_execute(step).await?;
    }
    let write = "UPDATE seedance_query.schema_version SET version = $1";
    transaction.execute(write, &[&VERSION]).await?;
    transaction.commit().await?;
    Ok(VERSION)
}
