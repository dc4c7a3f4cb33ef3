//! Failures that end a wait.

use seedance_testing::http_server::Server;

use super::{error, failure, pending, succeeded, success, times, wait, within};

#[tokio::test(start_paused = true)]
async fn failures_have_a_budget_of_their_own() {
    let down = error("503 Service Unavailable");
    let server = Server::always(down.clone()).await;
    let given_up = failure(wait(&server)).await;
    assert!(given_up.is_exhausted() && !given_up.is_unknown_status());
    assert_eq!((given_up.polls(), server.requests().len()), (12, 12));
    // 1, 2, 4, 8, 16, 32 and five times 60 s, each up to twice as long.
    within(given_up.elapsed(), 363.0..=726.1);
    assert_eq!(given_up.query_error().unwrap().status().unwrap(), 503);
    let shown = given_up.to_string();
    assert!(
        shown.starts_with(
            "gave up after 12 consecutive failures: 12 × HTTP 503; the last one: HTTP 503: c"
        ),
        "{shown}"
    );

    // An answer in between fills it again.
    let row = times(11, &down);
    let answers = [row.clone(), vec![pending()], row, vec![success()]].concat();
    let (polls, _) = succeeded(wait(&Server::in_turn(answers).await)).await;
    assert_eq!(polls, 24);
}

#[tokio::test(start_paused = true)]
async fn what_will_not_pass_ends_at_once() {
    for status in [
        "401 Unauthorized",
        "403 Forbidden",
        "451 Legal",
        "400 Bad Request",
        "404 Not Found",
    ] {
        let server = Server::always(error(status)).await;
        let ended = failure(wait(&server)).await;
        assert_eq!((ended.polls(), server.requests().len()), (1, 1), "{status}");
        assert_eq!(
            ended.is_unauthorized(),
            status.starts_with("401"),
            "{status}"
        );
        assert!(ended.to_string().starts_with("HTTP "), "{ended}");
    }
}
