//! `explain`, and suggestions for misspelled rules.

use seedance_query::Rule;
use serde_json::Value;

use crate::cli::run;

#[test]
fn explains_one_rule() {
    let (status, out, err) = run(&["explain", "upstream-status"]);
    assert_eq!((status, err.as_str()), (0, ""));
    let rule = Rule::UpstreamStatus;
    assert!(out.starts_with("warning[upstream-status]: "), "{out}");
    assert!(
        out.contains(rule.meaning()) && out.contains(rule.explanation()),
        "{out}"
    );
    assert!(
        out.ends_with(&format!("Since 0.1.0: {}\n", rule.help_url())),
        "{out}"
    );
}

#[test]
fn lists_all_rules() {
    let (status, out, _) = run(&["explain"]);
    assert_eq!((status, out.lines().count()), (0, Rule::ALL.len()));
    for (line, rule) in out.lines().zip(Rule::ALL) {
        assert!(
            line.starts_with(rule.id()) && line.ends_with(rule.meaning()),
            "{line}"
        );
    }
}

#[test]
fn prints_json_lines() {
    let (status, out, _) = run(&["explain", "--json", "null-field"]);
    let line: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((status, &line["rule"]), (0, &"null-field".into()));
    assert_eq!(line["severity"], "info");
    assert_eq!(line["help"], Rule::NullField.help_url());
    let (_, out, _) = run(&["explain", "--json"]);
    assert_eq!(out.lines().count(), Rule::ALL.len());
}

#[test]
fn suggests_a_rule_for_a_misspelled_one() {
    let (status, _, err) = run(&["explain", "upstream-state"]);
    assert_eq!(status, 2);
    assert!(err.contains("did you mean `upstream-status`?"), "{err}");
    let (status, _, err) = run(&["validate", "--ignore", "undocumented-feild", "x.json"]);
    assert_eq!(status, 2);
    assert!(err.contains("did you mean `undocumented-field`?"), "{err}");
}
