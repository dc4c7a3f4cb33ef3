//! The servers: who may ask what, how they stop and start, and failures at random.

use std::collections::BTreeSet;

use seedance_mock::{Gateway, Origin, Scenario, task_id};
use seedance_query::{Verdict, validate_response};

use super::{PATIENCE, builder, get, plain, query, send};

#[tokio::test]
async fn only_the_key_opens_the_gateway() {
    let gateway = builder()
        .api_key("sk-other-0123456789")
        .start()
        .await
        .unwrap();
    let id = task_id(Scenario::Normal, 1);
    for path in ["/v1/video/generations", "/v1/videos"] {
        let end = if path == "/v1/videos" { "/content" } else { "" };
        let url = format!("{}{path}/{id}{end}", gateway.base_url());
        for request in [
            plain().get(&url),
            plain().get(&url).bearer_auth("sk-mock-0123456789abcdef"),
            plain()
                .get(&url)
                .basic_auth("sk-other-0123456789", None::<&str>),
        ] {
            let reply = send(request).await.unwrap();
            assert_eq!(reply.status, 401);
            let report = validate_response(401, &reply.body);
            assert_eq!(report.verdict(), Verdict::Conforms, "{report:?}");
        }
    }
    assert_eq!(query(&gateway, &id).await.unwrap().status, 200);
    let requests = gateway.requests();
    let keys: Vec<_> = requests
        .iter()
        .map(|r| (r.has_authorization, r.has_right_key))
        .collect();
    let wrong = [(false, false), (true, false), (true, false)];
    assert_eq!(keys, [&wrong[..], &wrong[..], &[(true, true)]].concat());
    assert!(
        requests
            .iter()
            .all(|request| request.task_id.as_ref() == Some(&id))
    );
    let shown = format!(
        "{gateway:?} {requests:?} {:?}",
        Gateway::builder().api_key("sk-other-0123456789")
    );
    assert!(!shown.contains("0123456789\""), "{shown}");
}

#[tokio::test]
async fn other_paths_and_methods_are_refused() {
    let gateway = builder().start().await.unwrap();
    let at = |path: &str| format!("{}{path}", gateway.base_url());
    let reply = get(&at("/v1/models")).await.unwrap();
    assert_eq!(
        (reply.status, reply.json()["error"]["code"].as_str()),
        (404, Some("not_found"))
    );
    // The storage's paths are not the gateway's.
    assert_eq!(
        get(&at("/seedance-2-0/normal-1.mp4")).await.unwrap().status,
        404
    );
    let reply = send(plain().post(at("/v1/video/generations/normal-1")))
        .await
        .unwrap();
    assert_eq!((reply.status, reply.header("allow")), (405, "GET, HEAD"));
    let reply = send(
        plain()
            .get(at("/v1/videos/normal-1/content"))
            .bearer_auth(gateway.api_key()),
    );
    assert_eq!(
        reply.await.unwrap().json()["error"]["code"],
        "task_not_finished"
    );
}

#[tokio::test]
async fn a_stopped_gateway_is_gone_and_comes_back_as_it_was() {
    let gateway = builder().bytes_per_second(20_000).start().await.unwrap();
    let id = task_id(Scenario::Normal, 1);
    let url = super::result_url(&gateway, &id).await;
    let (started, more) = tokio::sync::oneshot::channel();
    let download = tokio::spawn(async move {
        let mut response = plain().get(url).send().await.unwrap();
        let first = response.chunk().await.unwrap().unwrap();
        started.send(first.len()).unwrap();
        let mut outcome = Ok(Some(first));
        while let Ok(Some(_)) = outcome {
            outcome = response.chunk().await;
        }
        outcome
    });
    assert!(more.await.unwrap() > 0);
    gateway.stop().await;
    assert!(download.await.unwrap().is_err(), "a download goes on");
    assert!(query(&gateway, &id).await.is_none(), "the gateway answers");
    let last = gateway.requests().pop().unwrap();
    assert_eq!((last.origin, last.status), (Origin::Storage, Some(200)));
    assert!(!last.is_complete && last.body_bytes > 0, "{last:?}");

    gateway.restart().await.unwrap();
    gateway.restart().await.unwrap();
    let body = query(&gateway, &id).await.unwrap().json();
    assert_eq!(body["data"]["status"], "SUCCESS");
    drop(gateway);
}

#[tokio::test]
async fn a_dropped_gateway_is_gone() {
    let gateway = builder().start().await.unwrap();
    let url = format!("{}/v1/models", gateway.base_url());
    let client = plain();
    assert_eq!(client.get(&url).send().await.unwrap().status(), 404);
    drop(gateway);
    // The listeners go with their tasks, which end when they are polled next.
    let gone = async {
        while tokio::net::TcpStream::connect(
            url.trim_start_matches("http://")
                .trim_end_matches("/v1/models"),
        )
        .await
        .is_ok()
        {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, gone).await.unwrap();
    assert!(client.get(&url).send().await.is_err());
}

#[tokio::test]
async fn failures_come_at_the_rate_and_in_the_order_that_is_asked_for() {
    let statuses = async |rate, seed| {
        let gateway = builder().failure_rate(rate, seed).start().await.unwrap();
        let mut statuses = Vec::new();
        for _ in 0..60 {
            let reply = query(&gateway, &task_id(Scenario::Stuck, 1)).await;
            statuses
                .push(reply.map(|reply| (reply.status, reply.is_complete, reply.body.is_empty())));
        }
        statuses
    };
    let never = statuses(0.0, 1).await;
    assert!(
        never
            .iter()
            .all(|status| *status == Some((200, true, false)))
    );
    let half = statuses(0.5, 1).await;
    assert_eq!(half, statuses(0.5, 1).await);
    assert_ne!(half, statuses(0.5, 2).await);
    let kinds: BTreeSet<_> = half.iter().collect();
    // No answer, 200 whole and truncated and empty, 429, 502, 503.
    assert_eq!(kinds.len(), 7, "{kinds:?}");
    let fine = half
        .iter()
        .filter(|status| **status == Some((200, true, false)))
        .count();
    assert!((15..45).contains(&fine), "{fine}");
}

#[tokio::test]
async fn a_port_that_is_taken_is_an_error() {
    let gateway = builder().start().await.unwrap();
    let address = |url: &str| url.trim_start_matches("http://").parse().unwrap();
    let taken = address(gateway.base_url());
    let error = builder().listen(taken).start().await.unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::AddrInUse);
    let taken = address(gateway.storage_url());
    let error = builder().storage_listen(taken).start().await.unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::AddrInUse);
}
