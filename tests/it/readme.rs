//! The README tells of the rules what the library tells.

use std::{fmt::Write as _, fs};

use seedance_query::{CONTRACT_SCHEMA, DOCUMENTATION_SCHEMA, Rule};

use seedance_testing::files::{root, snapshots};

#[test]
fn lists_every_rule() {
    let mut table = String::from("| rule | severity | meaning |\n| --- | --- | --- |\n");
    for rule in Rule::ALL {
        let _ = writeln!(
            table,
            "| `{rule}` | {} | {} |",
            rule.severity(),
            rule.meaning()
        );
    }
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    assert!(
        readme.contains(&table),
        "the table of rules in README.md has to be\n\n{table}"
    );
}

#[test]
fn the_lowered_schemas_are_as_pinned() {
    snapshots().bind(|| {
        insta::assert_snapshot!("schema-contract", CONTRACT_SCHEMA);
        insta::assert_snapshot!("schema-documentation", DOCUMENTATION_SCHEMA);
    });
}

#[test]
fn rules_are_sorted_by_severity_and_have_ids_of_their_own() {
    let severities: Vec<_> = Rule::ALL.iter().map(|rule| rule.severity()).collect();
    assert!(severities.is_sorted_by(|a, b| a >= b));
    let mut ids: Vec<_> = Rule::ALL.iter().map(|rule| rule.id()).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), Rule::ALL.len());
}
