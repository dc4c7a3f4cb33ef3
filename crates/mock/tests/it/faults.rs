//! Every fault does what its line says, and no task without it does the same.

use std::{collections::BTreeSet, time::Duration};

use seedance_mock::{Fault, Gateway, Scenario, Stage, task_id};
use seedance_query::TaskId;

use super::{Reply, bodies, builder, client, downloads, query};

const BASIC: [Scenario; 4] = [
    Scenario::Normal,
    Scenario::SuperResolution,
    Scenario::Failure,
    Scenario::Stuck,
];

/// How a task is looked at: whether it has the fault is told by what it does alone.
async fn shows(fault: Fault, gateway: &Gateway, id: &TaskId) -> bool {
    match fault.stage() {
        Stage::Query => queries(fault, gateway, id).await > 0,
        Stage::Body => bodies::shows(fault, gateway, id).await,
        Stage::Video => downloads::shows(fault, gateway, id).await,
        other => panic!("nobody looks at {other:?}"),
    }
}

/// Tries all faults of a stage: on the task that names it, on none that does not, and on all tasks
/// of a gateway that has it.
async fn try_all(stage: Stage) {
    let gateway = builder().start().await.unwrap();
    let all = Fault::ALL.iter().copied();
    let mut tried = 0;
    for (number, fault) in (0..).zip(all.filter(|fault| fault.stage() == stage)) {
        assert!(
            shows(fault, &gateway, &task_id(fault, number)).await,
            "{fault} does not what it says: {}",
            fault.meaning()
        );
        for scenario in BASIC {
            assert!(
                !shows(fault, &gateway, &task_id(scenario, number)).await,
                "{scenario} seems to have the fault {fault}"
            );
        }
        let faulty = builder().fault(fault).fault(fault).start().await.unwrap();
        let mut hits = false;
        for scenario in BASIC {
            hits = hits || shows(fault, &faulty, &task_id(scenario, number)).await;
        }
        assert!(hits, "{fault} is not given to every task");
        tried += 1;
    }
    assert!(tried > 10, "{tried}");
}

#[tokio::test]
async fn of_queries() {
    try_all(Stage::Query).await;
}

#[tokio::test]
async fn of_bodies() {
    try_all(Stage::Body).await;
}

#[tokio::test]
async fn of_videos() {
    try_all(Stage::Video).await;
}

/// How many of the first three queries a fault hits, one after the other.
async fn queries(fault: Fault, gateway: &Gateway, id: &TaskId) -> usize {
    let mut hits = 0;
    while hits < 3 && is_hit(fault, query(gateway, id).await.as_ref()) {
        hits += 1;
    }
    hits
}

fn is_hit(fault: Fault, reply: Option<&Reply>) -> bool {
    let Some(reply) = reply else {
        return fault == Fault::Reset;
    };
    let code = reply.json()["code"].clone();
    let inner = |text: &serde_json::Value| {
        serde_json::from_str::<serde_json::Value>(text.as_str().unwrap_or_default())
            .unwrap_or_default()
    };
    let message = inner(&reply.json()["message"]);
    let is_html = reply.header("content-type").starts_with("text/html");
    match fault {
        Fault::RateLimited => (reply.status, reply.header("retry-after")) == (429, "0"),
        Fault::ServerError => reply.status == 500 && reply.json()["error"].is_object(),
        Fault::Unavailable => reply.status == 503 && reply.json()["error"].is_object(),
        Fault::BadGateway => reply.status == 502 && is_html,
        Fault::Saturated => reply.status == 403 && message["code"] == "upstream_load_saturated",
        Fault::Html => reply.status == 200 && is_html,
        Fault::Empty => reply.status == 200 && reply.is_complete && reply.body.is_empty(),
        Fault::Truncated => reply.status == 200 && !reply.is_complete && !reply.body.is_empty(),
        Fault::TruncatedJson => {
            let is_json = reply.header("content-type").starts_with("application/json");
            let is_cut = reply.body.starts_with(b"{") && reply.json().is_null();
            reply.status == 200 && reply.is_complete && is_json && is_cut
        }
        Fault::Slow => reply.took > Duration::from_millis(700) && reply.rules().is_empty(),
        Fault::Unauthorized => reply.status == 401,
        Fault::Withheld => reply.status == 451,
        Fault::UnknownAtFirst | Fault::TaskNotExist => {
            reply.status == 400 && code == "task_not_exist"
        }
        Fault::ErrorAsSuccess => reply.status == 200 && code == "task_not_exist",
        Fault::ErrorCodeNumber => reply.status == 400 && code == 400,
        Fault::ErrorMessageJson => message["error"].is_object(),
        Fault::ErrorMessageJsonTwice => inner(&message["message"])["error"].is_object(),
        Fault::ErrorWithoutEnvelope => reply.status == 500 && reply.json()["title"].is_string(),
        _ => false,
    }
}

#[tokio::test]
async fn those_of_queries_pass_unless_every_task_has_them() {
    let gateway = builder().start().await.unwrap();
    for fault in Fault::ALL.iter().copied() {
        if fault.stage() != Stage::Query {
            continue;
        }
        let id = task_id(fault, 99);
        let lasts = fault == Fault::TaskNotExist;
        let expected = if lasts { 3 } else { 2 };
        assert_eq!(queries(fault, &gateway, &id).await, expected, "{fault}");
        let reply = query(&gateway, &id).await.unwrap();
        assert_eq!(reply.rules().is_empty(), !lasts, "{fault}");
        if fault == Fault::Slow {
            // It has been seen for two seconds already.
            continue;
        }
        let faulty = builder().fault(fault).start().await.unwrap();
        let id = task_id(Scenario::Normal, 1);
        assert_eq!(queries(fault, &faulty, &id).await, 3, "{fault}");
    }
}

#[tokio::test]
async fn the_client_tells_them_apart() {
    let gateway = builder().start().await.unwrap();
    let client = client(&gateway);
    let error = async |fault| client.query(&task_id(fault, 1)).await.unwrap_err();
    let limited = error(Fault::RateLimited).await;
    assert_eq!(limited.retry_after(), Some(Duration::ZERO));
    for fault in [Fault::Unavailable, Fault::BadGateway, Fault::Saturated] {
        let error = error(fault).await;
        assert!(error.is_api() && error.is_retryable(), "{fault}: {error}");
    }
    assert!(error(Fault::Reset).await.is_retryable());
    assert!(error(Fault::Truncated).await.is_interrupted());
    assert!(error(Fault::Unauthorized).await.is_unauthorized());
    assert!(error(Fault::UnknownAtFirst).await.is_unknown_task());
    assert!(error(Fault::Html).await.is_not_understood());
    assert!(error(Fault::Empty).await.is_not_understood());
}

#[tokio::test]
async fn they_add_up() {
    let gateway = builder()
        .fault(Fault::MissingRequestId)
        .fault(Fault::NoEnvelope);
    let gateway = gateway.start().await.unwrap();
    let reply = query(&gateway, &task_id(Fault::ExtraMembers, 1))
        .await
        .unwrap();
    let row = reply.json();
    assert!(
        row["task_id"].is_string() && row["channel_id"].is_number(),
        "{row}"
    );
    assert!(row.get("request_id").is_none(), "{row}");
}

#[test]
fn each_is_named_and_described_once() {
    let names: BTreeSet<&str> = Fault::ALL.iter().map(|fault| fault.id()).collect();
    let lines: BTreeSet<&str> = Fault::ALL.iter().map(|fault| fault.meaning()).collect();
    assert_eq!(
        (names.len(), lines.len()),
        (Fault::ALL.len(), Fault::ALL.len())
    );
    for fault in Fault::ALL.iter().copied() {
        assert_eq!(fault.id().parse(), Ok(fault));
        assert_eq!(Scenario::named(fault.id()), Some(fault.into()));
    }
}
