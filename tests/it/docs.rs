//! The catalogue of rules, the page that is generated from it, and the schemas.

use std::{env, fmt::Write as _, fs};

use seedance_query::{CONTRACT_SCHEMA, DOCUMENTATION_SCHEMA, Rule, Severity};

use seedance_testing::files::{root, snapshots};

const INTRODUCTION: &str = "\
# Rules

A response **conforms** if nothing is found in it, **drifts** if there are warnings or infos only, and **violates** the
contract if there is an error. Ids are stable: a rule never gets another meaning under the same id.

Most findings come from the two readings of the spec. The *contract* is what a client must be able to rely on; the
*documentation* is the contract and everything else that the vendor promises. The other rules check what a schema cannot
express; some of them compare two polls of a task.
";

const EXPLANATIONS: &str = "
## Explanations

`seedance-query explain RULE` prints one of them. All rules exist since 0.1.0.
";

/// The page of all rules.
fn rules_page() -> String {
    let mut page = INTRODUCTION.to_owned();
    for severity in [Severity::Error, Severity::Warning, Severity::Info] {
        let _ = write!(page, "\n## Severity `{severity}`\n\n");
        page.push_str("| rule | meaning |\n| --- | --- |\n");
        let rules = Rule::ALL.iter().filter(|rule| rule.severity() == severity);
        for rule in rules {
            let _ = writeln!(page, "| [`{rule}`](#{rule}) | {} |", rule.meaning());
        }
    }
    page.push_str(EXPLANATIONS);
    for rule in Rule::ALL {
        let severity = rule.severity();
        let meaning = rule.meaning();
        let explanation = rule.explanation();
        let _ = write!(
            page,
            "\n### {rule}\n\n`{severity}`: {meaning}\n\n{explanation}\n"
        );
    }
    page
}

#[test]
fn the_page_of_rules_follows_from_the_catalogue() {
    let path = root().join("docs/rules.md");
    let page = rules_page();
    if env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&path, &page).unwrap();
    }
    assert_eq!(
        fs::read_to_string(path).unwrap(),
        page,
        "write it again with `UPDATE_DOCS=1 cargo test --test it docs::`"
    );
}

#[test]
fn each_rule_is_explained_with_an_example_and_what_to_do() {
    for rule in Rule::ALL {
        let paragraphs: Vec<&str> = rule.explanation().split("\n\n").collect();
        let [why, example, action] = paragraphs[..] else {
            panic!("`{rule}` needs three paragraphs: why, an example, what to do");
        };
        assert!(
            example.lines().all(|line| line.starts_with("    ")),
            "{rule}"
        );
        for text in [why, action] {
            assert!(
                !text.contains('\n') && text.ends_with('.'),
                "{rule}: {text}"
            );
        }
        assert!(
            !why.contains(rule.meaning()),
            "`{rule}` repeats its meaning"
        );
    }
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
