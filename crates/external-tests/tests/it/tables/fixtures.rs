//! What pyarrow, DuckDB and Polars wrote; `make.py` beside the files has their versions.

use std::{collections::BTreeSet, fs, path::Path};

use super::{column, facts, tables, validate, validate_with, with_extension};

/// The tables that do not hold the usual bodies.
const OTHERS: [&str; 11] = [
    "empty.arrows",
    "empty.parquet",
    "encrypted.parquet",
    "encrypted-columns.parquet",
    "list.parquet",
    "notes.parquet",
    "nulls.parquet",
    "numbers.parquet",
    "struct.parquet",
    "v1.feather",
    "not-utf8.parquet",
];

fn name(path: &Path) -> &str {
    path.file_name().unwrap().to_str().unwrap()
}

/// Seven kinds of columns in three formats each, six codecs, several row groups and batches.
#[test]
fn tables_of_any_tool_come_to_the_same_as_lines() {
    let (_, lines) = validate(&tables().join("bodies.ndjson"));
    assert_eq!((lines.responses, lines.verdicts.violates > 0), (7, true));
    let mut count = 0;
    for path in with_extension(&["parquet", "arrow", "arrows", "feather"]) {
        if OTHERS.contains(&name(&path)) {
            continue;
        }
        let (kept, summary) = validate(&path);
        assert_eq!(kept.unreadable, Vec::<String>::new(), "{}", path.display());
        assert_eq!(facts(&summary), facts(&lines), "{}", path.display());
        let expected: Vec<String> = [1, 2, 3, 4, 5, 6, 8]
            .map(|row| format!("{}#{row}", path.display()))
            .to_vec();
        assert_eq!(kept.sources, expected);
        let counts = |counts: &[seedance_traffic::Count]| -> Vec<(String, u64)> {
            counts
                .iter()
                .map(|count| (count.name.clone(), count.count))
                .collect()
        };
        assert_eq!(counts(&summary.items), [("row".to_owned(), 8)]);
        assert_eq!(
            counts(&summary.recorded_as),
            [("in column body".to_owned(), 7)]
        );
        assert_eq!(
            counts(&summary.skipped_by_reason),
            [("no value in the column".to_owned(), 1)]
        );
        count += 1;
    }
    assert_eq!(count, 7 * 3 + 5);
}

/// The status of each row is that of its response, and its time puts polls in order.
#[test]
fn status_and_time_are_read_from_their_columns() {
    for path in ["utf8.none.parquet", "duckdb.parquet", "polars.arrows"] {
        let mut seen = BTreeSet::new();
        let mut output = Statuses(&mut seen);
        seedance_traffic::Recordings::new([tables().join(path)])
            .validate(seedance_traffic::Session::new(), &mut output)
            .unwrap();
        assert!(
            seen.contains(&(5, Some(401), Some(1_780_601_395))),
            "{path}: {seen:?}"
        );
        assert!(
            seen.contains(&(8, Some(200), Some(1_780_601_440))),
            "{path}: {seen:?}"
        );
    }
}

struct Statuses<'a>(&'a mut BTreeSet<(u64, Option<u16>, Option<i64>)>);

impl seedance_traffic::Output for Statuses<'_> {
    fn wants_all(&self) -> bool {
        true
    }

    fn response(&mut self, response: &seedance_traffic::ValidatedResponse) -> std::io::Result<()> {
        let row = match response.source.place {
            seedance_query::model::Place::Item(row) => row,
            _ => 0,
        };
        self.0.insert((row, response.http_status, response.time));
        Ok(())
    }

    fn unreadable(&mut self, unreadable: &seedance_traffic::Unreadable) -> std::io::Result<()> {
        panic!("{}", unreadable.message)
    }

    fn end(&mut self, _: &seedance_traffic::Summary) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_column_in_a_struct_is_found_and_can_be_named() {
    let path = tables().join("struct.parquet");
    let (_, lines) = validate(&tables().join("bodies.ndjson"));
    let (kept, summary) = validate(&path);
    assert_eq!(kept.unreadable, Vec::<String>::new());
    assert_eq!(facts(&summary), facts(&lines));
    assert_eq!(summary.recorded_as[0].name, "in column response.body");
    for name in ["response.body", "RESPONSE.BODY", "2"] {
        assert_eq!(
            facts(&validate_with(&path, column(name)).1),
            facts(&lines),
            "{name}"
        );
    }
}

/// In an archive, and compressed as a whole.
#[test]
fn tables_are_read_wherever_they_are() {
    let (_, lines) = validate(&tables().join("bodies.ndjson"));
    let directory = tempfile::tempdir().unwrap();
    for name in ["utf8.none.parquet", "binary.arrow", "dictionary.arrows"] {
        let bytes = fs::read(tables().join(name)).unwrap();
        let mut header = vec![0; 512];
        header[..name.len()].copy_from_slice(name.as_bytes());
        header[124..135].copy_from_slice(format!("{:011o}", bytes.len()).as_bytes());
        header[156] = b'0';
        header[257..263].copy_from_slice(b"ustar\0");
        let mut archive = header;
        archive.extend_from_slice(&bytes);
        archive.resize(archive.len().next_multiple_of(512) + 1024, 0);
        let path = directory.path().join("tables.tar");
        fs::write(&path, archive).unwrap();
        let (kept, summary) = validate(&path);
        assert_eq!(kept.unreadable, Vec::<String>::new(), "{name}");
        assert_eq!(facts(&summary), facts(&lines), "{name}");
        assert!(
            kept.sources[0].ends_with(&format!("tables.tar/{name}#1")),
            "{:?}",
            kept.sources
        );
    }
    let (_, summary) = validate(&tables());
    assert!(summary.responses > 7 * 26, "{}", summary.responses);
}
