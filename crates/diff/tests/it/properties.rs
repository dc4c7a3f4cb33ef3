//! What holds for any two documents: changes go both ways, and no breach is passed over.

use std::{collections::BTreeSet, fmt, sync::LazyLock};

use proptest::prelude::*;
use seedance_diff::{Change, ChangeKind, Impact, Spec, compare};
use seedance_query::{CONTRACT_SCHEMA, OPENAPI, Severity};
use serde_json::Value;

use super::cases::CASES;
use seedance_testing::arbitrary;

static CONTRACT: LazyLock<Value> = LazyLock::new(|| serde_json::from_str(CONTRACT_SCHEMA).unwrap());

/// A document with the edits of some cases, as far as they go together.
struct Document {
    /// Which cases, so that a failure can be read.
    cases: Vec<usize>,
    spec: Spec,
}

impl fmt::Debug for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for index in &self.cases {
            writeln!(f, "{:?}", CASES[*index].new)?;
        }
        Ok(())
    }
}

fn document() -> impl Strategy<Value = Document> {
    let edits = prop::collection::btree_set(0..CASES.len(), 0..4);
    edits.prop_filter_map("edits that go together", |cases| {
        let mut text = OPENAPI.to_owned();
        let cases = Vec::from_iter(cases);
        for (old, new) in cases.iter().flat_map(|index| CASES[*index].new) {
            if !text.contains(old) {
                return None;
            }
            text = text.replacen(old, new, 1);
        }
        let spec = Spec::parse("edited.yaml", &text).ok()?;
        Some(Document { cases, spec })
    })
}

/// The kinds that a change can have if it is taken back.
fn reversed(kind: ChangeKind) -> Vec<&'static str> {
    match kind.id() {
        "field-removed" => vec!["field-added", "required-field-added"],
        "required-field-added" => vec!["field-removed"],
        "parameter-removed" => vec!["parameter-added", "required-parameter-added"],
        "required-parameter-added" => vec!["parameter-removed"],
        id => {
            let (stem, end) = id.rsplit_once('-').unwrap();
            let end = match end {
                "added" => "removed",
                "removed" => "added",
                "widened" => "narrowed",
                "narrowed" => "widened",
                "closed" => "opened",
                "opened" => "closed",
                "tightened" => "loosened",
                "loosened" => "tightened",
                "raised" => "lowered",
                "lowered" => "raised",
                same => same,
            };
            let known = ChangeKind::ALL.iter().map(|kind| kind.id());
            known
                .filter(|id| id.rsplit_once('-') == Some((stem, end)))
                .collect()
        }
    }
}

/// Whether the contract of a document accepts a body.
fn accepts(spec: &Spec, body: &[u8]) -> bool {
    let findings = spec.findings(Some(200), body);
    findings
        .iter()
        .all(|finding| finding.severity() != Severity::Error)
}

fn some() -> ProptestConfig {
    ProptestConfig {
        cases: 24,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(some())]

    #[test]
    fn what_changes_in_one_direction_changes_in_the_other(a in document(), b in document()) {
        let (old, new) = (a.spec, b.spec);
        prop_assert!(compare(&old, &old).is_empty());
        let (there, back) = (compare(&old, &new), compare(&new, &old));
        prop_assert_eq!(there.changes().len(), back.changes().len());
        let key = |change: &Change| (change.kind.id(), change.pointer.clone(), change.concerns());
        let back: BTreeSet<_> = back.changes().iter().map(key).collect();
        for change in there.changes() {
            let (_, pointer, concerns) = key(change);
            let mut kinds = reversed(change.kind).into_iter();
            let is_told =
                kinds.any(|id| back.contains(&(id, pointer.clone(), concerns.clone())));
            prop_assert!(is_told, "{change}\n{back:?}");
        }
    }

    #[test]
    fn contracts_that_judge_a_body_differently_mean_a_breaking_change(
        a in document(),
        b in document(),
        bodies in prop::collection::vec(arbitrary::body(&CONTRACT), 64),
    ) {
        let (old, new) = (a.spec, b.spec);
        // A document that no body can be checked against says nothing of one.
        prop_assume!(old.unchecked().is_none() && new.unchecked().is_none());
        let diff = compare(&old, &new);
        // Another type of what was any member before is compatible by definition.
        let is_told = diff.changes().iter().any(|change| {
            let of_any_type = [
                ChangeKind::FieldAdded,
                ChangeKind::ObservedFieldAdded,
                ChangeKind::ObservedFieldRemoved,
            ];
            change.impact() == Impact::Breaking || of_any_type.contains(&change.kind)
        });
        for body in bodies {
            let text = body.to_string();
            let same = accepts(&old, text.as_bytes()) == accepts(&new, text.as_bytes());
            prop_assert!(same || is_told, "{text}\n{diff:?}");
        }
    }
}

/// The property above would hold for documents that agree on every body, too: these do not.
#[test]
fn the_documents_judge_bodies_differently() {
    use proptest::{strategy::ValueTree, test_runner::TestRunner};
    let mut runner = TestRunner::deterministic();
    let old = Spec::parse("old.yaml", OPENAPI).unwrap();
    let bodies = arbitrary::body(&CONTRACT);
    let bodies: Vec<String> = (0..256)
        .map(|_| bodies.new_tree(&mut runner).unwrap().current().to_string())
        .collect();
    let mut different = 0;
    for case in CASES {
        let mut text = OPENAPI.to_owned();
        for (old, new) in case.new {
            text = text.replacen(old, new, 1);
        }
        let new = Spec::parse("new.yaml", &text).unwrap();
        let mut bodies = bodies.iter().map(String::as_bytes);
        different += usize::from(bodies.any(|body| accepts(&old, body) != accepts(&new, body)));
    }
    assert!(different >= 8, "only {different} of {} cases", CASES.len());
}
