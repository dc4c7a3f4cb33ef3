//! What the README shows of the program is what the program prints.

use std::fs;

use seedance_testing::files::root;

use crate::cli::run;

fn readme() -> String {
    fs::read_to_string(root().join("README.md")).unwrap()
}

#[test]
fn the_excerpt_is_the_output() {
    let readme = readme();
    let mut blocks = readme.split("```text\n$ seedance-query ").skip(1);
    let block = blocks.next().unwrap().split("```").next().unwrap();
    let (arguments, shown) = block.split_once('\n').unwrap();
    let arguments: Vec<&str> = arguments.split(' ').collect();
    let (_, out, _) = run(&arguments);
    assert_eq!(shown, out);
    assert!(blocks.next().is_none(), "every excerpt is compared");
}

#[test]
fn the_exit_statuses_are_those_of_the_help() {
    let (_, help, _) = run(&["--help"]);
    let (_, statuses) = help.split_once("Exit status:\n").unwrap();
    let mut count = 0;
    let readme = readme();
    for line in statuses.lines().take_while(|line| line.starts_with("  ")) {
        let (status, meaning) = line.trim().split_once("  ").unwrap();
        let row = format!("| {status} | {meaning} |\n");
        assert!(readme.contains(&row), "the README lacks {row}");
        count += 1;
    }
    assert!(count > 5, "{help}");
}
