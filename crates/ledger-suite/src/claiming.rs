//! Which tasks a run gets, and in which order.

use seedance_fetch::{Beginning, Ledger};

use super::{
    fixtures::{begin, claim, claimed, ids, names, nothing_is_due, succeeded},
    store::Store,
};

pub async fn a_task_is_added_once_and_claimed_once(store: &impl Store) {
    let ledger = store.open().await;
    begin(&ledger, &["a"]).await;
    assert_eq!(ledger.add(ids(&["a"])).await.unwrap(), 0);
    assert_eq!(ledger.add(ids(&["b", "a", "b"])).await.unwrap(), 1);
    assert_eq!(names(&claimed(&ledger, 2).await), ["a", "b"]);
    nothing_is_due(&ledger).await;
    assert_eq!(ledger.rows().await.unwrap().tasks.len(), 2);
}

pub async fn tasks_are_claimed_in_the_order_given(store: &impl Store) {
    let ledger = store.open().await;
    let given = ["d", "a", "c", "b", "e"];
    begin(&ledger, &given).await;
    assert_eq!(names(&claimed(&ledger, 2).await), given[..2]);
    assert_eq!(names(&claimed(&ledger, 3).await), given[2..]);
    let rows = ledger.rows().await.unwrap();
    let tasks = rows.tasks.iter().map(|task| task.task_id.as_str());
    assert_eq!(tasks.collect::<Vec<_>>(), given);
}

pub async fn the_nearest_expiry_is_claimed_first(store: &impl Store) {
    let killed = store.open().await;
    begin(&killed, &["waits", "never", "late", "first", "second"]).await;
    let tasks = claimed(&killed, 5).await;
    for (at, expires_at) in [(1, None), (2, Some(30)), (3, Some(10)), (4, Some(20))] {
        succeeded(&killed, &tasks[at].claim, expires_at).await;
    }
    killed.release_all().await.unwrap();
    drop(killed);
    let ledger = store.open().await;
    begin(&ledger, &[]).await;
    let order = claimed(&ledger, 5).await;
    let mut order = names(&order);
    assert_eq!(order[..3], ["first", "second", "late"]);
    order[3..].sort_unstable();
    assert_eq!(order[3..], ["never", "waits"]);
}

pub async fn a_task_that_is_forgotten_is_gone(store: &impl Store) {
    let killed = store.open().await;
    begin(&killed, &["a", "b"]).await;
    let tasks = claimed(&killed, 2).await;
    succeeded(&killed, &tasks[0].claim, Some(1)).await;
    drop(killed);
    let ledger = store.open().await;
    let beginning = Beginning {
        forgotten: ids(&["a"]),
        ..Beginning::default()
    };
    ledger.begin(beginning).await.unwrap();
    assert_eq!(ledger.backlog().await.unwrap().tasks, 1);
    assert_eq!(claim(&ledger).await.task_id.as_str(), "b");
    nothing_is_due(&ledger).await;
    let rows = ledger.rows().await.unwrap();
    assert_eq!((rows.tasks.len(), rows.videos.len()), (1, 0));
}

pub async fn tasks_of_a_killed_run_are_claimed_by_the_next(store: &impl Store) {
    let killed = store.open().await;
    begin(&killed, &["a", "b", "c"]).await;
    claimed(&killed, 2).await;
    drop(killed);
    let ledger = store.open().await;
    begin(&ledger, &[]).await;
    let tasks = claimed(&ledger, 3).await;
    let mut names = names(&tasks);
    names.sort_unstable();
    assert_eq!(names, ["a", "b", "c"]);
    assert!(
        tasks
            .iter()
            .all(|task| !task.was_unavailable && task.placing.is_empty())
    );
}
