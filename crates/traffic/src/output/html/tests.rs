//! The page of a summary that has everything in it.

use super::page::{PAGE, STYLE, page};
use crate::{
    report::{
        BaselineEntry, Count, FieldCount, HourCount, ObservedState, RuleCount, Summary,
        TaskTimeline, Unreadable, ValueSet, Verdicts,
    },
    validation::Session,
};
use seedance_query::{
    model::{Place, Source},
    validate::Rule,
};

/// A field name that would be markup, a script and a way out of an attribute.
const HOSTILE: &str =
    "</code></script><script>alert(1)</script>\" onload='x' <img src=x>&amp;\u{202e}";

fn count(name: &str, count: u64) -> Count {
    Count {
        name: name.to_owned(),
        count,
    }
}

fn observed(status: &str, seconds: Option<i64>, rules: &[Rule]) -> ObservedState {
    ObservedState {
        status: status.to_owned(),
        progress: (status == "IN_PROGRESS").then(|| "50%".to_owned()),
        polls: seconds.map_or(3, |seconds| 1 + seconds.unsigned_abs() / 15),
        since: seconds.map(|_| 1_780_000_000),
        seconds,
        first: Source::whole("polls.ndjson"),
        rules: rules.to_vec(),
    }
}

fn timelines() -> Vec<TaskTimeline> {
    let timeline = |name: &str, observed| TaskTimeline {
        task_id: format!("asyntask_{name}"),
        observed,
    };
    vec![
        timeline(
            "Qm4tZ81kWvYc3RbN7sXeLh2GpD6uJa0F",
            vec![
                observed("NOT_START", Some(15), &[]),
                observed("QUEUED", Some(45), &[]),
                observed("IN_PROGRESS", Some(135), &[]),
                observed("SUCCESS", Some(0), &[]),
            ],
        ),
        timeline(
            "J7T377jhtzlUKHbBVB7tLfyWsvzpEHGa",
            vec![
                observed("QUEUED", Some(30), &[]),
                observed("IN_PROGRESS", Some(60), &[]),
                observed("QUEUED", Some(15), &[Rule::TimeOrder]),
                observed("FAILURE", Some(30), &[]),
            ],
        ),
        timeline(
            HOSTILE,
            vec![
                observed("SUBMITTED", None, &[]),
                observed("QUEUED", None, &[]),
                observed("SUCCESS", None, &[Rule::UnknownStatus]),
            ],
        ),
    ]
}

/// Everything that the page can show.
fn everything() -> Summary {
    let mut session = Session::new();
    let bodies: [&[u8]; 5] = [
        include_bytes!("../../../../../tests/drift/9p-numeric-progress.json"),
        include_bytes!("../../../../../tests/drift/5k-undocumented-row-members.json"),
        include_bytes!("../../../../../tests/drift/9e-undocumented-action.json"),
        include_bytes!("../../../../../tests/drift/9m-failure-without-reason.json"),
        b"<html>",
    ];
    for (index, body) in bodies.iter().enumerate() {
        let source = Source::at("polls.ndjson", Place::Line(index as u64 + 1), 1);
        session.validate(source, None, None, body);
    }
    let hostile = format!(
        r#"{{"code":"success","message":"","data":{{"task_id":"t","status":{0},{0}:1}}}}"#,
        serde_json::Value::from(HOSTILE)
    );
    session.validate(Source::whole(HOSTILE), None, None, hostile.as_bytes());
    let mut summary = session.summary();
    summary
        .drifts
        .sort_by_key(|drift| std::cmp::Reverse(drift.severity));
    summary.drifts[0].count = 12_345;
    summary.drifts[1].yaml = Some("    mood:\n      type: string\n".to_owned());
    summary.rules.clear();
    for drift in &summary.drifts {
        match summary
            .rules
            .iter_mut()
            .find(|rule| rule.rule == drift.rule)
        {
            Some(rule) => rule.count += drift.count,
            None => summary.rules.push(RuleCount {
                rule: drift.rule,
                severity: drift.severity,
                count: drift.count,
            }),
        }
    }
    summary.inputs = 7;
    summary.tasks = 3;
    summary.skipped = 2;
    summary.ignored = 4;
    summary.more_drifts = 6;
    summary.severities.errors = 12_400;
    summary.shapes = vec![count("pending", 3), count("failure", 1), count("none", 2)];
    summary.lives = timelines();
    summary.fields = vec![
        FieldCount {
            pointer: "/data/task_id".to_owned(),
            count: 5,
        },
        FieldCount {
            pointer: "/data/original_result_url".to_owned(),
            count: 0,
        },
    ];
    summary.values = vec![ValueSet {
        pointer: "/data/action".to_owned(),
        documented: vec![count("generate", 3), count("omniGenerate", 0)],
        undocumented: vec![count("remixGenerate", 1), count(HOSTILE, 1)],
    }];
    summary.unreadable = vec![Unreadable {
        source: Source::whole("session.har"),
        message: format!("it ends in line 7, within {HOSTILE}"),
    }];
    summary.unreadable_count = 3;
    summary.stale = vec![BaselineEntry {
        rule: "odd-format".to_owned(),
        pointer: "/data/progress".to_owned(),
        value: None,
    }];
    summary
}

#[test]
fn shows_everything() {
    let page = page(&everything()).unwrap();
    let quiet = format!("{} other rules found nothing.", Rule::ALL.len() - 8);
    for text in [
        quiet.as_str(),
        "<strong>4</strong> of 6 responses violate the contract",
        "7 inputs, 3 tasks.",
        "3 could not be read.",
        "2 exchanges of other operations were skipped.",
        "4 findings were ignored or known.",
        "<dt>Errors</dt><dd>12,400</dd>",
        "By time since the first poll",
        "By number of polls, where no time is known",
        "NOT_START for 15 s, then QUEUED for 45 s, then IN_PROGRESS for 2 min 15 s, then SUCCESS for 0 s",
        "<title>IN_PROGRESS, 2 min 15 s, 50%</title>",
        "SUBMITTED</span> (not documented)",
        "<a class=\"alarm\" href=\"#time-order\">time-order</a>",
        "&times;&#8239;12,345",
        "<mark>50</mark>",
        "    mood:\n      type: string",
        "6 more distinct findings not listed.",
        "<li class=\"never\"><code class=\"text\">omniGenerate</code> never seen</li>",
        "<code class=\"text\">remixGenerate</code> <b>1</b> not documented",
        "1 documented field was never seen:",
        "it ends in line 7, within ",
        "2 more not listed.",
        "<code class=\"text\">odd-format</code> <code class=\"text\">&#x2f;data&#x2f;progress</code>",
    ] {
        assert!(page.contains(text), "{text} is not in {page}");
    }
    assert_eq!(page.matches("class=\"timeline\"").count(), 3);
    assert_eq!(page.matches("<rect class=\"state ").count(), 11);
}

#[test]
fn findings_come_first_after_the_contents() {
    let page = page(&everything()).unwrap();
    let ids = [
        "contents",
        "findings",
        "totals",
        "rules",
        "shapes",
        "coverage",
        "timeline",
        "values",
        "fields",
        "unreadable",
        "stale",
    ];
    let place = |id: &str| {
        let id = format!("id=\"{id}\"");
        assert_eq!(page.matches(&id).count(), 1, "{id}");
        page.find(&id)
    };
    let places = ids.map(place);
    assert!(places.is_sorted(), "{places:?}");
    for link in page.split("href=\"#").skip(1) {
        let target = &link[..link.find('"').unwrap()];
        // The rule of a timeline alone can be without a finding here.
        let is_there = page.contains(&format!("id=\"{target}\""));
        assert!(
            is_there || target == "time-order" || target == "unknown-status",
            "{target}"
        );
    }
}

#[test]
fn tells_coverage_trend_and_what_all_have() {
    let mut summary = everything();
    for task in 0..2 {
        summary.lives[task].observed[0].since =
            Some(1_780_012_800 + 7_200 * i64::try_from(task).unwrap());
    }
    summary.hours = [(0, 8), (5, 4)]
        .map(|(hour, conforms)| HourCount {
            start: 1_780_012_800 + hour * 3_600,
            verdicts: Verdicts {
                conforms,
                drifts: 0,
                violates: 1_234,
            },
        })
        .to_vec();
    summary.coverage = summary.document_coverage();
    for drift in &mut summary.drifts {
        for form in &mut drift.forms {
            form.count = 12;
        }
    }
    summary.forms = vec![count("enveloped", 12), count("error", 3)];
    let page = page(&summary).unwrap();
    for text in [
        "<span>Fields</span>",
        "1 of 2</td>",
        "<span>Shapes</span>",
        "2 of 5</td>",
        "2026-05-29 00:00",
        "2026-05-29 02:00",
        "2026-05-29 05:00",
        "<td class=\"count\">1,234</td>",
        "<dt>Occurs</dt><dd>in all 12 responses of the form <code>enveloped</code></dd>",
        "Checked on 20",
        "; polled from 2026-05-28 20:26 UTC to ",
    ] {
        assert!(page.contains(text), "{text} is not in {page}");
    }
}

#[test]
fn thousands_of_findings_stay_readable() {
    let mut summary = everything();
    let warning = summary
        .drifts
        .iter()
        .find(|drift| drift.snippet.is_some() && drift.yaml.is_none());
    let warning = warning.unwrap().clone();
    let severity = warning.severity;
    summary.drifts = (0..5_000)
        .map(|number| {
            let mut drift = warning.clone();
            drift.pointer = format!("/data/field_{number}");
            drift
        })
        .collect();
    let page = page(&summary).unwrap();
    assert_eq!(page.matches("<details class=\"finding ").count(), 5_000);
    let pages = format!("of 5,000 distinct {severity}s</summary>");
    assert_eq!(page.matches(&pages).count(), 99);
    assert!(page.contains(&format!("<summary>4,951 to 5,000 {pages}")));
    // What is seen at first is one page.
    let (before, _) = page.split_once("<details class=\"all\">").unwrap();
    assert_eq!(before.matches("<details class=\"finding ").count(), 50);
    assert_eq!(page.matches("<pre class=\"excerpt\">").count(), 500);
    println!("5,000 distinct findings are {} kB", page.len() / 1_000);
    assert!(page.len() < 9_000_000, "{}", page.len());
}

#[test]
fn input_never_becomes_markup() {
    let page = page(&everything()).unwrap();
    assert!(page.matches("&lt;script&gt;").count() > 5);
    assert!(!page.contains("<script"));
    assert!(!page.contains("<img"));
    assert!(!page.contains('\u{202e}') && page.contains("\\u{202e}"));
}

#[test]
fn is_one_file_without_external_resources() {
    let page = page(&everything()).unwrap();
    assert!(page.contains("default-src 'none'; style-src 'sha256-"));
    for way in [
        " src=", "@import", "url(", "<link", "<script", " style=", "http://", "https://",
    ] {
        assert!(!PAGE.contains(way) && !STYLE.contains(way), "{way}");
    }
    // What is linked to is not loaded.
    let links = page
        .matches("href=\"https://docs.rs/seedance-query/")
        .count();
    assert!(links > 5 && page.matches("href=\"https://").count() == links);
}

#[test]
fn handles_an_empty_summary() {
    let none = page(&Summary::default()).unwrap();
    assert!(none.contains("No responses validated"));
    assert!(none.contains("No findings."));
    for part in [
        "timeline",
        "values",
        "fields",
        "unreadable",
        "stale",
        "rules",
    ] {
        assert!(!none.contains(&format!("id=\"{part}\"")), "{part}");
    }
    let mut one = Summary {
        responses: 1,
        ..Summary::default()
    };
    one.verdicts.conforms = 1;
    assert!(
        page(&one)
            .unwrap()
            .contains("The response is as documented")
    );
    one.verdicts = Verdicts {
        drifts: 1,
        ..Verdicts::default()
    };
    let drifting = "<strong>1</strong> of 1 response drifts from the documentation";
    assert!(page(&one).unwrap().contains(drifting));
}

#[test]
fn tells_the_other_place_of_a_finding() {
    let body = br#"{"code":"success","message":"","data":{"task_id":"t","status":"SUCCESS",
        "resultUrl":"https://a.example/v.mp4"}}"#;
    let mut session = Session::new();
    session.validate(Source::whole("a"), None, None, body);
    let page = page(&session.summary()).unwrap();
    let (_, finding) = page.split_once("<dt>See also</dt>").unwrap();
    let (place, _) = finding.split_once("</dd>").unwrap();
    assert!(place.contains("&#x2f;data&#x2f;result_url"), "{place}");
    assert_eq!(page.matches("<dt>See also</dt>").count(), 1);
}
