//! What is ignored or known is quiet, and what is new is not.

use seedance_query::Verdict;
use seedance_traffic::{Baseline, Session};

use super::{Input, check, check_with, rules};
use seedance_testing::files::root;

#[test]
fn a_baseline_makes_what_is_known_quiet_and_nothing_else() {
    let paths = [root().join("tests/drift"), root().join("tests/timelines")];
    let paths: Vec<_> = paths.iter().map(std::path::PathBuf::as_path).collect();
    let (_, before) = check(&paths);
    assert!(before.drifts.len() > 50);
    // As a file says it, and not as it is in memory.
    let baseline: Baseline = Baseline::of(&before).to_string().parse().unwrap();
    assert_eq!(baseline.len(), before.drifts.len());
    let (kept, after) = check_with(Session::new().with_baseline(&baseline), &paths);
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
    let (kept, after) = check_with(Session::new().with_baseline(&baseline), &[&new.path]);
    assert!(rules(&kept.responses[0].1).contains(&seedance_query::Rule::UnknownStatus));
    assert!(after.stale.len() > 50);
}

#[test]
fn another_value_is_not_the_one_that_is_known() {
    let body = |action: &str| {
        let text = std::fs::read_to_string(root().join("tests/captures/normal-720p.http")).unwrap();
        text.replace("\"generate\"", &format!("\"{action}\""))
    };
    let (_, summary) = Input::new("a.http", body("remix")).check();
    let baseline = Baseline::of(&summary);
    assert_eq!(baseline.len(), 1);
    let verdict = |action| {
        let input = Input::new("a.http", body(action));
        let (kept, _) = check_with(Session::new().with_baseline(&baseline), &[&input.path]);
        kept.responses[0].1.verdict()
    };
    assert_eq!(
        (verdict("remix"), verdict("extend")),
        (Verdict::Conforms, Verdict::Drifts)
    );
}

#[test]
fn a_baseline_that_is_none_says_where() {
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
