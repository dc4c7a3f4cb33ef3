//! The tables of the ledger, and how those of an earlier version become these.

use rusqlite::Transaction;

/// The version of the schema, which SQLite keeps in the file (`user_version`).
pub(super) const VERSION: i64 = 3;

const TASK: &str = "
CREATE TABLE task (
    task_id       TEXT PRIMARY KEY,
    position      INTEGER NOT NULL,
    state         TEXT NOT NULL CHECK (state IN ('waiting', 'succeeded', 'failed', 'unavailable')),
    shape         TEXT,
    billed_tokens INTEGER,
    reason        TEXT,
    problem       TEXT,
    changed_at    INTEGER NOT NULL
) STRICT;
";

const VIDEO: &str = "
CREATE TABLE video (
    task_id      TEXT NOT NULL REFERENCES task (task_id),
    kind         TEXT NOT NULL CHECK (kind IN ('result', 'original')),
    state        TEXT NOT NULL CHECK (state IN ('wanted', 'placing', 'arrived')),
    file         TEXT,
    bytes        INTEGER,
    sha256       TEXT,
    expires_at   INTEGER,
    changed_at   INTEGER NOT NULL,
    verification TEXT,
    PRIMARY KEY (task_id, kind)
) STRICT;
";

/// A submission is known by its model, its time and a digest: the request has prompts and URLs.
const SUBMISSION: &str = "
CREATE TABLE submission (
    number     INTEGER PRIMARY KEY AUTOINCREMENT,
    state      TEXT NOT NULL CHECK (state IN ('sending', 'not_accepted', 'accepted', 'unknown')),
    digest     TEXT NOT NULL,
    model      TEXT,
    gateway    TEXT,
    task_id    TEXT,
    request_id TEXT,
    problem    TEXT,
    began_at   INTEGER NOT NULL,
    changed_at INTEGER NOT NULL
) STRICT;
";

/// Version 1 knew no task without a video, and did not note what vouches for a video.
const FROM_1_TO_2: &str = "
CREATE TABLE new_task AS SELECT * FROM task;
DROP TABLE task;
";

/// Creates the tables of a new ledger.
pub(super) fn create(transaction: &Transaction<'_>) -> rusqlite::Result<()> {
    for table in [TASK, VIDEO, SUBMISSION] {
        transaction.execute_batch(table)?;
    }
    transaction.pragma_update(None, "user_version", VERSION)
}

/// Brings a ledger of an earlier version up to date. Foreign keys have to be off: a table that others
/// refer to is replaced.
pub(super) fn upgrade(transaction: &Transaction<'_>, version: i64) -> rusqlite::Result<()> {
    if version < 2 {
        transaction.execute_batch(FROM_1_TO_2)?;
        transaction.execute_batch(TASK)?;
        transaction.execute_batch(
            "INSERT INTO task SELECT * FROM new_task;
             DROP TABLE new_task;
             ALTER TABLE video ADD COLUMN verification TEXT;",
        )?;
    }
    // Version 2 knew no submissions.
    transaction.execute_batch(SUBMISSION)?;
    transaction.pragma_update(None, "user_version", VERSION)
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::{TASK, VERSION, VIDEO, create, upgrade};

    /// The tables as version 1 made them.
    const VERSION_1: &str = "
        CREATE TABLE task (
            task_id TEXT PRIMARY KEY, position INTEGER NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('waiting', 'succeeded', 'failed')),
            shape TEXT, billed_tokens INTEGER, reason TEXT, problem TEXT,
            changed_at INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE video (
            task_id TEXT NOT NULL REFERENCES task (task_id),
            kind TEXT NOT NULL CHECK (kind IN ('result', 'original')),
            state TEXT NOT NULL CHECK (state IN ('wanted', 'placing', 'arrived')),
            file TEXT, bytes INTEGER, sha256 TEXT, expires_at INTEGER,
            changed_at INTEGER NOT NULL, PRIMARY KEY (task_id, kind)
        ) STRICT;
        INSERT INTO task VALUES ('t1', 1, 'succeeded', 'normal', 5, NULL, 'slow', 7);
        INSERT INTO video VALUES ('t1', 'result', 'arrived', 't1.mp4', 9, 'ab', 8, 7);
        PRAGMA user_version = 1;";

    fn columns(connection: &Connection, table: &str) -> Vec<String> {
        let mut statement = connection
            .prepare("SELECT name FROM pragma_table_info(?1)")
            .unwrap();
        let names = statement.query_map([table], |row| row.get(0)).unwrap();
        names.map(Result::unwrap).collect()
    }

    /// Upgrades tables that were made by an earlier version.
    fn upgraded(tables: &str, version: i64) -> Connection {
        let mut old = Connection::open_in_memory().unwrap();
        old.pragma_update(None, "foreign_keys", false).unwrap();
        old.execute_batch(tables).unwrap();
        let transaction = old.transaction().unwrap();
        upgrade(&transaction, version).unwrap();
        transaction.commit().unwrap();
        old
    }

    fn has_the_tables_of_a_new_one(old: &Connection) {
        let mut new = Connection::open_in_memory().unwrap();
        let transaction = new.transaction().unwrap();
        create(&transaction).unwrap();
        transaction.commit().unwrap();
        for table in ["task", "video", "submission"] {
            assert_eq!(columns(old, table), columns(&new, table));
        }
        let version: i64 = old
            .pragma_query_value(None, "user_version", |row| row.get(0))
            .unwrap();
        assert_eq!(version, VERSION);
    }

    #[test]
    fn a_ledger_of_version_1_keeps_its_rows_and_gets_the_tables_of_a_new_one() {
        let old = upgraded(VERSION_1, 1);
        has_the_tables_of_a_new_one(&old);
        let kept: (String, i64, String) = old
            .query_row(
                "SELECT task.shape, bytes, problem FROM video JOIN task USING (task_id)",
                [],
                |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
            )
            .unwrap();
        assert_eq!(kept, ("normal".to_owned(), 9, "slow".to_owned()));
        old.execute("UPDATE task SET state = 'unavailable'", [])
            .unwrap();
        old.pragma_update(None, "foreign_keys", true).unwrap();
        let orphan = old.execute("DELETE FROM task", []);
        assert!(orphan.is_err(), "videos still refer to their tasks");
    }

    #[test]
    fn a_ledger_of_version_2_keeps_its_rows_and_gets_submissions() {
        // The tables of tasks and videos have not changed since.
        let rows = "INSERT INTO task VALUES ('t1', 1, 'unavailable', NULL, 5, 'gone', NULL, 7);";
        let old = upgraded(&format!("{TASK}{VIDEO}{rows}"), 2);
        has_the_tables_of_a_new_one(&old);
        let state: String = old
            .query_row("SELECT state FROM task", [], |row| row.get(0))
            .unwrap();
        assert_eq!(state, "unavailable");
    }
}
