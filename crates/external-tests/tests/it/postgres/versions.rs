//! Programs of several versions on one database.

use seedance_fetch::{Ledger, PostgresLedger, fleet_status};
use tokio::task::JoinSet;

use super::{LEASE, PATIENCE, begin, database};

#[tokio::test(flavor = "multi_thread")]
async fn workers_that_start_together_make_the_tables_once() {
    let database = database().await;
    let mut opened = JoinSet::new();
    for _ in 0..8 {
        let address = database.address();
        opened.spawn(async move { PostgresLedger::open(&address, LEASE, PATIENCE).await });
    }
    for worker in opened.join_all().await {
        worker.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_tables_of_a_later_program_are_refused_at_the_start_and_later() {
    let database = database().await;
    let worker = database.worker().await;
    begin(&worker, 1).await;
    let later = "UPDATE seedance_query.schema_version SET version = 99";
    database.client().await.batch_execute(later).await.unwrap();
    let refused = PostgresLedger::open(&database.address(), LEASE, PATIENCE).await;
    let refused = refused.unwrap_err();
    // The task that is there is claimed, and then it looks for more.
    let meanwhile = worker.claim(10).await.unwrap_err();
    let read = fleet_status(&database.url).await.unwrap_err();
    for error in [refused, meanwhile, read] {
        assert!(error.is_ledger(), "{error}");
        let text = error.to_string();
        assert!(
            text.contains("has version 99") && text.contains("use the later program"),
            "{text}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn tables_of_the_first_version_are_upgraded_and_keep_their_rows() {
    let database = database().await;
    let worker = database.worker().await;
    begin(&worker, 3).await;
    drop(worker);
    // What the second version added is taken away again.
    let first = "DROP TABLE seedance_query.query_rate, seedance_query.download_slot;
                 UPDATE seedance_query.schema_version SET version = 1;";
    let client = database.client().await;
    client.batch_execute(first).await.unwrap();
    let worker = database.worker().await;
    assert_eq!(worker.backlog().await.unwrap().tasks, 3);
    let tables = "SELECT count(*) FROM seedance_query.query_rate, seedance_query.download_slot";
    client.query_one(tables, &[]).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_without_a_ledger_is_said_and_left_as_it_is() {
    let database = database().await;
    let error = fleet_status(&database.url).await.unwrap_err();
    assert!(
        error.is_input() && error.to_string().ends_with("has no ledger"),
        "{error}"
    );
    let schemas = "SELECT count(*) FROM pg_namespace WHERE nspname = 'seedance_query'";
    let found = database
        .client()
        .await
        .query_one(schemas, &[])
        .await
        .unwrap();
    assert_eq!(found.get::<_, i64>(0), 0);
}
