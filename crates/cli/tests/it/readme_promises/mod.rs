//! Each promise of the README is a test, which stands below the sentence that it is named after.
//!
//! A row of a table stands above its test as `/// | … | … |`, any other sentence as `/// > …`.

mod commands;
mod exit_statuses;
mod sentences;
mod statuses;
mod what_it_saves;

use std::{collections::BTreeSet, fs};

use seedance_testing::files::root;

/// The sources of the tests.
const SOURCES: &[&str] = &[
    include_str!("commands.rs"),
    include_str!("exit_statuses.rs"),
    include_str!("sentences.rs"),
    include_str!("statuses.rs"),
    include_str!("what_it_saves.rs"),
];

/// The first row of each table that promises something.
const TABLES: &[&str] = &[
    "| what goes wrong | what happens here |",
    "| status | what to do next |",
    "| command | what it does |",
    "| exit status | meaning, the same for all commands |",
];

fn readme() -> String {
    fs::read_to_string(root().join("README.md")).unwrap()
}

/// The rows of the tables, without their heads.
fn rows(readme: &str) -> Vec<&str> {
    let rows = |head: &&str| {
        let (_, table) = readme
            .split_once(*head)
            .unwrap_or_else(|| panic!("no table {head}"));
        let lines = table.trim_start_matches('\n').lines().skip(1);
        lines.take_while(|line| line.starts_with('|'))
    };
    TABLES.iter().flat_map(rows).collect()
}

/// The promises that a source has a test for: each doc comment of this kind that a test follows.
fn tested(source: &'static str) -> impl Iterator<Item = &'static str> {
    let blocks = source.split("\n\n");
    blocks.flat_map(|block| {
        let is_test = block.lines().any(|line| {
            line == "#[test]" || line.starts_with("#[tokio::test") && line.ends_with(")]")
        });
        let lines = block.lines().filter_map(|line| line.strip_prefix("/// "));
        lines.filter(move |_| is_test)
    })
}

#[test]
fn every_row_of_a_table_has_a_test() {
    let readme = readme();
    let rows = rows(&readme);
    assert!(rows.len() > 25, "{rows:#?}");
    let tested: BTreeSet<&str> = SOURCES.iter().flat_map(|source| tested(source)).collect();
    for row in &rows {
        assert!(tested.contains(row), "this promise has no test:\n{row}");
    }
    for row in tested.iter().filter(|line| line.starts_with('|')) {
        assert!(
            rows.contains(row),
            "the README does not say this any more:\n{row}"
        );
    }
}

#[test]
fn every_sentence_that_is_tested_is_said() {
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let readme = words(&readme());
    let mut count = 0;
    for source in SOURCES {
        for sentence in tested(source).filter_map(|line| line.strip_prefix("> ")) {
            let said = readme.contains(&words(sentence));
            assert!(said, "the README does not say this any more:\n{sentence}");
            count += 1;
        }
    }
    assert!(count > 10, "{count} sentences");
}
