//! An upstream that has ended while the gateway's own status is still pending.

use std::time::Duration;

use seedance_query::{Outcome, UrlKind, WaitPolicy};

use seedance_testing::{
    http_server::{Reply, Server},
    replies::{captured, ok},
};

use super::wait;

const VIDEO: &str = r#","content":{"video_url":"https://storage.example/v.mp4?X-Tos-Date=20260528T202910Z&X-Tos-Expires=86400&X-Tos-Signature=c0ffee"}"#;

/// A row that waits, with an upstream of this status and further members.
pub(super) fn row(upstream: &str, more: &str) -> Reply {
    let body = format!(
        r#"{{"code":"success","message":"","data":{{
        "task_id":"asyntask_Qm4tZ81kWvYc3RbN7sXeLh2GpD6uJa0F","action":"generate",
        "status":"IN_PROGRESS","fail_reason":"","submit_time":1780000000,"start_time":1780000010,
        "finish_time":0,"progress":"30%",
        "data":{{"id":"cgt-20260528202910-abcde","model":"doubao-seedance-2-0-260128",
        "status":"{upstream}","created_at":1780000010,"updated_at":1780000060{more}}}}}}}"#
    );
    ok(body.as_bytes())
}

#[tokio::test(start_paused = true)]
async fn an_upstream_that_gave_up_ends_the_wait_after_the_grace() {
    for status in [
        "cancelled",
        "canceled",
        "expired",
        "failed",
        "timeout",
        "timed_out",
        "rejected",
    ] {
        let server = Server::in_turn([row("running", ""), row(status, "")]).await;
        let outcome = wait(&server).await.unwrap();
        let Outcome::UpstreamEnded(task) = outcome else {
            panic!("{status}: {outcome:?}")
        };
        assert_eq!(task.status(), Some("IN_PROGRESS"));
        assert_eq!(task.upstream_status(), Some(status));
        assert!(task.answers() >= 3);
        // One query while it ran, then over 60 s.
        let elapsed = task.elapsed().as_secs_f64();
        assert!((73.0..100.0).contains(&elapsed), "{elapsed}");
        assert_eq!(
            task.to_string(),
            format!(
                "the upstream ended the task as {status}, but the gateway still says IN_PROGRESS; \
                 nothing was refunded yet: the gateway notices by itself when its own limit is \
                 over, by default 24 hours after the submit"
            )
        );
    }
}

#[tokio::test(start_paused = true)]
async fn the_grace_is_an_option() {
    let server = Server::always(row("cancelled", "")).await;
    let policy = WaitPolicy::default().upstream_grace(2, Duration::ZERO);
    let outcome = wait(&server).policy(policy).await.unwrap();
    assert!(matches!(outcome, Outcome::UpstreamEnded(task) if task.polls() == 2));

    let policy = WaitPolicy::default().upstream_grace(50, Duration::ZERO);
    let outcome = wait(&server).policy(policy).await.unwrap();
    assert!(matches!(outcome, Outcome::UpstreamEnded(task) if task.polls() == 50));
}

#[tokio::test(start_paused = true)]
async fn a_gateway_that_notices_in_time_has_the_last_word() {
    let cancelled = row("cancelled", "");
    let failed = captured("failure-timeout.http");
    let server = Server::in_turn([cancelled.clone(), cancelled.clone(), failed]).await;
    assert!(matches!(wait(&server).await.unwrap(), Outcome::Failed(_)));

    // An upstream that goes on has not ended: the grace begins anew.
    let mut answers = vec![cancelled.clone(); 4];
    answers.push(row("running", ""));
    answers.extend(vec![cancelled; 4]);
    answers.push(captured("normal-720p.http"));
    let outcome = wait(&Server::in_turn(answers).await).await.unwrap();
    assert!(matches!(outcome, Outcome::Succeeded(task) if task.polls() == 10));
}

#[tokio::test(start_paused = true)]
async fn the_video_of_an_upstream_that_succeeded_is_taken() {
    let server = Server::always(row("succeeded", VIDEO)).await;
    let outcome = wait(&server).await.unwrap();
    let Outcome::Succeeded(task) = outcome else {
        panic!("{outcome:?}")
    };
    assert!(task.is_upstream_video());
    assert_eq!(
        task.response().view().status.as_deref(),
        Some("IN_PROGRESS")
    );
    assert_eq!(task.result_url().kind(), UrlKind::PreSigned);
    let url = task.result_url();
    assert!(
        url.expose()
            .unwrap()
            .starts_with("https://storage.example/v.mp4?")
    );
    let elapsed = task.elapsed().as_secs_f64();
    assert!((60.0..85.0).contains(&elapsed), "{elapsed}");

    // A deadline comes first: rather the video than nothing.
    let outcome = wait(&server)
        .timeout(Duration::from_secs(20))
        .await
        .unwrap();
    assert!(matches!(outcome, Outcome::Succeeded(task) if task.polls() == 3));
}

#[tokio::test(start_paused = true)]
async fn a_video_that_is_still_to_be_enhanced_is_waited_for() {
    let more = format!(r#"{VIDEO},"super_resolution":"1080p""#);
    let server = Server::always(row("succeeded", &more)).await;
    let outcome = wait(&server)
        .timeout(Duration::from_mins(10))
        .await
        .unwrap();
    assert!(matches!(outcome, Outcome::TimedOut(_)), "{outcome:?}");
    // And so is one whose address nobody tells.
    let server = Server::always(row("succeeded", "")).await;
    let outcome = wait(&server)
        .timeout(Duration::from_mins(10))
        .await
        .unwrap();
    assert!(matches!(outcome, Outcome::TimedOut(_)), "{outcome:?}");
}
