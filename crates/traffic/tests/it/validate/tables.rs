//! Tables that are stored column by column, in a build that does not read them: `crates/external-tests`
//! has the tests of one that does.

use std::{fs, path::Path};

use super::{Input, validate};

fn table(name: &str) -> Vec<u8> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/recordings/tables");
    fs::read(directory.join(name)).unwrap()
}

/// Each is recognised, whatever its name, and the way out is told.
#[test]
fn a_table_is_named_with_what_to_do() {
    for (name, is_called, conversion) in [
        ("utf8.none.parquet", "a Parquet file", "duckdb -c"),
        ("polars.parquet", "a Parquet file", "duckdb -c"),
        (
            "encrypted.parquet",
            "an encrypted Parquet file",
            "add_parquet_key",
        ),
        ("utf8.arrow", "an Arrow file", "polars.read_ipc("),
        ("v2.feather", "an Arrow file", "polars.read_ipc("),
        ("polars.arrow", "an Arrow file", "polars.read_ipc("),
        ("utf8.arrows", "an Arrow stream", "polars.read_ipc_stream("),
        (
            "polars.arrows",
            "an Arrow stream",
            "polars.read_ipc_stream(",
        ),
        (
            "binary-view.arrows",
            "an Arrow stream",
            "polars.read_ipc_stream(",
        ),
        (
            "v1.feather",
            "a Feather file of version 1",
            "pandas.read_feather(",
        ),
    ] {
        let (kept, summary) = Input::new("table.bin", table(name)).validate();
        assert_eq!(summary.responses, 0, "{name}");
        let [unreadable] = kept.unreadable.as_slice() else {
            panic!("{name}: {:?}", kept.complaints())
        };
        for part in [is_called, "--features parquet", conversion] {
            assert!(
                unreadable.message.contains(part),
                "{name}: {}",
                unreadable.message
            );
        }
    }
}

/// In a directory, too, it is said: it is a recording, unlike other files there.
#[test]
fn a_table_is_not_passed_over_in_a_directory() {
    let input = Input::new("polls.parquet", table("utf8.none.parquet"));
    fs::write(
        input.directory().join("polls.ndjson"),
        table("bodies.ndjson"),
    )
    .unwrap();
    let (kept, summary) = validate(&[input.directory()]);
    assert_eq!((summary.responses, summary.unreadable_count), (7, 1));
    assert!(kept.complaints()[0].contains("polls.parquet: this is a Parquet file"));
}
