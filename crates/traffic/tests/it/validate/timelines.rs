//! Rules that compare the polls of a task.

use std::collections::BTreeSet;

use seedance_query::{Place, Rule, Source};
use seedance_traffic::Session;
use serde_json::json;

use super::{Input, rules, validate, validate_with};
use seedance_testing::files::{files, root};

/// A poll of a task, as a line.
fn poll(task: &str, status: &str, progress: &str, more: &serde_json::Value) -> String {
    let mut body = json!({ "code": "success", "message": "", "data": {
        "task_id": task, "action": "generate", "status": status, "submit_time": 100,
        "start_time": 110, "finish_time": 0, "progress": progress, "request_id": "r",
    }});
    for (name, value) in more.as_object().into_iter().flatten() {
        body["data"][name] = value.clone();
    }
    body.to_string()
}

fn found(lines: &[String]) -> Vec<Vec<(Rule, String, String)>> {
    let (kept, _) = Input::new("polls.ndjson", lines.join("\n")).validate();
    let of = |report: &seedance_query::Report| {
        let findings = report
            .findings()
            .iter()
            .filter(|finding| finding.earlier.is_some());
        findings
            .map(|finding| {
                let place = finding.earlier.as_ref().unwrap().to_string();
                let place = place.rsplit('/').next().unwrap().to_owned();
                assert!(
                    finding.message.contains(&place),
                    "{finding} does not name {place}"
                );
                (finding.rule, finding.pointer.clone(), place)
            })
            .collect()
    };
    kept.responses
        .iter()
        .map(|(_, report)| of(report))
        .collect()
}

/// The two polls are on lines 1 and 3, with another task in between.
fn between(first: &str, second: &str) -> Vec<(Rule, String)> {
    let other = poll("other", "SUCCESS", "100%", &json!({}));
    let mut found = found(&[first.to_owned(), other, second.to_owned()]);
    assert_eq!((found.len(), &found[0], &found[1]), (3, &vec![], &vec![]));
    let found = found.remove(2);
    assert!(
        found.iter().all(|(.., place)| place == "polls.ndjson:1"),
        "{found:?}"
    );
    found
        .into_iter()
        .map(|(rule, pointer, _)| (rule, pointer))
        .collect()
}

#[test]
fn each_rule_finds_its_change_only() {
    let run = |status: &str, progress: &str| poll("t", status, progress, &json!({}));
    let with = |more: serde_json::Value| poll("t", "IN_PROGRESS", "50%", &more);
    let done = |url: &str| poll("t", "SUCCESS", "100%", &json!({ "result_url": url }));
    for (first, second, rule, pointer) in [
        (
            run("IN_PROGRESS", "50%"),
            run("QUEUED", "50%"),
            Rule::StatusWentBack,
            "/data/status",
        ),
        (
            run("QUEUED", "0%"),
            run("NOT_START", "0%"),
            Rule::StatusWentBack,
            "/data/status",
        ),
        (
            run("SUCCESS", "100%"),
            run("FAILURE", "100%"),
            Rule::TerminalStatusChanged,
            "/data/status",
        ),
        (
            run("FAILURE", "100%"),
            run("IN_PROGRESS", "100%"),
            Rule::TerminalStatusChanged,
            "/data/status",
        ),
        (
            run("SUCCESS", "100%"),
            run("DELETED", "100%"),
            Rule::TerminalStatusChanged,
            "/data/status",
        ),
        (
            run("IN_PROGRESS", "60%"),
            run("IN_PROGRESS", "59%"),
            Rule::ProgressFell,
            "/data/progress",
        ),
        (
            run("IN_PROGRESS", "60"),
            run("IN_PROGRESS", "33.3%"),
            Rule::ProgressFell,
            "/data/progress",
        ),
        (
            with(json!({})),
            with(json!({ "submit_time": 101 })),
            Rule::SubmitTimeChanged,
            "/data/submit_time",
        ),
        (
            with(json!({})),
            with(json!({ "action": "omniGenerate" })),
            Rule::ActionChanged,
            "/data/action",
        ),
        (
            with(json!({})),
            with(json!({ "action": "remix" })),
            Rule::ActionChanged,
            "/data/action",
        ),
        (
            with(json!({ "data": { "id": "cgt-1" } })),
            with(json!({ "data": { "id": "cgt-2" } })),
            Rule::UpstreamIdChanged,
            "/data/data/id",
        ),
        (
            done("https://a.example/1.mp4?s=1"),
            done("https://a.example/2.mp4?s=1"),
            Rule::ResultUrlMoved,
            "/data/result_url",
        ),
        (
            with(json!({})),
            with(json!({ "start_time": 0 })),
            Rule::StartTimeChanged,
            "/data/start_time",
        ),
        (
            with(json!({})),
            with(json!({ "start_time": 111 })),
            Rule::StartTimeChanged,
            "/data/start_time",
        ),
    ] {
        assert_eq!(
            between(&first, &second),
            [(rule, pointer.to_owned())],
            "{first}\n{second}"
        );
    }
}

#[test]
fn regular_progress_has_no_findings() {
    let run =
        |status: &str, progress: &str, more: serde_json::Value| poll("t", status, progress, &more);
    let url = |query: &str| json!({ "result_url": format!("https://a.example/v.mp4?{query}") });
    for (first, second) in [
        (
            run("NOT_START", "0%", json!({ "start_time": 0 })),
            run("QUEUED", "0%", json!({ "start_time": 0 })),
        ),
        (
            run("NOT_START", "0%", json!({ "start_time": 0 })),
            run("SUCCESS", "100%", json!({})),
        ),
        (
            run("QUEUED", "10%", json!({})),
            run("IN_PROGRESS", "50%", json!({ "data": { "id": "cgt-1" } })),
        ),
        (
            run("SUBMITTED", "0%", json!({})),
            run("QUEUED", "0%", json!({})),
        ),
        (
            run("IN_PROGRESS", "unknown", json!({})),
            run("IN_PROGRESS", "5%", json!({})),
        ),
        // Signed anew, it is still the same file.
        (
            run("SUCCESS", "100%", url("X-Tos-Signature=1")),
            run("SUCCESS", "100%", url("X-Tos-Signature=2")),
        ),
        // On failure it is an error's text, if anything.
        (
            run("FAILURE", "100%", json!({ "result_url": "a" })),
            run("FAILURE", "100%", json!({ "result_url": "b" })),
        ),
        (
            run("SUCCESS", "100%", json!({})),
            run("SUCCESS", "100%", json!({ "action": null })),
        ),
    ] {
        assert_eq!(between(&first, &second), [], "{first}\n{second}");
    }
}

/// Recorded times order polls across inputs, and each poll is compared with the one before it.
#[test]
fn polls_are_compared_across_inputs_and_with_the_one_before() {
    let input = |name: &str, status: &str, second: u32| {
        let body = poll("t", status, "50%", &json!({}));
        let date = format!("Tue, 01 Sep 2026 10:05:{second:02} GMT");
        Input::new(name, format!("HTTP/1.1 200 OK\ndate: {date}\n\n{body}"))
    };
    let first = input("a.http", "IN_PROGRESS", 0);
    let second = input("b.http", "QUEUED", 15);
    let third = input("c.http", "QUEUED", 30);
    let (kept, summary) = validate(&[&first.path, &second.path, &third.path]);
    let finding = kept.responses[1]
        .1
        .findings()
        .iter()
        .find(|finding| finding.rule == Rule::StatusWentBack);
    let earlier = finding.unwrap().earlier.as_ref().unwrap();
    assert_eq!(
        (earlier.input.as_ref(), earlier.place),
        (first.path.to_str().unwrap(), Place::Whole)
    );
    assert!(!rules(&kept.responses[2].1).contains(&Rule::StatusWentBack));
    assert_eq!((summary.tasks, summary.responses), (1, 3));
}

/// Where the recording has no time, that of the last change in the body tells; names of files prove
/// nothing.
#[test]
fn the_time_of_the_last_change_orders_polls_that_have_no_recorded_time() {
    let found = |polls: &[(&str, &str, serde_json::Value)]| -> Vec<(String, Rule)> {
        let inputs: Vec<Input> = polls
            .iter()
            .map(|(name, status, more)| Input::new(name, poll("t", status, "50%", more)))
            .collect();
        let paths: Vec<&std::path::Path> =
            inputs.iter().map(|input| input.path.as_path()).collect();
        let (kept, _) = validate(&paths);
        let across = kept.responses.iter().flat_map(|(source, report)| {
            let found = report.findings().iter();
            let found = found.filter(|finding| finding.earlier.is_some());
            found.map(move |finding| {
                let name = source.rsplit('/').next().unwrap_or_default();
                (name.to_owned(), finding.rule)
            })
        });
        across.collect()
    };
    let at = |time: u32| json!({ "updated_at": 1_780_000_000 + time });
    let files = ["failure.json", "in-progress.json", "queued.json"];
    let sound = found(&[
        (files[0], "FAILURE", at(30)),
        (files[1], "IN_PROGRESS", at(20)),
        (files[2], "QUEUED", at(10)),
    ]);
    assert_eq!(sound, []);
    let back = found(&[
        (files[0], "FAILURE", at(10)),
        (files[1], "IN_PROGRESS", at(20)),
    ]);
    assert_eq!(back, [(files[1].to_owned(), Rule::TerminalStatusChanged)]);
    // Nothing tells which was first: only what contradicts in both orders is said, as information.
    let none = json!({});
    assert_eq!(
        found(&[
            (files[0], "FAILURE", none.clone()),
            (files[1], "IN_PROGRESS", none.clone()),
            (files[2], "QUEUED", none.clone()),
        ]),
        []
    );
    let unordered = found(&[
        (files[0], "FAILURE", none),
        ("success.json", "SUCCESS", json!({})),
    ]);
    assert_eq!(
        unordered,
        [("success.json".to_owned(), Rule::PollsDisagree)]
    );
    assert_eq!(
        Rule::PollsDisagree.severity(),
        seedance_query::Severity::Info
    );
    let equal = found(&[
        (files[0], "FAILURE", at(10)),
        ("success.json", "SUCCESS", at(10)),
    ]);
    assert_eq!(equal, [("success.json".to_owned(), Rule::PollsDisagree)]);
}

/// Within a file, the order of the lines tells where nothing else does.
#[test]
fn a_line_that_tells_of_an_earlier_change_is_the_earlier_poll() {
    let line = |status: &str, time: u32| {
        poll(
            "t",
            status,
            "50%",
            &json!({ "updated_at": 1_780_000_000 + time }),
        )
    };
    let rules = |lines: &[String]| -> Vec<Rule> {
        let found = found(lines).into_iter().flatten();
        found.map(|(rule, ..)| rule).collect()
    };
    assert_eq!(rules(&[line("IN_PROGRESS", 20), line("QUEUED", 10)]), []);
    assert_eq!(
        rules(&[line("IN_PROGRESS", 10), line("QUEUED", 10)]),
        [Rule::StatusWentBack]
    );
}

/// Known times decide which poll came first.
#[test]
fn recorded_times_override_the_order_of_the_inputs() {
    let mut session = Session::new();
    let mut validate = |line, time, status| {
        let source = Source::at("polls", Place::Line(line), line);
        let body = poll("t", status, "50%", &json!({}));
        let report = session
            .validate(source, Some(200), Some(time), body.as_bytes())
            .report;
        let findings = report
            .findings()
            .iter()
            .filter(|finding| finding.earlier.is_some());
        findings
            .map(|finding| finding.message.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(validate(1, 200, "IN_PROGRESS"), Vec::<String>::new());
    assert_eq!(validate(2, 100, "QUEUED"), Vec::<String>::new());
    assert_eq!(validate(3, 210, "IN_PROGRESS"), Vec::<String>::new());
    assert_eq!(
        validate(4, 205, "SUCCESS"),
        ["the task is `IN_PROGRESS`, and was `SUCCESS` here, before polls:3"]
    );
}

/// Each rule is broken by a file in `tests/timelines`, and the captures break none.
#[test]
fn every_rule_across_polls_is_broken_by_some_file() {
    let mut tripped = BTreeSet::new();
    for path in files("tests/timelines") {
        let (kept, _) = validate(&[&path]);
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let found: BTreeSet<Rule> = kept
            .responses
            .iter()
            .flat_map(|(_, report)| report.findings())
            .filter(|finding| finding.earlier.is_some())
            .map(|finding| finding.rule)
            .collect();
        let ids: Vec<&str> = found.iter().map(|rule| rule.id()).collect();
        if name == "a-life" {
            assert_eq!(ids, Vec::<&str>::new());
        } else {
            assert_eq!(ids, [name]);
        }
        tripped.extend(found);
    }
    // Polls in one file have an order.
    let all = Rule::ALL
        .iter()
        .filter(|rule| rule.compares_polls() && **rule != Rule::PollsDisagree);
    assert_eq!(tripped, all.copied().collect());
}

#[test]
fn a_timeline_has_durations() {
    let path = root().join("tests/timelines/a-life.har");
    let (_, summary) = validate_with(Session::new().with_task_timelines(), &[&path]);
    let [life] = summary.lives.as_slice() else {
        panic!("{:?}", summary.lives)
    };
    let told: Vec<_> = life
        .observed
        .iter()
        .map(|seen| {
            (
                seen.status.as_str(),
                seen.progress.as_deref(),
                seen.polls,
                seen.seconds,
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            ("NOT_START", Some("0%"), 1, Some(15)),
            ("QUEUED", Some("0%"), 1, Some(15)),
            ("IN_PROGRESS", Some("90%"), 3, Some(46)),
            ("SUCCESS", Some("100%"), 1, Some(0)),
        ]
    );
}
