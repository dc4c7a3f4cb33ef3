//! What tasks are when nothing goes wrong.

use std::{collections::BTreeSet, time::Duration};

use seedance_query::{
    Rule, Shape, TaskId, Verdict,
    mock::{Fault, Gateway, Origin, Scenario, Video, task_id},
    validate_response,
};

use super::{LIFE, LIMIT, Reply, builder, client, get, plain, query, send};

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
    assert_eq!((reply.status, reply.header("allow")), (405, "GET"));
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
    let client = reqwest::Client::new();
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
    tokio::time::timeout(LIMIT, gone).await.unwrap();
    assert!(client.get(&url).send().await.is_err());
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
