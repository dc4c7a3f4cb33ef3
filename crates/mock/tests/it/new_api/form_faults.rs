//! Faults of bodies in the three forms of a task.

use std::{collections::BTreeSet, time::Duration};

use seedance_mock::{Fault, Gateway, Scenario, Stage, task_id};
use seedance_query::TaskId;

use super::{Reply, get, plain, send, start, submitted};

fn forms(id: &TaskId) -> [String; 3] {
    [
        format!("/v1/video/generations/{id}"),
        format!("/v1/videos/{id}"),
        format!("/v1/generation/tasks/{id}"),
    ]
}

async fn with_fault(gateway: &Gateway, path: &str, fault: Fault) -> Reply {
    let url = format!("{}{path}", gateway.base_url());
    let request = plain().get(url).bearer_auth(gateway.api_key());
    send(request.header("x-mock-fault", fault.id()))
        .await
        .unwrap()
}

/// A fault changes the answer in some state of some task, or the mock says that it does not fit.
#[tokio::test]
async fn each_shows_in_a_form_or_is_refused_there() {
    // What this gateway does of itself.
    let always = [
        (0, Fault::EscapedAmpersands),
        (1, Fault::EscapedAmpersands),
        (2, Fault::EscapedAmpersands),
        (0, Fault::FailureTextInResultUrl),
        // The task does not end: see the scenario of this name.
        (2, Fault::UpstreamExpired),
    ];
    let gateway = start(false).await;
    let ids = [
        Scenario::Normal,
        Scenario::SuperResolution,
        Scenario::Failure,
    ];
    let ids = ids.map(|scenario| task_id(scenario, 1));
    for id in &ids {
        get(&gateway, &forms(id)[0]).await;
    }
    let (mut shown, mut refused) = (BTreeSet::new(), BTreeSet::new());
    for seconds in [0, 10, 30, 300] {
        gateway.advance(Duration::from_secs(seconds));
        for id in &ids {
            for (form, path) in forms(id).iter().enumerate() {
                let clean = get(&gateway, path).await;
                for fault in Fault::ALL.iter().copied() {
                    let key = (form, fault.id());
                    let is_known = shown.contains(&key) || refused.contains(&key);
                    if fault.stage() != Stage::Body || is_known {
                        continue;
                    }
                    let reply = with_fault(&gateway, path, fault).await;
                    if reply.status == 400 {
                        let said = format!("`{fault}` does not show in this form");
                        assert!(reply.text().contains(&said), "{}", reply.text());
                        refused.insert(key);
                    } else if (reply.status, &reply.body) != (clean.status, &clean.body) {
                        shown.insert(key);
                    }
                }
            }
        }
    }
    for (form, fault) in always {
        assert!(!refused.contains(&(form, fault.id())), "{form} {fault}");
        assert!(shown.insert((form, fault.id())), "{form} {fault}");
    }
    let bodies = Fault::ALL
        .iter()
        .filter(|fault| fault.stage() == Stage::Body);
    for fault in bodies {
        for form in 0..3 {
            let key = (form, fault.id());
            assert_ne!(shown.contains(&key), refused.contains(&key), "{key:?}");
        }
    }
    let count = |form: usize| refused.iter().filter(|(own, _)| *own == form).count();
    assert_eq!(
        refused.iter().find(|(form, _)| *form == 0),
        Some(&(0, "missing-request-id"))
    );
    assert!(count(0) == 1 && count(1) < count(2), "{refused:?}");
}

#[tokio::test]
async fn a_task_with_a_fault_that_does_not_fit_is_told_of_with_its_name() {
    let gateway = start(false).await;
    let id = submitted(&gateway, "a boat [numeric-progress]").await;
    let [row, video, list] = forms(&id);
    let row = get(&gateway, &row).await;
    assert_eq!(row.header("x-mock-unfit-fault"), "");
    assert!(row.json()["data"]["progress"].is_u64());
    for path in [video, list] {
        let reply = get(&gateway, &path).await;
        assert_eq!(
            (reply.status, reply.header("x-mock-unfit-fault")),
            (200, "numeric-progress")
        );
    }

    // A white label has no upstream's part to be wrong.
    let gateway = start(true).await;
    let id = submitted(&gateway, "a boat [inner-status-differs]").await;
    let reply = get(&gateway, &forms(&id)[0]).await;
    assert_eq!(reply.header("x-mock-unfit-fault"), "inner-status-differs");
}
