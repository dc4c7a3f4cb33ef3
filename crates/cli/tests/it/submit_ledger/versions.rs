//! Ledgers of earlier and later versions.

use std::path::Path;

use rusqlite::Connection;
use seedance_mock::{Scenario, task_id};
use tempfile::TempDir;

use super::{fetch, ledger, submit};
use crate::{commands::gateway, program};

/// The tables as version 2 made them, which knew no submissions.
const VERSION_2: &str = "
    CREATE TABLE task (
        task_id TEXT PRIMARY KEY, position INTEGER NOT NULL,
        state TEXT NOT NULL
            CHECK (state IN ('waiting', 'succeeded', 'failed', 'unavailable')),
        shape TEXT, billed_tokens INTEGER, reason TEXT, problem TEXT, changed_at INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE video (
        task_id TEXT NOT NULL REFERENCES task (task_id),
        kind TEXT NOT NULL CHECK (kind IN ('result', 'original')),
        state TEXT NOT NULL CHECK (state IN ('wanted', 'placing', 'arrived')),
        file TEXT, bytes INTEGER, sha256 TEXT, expires_at INTEGER, changed_at INTEGER NOT NULL,
        verification TEXT, PRIMARY KEY (task_id, kind)
    ) STRICT;
    INSERT INTO task VALUES ('t1', 1, 'failed', 'failure', NULL, 'refused', NULL, 7);
    PRAGMA journal_mode = WAL;
    PRAGMA user_version = 2;";

fn database(directory: &Path, sql: &str) -> Connection {
    let connection = Connection::open(directory.join("seedance-query.sqlite3")).unwrap();
    connection.execute_batch(sql).unwrap();
    connection
}

fn version(directory: &Path) -> i64 {
    database(directory, "")
        .pragma_query_value(None, "user_version", |row| row.get(0))
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_earlier_ledger_is_continued() {
    let gateway = gateway().await;
    let directory = TempDir::new().unwrap();
    let id = task_id(Scenario::Normal, 9);
    let task =
        format!("INSERT INTO task VALUES ('{id}', 2, 'waiting', NULL, NULL, NULL, NULL, 7);");
    // An earlier program that is still running keeps its connection.
    let earlier = database(directory.path(), &format!("{VERSION_2}{task}"));
    let mut command = submit(gateway.base_url(), directory.path(), &[]);
    command.env("SEEDANCE_API_KEY", gateway.api_key());
    let (code, out, err) = program::run(command).await;
    assert_eq!(code, 0, "{out}{err}");
    assert_eq!(version(directory.path()), 3);
    let changed = earlier.execute("UPDATE task SET problem = 'slow' WHERE task_id = 't1'", []);
    assert_eq!(changed.unwrap(), 1);
    let (code, summary, err) = fetch(&gateway, directory.path()).await;
    assert_eq!((code, err.as_str()), (0, ""));
    let states = ["failed", "arrived", "arrived"];
    for (at, state) in states.into_iter().enumerate() {
        assert_eq!(summary["tasks"][at]["state"], state, "{summary}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_later_ledger_is_refused() {
    let gateway = gateway().await;
    let directory = TempDir::new().unwrap();
    drop(database(directory.path(), "PRAGMA user_version = 4;"));
    let submitted = program::run(submit(gateway.base_url(), directory.path(), &[])).await;
    let fetched = fetch(&gateway, directory.path()).await;
    let shown = ledger(directory.path(), &[]).await;
    for (code, err) in [
        (submitted.0, submitted.2),
        (fetched.0, fetched.2),
        (shown.0, shown.3),
    ] {
        assert_eq!(code, 2, "{err}");
        assert!(err.contains("has version 4"), "{err}");
        assert!(err.contains("use the later program that wrote it"), "{err}");
    }
    assert_eq!(gateway.requests().len(), 0);
    assert_eq!(version(directory.path()), 4);
    let empty = TempDir::new().unwrap();
    let (code, _, _, err) = ledger(empty.path(), &[]).await;
    assert_eq!(code, 2);
    assert!(err.contains("has no ledger"), "{err}");
}
