//! Known findings are suppressed, new ones are not.

use seedance_query::Verdict;
use seedance_traffic::{Baseline, Session};

use super::{Input, rules, validate, validate_with};
use seedance_testing::files::root;

#[test]
fn a_baseline_suppresses_known_findings_only() {
    let paths = [root().join("tests/drift"), root().join("tests/timelines")];
    let paths: Vec<_> = paths.iter().map(std::path::PathBuf::as_path).collect();
    let (_, before) = validate(&paths);
    assert!(before.drifts.len() > 50);
    // Written and parsed again.
    let baseline: Baseline = Baseline::of(&before).to_string().parse().unwrap();
    assert_eq!(baseline.len(), before.drifts.len());
    let (kept, after) = validate_with(Session::new().with_baseline(&baseline), &paths);
    assert!(
        kept.responses
            .iter()
            .all(|(_, report)| report.verdict() == Verdict::Conforms)
    );
    assert_eq!(
        (after.verdicts.conforms, after.drifts.len()),
        (before.responses, 0)
    );
    let found: u64 = before.rules.iter().map(|rule| rule.count).sum();
    assert_eq!(after.ignored, found);
    assert_eq!(after.stale, []);

    let new = Input::new(
        "new.json",
        r#"{"code":"success","message":"","data":{"task_id":"t","status":"DONE"}}"#,
    );
    let (kept, after) = validate_with(Session::new().with_baseline(&baseline), &[&new.path]);
    assert!(rules(&kept.responses[0].1).contains(&seedance_query::Rule::UnknownStatus));
    assert!(after.stale.len() > 50);
}

#[test]
fn another_value_is_a_new_finding() {
    let body = |action: &str| {
        let text = std::fs::read_to_string(root().join("tests/captures/normal-720p.http")).unwrap();
        text.replace("\"generate\"", &format!("\"{action}\""))
    };
    let (_, summary) = Input::new("a.http", body("remix")).validate();
    let baseline = Baseline::of(&summary);
    assert_eq!(baseline.len(), 1);
    let verdict = |action| {
        let input = Input::new("a.http", body(action));
        let (kept, _) = validate_with(Session::new().with_baseline(&baseline), &[&input.path]);
        kept.responses[0].1.verdict()
    };
    assert_eq!(
        (verdict("remix"), verdict("extend")),
        (Verdict::Conforms, Verdict::Drifts)
    );
}

#[test]
fn an_invalid_baseline_is_reported_with_its_location() {
    for (text, message) in [
        ("known = 1", "line 1"),
        ("[[known]]\nrule = \"x\"\n", "missing field `pointer`"),
        (
            "[[known]]\nrule = \"x\"\npointer = \"\"\nline = 3\n",
            "unknown field `line`",
        ),
    ] {
        let error = text.parse::<Baseline>().unwrap_err().to_string();
        assert!(error.contains(message), "{error}");
    }
}
