//! The ways in which users of such APIs lose what they paid for, one after the other.

use std::{fs, path::Path, time::Duration};

use seedance_mock::{Fault, Gateway, Origin, Request, Scenario, Video, task_id};
use seedance_query::{
    Client, Error, ErrorPolicy, Outcome, ResultUrl, Succeeded, TaskId, Unusable, UrlKind, Wait,
    WaitPolicy,
};
use tempfile::TempDir;

use seedance_testing::patience::until;

/// The gateway's clock, and so the life of a task, runs that many times as fast.
const SPEED: f64 = 100.0;

async fn gateway() -> Gateway {
    Gateway::builder().speed(SPEED).start().await.unwrap()
}

fn client(gateway: &Gateway) -> Client {
    let builder = Client::builder()
        .base_url(gateway.base_url())
        .api_key(gateway.api_key());
    builder.timeout(Duration::from_secs(5)).build().unwrap()
}

/// Asks as often as a task of this gateway changes.
fn wait(gateway: &Gateway, id: &TaskId) -> Wait {
    let errors = ErrorPolicy::default();
    let policy = WaitPolicy::default()
        .interval(Duration::from_millis(150))
        .timeout(Duration::from_secs(30))
        .errors(errors.backoff(Duration::from_millis(50), Duration::from_millis(500)));
    client(gateway).wait(id).policy(policy)
}

async fn succeeded(gateway: &Gateway, id: &TaskId) -> Succeeded {
    match wait(gateway, id).await.unwrap() {
        Outcome::Succeeded(task) => task,
        other => panic!("{other:?}"),
    }
}

async fn download(gateway: &Gateway, id: &TaskId, url: ResultUrl, into: &Path) {
    let file = client(gateway)
        .download(id, url)
        .into_dir(into)
        .await
        .unwrap();
    assert_eq!(file.sha256, gateway.sha256(id, Video::Result));
    assert_eq!(
        fs::read(file.path).unwrap(),
        gateway.video(id, Video::Result)
    );
}

fn at(origin: Origin, requests: &[Request]) -> Vec<&Request> {
    requests
        .iter()
        .filter(|request| request.origin == origin)
        .collect()
}

/// "A client timeout taken for a failure, and the paid job submitted again."
#[tokio::test]
async fn a_timeout_is_no_failure_and_nothing_is_submitted() {
    let gateway = gateway().await;
    // The first answers come byte by byte, for longer than this client waits.
    let id = task_id(Fault::Slow, 1);
    let impatient = Client::builder()
        .base_url(gateway.base_url())
        .api_key(gateway.api_key());
    let impatient = impatient
        .timeout(Duration::from_millis(300))
        .build()
        .unwrap();
    let errors = ErrorPolicy::default().backoff(Duration::from_millis(50), Duration::from_secs(1));
    let policy = WaitPolicy::default()
        .interval(Duration::from_millis(150))
        .errors(errors);
    let mut events = impatient.wait(&id).policy(policy).observe();
    let mut timeouts = 0;
    let outcome = loop {
        match events.next().await.unwrap() {
            seedance_query::WaitEvent::Observed(seen) => {
                timeouts += u32::from(seen.answer().is_err_and(Error::is_timeout));
            }
            seedance_query::WaitEvent::Ended(outcome) => break outcome.unwrap(),
        }
    };
    assert!(matches!(outcome, Outcome::Succeeded(_)), "{outcome:?}");
    assert!(timeouts >= 2, "{timeouts}");
    for request in gateway.requests() {
        assert_eq!(request.method, "GET");
    }
}

/// "A new terminal state that polls for ever."
#[tokio::test]
async fn a_new_terminal_state_does_not_poll_for_ever() {
    let gateway = gateway().await;
    let id = task_id(Fault::StatusCancelled, 1);
    let Outcome::Failed(task) = wait(&gateway, &id).await.unwrap() else {
        panic!("a cancelled task has failed")
    };
    assert_eq!(task.response().view().status.as_deref(), Some("CANCELLED"));
    assert!(task.polls() < 60, "{}", task.polls());
}

/// "A status endpoint that answers 500 just as the job completes."
#[tokio::test]
async fn an_http_500_with_the_finished_task_is_the_finished_task() {
    let gateway = gateway().await;
    let directory = TempDir::new().unwrap();
    let id = task_id(Fault::ErrorWithTask, 1);
    let task = succeeded(&gateway, &id).await;
    assert_eq!(task.response().status(), 500);
    download(&gateway, &id, task.result_url(), directory.path()).await;
}

/// "A finished task without a usable URL."
#[tokio::test]
async fn a_finished_task_without_a_url_says_so_and_is_asked_again() {
    let gateway = gateway().await;
    let directory = TempDir::new().unwrap();
    let id = task_id(Fault::NoUrl, 1);
    let task = succeeded(&gateway, &id).await;
    let url = task.result_url();
    assert_eq!(url.kind(), UrlKind::Unusable(Unusable::Missing));
    let asked = gateway.requests().len();
    let download = client(&gateway)
        .download(&id, url)
        .into_dir(directory.path());
    let error = download.await.unwrap_err();
    assert!(error.is_unusable_url(), "{error:?}");
    // The task, and the gateway's own address of the video.
    let requests = gateway.requests().split_off(asked);
    let is_query = |request: &&Request| request.path.contains("/video/generations/");
    assert_eq!(requests.iter().filter(is_query).count(), 1);
    assert!(
        requests[1..]
            .iter()
            .all(|request| request.status == Some(502))
    );
    assert_eq!(requests.len(), 4);
}

/// "The URL used after it expired."
#[tokio::test]
async fn a_url_that_expires_between_success_and_download_is_replaced() {
    let gateway = gateway().await;
    let directory = TempDir::new().unwrap();
    let id = task_id(Scenario::Normal, 1);
    let task = succeeded(&gateway, &id).await;
    gateway.step_clock(2 * 86_400);
    let asked = gateway.requests().len();
    download(&gateway, &id, task.result_url(), directory.path()).await;
    let requests = gateway.requests().split_off(asked);
    assert_eq!(
        at(Origin::Gateway, &requests).len(),
        1,
        "one query for a fresh URL"
    );
    let statuses = at(Origin::Storage, &requests)
        .into_iter()
        .map(|request| request.status);
    assert_eq!(statuses.collect::<Vec<_>>(), [Some(403), Some(200)]);
}

/// "The API key sent to a storage host."
#[tokio::test]
async fn the_key_goes_to_the_gateway_only() {
    let gateway = gateway().await;
    let directory = TempDir::new().unwrap();
    for scenario in [
        Scenario::Normal,
        Fault::GatewayUrl.into(),
        Fault::GatewayUrlRedirect.into(),
        Fault::Redirect.into(),
        Fault::UnsignedUrl.into(),
    ] {
        let id = task_id(scenario, 1);
        let task = succeeded(&gateway, &id).await;
        download(&gateway, &id, task.result_url(), directory.path()).await;
    }
    let requests = gateway.requests();
    for request in &requests {
        assert_eq!(
            request.has_authorization,
            request.origin == Origin::Gateway,
            "{request:?}"
        );
    }
    assert!(
        !at(Origin::Elsewhere, &requests).is_empty() && !at(Origin::Storage, &requests).is_empty()
    );
}

/// "`did not match any variant` as the only message."
#[tokio::test]
async fn a_body_that_fits_no_shape_is_explained() {
    let gateway = gateway().await;
    let error = client(&gateway)
        .query(&task_id(Fault::DataNull, 1))
        .await
        .unwrap_err();
    assert!(error.is_not_understood());
    let message = error.to_string();
    assert!(
        message.contains("/data") && !message.contains("variant"),
        "{message}"
    );
}

#[tokio::test]
async fn a_gateway_that_is_killed_and_comes_back_is_waited_for() {
    let gateway = gateway().await;
    let directory = TempDir::new().unwrap();
    let id = task_id(Scenario::Normal, 1);
    let waiting = tokio::spawn(wait(&gateway, &id).into_future());
    let seen = || at(Origin::Gateway, &gateway.requests()).len();
    until("two queries", || seen() >= 2).await;
    for _ in 0..3 {
        gateway.stop().await;
        tokio::time::sleep(Duration::from_millis(200)).await;
        gateway.restart().await.unwrap();
        let before = seen();
        until("the next query", || {
            seen() > before || waiting.is_finished()
        })
        .await;
    }
    let outcome = tokio::time::timeout(Duration::from_secs(20), waiting).await;
    let Outcome::Succeeded(task) = outcome.unwrap().unwrap().unwrap() else {
        panic!("the task succeeds")
    };
    download(&gateway, &id, task.result_url(), directory.path()).await;
}

/// The gateway's clock, as it differs from this machine's, decides nothing here.
#[tokio::test]
async fn a_clock_that_steps_loses_nothing() {
    for seconds in [-40 * 86_400, -3600, 3600, 40 * 86_400] {
        let gateway = gateway().await;
        gateway.step_clock(seconds);
        let directory = TempDir::new().unwrap();
        let id = task_id(Scenario::SuperResolution, 1);
        let waiting = tokio::spawn(wait(&gateway, &id).into_future());
        until("two queries", || gateway.requests().len() >= 2).await;
        gateway.step_clock(seconds.signum() * 600);
        let Outcome::Succeeded(task) = waiting.await.unwrap().unwrap() else {
            panic!("the task succeeds")
        };
        // By this machine's clock the URL can be long over, or not have begun.
        let url = task.result_url();
        let is_over = url.is_expired(std::time::SystemTime::now());
        assert_eq!(is_over, seconds < -86_400, "{seconds} {url:?}");
        download(&gateway, &id, url, directory.path()).await;
    }
}
