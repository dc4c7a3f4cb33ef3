//! How tasks end.

use seedance_fetch::{Ledger, TaskState, VideoKind, VideoState};

use super::{
    fixtures::{
        arrives, begin, claim, claimed, ended, file, nothing_is_due, stopped_by, succeeded,
    },
    store::Store,
};

pub async fn a_task_that_failed_is_done(store: &impl Store) {
    let ledger = store.open().await;
    begin(&ledger, &["a"]).await;
    let claim = claim(&ledger).await;
    let mut row = ended(&claim, TaskState::Failed);
    row.reason = Some("it was refused".to_owned());
    ledger.ended(&claim, row, Vec::new()).await.unwrap();
    ledger.release(&claim).await.unwrap();
    nothing_is_due(&ledger).await;
    let task = ledger.rows().await.unwrap().tasks.remove(0);
    assert_eq!(task.state, TaskState::Failed);
    assert_eq!(task.reason.as_deref(), Some("it was refused"));
    assert_eq!(task.shape.as_deref(), Some("normal"));
    assert_eq!(task.billed_tokens, Some(108_900));
    drop(ledger);
    let next = store.open().await;
    begin(&next, &["a"]).await;
    nothing_is_due(&next).await;
}

pub async fn a_task_is_done_when_all_its_videos_have_arrived(store: &impl Store) {
    let ledger = store.open().await;
    begin(&ledger, &["a"]).await;
    let first = claim(&ledger).await;
    let row = ended(&first, TaskState::Succeeded);
    let videos = vec![(VideoKind::Result, None), (VideoKind::Original, None)];
    ledger.ended(&first, row, videos).await.unwrap();
    arrives(&ledger, &first, VideoKind::Result).await;
    drop(ledger);
    let next = store.open().await;
    let beginning = seedance_fetch::Beginning {
        originals: true,
        ..seedance_fetch::Beginning::default()
    };
    next.begin(beginning).await.unwrap();
    assert_eq!(next.backlog().await.unwrap().tasks, 1);
    let second = claim(&next).await;
    assert_eq!(second.task_id, first.task_id);
    arrives(&next, &second, VideoKind::Original).await;
    next.release(&second).await.unwrap();
    nothing_is_due(&next).await;
    let id = second.task_id.clone();
    let video = next.video(id, VideoKind::Original).await.unwrap().unwrap();
    let file = file(&second);
    assert_eq!(video.state, VideoState::Arrived);
    assert_eq!(video.file, Some(file.file));
    assert_eq!(video.bytes, Some(file.bytes));
    assert_eq!(video.sha256, Some(file.sha256));
    assert_eq!(video.verification, file.verification);
    drop(next);
    let last = store.open().await;
    begin(&last, &[]).await;
    nothing_is_due(&last).await;
    assert_eq!(last.backlog().await.unwrap().done, 1);
}

pub async fn a_task_without_a_video_is_asked_for_once_more_when_it_is_named(store: &impl Store) {
    let ledger = store.open().await;
    begin(&ledger, &["a"]).await;
    let first = claim(&ledger).await;
    let reason = "the gateway does not know it".to_owned();
    ledger.unavailable(&first, reason.clone()).await.unwrap();
    ledger.release(&first).await.unwrap();
    nothing_is_due(&ledger).await;
    let task = ledger.rows().await.unwrap().tasks.remove(0);
    assert_eq!(task.state, TaskState::Unavailable);
    assert_eq!(task.reason, Some(reason));
    drop(ledger);
    let next = store.open().await;
    begin(&next, &["a"]).await;
    let again = claimed(&next, 1).await.remove(0);
    assert!(again.was_unavailable);
    next.goes_on(&again.claim).await.unwrap();
    let task = next.rows().await.unwrap().tasks.remove(0);
    assert_eq!((task.state, task.reason), (TaskState::Waiting, None));
    drop(next);
    let last = store.open().await;
    begin(&last, &[]).await;
    let task = claimed(&last, 1).await.remove(0);
    assert!(!task.was_unavailable);
    succeeded(&last, &task.claim, None).await;
}

pub async fn a_task_that_goes_on_is_claimed_by_the_next_run(store: &impl Store) {
    let ledger = store.open().await;
    begin(&ledger, &["a"]).await;
    let first = claim(&ledger).await;
    ledger.goes_on(&first).await.unwrap();
    stopped_by(&ledger, &first, "the wait timed out").await;
    drop(ledger);
    let next = store.open().await;
    begin(&next, &[]).await;
    assert_eq!(claim(&next).await.task_id, first.task_id);
}
