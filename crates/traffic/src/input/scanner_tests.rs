//! Values in streams that arrive in pieces of any size.

use super::scanner::{End, Scanner, Values};

/// The values of a text that comes in pieces of this size.
fn values(text: &str, kind: Values, size: usize) -> (Vec<String>, End) {
    let mut scanner = Scanner::new(kind);
    let (mut buffer, mut values) = (Vec::new(), Vec::new());
    let mut take = |buffer: &[u8], found: Vec<std::ops::Range<usize>>| {
        let texts = found.into_iter().map(|range| &buffer[range]);
        values.extend(texts.map(|text| String::from_utf8_lossy(text).into_owned()));
    };
    for piece in text.as_bytes().chunks(size) {
        buffer.extend_from_slice(piece);
        let mut found = Vec::new();
        let done = scanner.scan(&buffer, &mut found);
        take(&buffer, found);
        buffer.drain(..done);
    }
    let (end, value) = scanner.end(buffer.len());
    take(&buffer, value.into_iter().collect());
    (values, end)
}

fn check(text: &str, kind: Values, expected: &[&str], end: End) {
    for size in [1, 2, 3, 7, 1000] {
        let (found, ended) = values(text, kind, size);
        assert_eq!(
            (
                found
                    .iter()
                    .map(String::as_str)
                    .collect::<Vec<_>>()
                    .as_slice(),
                ended
            ),
            (expected, end),
            "{text} in pieces of {size}"
        );
    }
}

#[test]
fn finds_values_in_a_row() {
    check(
        " {\"a\": \"}\\\"{\"}\n[1, [2]] \"x \\\\\" 17 nonsense\n",
        Values::Sequence,
        &[
            "{\"a\": \"}\\\"{\"}",
            "[1, [2]]",
            "\"x \\\\\"",
            "17",
            "nonsense",
        ],
        End::Whole,
    );
    check("", Values::Sequence, &[], End::Whole);
    check(
        "{\"a\": [",
        Values::Sequence,
        &["{\"a\": ["],
        End::WithinValue,
    );
}

#[test]
fn finds_the_items_of_an_array() {
    check(
        "[{}, {\"b\":[]} , 5]",
        Values::Array,
        &["{}", "{\"b\":[]}", "5"],
        End::Whole,
    );
    check("[]", Values::Array, &[], End::Whole);
    check("[{}, {}", Values::Array, &["{}", "{}"], End::WithinArray);
    check(
        "[{}, {\"a",
        Values::Array,
        &["{}", "{\"a"],
        End::WithinValue,
    );
}

#[test]
fn finds_the_entries_of_an_archive_wherever_they_stand() {
    let archive = r#"{"log": {"pages": [{"entries": [1]}], "version": "1.2",
        "creator": {"name": "entries", "log": {}}, "entries": [{"a": "[1]"}, {"b": 2}], "x": [3]}}"#;
    check(
        archive,
        Values::Archive,
        &[r#"{"a": "[1]"}"#, r#"{"b": 2}"#],
        End::Whole,
    );
    check(
        r#"{"log": {"version": "1.2"}}"#,
        Values::Archive,
        &[],
        End::WithoutArray,
    );
    let mut scanner = Scanner::new(Values::Archive);
    scanner.scan(archive.as_bytes(), &mut Vec::new());
    assert_eq!(scanner.version(), Some("1.2"));
}
