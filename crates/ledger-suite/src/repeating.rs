//! What one run leaves to the next.

use seedance_fetch::{Backlog, Ledger, TaskState};

use super::{
    fixtures::{begin, claim, claimed, ended, stopped_by},
    store::Store,
};

pub async fn a_problem_stops_this_run_and_not_the_next(store: &impl Store) {
    let ledger = store.open().await;
    begin(&ledger, &["a"]).await;
    let first = claim(&ledger).await;
    stopped_by(&ledger, &first, "the store is overloaded").await;
    drop(ledger);
    let next = store.open().await;
    begin(&next, &[]).await;
    claim(&next).await;
    let task = next.rows().await.unwrap().tasks.remove(0);
    assert_eq!((task.state, task.problem), (TaskState::Waiting, None));
}

pub async fn the_backlog_counts_what_is_left(store: &impl Store) {
    let ledger = store.open().await;
    begin(&ledger, &["a", "b", "c"]).await;
    let backlog = ledger.backlog().await.unwrap();
    assert_eq!(backlog, Backlog { tasks: 3, done: 0 });
    let tasks = claimed(&ledger, 2).await;
    let row = ended(&tasks[0].claim, TaskState::Failed);
    ledger
        .ended(&tasks[0].claim, row, Vec::new())
        .await
        .unwrap();
    let reason = "no URL".to_owned();
    ledger.unavailable(&tasks[1].claim, reason).await.unwrap();
    for task in &tasks {
        ledger.release(&task.claim).await.unwrap();
    }
    drop(ledger);
    let next = store.open().await;
    begin(&next, &[]).await;
    let backlog = next.backlog().await.unwrap();
    assert_eq!(backlog, Backlog { tasks: 1, done: 2 });
}
