//! The tables of the ledger, and how those of an earlier version become these.

use rusqlite::Connection;

/// The version of the schema, which SQLite keeps in the file (`user_version`).
pub(super) const VERSION: i64 = 2;

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

/// Version 1 knew no task without a video, and did not note what vouches for a video.
const FROM_1_TO_2: &str = "
CREATE TABLE new_task AS SELECT * FROM task;
DROP TABLE task;
";

/// Creates the tables of a new ledger.
pub(super) fn create(connection: &mut Connection) -> rusqlite::Result<()> {
    let transaction = connection.transaction()?;
    transaction.execute_batch(TASK)?;
    transaction.execute_batch(VIDEO)?;
    transaction.pragma_update(None, "user_version", VERSION)?;
    transaction.commit()
}

/// Brings a ledger of version 1 up to date, in one step or not at all. Foreign keys have to be off:
/// a table that others refer to is replaced.
pub(super) fn upgrade_from_1(connection: &mut Connection) -> rusqlite::Result<()> {
    let transaction = connection.transaction()?;
    transaction.execute_batch(FROM_1_TO_2)?;
    transaction.execute_batch(TASK)?;
    transaction.execute_batch(
        "INSERT INTO task SELECT * FROM new_task;
         DROP TABLE new_task;
         ALTER TABLE video ADD COLUMN verification TEXT;",
    )?;
    transaction.pragma_update(None, "user_version", VERSION)?;
    transaction.commit()
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::{VERSION, create, upgrade_from_1};

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

    #[test]
    fn a_ledger_of_version_1_keeps_its_rows_and_gets_the_tables_of_a_new_one() {
        let mut old = Connection::open_in_memory().unwrap();
        old.pragma_update(None, "foreign_keys", false).unwrap();
        old.execute_batch(VERSION_1).unwrap();
        upgrade_from_1(&mut old).unwrap();
        let mut new = Connection::open_in_memory().unwrap();
        create(&mut new).unwrap();
        for table in ["task", "video"] {
            assert_eq!(columns(&old, table), columns(&new, table));
        }
        let kept: (String, i64, String) = old
            .query_row(
                "SELECT task.shape, bytes, problem FROM video JOIN task USING (task_id)",
                [],
                |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
            )
            .unwrap();
        assert_eq!(kept, ("normal".to_owned(), 9, "slow".to_owned()));
        let version: i64 = old
            .pragma_query_value(None, "user_version", |row| row.get(0))
            .unwrap();
        assert_eq!(version, VERSION);
        old.execute("UPDATE task SET state = 'unavailable'", [])
            .unwrap();
        old.pragma_update(None, "foreign_keys", true).unwrap();
        let orphan = old.execute("DELETE FROM task", []);
        assert!(orphan.is_err(), "videos still refer to their tasks");
    }
}
