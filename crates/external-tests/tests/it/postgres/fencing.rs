//! Who holds a task, when several workers want it.

use std::collections::BTreeSet;

use seedance_fetch::{
    Claim, FetchError, Ledger, Placing, PostgresLedger, TaskRow, TaskState, VideoKind,
};
use seedance_ledger_suite::{claimed, succeeded};

use super::{LEASE, begin, database};

fn row(claim: &Claim) -> TaskRow {
    TaskRow {
        task_id: claim.task_id.clone(),
        state: TaskState::Failed,
        shape: None,
        billed_tokens: None,
        reason: None,
        problem: None,
        request_id: None,
    }
}

fn placing() -> Placing {
    Placing {
        file: "of-the-late-one.mp4".to_owned(),
        bytes: 1,
        sha256: String::new(),
        verification: None,
    }
}

/// Every write that names a claim.
async fn writes(ledger: &PostgresLedger, claim: &Claim) -> Vec<Result<(), FetchError>> {
    let result = VideoKind::Result;
    vec![
        ledger.ended(claim, row(claim), Vec::new()).await,
        ledger.placing(claim, result, placing()).await,
        ledger.placed(claim, result, true).await,
        ledger.placed(claim, result, false).await,
        ledger.goes_on(claim).await,
        ledger.unavailable(claim, "late".to_owned()).await,
        ledger.has_problem(claim, "late".to_owned()).await,
        ledger.release(claim).await,
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn no_write_of_a_worker_whose_task_was_taken_over_changes_anything() {
    let database = database().await;
    let (late, next) = (database.worker().await, database.worker().await);
    begin(&late, 1).await;
    let old = claimed(&late, 1).await.remove(0).claim;
    succeeded(&late, &old, Some(1)).await;
    // As if it had not been heard of for as long as a lease lasts.
    let client = database.client().await;
    let end = "UPDATE seedance_query.task SET leased_until = now() - interval '1 second'";
    client.batch_execute(end).await.unwrap();
    let new = claimed(&next, 1).await.remove(0).claim;
    assert_eq!(new.task_id, old.task_id);
    assert!(new.token > old.token, "{new:?} {old:?}");
    // The heartbeat of the next worker renews the lease.
    let all = "SELECT (to_jsonb(task) - 'leased_until')::text, to_jsonb(video)::text
               FROM seedance_query.task JOIN seedance_query.video USING (task_id)";
    let state = async || -> (String, String) {
        let row = client.query_one(all, &[]).await.unwrap();
        (row.get(0), row.get(1))
    };
    let before = state().await;
    for outcome in writes(&late, &old).await {
        assert!(outcome.unwrap_err().is_taken_over());
    }
    assert_eq!(state().await, before);
    for (at, outcome) in writes(&next, &new).await.into_iter().enumerate() {
        outcome.unwrap_or_else(|error| panic!("write {at}: {error}"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn workers_that_claim_at_the_same_time_never_get_the_same_task() {
    const TASKS: usize = 300;
    let database = database().await;
    let first = database.worker().await;
    begin(&first, TASKS).await;
    let mut workers = tokio::task::JoinSet::new();
    for _ in 0..6 {
        let worker = database.worker().await;
        workers.spawn(async move {
            let mut ids = Vec::new();
            loop {
                let claims = worker.claim(7).await.unwrap();
                if claims.tasks.is_empty() {
                    return (worker, ids);
                }
                ids.extend(claims.tasks.into_iter().map(|task| task.claim.task_id));
            }
        });
    }
    let claimed = workers.join_all().await;
    let all: Vec<_> = claimed.iter().flat_map(|(_, ids)| ids).collect();
    let distinct: BTreeSet<_> = all.iter().collect();
    assert!(all.len() <= TASKS, "{} claims", all.len());
    assert_eq!(distinct.len(), all.len(), "a task was claimed twice");
    // What was locked by others at the last look is still there.
    let rest = first.claim(TASKS).await.unwrap().tasks.len();
    assert_eq!(all.len() + rest, TASKS);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lease_lasts_while_its_worker_lives_and_ends_soon_after_its_death() {
    let database = database().await;
    let (holder, other) = (database.worker().await, database.worker().await);
    begin(&holder, 1).await;
    let held = claimed(&holder, 1).await.remove(0).claim;
    tokio::time::sleep(LEASE * 2).await;
    let claims = other.claim(1).await.unwrap();
    assert!(claims.tasks.is_empty(), "{claims:?}");
    assert!(claims.ask_again_in.is_some(), "its holder can die");
    drop(holder);
    let taken = claimed(&other, 1).await.remove(0).claim;
    assert_eq!((taken.task_id, taken.token), (held.task_id, held.token + 1));
    other.release_all().await.unwrap();
    let third = database.worker().await;
    let claims = third.claim(1).await.unwrap();
    assert_eq!(claims.tasks.len(), 1, "a worker that leaves gives it back");
}
