//! Tables that are written here: each kind of column, codec and size of row groups.

use std::{fs::File, path::Path, sync::Arc};

use arrow_array::{
    ArrayRef, BinaryArray, BinaryViewArray, DictionaryArray, Int64Array, LargeBinaryArray,
    LargeStringArray, RecordBatch, StringArray, StringViewArray, types::Int32Type,
};
use arrow_ipc::writer::{FileWriter, StreamWriter};
use parquet::{
    arrow::ArrowWriter,
    basic::{BrotliLevel, Compression, GzipLevel, ZstdLevel},
    file::properties::WriterProperties,
};
use proptest::prelude::*;

use seedance_traffic::{ColumnRecording, Recordings, Session, output::json::Json};

use super::{facts, validate};

type Bodies = Vec<Option<String>>;

/// The kinds of columns that bodies can be in.
const KINDS: usize = 7;

fn array(kind: usize, bodies: &Bodies) -> ArrayRef {
    let text = || bodies.iter().map(Option::as_deref);
    let bytes = || text().map(|body| body.map(str::as_bytes));
    match kind {
        0 => Arc::new(text().collect::<StringArray>()),
        1 => Arc::new(text().collect::<LargeStringArray>()),
        2 => Arc::new(text().collect::<StringViewArray>()),
        3 => Arc::new(bytes().collect::<BinaryArray>()),
        4 => Arc::new(bytes().collect::<LargeBinaryArray>()),
        5 => Arc::new(bytes().collect::<BinaryViewArray>()),
        _ => Arc::new(text().collect::<DictionaryArray<Int32Type>>()),
    }
}

fn codecs() -> [Compression; 6] {
    [
        Compression::UNCOMPRESSED,
        Compression::SNAPPY,
        Compression::GZIP(GzipLevel::default()),
        Compression::ZSTD(ZstdLevel::default()),
        Compression::LZ4_RAW,
        Compression::BROTLI(BrotliLevel::default()),
    ]
}

fn batch(kind: usize, bodies: &Bodies) -> RecordBatch {
    let ids = Int64Array::from_iter_values(0..i64::try_from(bodies.len()).unwrap());
    RecordBatch::try_from_iter_with_nullable([
        ("id", Arc::new(ids) as ArrayRef, false),
        ("answer", array(kind, bodies), true),
    ])
    .unwrap()
}

fn write_parquet(path: &Path, batch: &RecordBatch, codec: Compression, rows: usize) {
    let properties = WriterProperties::builder()
        .set_compression(codec)
        .set_max_row_group_row_count(Some(rows))
        .build();
    let file = File::create(path).unwrap();
    let mut writer = ArrowWriter::try_new(file, batch.schema(), Some(properties)).unwrap();
    writer.write(batch).unwrap();
    writer.close().unwrap();
}

fn write_arrow(path: &Path, batch: &RecordBatch, rows: usize, is_file: bool) {
    let file = File::create(path).unwrap();
    let slices = (0..batch.num_rows())
        .step_by(rows)
        .map(|at| batch.slice(at, rows.min(batch.num_rows() - at)));
    if is_file {
        let mut writer = FileWriter::try_new(file, &batch.schema()).unwrap();
        slices.for_each(|slice| writer.write(&slice).unwrap());
        writer.finish().unwrap();
    } else {
        let mut writer = StreamWriter::try_new(file, &batch.schema()).unwrap();
        slices.for_each(|slice| writer.write(&slice).unwrap());
        writer.finish().unwrap();
    }
}

fn body() -> impl Strategy<Value = Option<String>> {
    let statuses = ["NOT_START", "QUEUED", "IN_PROGRESS", "FAILURE", "DELETED"];
    let task = (0..4_u8, 0..statuses.len(), 0..120_u8).prop_map(move |(task, status, progress)| {
        format!(
            r#"{{"code":"success","message":"","data":{{"task_id":"asyntask_{task:032}","action":"generate","status":"{}","submit_time":1780000000,"start_time":0,"finish_time":0,"progress":"{progress}%","request_id":"r1"}}}}"#,
            statuses[status]
        )
    });
    prop_oneof![
        1 => Just(None),
        1 => Just(Some("<html>502</html>".to_owned())),
        1 => Just(Some("{\"code\": ".to_owned())),
        8 => task.prop_map(Some),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, max_shrink_iters: 50, ..ProptestConfig::default() })]

    #[test]
    fn any_table_comes_to_the_same_as_its_bodies_in_lines(
        bodies in prop::collection::vec(body(), 1..40),
        rows in 1..20_usize,
        codec in 0..6_usize,
    ) {
        // The first one tells which column has the bodies.
        let mut bodies = bodies;
        let first = r#"{"code":"success","message":"","data":{"task_id":"t","status":"QUEUED"}}"#;
        bodies.insert(0, Some(first.to_owned()));
        let directory = tempfile::tempdir().unwrap();
        let lines = directory.path().join("bodies.ndjson");
        let text: Vec<&str> = bodies.iter().flatten().map(String::as_str).collect();
        std::fs::write(&lines, text.join("\n") + "\n").unwrap();
        let expected = facts(&validate(&lines).1);
        for kind in 0..KINDS {
            let batch = batch(kind, &bodies);
            for format in ["parquet", "arrow", "arrows"] {
                let path = directory.path().join(format!("table.{format}"));
                match format {
                    "parquet" => write_parquet(&path, &batch, codecs()[(codec + kind) % 6], rows),
                    _ => write_arrow(&path, &batch, rows, format == "arrow"),
                }
                if kind == 0 {
                    prop_assert_eq!(part_of_rows(&path, &bodies), part_of_file(&path));
                }
                let (kept, summary) = validate(&path);
                prop_assert_eq!(kept.unreadable, Vec::<String>::new());
                prop_assert_eq!(facts(&summary), expected.clone(), "{} of kind {}", format, kind);
            }
        }
    }
}

/// What is known of a file, as it is stored.
fn part_of_file(path: &Path) -> String {
    let recordings = Recordings::new([path.to_owned()]);
    let mut output = Json::new(std::io::sink());
    let (_, part) = recordings
        .validate_to_part(Session::new(), &mut output)
        .unwrap();
    part.to_string()
}

/// The same of its rows, one by one.
fn part_of_rows(path: &Path, bodies: &Bodies) -> String {
    let mut column = ColumnRecording::new(path.to_str().unwrap(), "answer");
    for body in bodies {
        column
            .add(body.as_deref().map(str::as_bytes), None, None)
            .unwrap();
    }
    column.into_part().unwrap().to_string()
}

/// A value that comes often is in the file, and in memory, once.
#[test]
fn a_body_of_megabytes_in_each_row_is_read_in_bounded_memory() {
    let long = format!(
        r#"{{"code":"success","message":"{}"}}"#,
        "x".repeat(3_000_000)
    );
    let bodies: Bodies = vec![Some(long); 100];
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("long.parquet");
    write_parquet(&path, &batch(6, &bodies), Compression::UNCOMPRESSED, 1_000);
    let before = peak_memory();
    let (kept, summary) = validate(&path);
    assert_eq!((kept.unreadable.len(), summary.responses), (0, 100));
    let grown = peak_memory() - before;
    assert!(grown < 150_000, "{grown} kB more for 300 MB of bodies");
}

/// The most that this process has had in memory, in kB.
fn peak_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status
        .lines()
        .find(|line| line.starts_with("VmHWM:"))
        .unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}
