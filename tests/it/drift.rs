//! What the wild adds: one body for each phenomenon, and one table of what is said of them.

use std::{collections::BTreeSet, fmt::Write as _};

use seedance_query::{Rule, Shape};

use seedance_testing::files::{read_all, snapshots};

#[test]
fn every_phenomenon_is_named() {
    let mut table = String::from("| body | shape | verdict | rules |\n| --- | --- | --- | --- |\n");
    for body in read_all("tests/drift") {
        let shape = body.report.shape().map_or("-", Shape::name);
        let mut counts: Vec<(Rule, usize)> = Vec::new();
        for finding in body.report.findings() {
            match counts.last_mut() {
                Some((rule, count)) if *rule == finding.rule => *count += 1,
                _ => counts.push((finding.rule, 1)),
            }
        }
        let rules: Vec<String> = counts
            .iter()
            .map(|(rule, count)| match count {
                1 => rule.to_string(),
                count => format!("{rule} ×{count}"),
            })
            .collect();
        let rules = if rules.is_empty() {
            "-".to_owned()
        } else {
            rules.join(", ")
        };
        let _ = writeln!(
            table,
            "| {} | {shape} | {} | {rules} |",
            body.name,
            body.report.verdict()
        );
    }
    snapshots().bind(|| insta::assert_snapshot!("drift", table));
}

#[test]
fn every_finding_reads_well() {
    let mut text = String::new();
    for body in read_all("tests/drift") {
        // Of many alike, some show how they read.
        let findings = body.report.findings();
        let shown = findings
            .iter()
            .take(9)
            .chain(findings.iter().skip(9).rev().take(1));
        for finding in shown {
            let _ = writeln!(text, "{}: {finding}", body.name);
        }
    }
    snapshots().bind(|| insta::assert_snapshot!("drift-messages", text));
}

#[test]
fn every_rule_is_tripped_by_some_body_and_not_by_another() {
    let bodies: Vec<_> = read_all("tests/drift")
        .into_iter()
        .chain(read_all("tests/captures"))
        .collect();
    let mut tripped = BTreeSet::new();
    for rule in Rule::ALL {
        let trips = |body: &&seedance_testing::files::Body| {
            body.report
                .findings()
                .iter()
                .any(|finding| finding.rule == *rule)
        };
        let count = bodies.iter().filter(trips).count();
        if count > 0 {
            tripped.insert(*rule);
        }
        assert!(count < bodies.len(), "{rule} is found in every body");
    }
    // What takes two polls to be found has files of its own.
    let all = Rule::ALL.iter().filter(|rule| !rule.compares_polls());
    let all: BTreeSet<Rule> = all.copied().collect();
    let never: Vec<_> = all.difference(&tripped).collect();
    assert!(never.is_empty(), "no body in tests/drift trips {never:?}");
}

#[test]
fn one_cause_is_one_finding() {
    for body in read_all("tests/drift") {
        let mut places = BTreeSet::new();
        for finding in body.report.findings() {
            assert!(
                places.insert((finding.pointer.as_str(), finding.rule)),
                "{}: {finding} stands twice",
                body.name
            );
        }
    }
}
