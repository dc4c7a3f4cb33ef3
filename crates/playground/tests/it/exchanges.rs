//! The exchanges of a mock, and the reports on them.

use std::time::Duration;

use seedance_mock::{Fault, Gateway, Scenario, task_id};
use serde_json::{Value, json};

use super::{exchanges, get, mock};

fn query(id: impl std::fmt::Display) -> String {
    format!("/v1/video/generations/{id}")
}

#[tokio::test(flavor = "multi_thread")]
async fn each_has_its_verdict_its_finding_and_the_timeline_until_then() {
    let gateway = mock().await;
    let path = query(task_id(Fault::NumericProgress, 1));
    get(&gateway, &path).await;
    gateway.advance(Duration::from_mins(5));
    get(&gateway, &path).await;
    get(&gateway, &query(task_id(Scenario::Normal, 1))).await;

    let (latest, listed) = exchanges(&gateway, 0).await;
    assert_eq!((latest, listed.len()), (3, 3));
    let states = |exchange: &Value| exchange["timeline"]["observed"].as_array().unwrap().len();
    assert_eq!((states(&listed[0]), states(&listed[1])), (1, 2));
    let finding = &listed[1]["findings"][0];
    assert_eq!(finding["pointer"], "/data/progress");
    assert_eq!(finding["excerpt"]["marked"], "100", "{finding}");
    assert_eq!(
        (&listed[2]["verdict"], &listed[2]["findings"]),
        (&json!("conforms"), &json!([]))
    );

    // What was told once is the same later.
    get(&gateway, &path).await;
    let (latest, again) = exchanges(&gateway, 0).await;
    assert_eq!((latest, &again[..3]), (4, &listed[..]));
    assert_eq!(exchanges(&gateway, 4).await, (4, vec![]));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_validated_is_listed_with_the_reason() {
    let gateway = mock().await;
    let video = result_url(&gateway).await;
    let before = exchanges(&gateway, 0).await.0;
    let path = video.strip_prefix(gateway.base_url()).unwrap();
    assert!(get(&gateway, path).await.len() > 100_000);
    for fault in [Fault::Reset, Fault::Truncated] {
        get(&gateway, &query(task_id(fault, 1))).await;
    }
    let (_, listed) = exchanges(&gateway, before).await;
    let outcome = |index: usize| {
        let exchange: &Value = &listed[index];
        let why = [&exchange["reason"], &exchange["message"]];
        let why: Vec<_> = why.iter().filter_map(|why| why.as_str()).collect();
        format!("{} {}", exchange["outcome"].as_str().unwrap(), why.concat())
    };
    assert_eq!(outcome(0), "unvalidated binary body");
    let shown = listed[0]["target"].as_str().unwrap();
    assert!(shown.contains("X-Tos-Signature=REDACTED"), "{shown}");
    assert_eq!(
        outcome(1),
        "no_response the mock has ended the connection, as it was told to"
    );
    assert_eq!(outcome(2), "unvalidated cut off");
}

/// The URL of a finished task.
async fn result_url(gateway: &Gateway) -> String {
    let path = query(task_id(Scenario::Normal, 1));
    get(gateway, &path).await;
    gateway.advance(Duration::from_mins(5));
    let body: Value = serde_json::from_slice(&get(gateway, &path).await).unwrap();
    body["data"]["result_url"].as_str().unwrap().to_owned()
}
