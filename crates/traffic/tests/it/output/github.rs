//! Workflow commands.

use std::{collections::BTreeSet, fs};

use seedance_query::Source;
use seedance_traffic::{Output, Session, output::github::GitHub};

use super::validate_all;
use seedance_testing::files::root;

#[test]
fn annotates_every_finding_of_all_bodies_once() {
    let mut out = Vec::new();
    validate_all(&mut GitHub::new(&mut out));
    let text = String::from_utf8(out).unwrap();
    let mut lines: Vec<&str> = text.lines().collect();
    let total = lines.pop().unwrap();
    let distinct: BTreeSet<&str> = lines.iter().copied().collect();
    assert_eq!(distinct.len(), lines.len(), "an annotation is repeated");
    let count = |level: &str| lines.iter().filter(|line| line.starts_with(level)).count();
    let counts = [count("::error "), count("::warning "), count("::notice ")];
    assert_eq!(counts.iter().sum::<usize>(), lines.len());
    let (log, _) = super::sarif::log();
    let results = log["runs"][0]["results"].as_array().unwrap();
    assert_eq!(lines.len(), results.len());
    let expected = format!(
        "{} errors, {} warnings, {} notices; ",
        counts[0], counts[1], counts[2]
    );
    assert!(total.starts_with(&expected), "{total}");
    for line in &lines {
        let (_, properties) = line.split_once(" file=").unwrap();
        let (file, rest) = properties.split_once(",line=").unwrap();
        let number: usize = rest[..rest.find(',').unwrap()].parse().unwrap();
        let body = fs::read_to_string(root().join(file)).unwrap();
        let has = body.lines().count().max(1) + 1;
        assert!((1..=has).contains(&number), "{file} has no line {number}");
    }
}

#[test]
fn names_the_line_and_the_column() {
    let mut out = Vec::new();
    validate_all(&mut GitHub::new(&mut out));
    let text = String::from_utf8(out).unwrap();
    let expected = "::error file=tests/drift/9p-numeric-progress.json,line=12,col=17,\
                    title=wrong-type::/data/progress: expected a string, found a number\
                    %0Aexpected string\n";
    assert!(text.contains(expected), "{text}");
}

#[test]
fn tells_the_other_place_of_a_finding() {
    let mut out = Vec::new();
    let body = br#"{"code":"success","message":"","data":{"task_id":"t","status":"SUCCESS",
        "resultUrl":"https://a.example/v.mp4"}}"#;
    let (mut session, mut output) = (Session::new(), GitHub::new(&mut out));
    let response = session.validate(Source::whole("a"), None, None, body);
    output.response(&response).unwrap();
    let text = String::from_utf8(out).unwrap();
    let line = text
        .lines()
        .find(|line| line.contains("title=other-spelling::"));
    let line = line.unwrap_or_else(|| panic!("{text}"));
    assert!(line.contains("::/data/resultUrl: "), "{line}");
    assert!(line.contains("%0Asee also /data/result_url"), "{line}");
    assert_eq!(text.matches("see also").count(), 1, "{text}");
}
