//! A database that is away: at the start, in the middle and for good.

use std::time::{Duration, Instant};

use seedance_external_tests::{PASSWORD, PostgresServer};
use seedance_fetch::{FetchError, FetchEvent, Ledger, PostgresAddress, PostgresLedger};
use seedance_ledger_suite::{claimed, succeeded};

use super::{LEASE, PATIENCE, begin};

fn says(error: &FetchError, words: &str) {
    let text = format!("{error}: {error:?}");
    assert!(error.is_ledger() && text.contains(words), "{text}");
    assert!(!text.contains(PASSWORD), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_away_is_waited_for_only_once_it_was_there() {
    let server = PostgresServer::start().await;
    let address: PostgresAddress = server.database().await.parse().unwrap();
    let opened = PostgresLedger::open(&address, LEASE, PATIENCE).await;
    let (worker, mut notices) = opened.unwrap();
    begin(&worker, 2).await;
    let claim = claimed(&worker, 1).await.remove(0).claim;
    server.stop().await;

    let began = Instant::now();
    let refused = PostgresLedger::open(&address, LEASE, PATIENCE).await;
    says(&refused.unwrap_err(), "cannot be reached");
    assert!(began.elapsed() < Duration::from_secs(10));

    // Work in hand is kept: the write waits, and is carried out when the server is back.
    let writer = worker.clone();
    let kept = claim.clone();
    let write = tokio::spawn(async move { succeeded(&writer, &kept, Some(1)).await });
    let away = notices.recv().await;
    assert!(
        matches!(away, Some(FetchEvent::LedgerAway { .. })),
        "{away:?}"
    );
    assert!(!format!("{away:?}").contains(PASSWORD));
    server.start_again().await;
    write.await.unwrap();
    worker.release(&claim).await.unwrap();
    let back = notices.recv().await;
    assert!(
        matches!(back, Some(FetchEvent::LedgerBack { .. })),
        "it is said once: {back:?}"
    );
    drop(worker);

    // For good: it ends after its patience, and the next worker has all of it.
    let patience = Duration::from_secs(1);
    let (worker, _) = PostgresLedger::open(&address, LEASE, patience)
        .await
        .unwrap();
    claimed(&worker, 1).await;
    server.stop().await;
    let began = Instant::now();
    let error = worker.backlog().await.unwrap_err();
    says(&error, "run again to continue");
    assert!(began.elapsed() >= patience && began.elapsed() < PATIENCE);
    drop(worker);
    server.start_again().await;
    let (worker, _) = PostgresLedger::open(&address, LEASE, patience)
        .await
        .unwrap();
    assert_eq!(claimed(&worker, 2).await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_is_refused_and_not_shown() {
    let database = super::database().await;
    let url = database.url.replace(PASSWORD, "another-hunter2");
    let address: PostgresAddress = url.parse().unwrap();
    let refused = PostgresLedger::open(&address, LEASE, PATIENCE)
        .await
        .unwrap_err();
    says(&refused, "password authentication failed");
    assert!(!format!("{refused:?} {address:?} {address}").contains("another-hunter2"));
}
