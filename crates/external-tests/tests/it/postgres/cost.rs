//! What a task costs the database: the numbers of docs/fleet.md.

use std::{env, time::Instant};

use seedance_external_tests::{PostgresServer, connect};
use seedance_mock::{Gateway, Origin, Scenario, task_id};
use seedance_query::TaskId;

use super::workers::Workers;

const WORKERS: u32 = 2;
/// `FLEET_TASKS=1000` for numbers that the start and the end of a run hardly touch.
const TASKS: u32 = 30;

/// Statements of a kind, and what they wrote.
#[derive(Debug, Default)]
struct Cost {
    statements: i64,
    wal_bytes: i64,
    full_pages: i64,
}

/// What causes a statement.
fn cause(statement: &str) -> usize {
    let has = |parts: &[&str]| parts.iter().any(|part| statement.contains(part));
    if has(&["UPDATE seedance_query.query_rate"]) {
        0
    } else if has(&[
        "leased_until = now() + $2",
        "held_until = now() + $2 * interval $3\nWHERE worker",
    ]) {
        1
    } else if has(&["WITH due AS", "AS is_open"]) {
        2
    } else {
        3
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_task_costs_a_few_statements_and_kilobytes() {
    let tasks = env::var("FLEET_TASKS").map_or(TASKS, |number| number.parse().unwrap());
    let gateway = Gateway::builder().speed(100.0).start().await.unwrap();
    let server = PostgresServer::start_counting().await;
    let url = server.database().await;
    let client = connect(&url).await.unwrap();
    let prepare = "CREATE EXTENSION pg_stat_statements; CHECKPOINT";
    client.batch_execute(prepare).await.unwrap();
    let lsn = async || -> i64 {
        let read = "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint";
        client.query_one(read, &[]).await.unwrap().get(0)
    };
    let mut workers = Workers::new(&gateway, &url);
    let ids: Vec<TaskId> = (1..=tasks)
        .map(|at| task_id(Scenario::Normal, at))
        .collect();
    let (began, before) = (Instant::now(), lsn().await);
    let running: Vec<_> = (0..WORKERS)
        .map(|worker| {
            workers.start(
                &["--hold", "100", "--downloads", "8"],
                if worker == 0 { &ids } else { &[] },
            )
        })
        .collect();
    for mut worker in running {
        let ended = tokio::task::spawn_blocking(move || worker.wait().unwrap());
        let code = ended.await.unwrap().code();
        assert_eq!(code, Some(0), "{}", workers.complaints());
    }
    let (took, wal) = (began.elapsed().as_secs_f64(), lsn().await - before);
    workers.all_arrived(&gateway, &ids);

    let read = "
        SELECT query, calls, wal_bytes::bigint, wal_fpi FROM pg_stat_statements
        JOIN pg_database ON pg_database.oid = dbid
        WHERE datname = current_database() AND query ILIKE '%seedance_query.%'
            AND query NOT ILIKE '%CREATE%'
        ORDER BY calls DESC";
    let mut costs: [Cost; 4] = Default::default();
    for row in client.query(read, &[]).await.unwrap() {
        let (statement, calls): (String, i64) = (row.get(0), row.get(1));
        let (wal_bytes, full_pages): (i64, i64) = (row.get(2), row.get(3));
        let words: Vec<&str> = statement.split_whitespace().take(9).collect();
        println!(
            "{calls:7} × {:5} bytes  {}",
            wal_bytes / calls,
            words.join(" ")
        );
        let cost = &mut costs[cause(&statement)];
        cost.statements += calls;
        cost.wal_bytes += wal_bytes;
        cost.full_pages += full_pages;
    }
    let compact = "VACUUM FULL";
    client.batch_execute(compact).await.unwrap();
    let size = "
        SELECT pg_total_relation_size('seedance_query.task')
            + pg_total_relation_size('seedance_query.video')";
    let size: i64 = client.query_one(size, &[]).await.unwrap().get(0);
    let requests = gateway.requests();
    let queries = requests
        .iter()
        .filter(|request| request.origin == Origin::Gateway);
    let queries = i64::try_from(queries.count()).unwrap();
    let tasks = i64::from(tasks);
    let [of_queries, of_leases, of_claims, of_tasks] = costs;
    println!(
        "{tasks} tasks, {queries} queries in {took:.1} s; {wal} bytes of WAL in all, \
         {size} bytes of tables\n\
         turns of queries: {of_queries:?}\nrenewals of leases: {of_leases:?}\n\
         looks for tasks: {of_claims:?}\ntasks: {of_tasks:?}"
    );
    // Each query takes one turn.
    assert!((queries..=queries + 10).contains(&of_queries.statements));
    let statements = of_tasks.statements / tasks;
    assert!((4..=8).contains(&statements), "{statements} for each task");
    assert!(of_leases.statements > 0 && of_claims.statements > 0);
    assert!(of_queries.wal_bytes / of_queries.statements < 500);
    assert!(of_tasks.wal_bytes / tasks < 6_000);
}
