//! The ledger's rows, read and written.
//!
//! No URL is stored: it is a secret, and a fresh one costs one query.

use std::time::{SystemTime, UNIX_EPOCH};

use rusqlite::{OptionalExtension, Row, Transaction, named_params};

use seedance_query::model::TaskId;

use super::{
    database::Database,
    rows::{LedgerRows, TaskRow, TaskState, VideoRow, VideoState},
};
use crate::{error::FetchError, video_kind::VideoKind};

impl Database {
    /// Begins a run: adds the tasks that are not there yet, and forgets what stopped the last run.
    pub fn begin(&mut self, ids: &[TaskId]) -> Result<(), FetchError> {
        let forgotten = self
            .connection
            .execute("UPDATE task SET problem = NULL", []);
        self.written(forgotten)?;
        self.add(ids).map(drop)
    }

    /// Adds tasks, and returns those that were not there yet.
    pub fn add(&mut self, ids: &[TaskId]) -> Result<Vec<TaskId>, FetchError> {
        let outcome = (|| {
            let transaction = self.connection.transaction()?;
            let new = add(&transaction, ids)?;
            transaction.commit()?;
            Ok(new)
        })();
        self.written(outcome)
    }

    /// All tasks in the order in which they were given.
    pub fn tasks(&self) -> Result<Vec<TaskRow>, FetchError> {
        let outcome = (|| {
            let mut statement = self.connection.prepare(
                "SELECT task_id, state, shape, billed_tokens, reason, problem,
                    (SELECT max(request_id) FROM submission
                     WHERE submission.task_id = task.task_id) AS request_id
                 FROM task ORDER BY position",
            )?;
            let rows = statement.query_map([], |row| {
                Ok(TaskRow {
                    task_id: task_id(row)?,
                    state: TaskState::of(row.get_ref("state")?.as_str()?),
                    shape: row.get("shape")?,
                    billed_tokens: row.get("billed_tokens")?,
                    reason: row.get("reason")?,
                    problem: row.get("problem")?,
                    request_id: row.get("request_id")?,
                })
            })?;
            rows.collect()
        })();
        self.read(outcome)
    }

    /// All videos, the one that expires first at the beginning.
    pub fn videos(&self) -> Result<Vec<VideoRow>, FetchError> {
        let outcome = (|| {
            let mut statement = self.connection.prepare(
                "SELECT task_id, kind, video.state, file, bytes, sha256, verification
                 FROM video JOIN task USING (task_id)
                 ORDER BY expires_at IS NULL, expires_at, position, kind DESC",
            )?;
            let rows = statement.query_map([], video_row)?;
            rows.collect()
        })();
        self.read(outcome)
    }

    pub fn video(&self, id: &TaskId, kind: VideoKind) -> Result<Option<VideoRow>, FetchError> {
        let outcome = self
            .connection
            .query_row(
                "SELECT task_id, kind, state, file, bytes, sha256, verification FROM video
                 WHERE task_id = :id AND kind = :kind",
                named_params! {":id": id.as_str(), ":kind": kind.name()},
                video_row,
            )
            .optional();
        self.read(outcome)
    }

    /// Notes how a task ended, and which videos it has.
    pub fn ended(
        &mut self,
        row: &TaskRow,
        videos: &[(VideoKind, Option<SystemTime>)],
    ) -> Result<(), FetchError> {
        let outcome = (|| {
            let transaction = self.connection.transaction()?;
            transaction.execute(
                "UPDATE task SET state = :state, shape = :shape, billed_tokens = :tokens,
                 reason = :reason, problem = NULL, changed_at = :now WHERE task_id = :id",
                named_params! {
                    ":state": row.state.name(),
                    ":shape": row.shape,
                    ":tokens": row.billed_tokens,
                    ":reason": row.reason,
                    ":now": now(),
                    ":id": row.task_id.as_str(),
                },
            )?;
            for (kind, expires_at) in videos {
                transaction.execute(
                    "INSERT INTO video (task_id, kind, state, expires_at, changed_at)
                     VALUES (:id, :kind, 'wanted', :expires, :now)
                     ON CONFLICT DO UPDATE SET expires_at = excluded.expires_at
                     WHERE state <> 'arrived'",
                    named_params! {
                        ":id": row.task_id.as_str(),
                        ":kind": kind.name(),
                        ":expires": expires_at.map(unix),
                        ":now": now(),
                    },
                )?;
            }
            transaction.commit()
        })();
        self.written(outcome)
    }

    /// Notes why a task could not be taken further in this run.
    pub fn has_problem(&self, id: &TaskId, problem: &str) -> Result<(), FetchError> {
        self.written(self.connection.execute(
            "UPDATE task SET problem = :problem, changed_at = :now WHERE task_id = :id",
            named_params! {":problem": problem, ":now": now(), ":id": id.as_str()},
        ))?;
        Ok(())
    }

    /// Notes that a task has no video that can be had, as far as can be told.
    pub fn unavailable(&self, id: &TaskId, reason: &str) -> Result<(), FetchError> {
        self.written(self.connection.execute(
            "UPDATE task SET state = :state, reason = :reason, problem = NULL, changed_at = :now
             WHERE task_id = :id",
            named_params! {
                ":state": TaskState::Unavailable.name(),
                ":reason": reason,
                ":now": now(),
                ":id": id.as_str(),
            },
        ))?;
        Ok(())
    }

    /// Notes that a task has not ended, whatever was known of it before.
    pub fn goes_on(&self, id: &TaskId) -> Result<(), FetchError> {
        self.written(self.connection.execute(
            "UPDATE task SET state = :state, reason = NULL, changed_at = :now WHERE task_id = :id",
            named_params! {
                ":state": TaskState::Waiting.name(), ":now": now(), ":id": id.as_str(),
            },
        ))?;
        Ok(())
    }

    /// Notes that a verified file is about to appear under its name.
    pub fn placing(
        &self,
        id: &TaskId,
        kind: VideoKind,
        (file, bytes, sha256): (&str, u64, &str),
        verification: Option<&str>,
    ) -> Result<(), FetchError> {
        self.written(self.connection.execute(
            "UPDATE video SET state = 'placing', file = :file, bytes = :bytes, sha256 = :sha256,
             verification = :verification, changed_at = :now WHERE task_id = :id AND kind = :kind",
            named_params! {
                ":file": file,
                ":bytes": i64::try_from(bytes).unwrap_or(i64::MAX),
                ":sha256": sha256,
                ":verification": verification,
                ":now": now(),
                ":id": id.as_str(),
                ":kind": kind.name(),
            },
        ))?;
        Ok(())
    }

    /// Notes a video that came beside a batch.
    pub fn arrived(
        &mut self,
        id: &TaskId,
        kind: VideoKind,
        (file, bytes, sha256): (&str, u64, &str),
        verification: &str,
    ) -> Result<(), FetchError> {
        let outcome = (|| {
            let transaction = self.connection.transaction()?;
            add(&transaction, std::slice::from_ref(id))?;
            transaction.execute(
                "UPDATE task SET state = 'succeeded', changed_at = :now WHERE task_id = :id",
                named_params! {":now": now(), ":id": id.as_str()},
            )?;
            transaction.execute(
                "INSERT OR REPLACE INTO video
                 (task_id, kind, state, file, bytes, sha256, verification, changed_at)
                 VALUES (:id, :kind, 'arrived', :file, :bytes, :sha256, :verification, :now)",
                named_params! {
                    ":id": id.as_str(),
                    ":kind": kind.name(),
                    ":file": file,
                    ":bytes": i64::try_from(bytes).unwrap_or(i64::MAX),
                    ":sha256": sha256,
                    ":verification": verification,
                    ":now": now(),
                },
            )?;
            transaction.commit()
        })();
        self.written(outcome)
    }

    /// All of it.
    pub fn rows(&mut self) -> Result<LedgerRows, FetchError> {
        Ok(LedgerRows {
            videos: self.videos()?,
            tasks: self.tasks()?,
            submissions: self.submissions()?,
        })
    }

    /// Removes tasks; their files stay.
    pub fn forget(&mut self, ids: &[TaskId]) -> Result<(), FetchError> {
        let outcome = (|| {
            let transaction = self.connection.transaction()?;
            for id in ids {
                transaction.execute("DELETE FROM video WHERE task_id = ?1", [id.as_str()])?;
                transaction.execute("DELETE FROM task WHERE task_id = ?1", [id.as_str()])?;
            }
            transaction.commit()
        })();
        self.written(outcome)
    }

    /// Notes whether the file that was to appear did.
    pub fn placed(&self, id: &TaskId, kind: VideoKind, did: bool) -> Result<(), FetchError> {
        let state = if did { "arrived" } else { "wanted" };
        self.written(self.connection.execute(
            "UPDATE video SET state = :state, changed_at = :now
             WHERE task_id = :id AND kind = :kind",
            named_params! {
                ":state": state, ":now": now(), ":id": id.as_str(), ":kind": kind.name(),
            },
        ))?;
        Ok(())
    }
}

/// Adds tasks, and returns those that were not there yet.
pub(super) fn add(transaction: &Transaction<'_>, ids: &[TaskId]) -> rusqlite::Result<Vec<TaskId>> {
    let mut new = Vec::new();
    let last: i64 =
        transaction.query_row("SELECT coalesce(max(position), 0) FROM task", [], |row| {
            row.get(0)
        })?;
    let mut insert = transaction.prepare(
        "INSERT INTO task (task_id, position, state, changed_at)
         VALUES (:id, :position, 'waiting', :now) ON CONFLICT DO NOTHING",
    )?;
    for (id, position) in ids.iter().zip(last + 1..) {
        let inserted = insert.execute(named_params! {
            ":id": id.as_str(), ":position": position, ":now": now(),
        })?;
        if inserted > 0 {
            new.push(id.clone());
        }
    }
    Ok(new)
}

fn task_id(row: &Row<'_>) -> rusqlite::Result<TaskId> {
    let text: String = row.get("task_id")?;
    text.try_into().map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Text, Box::new(error))
    })
}

fn video_row(row: &Row<'_>) -> rusqlite::Result<VideoRow> {
    let bytes: Option<i64> = row.get("bytes")?;
    Ok(VideoRow {
        task_id: task_id(row)?,
        kind: VideoKind::of(row.get_ref("kind")?.as_str()?),
        state: VideoState::of(row.get_ref("state")?.as_str()?),
        file: row.get("file")?,
        bytes: bytes.and_then(|bytes| u64::try_from(bytes).ok()),
        sha256: row.get("sha256")?,
        verification: row.get("verification")?,
    })
}

pub(super) fn now() -> i64 {
    unix(SystemTime::now())
}

fn unix(at: SystemTime) -> i64 {
    let seconds = at.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    i64::try_from(seconds).unwrap_or(i64::MAX)
}
