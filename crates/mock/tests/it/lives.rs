//! What tasks are when nothing goes wrong.

use std::{collections::BTreeSet, time::Duration};

use seedance_mock::{Fault, Gateway, Scenario, Video, task_id};
use seedance_query::{Rule, Shape, TaskId, Verdict, validate_response};

use super::{LIFE, Reply, builder, client, get, query};

/// Queries a task every few seconds of the gateway's until it has ended, and gives all answers.
async fn life(gateway: &Gateway, id: &TaskId, every: Duration) -> Vec<Reply> {
    let mut replies = Vec::new();
    loop {
        let reply = query(gateway, id).await.unwrap();
        let status = reply.json()["data"]["status"].clone();
        replies.push(reply);
        if status == "SUCCESS" || status == "FAILURE" {
            return replies;
        }
        assert!(replies.len() < 200, "{id} does not end");
        gateway.advance(every);
    }
}

#[tokio::test]
async fn every_body_of_a_life_conforms() {
    let gateway = builder().start().await.unwrap();
    for (scenario, shape) in [
        (Scenario::Normal, Shape::Normal),
        (Scenario::SuperResolution, Shape::SuperResolution),
        (Scenario::Failure, Shape::Failure),
    ] {
        let mut statuses = BTreeSet::new();
        let mut progress = Vec::new();
        let replies = life(&gateway, &task_id(scenario, 1), Duration::from_secs(1)).await;
        for reply in &replies {
            let report = validate_response(reply.status, &reply.body);
            for finding in report.findings() {
                assert_eq!(
                    finding.rule,
                    Rule::LoopbackUrl,
                    "{finding}\n{}",
                    reply.text()
                );
            }
            let row = &reply.json()["data"];
            statuses.insert(row["status"].as_str().unwrap().to_owned());
            let percent = row["progress"].as_str().unwrap().trim_end_matches('%');
            progress.push(percent.parse::<u32>().unwrap());
        }
        let last = validate_response(200, &replies.last().unwrap().body);
        assert_eq!(last.shape(), Some(shape));
        let ended = if shape == Shape::Failure {
            "FAILURE"
        } else {
            "SUCCESS"
        };
        let all = ["IN_PROGRESS", "NOT_START", "QUEUED", ended].map(str::to_owned);
        assert_eq!(statuses, BTreeSet::from(all));
        assert!(progress.is_sorted(), "{progress:?}");
        assert!(
            progress.contains(&0) && progress.contains(&100),
            "{progress:?}"
        );
    }
}

#[tokio::test]
async fn tasks_differ_and_each_conforms() {
    let gateway = builder().start().await.unwrap();
    let mut sizes = BTreeSet::new();
    let mut ids = BTreeSet::new();
    for number in 0..40 {
        for scenario in [Scenario::Normal, Scenario::SuperResolution] {
            let replies = life(&gateway, &task_id(scenario, number), LIFE).await;
            let reply = replies.last().unwrap();
            let report = validate_response(reply.status, &reply.body);
            for finding in report.findings() {
                assert_eq!(finding.rule, Rule::LoopbackUrl, "{finding}");
            }
            let data = &reply.json()["data"]["data"];
            sizes.insert(format!("{} {}", data["resolution"], data["ratio"]));
            ids.insert(data["id"].to_string());
        }
    }
    assert_eq!(sizes.len(), 6, "{sizes:?}");
    assert_eq!(ids.len(), 80);
}

#[tokio::test]
async fn one_that_is_stuck_runs_on() {
    let gateway = builder().start().await.unwrap();
    let id = task_id(Scenario::Stuck, 1);
    let client = client(&gateway);
    client.query(&id).await.unwrap();
    gateway.advance(Duration::from_hours(100));
    let reply = query(&gateway, &id).await.unwrap();
    assert_eq!(reply.json()["data"]["status"], "IN_PROGRESS");
    assert_eq!(
        validate_response(200, &reply.body).verdict(),
        Verdict::Conforms
    );
}

#[tokio::test]
async fn names_in_any_form_choose_the_scenario() {
    let mut seen = BTreeSet::new();
    for scenario in Scenario::all() {
        let id = task_id(scenario, 7);
        let (prefix, rest) = id.as_str().split_at("asyntask_".len());
        assert_eq!(prefix, "asyntask_");
        assert!(
            rest.len() == 32 && rest.bytes().all(|byte| byte.is_ascii_alphanumeric()),
            "{id}"
        );
        let name = scenario.name();
        for form in [
            id.as_str().to_owned(),
            id.as_str().to_lowercase(),
            name.to_owned(),
            format!("{name}-12"),
            name.to_uppercase(),
        ] {
            assert_eq!(
                Scenario::of(&form.parse().unwrap()),
                Some(scenario),
                "{form}"
            );
        }
        assert!(seen.insert(name), "{name} comes twice");
        let description = scenario.description();
        assert!(
            description.ends_with('.') && !description.contains('\n'),
            "{description}"
        );
    }
    for other in [
        "",
        "7",
        "norma",
        "normal7x",
        "asyntask_",
        "cgt-20260101000000-abcde",
    ] {
        assert_eq!(Scenario::named(other), None, "{other}");
    }

    let gateway = builder().start().await.unwrap();
    let id: TaskId = "asyntask_Qm4tZ81kWvYc3RbN7sXeLh2GpD6uJa0F".parse().unwrap();
    let error = client(&gateway).query(&id).await.unwrap_err();
    assert!(error.is_unknown_task(), "{error}");
    assert_eq!(error.status().unwrap(), 400);
}

#[tokio::test]
async fn the_videos_of_a_task_are_its_own() {
    let gateway = builder().start().await.unwrap();
    let [one, two] = [1, 2].map(|number| task_id(Scenario::SuperResolution, number));
    let sums: BTreeSet<String> = [&one, &two]
        .iter()
        .flat_map(|id| [Video::Result, Video::Original].map(|video| gateway.sha256(id, video)))
        .collect();
    assert_eq!(sums.len(), 4);
    let reply = life(&gateway, &one, LIFE).await.pop().unwrap().json();
    for (name, video) in [
        ("result_url", Video::Result),
        ("original_result_url", Video::Original),
    ] {
        let reply = get(reply["data"][name].as_str().unwrap()).await.unwrap();
        assert_eq!(reply.status, 200);
        assert_eq!(reply.body, gateway.video(&one, video));
        assert_eq!(reply.body.len() as u64, gateway.video_length(&one, video));
    }
    let normal = task_id(Fault::Redirect, 1);
    assert_eq!(
        gateway.sha256(&normal, Video::Result),
        gateway.sha256(&normal, Video::Original)
    );
}
