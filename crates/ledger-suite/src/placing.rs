//! Files on their way to their names, and runs that are killed meanwhile.

use seedance_fetch::{Claim, Ledger, VideoKind, VideoRow, VideoState};

use super::{
    fixtures::{arrives, begin, claim, claimed, file, nothing_is_due, succeeded},
    store::Store,
};

/// What the next run is told of the files that were being placed, in either way.
async fn interrupted(ledger: &impl Ledger) -> (Claim, VideoRow) {
    let mut videos = ledger.interrupted().await.unwrap();
    if videos.is_empty() {
        for task in claimed(ledger, 1).await {
            let claim = task.claim;
            let placing = task.placing.into_iter();
            videos.extend(placing.map(|video| (claim.clone(), video)));
        }
    }
    assert_eq!(videos.len(), 1, "{videos:?}");
    videos.remove(0)
}

/// A run that is killed after it has noted that a file is about to appear, and the next one.
async fn killed_while_placing<S: Store>(store: &S) -> S::Ledger {
    let killed = store.open().await;
    begin(&killed, &["a"]).await;
    let claim = claim(&killed).await;
    succeeded(&killed, &claim, Some(1)).await;
    let placing = killed.placing(&claim, VideoKind::Result, file(&claim));
    placing.await.unwrap();
    drop(killed);
    store.open().await
}

pub async fn a_file_that_was_being_placed_is_told_to_the_next_run(store: &impl Store) {
    let ledger = killed_while_placing(store).await;
    begin(&ledger, &[]).await;
    let (claim, video) = interrupted(&ledger).await;
    assert_eq!(video.state, VideoState::Placing);
    let file = file(&claim);
    assert_eq!(video.file, Some(file.file));
    assert_eq!((video.bytes, video.sha256), (Some(7), Some(file.sha256)));
    ledger
        .placed(&claim, VideoKind::Result, true)
        .await
        .unwrap();
    ledger.release(&claim).await.unwrap();
    assert_eq!(ledger.backlog().await.unwrap().done, 1);
    nothing_is_due(&ledger).await;
}

pub async fn a_file_that_was_not_placed_is_wanted_again(store: &impl Store) {
    let ledger = killed_while_placing(store).await;
    begin(&ledger, &[]).await;
    let (claim, _) = interrupted(&ledger).await;
    ledger
        .placed(&claim, VideoKind::Result, false)
        .await
        .unwrap();
    let id = claim.task_id.clone();
    let video = ledger.video(id, VideoKind::Result).await.unwrap().unwrap();
    assert_eq!(video.state, VideoState::Wanted);
    drop(ledger);
    let next = store.open().await;
    begin(&next, &[]).await;
    let task = claimed(&next, 1).await.remove(0);
    assert_eq!(task.claim.task_id, claim.task_id);
    assert!(task.placing.is_empty());
}

pub async fn what_has_arrived_stays_when_the_task_ends_again(store: &impl Store) {
    let ledger = store.open().await;
    begin(&ledger, &["a"]).await;
    let claim = claim(&ledger).await;
    succeeded(&ledger, &claim, Some(1)).await;
    arrives(&ledger, &claim, VideoKind::Result).await;
    succeeded(&ledger, &claim, Some(2)).await;
    let id = claim.task_id.clone();
    let video = ledger.video(id, VideoKind::Result).await.unwrap().unwrap();
    assert_eq!(video.state, VideoState::Arrived);
    ledger.release(&claim).await.unwrap();
    drop(ledger);
    let next = store.open().await;
    begin(&next, &[]).await;
    nothing_is_due(&next).await;
}
