//! Whether a task is begun when the reply to its submission has a fault.

use seedance_mock::{Family, Fault, Gateway, Stage};
use serde_json::json;

use super::{Reply, builder, plain, send};

async fn submit(gateway: &Gateway, fault: Option<Fault>) -> Option<Reply> {
    let content = json!([{ "type": "text", "text": "a boat" }]);
    let request = json!({ "model": "seedance-2.0", "content": content });
    let url = format!("{}/v1/video/generations", gateway.base_url());
    let mut post = plain().post(url).bearer_auth(gateway.api_key());
    if let Some(fault) = fault {
        post = post.header("x-mock-fault", fault.id());
    }
    send(post.body(request.to_string())).await
}

/// How many tasks were begun so far; this begins one.
async fn begun(gateway: &Gateway) -> u32 {
    let reply = submit(gateway, None).await.unwrap();
    let number = reply.header("x-oneapi-request-id");
    number.strip_prefix("mock-").unwrap().parse().unwrap()
}

#[tokio::test]
async fn no_task_is_begun_where_the_reply_says_so_and_one_is_where_it_does_not() {
    let gateway = builder().start().await.unwrap();
    let faults = Fault::ALL.iter().copied();
    let mut before = begun(&gateway).await;
    let mut outcomes = Vec::new();
    for fault in faults.filter(|fault| fault.stage() == Stage::Query) {
        let reply = submit(&gateway, Some(fault)).await;
        let status = reply.as_ref().map_or(0, |reply| reply.status);
        let is_refused = (400..500).contains(&status);
        let now = begun(&gateway).await;
        let is_begun = now - before == 2;
        assert_eq!(is_begun, !is_refused, "{fault}: {reply:?}");
        assert!(now - before <= 2);
        before = now;
        outcomes.push((fault, status));
    }
    for expected in [
        (Fault::RateLimited, 429),
        (Fault::Saturated, 403),
        (Fault::Withheld, 451),
        (Fault::ServerError, 500),
        (Fault::Reset, 0),
        (Fault::Truncated, 200),
    ] {
        assert!(outcomes.contains(&expected), "{expected:?}: {outcomes:?}");
    }
}

#[tokio::test]
async fn a_fault_that_needs_a_task_is_none_of_a_submission() {
    for family in [Family::Documented, Family::NewApi] {
        let gateway = builder().like(family).start().await.unwrap();
        for fault in [
            Fault::TaskNotExist,
            Fault::UnknownAtFirst,
            Fault::ErrorAsSuccess,
        ] {
            let reply = submit(&gateway, Some(fault)).await.unwrap();
            let said = format!("`{fault}` is a fault of queries");
            assert!(
                reply.status == 400 && reply.text().contains(&said),
                "{reply:?}"
            );
        }
    }
}
