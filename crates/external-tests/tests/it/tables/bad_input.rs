//! Tables that cannot be read, or not to the end: each is said, none is a success.

use std::{fs, path::Path, process::Command};

use seedance_external_tests::seedance_query;

use super::{column, tables, validate, validate_with, with_extension};

/// Asserts that nothing is validated, and that a message has all of these parts.
fn refused(path: &Path, parts: &[&str]) {
    let (kept, summary) = validate(path);
    check(path, &kept.unreadable, summary.responses, parts);
}

fn refused_column(path: &Path, name: &str, parts: &[&str]) {
    let (kept, summary) = validate_with(path, column(name));
    check(path, &kept.unreadable, summary.responses, parts);
}

fn check(path: &Path, messages: &[String], responses: u64, parts: &[&str]) {
    assert_eq!(responses, 0, "{}", path.display());
    let [message] = messages else {
        panic!("{}: {messages:?}", path.display())
    };
    for part in parts {
        assert!(message.contains(part), "{message}");
    }
}

#[test]
fn what_holds_no_bodies_is_told_with_its_columns() {
    let file = |name: &str| tables().join(name);
    refused(
        &file("numbers.parquet"),
        &[
            "a Parquet file with the columns id (integer), score (number)",
            "none holds text or bytes",
        ],
    );
    refused(
        &file("notes.parquet"),
        &[
            "the columns id (integer), note (string), and none has responses",
            "--column",
        ],
    );
    refused(
        &file("list.parquet"),
        &["events (list)", "none holds text or bytes"],
    );
    refused(&file("empty.parquet"), &["the table has no rows"]);
    refused(&file("empty.arrows"), &["the table has no rows"]);
    refused(&file("nulls.parquet"), &["none has responses"]);
    refused_column(
        &file("nulls.parquet"),
        "body",
        &["8 × no value in the column"],
    );
    refused(
        &file("encrypted.parquet"),
        &["an encrypted Parquet file", "add_parquet_key"],
    );
    refused(
        &file("encrypted-columns.parquet"),
        &["cannot be decoded", "damaged or encrypted"],
    );
    refused(
        &file("v1.feather"),
        &["Feather file of version 1", "pandas"],
    );
}

#[test]
fn a_column_that_is_told_is_checked() {
    let file = |name: &str| tables().join(name);
    refused_column(
        &file("utf8.arrow"),
        "answer",
        &["none is called `answer`", "id (integer), body (string)"],
    );
    refused_column(
        &file("utf8.none.parquet"),
        "id",
        &["the column id (integer) holds no text", "to_json"],
    );
    refused_column(
        &file("list.parquet"),
        "events",
        &["the column events (list) holds no text"],
    );
    refused_column(
        &file("struct.parquet"),
        "response",
        &["the column response is a struct"],
    );
}

/// Whatever is missing, it is noticed.
#[test]
fn a_table_that_is_cut_off_anywhere_is_no_success() {
    let directory = tempfile::tempdir().unwrap();
    for (name, step) in [
        ("utf8.none.parquet", 5),
        ("utf8.arrow", 5),
        ("utf8.arrows", 1),
        ("dictionary.arrows", 3),
        ("duckdb.parquet", 7),
        ("polars.arrow", 7),
    ] {
        let bytes = fs::read(tables().join(name)).unwrap();
        let cut = directory.path().join(name);
        for length in (1..bytes.len()).step_by(step) {
            fs::write(&cut, &bytes[..length]).unwrap();
            let (kept, _) = validate(&cut);
            let is_noticed = !kept.unreadable.is_empty();
            assert!(is_noticed, "{name} cut off after {length} bytes");
        }
    }
}

/// What comes before the damage may be read; nothing else happens.
#[test]
fn a_damaged_table_does_not_end_the_program() {
    let directory = tempfile::tempdir().unwrap();
    let mut seed = 1_u32;
    for path in with_extension(&["parquet", "arrow", "arrows"]) {
        let bytes = fs::read(&path).unwrap();
        let damaged = directory.path().join(path.file_name().unwrap());
        for _ in 0..40 {
            let mut bytes = bytes.clone();
            for _ in 0..3 {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let at = seed as usize % bytes.len();
                bytes[at] ^= (seed >> 24) as u8 | 1;
            }
            fs::write(&damaged, &bytes).unwrap();
            validate(&damaged);
        }
    }
}

/// Damage at which the decoder panics, and does not fail.
#[test]
fn a_decoder_that_panics_is_told_as_other_damage() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("damaged.parquet");
    let mut bytes = fs::read(tables().join("struct.parquet")).unwrap();
    bytes[1227] ^= 0x3b;
    fs::write(&path, bytes).unwrap();
    let mut program = Command::new(seedance_query());
    let output = program.arg("validate").arg(&path).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let complaints = String::from_utf8(output.stderr).unwrap();
    let (line, rest) = complaints.split_once('\n').unwrap();
    assert!(
        line.ends_with("this table is damaged: its decoder gave up"),
        "{line}"
    );
    assert_eq!(rest, "", "nothing else is told of the panic");
}

#[test]
fn what_follows_an_arrow_stream_is_not_passed_over_in_silence() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("two.arrows");
    let one = fs::read(tables().join("utf8.arrows")).unwrap();
    fs::write(&path, one.repeat(2)).unwrap();
    let (kept, summary) = validate(&path);
    assert_eq!(summary.responses, 7);
    assert!(
        kept.unreadable[0].contains("more follows the end of this Arrow stream"),
        "{:?}",
        kept.unreadable
    );
}
