//! Tasks that the gateway does not know, and statuses that nobody documents.

use seedance_query::WaitEvent;

use seedance_testing::{http_server::Server, replies::drifted};

use super::{
    archived, error, failure, pending, succeeded, success, times, unknown_task, wait, within,
};

#[tokio::test(start_paused = true)]
async fn an_unknown_task_has_some_seconds_to_appear() {
    let server = Server::always(unknown_task()).await;
    let ended = failure(wait(&server)).await;
    assert!(ended.is_unknown_task(), "{ended:?}");
    within(ended.elapsed(), 15.0..=15.1);
    assert!((4..=6).contains(&ended.polls()), "{}", ended.polls());

    let answers = [times(3, &unknown_task()), vec![pending(), success()]].concat();
    let (polls, _) = succeeded(wait(&Server::in_turn(answers).await)).await;
    assert_eq!(polls, 5);

    // The same grace for a task that the gateway forgets for a moment.
    let answers = [pending(), unknown_task(), pending(), success()];
    let (polls, _) = succeeded(wait(&Server::in_turn(answers).await)).await;
    assert_eq!(polls, 4);
}

#[tokio::test(start_paused = true)]
async fn failures_in_between_do_not_lengthen_the_grace_of_an_unknown_task() {
    let server = Server::start(|_, index| {
        if index % 2 == 0 {
            unknown_task()
        } else {
            error("502 Bad Gateway")
        }
    });
    let server = server.await;
    let ended = failure(wait(&server)).await;
    assert!(ended.is_unknown_task(), "{ended:?}");
    within(ended.elapsed(), 15.0..=60.0);
}

#[tokio::test(start_paused = true)]
async fn an_undocumented_status_is_waited_out_but_not_for_ever() {
    let archived = archived();
    let answers = [
        times(19, &archived),
        vec![pending()],
        times(19, &archived),
        vec![success()],
    ];
    let server = Server::in_turn(answers.concat()).await;
    let mut events = wait(&server).observe();
    let Some(WaitEvent::Observed(first)) = events.next().await else {
        panic!()
    };
    assert_eq!(first.status().unwrap(), "ARCHIVED");
    assert_eq!(first.findings()[0].rule.id(), "unknown-status");
    within(first.next_in(), 13.5..=16.5);
    assert_eq!(
        succeeded(wait(&Server::in_turn(answers.concat()).await))
            .await
            .0,
        40
    );

    let server = Server::always(archived).await;
    let ended = failure(wait(&server)).await;
    assert!(ended.is_unknown_status() && !ended.is_exhausted());
    assert_eq!(ended.polls(), 20);
    assert_eq!(
        ended.to_string(),
        "the status `ARCHIVED` is not documented and came 20 times in a row; \
         the task may have ended or not"
    );
    assert!(ended.last().is_some() && ended.result_url().is_none());

    // A status in other words is as good as the documented one.
    let server = Server::always(drifted("3d2-status-lower-case-success.json")).await;
    assert_eq!(succeeded(wait(&server)).await.0, 1);
}
