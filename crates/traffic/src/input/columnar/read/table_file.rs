//! A table in a file or stream, as chunks of the cells of one column.

use std::{
    fmt::Display,
    fs::File,
    io::{Cursor, Read},
};

use arrow_array::RecordBatch;

use super::{
    super::{container::Container, problem::Problem},
    choice::{Choice, Sample},
    guard::guarded,
    ipc_file::IpcFile,
    ipc_stream::IpcStream,
    leaf::LeafArray,
    parquet_batches::ParquetFile,
    seekable::Seekable,
    table_source::TableSource,
};
use crate::input::{
    cells::{Cell, Cells},
    chunk::Chunk,
    exchange::http_status,
    record::{Places, time_of},
};

type Batches<'a> = Box<dyn Iterator<Item = Result<RecordBatch, String>> + Send + 'a>;

/// Reads a table, chunk by chunk.
pub(in crate::input) struct TableFile<'a> {
    batches: Batches<'a>,
    /// None of a table without rows.
    choice: Option<Choice>,
    cells: Cells,
    /// The batch that is being read.
    current: Option<Current>,
    is_over: bool,
}

/// The columns of a batch, and how far they were read.
struct Current {
    body: LeafArray,
    status: Option<LeafArray>,
    time: Option<LeafArray>,
    row: usize,
    rows: usize,
}

impl<'a> TableFile<'a> {
    /// Finds the columns. The head is what was read, and the reader gives what follows; the file is
    /// both, if it can be read at any place.
    pub fn open(
        container: Container,
        head: Vec<u8>,
        reader: Box<dyn Read + Send + 'a>,
        is_at_end: bool,
        file: Option<File>,
        places: &Places,
    ) -> Result<Self, Problem> {
        let source = TableSource {
            head,
            reader,
            is_at_end,
            file,
        };
        let opened = guarded(|| match container {
            Container::Parquet => parquet(source, places),
            Container::ArrowFile => arrow_file(source, places),
            Container::ArrowStream => arrow_stream(source, places),
            Container::EncryptedParquet | Container::FeatherV1 => {
                Err(Problem::unreadable(format!(
                    "this is {}, which cannot be read; turn it into lines of JSON and validate those: {}",
                    container.name(),
                    container.conversion()
                )))
            }
        });
        let (choice, batches) = opened.unwrap_or_else(|error| Err(Problem::unreadable(error)))?;
        let column = choice.as_ref().map(|choice| choice.body.name());
        Ok(Self {
            batches,
            choice,
            cells: Cells::new(places, column.unwrap_or_default()),
            current: None,
            is_over: false,
        })
    }

    /// The next chunk; none at the end.
    pub fn next(&mut self) -> Option<Chunk> {
        while !self.is_over {
            if let Some(current) = &mut self.current {
                while current.row < current.rows {
                    let chunk = self.cells.push(current.cell());
                    current.row += 1;
                    if chunk.is_some() {
                        return chunk;
                    }
                }
                self.current = None;
            }
            let batch = guarded(|| self.batches.next()).unwrap_or_else(|error| Some(Err(error)));
            let current = batch.map(|batch| {
                let choice = self.choice.as_ref();
                Current::of(&batch?, choice).ok_or_else(|| "a column is missing".to_owned())
            });
            match current {
                Some(Ok(current)) => self.current = Some(current),
                Some(Err(message)) => {
                    self.is_over = true;
                    let message = format!("{message}; the rows from here on are not read");
                    return Some(self.cells.finish(Some(message)));
                }
                None => {
                    self.is_over = true;
                    return Some(self.cells.finish(None));
                }
            }
        }
        None
    }
}

impl Current {
    fn of(batch: &RecordBatch, choice: Option<&Choice>) -> Option<Self> {
        let choice = choice?;
        let beside = |leaf: &Option<_>| {
            leaf.as_ref()
                .and_then(|leaf: &super::leaf::Leaf| leaf.of(batch))
        };
        Some(Self {
            body: choice.body.of(batch)?,
            status: beside(&choice.status),
            time: beside(&choice.time),
            row: 0,
            rows: batch.num_rows(),
        })
    }

    fn cell(&self) -> Cell<'_> {
        let text = |column: &Option<LeafArray>| column.as_ref()?.text(self.row);
        Cell {
            body: self.body.bytes(self.row),
            status: text(&self.status).and_then(|status| http_status(&status)),
            time: text(&self.time).and_then(|time| time_of(&time)),
        }
    }
}

fn parquet<'a>(
    source: TableSource<'a>,
    places: &Places,
) -> Result<(Option<Choice>, Batches<'a>), Problem> {
    let file = ParquetFile::open(source)?;
    let mut sample = Sample::new(Container::Parquet, file.fields(), places)?;
    if let Some(leaf) = sample.candidates().find(|leaf| file.is_bomb(leaf)) {
        return Err(Problem::unreadable(format!(
            "the column {} decompresses to far more than its size; it is not read",
            leaf.name()
        )));
    }
    for batch in file.first(sample.candidates()).map_err(unreadable)? {
        sample.add(&batch.map_err(unreadable)?);
        if sample.is_enough() {
            break;
        }
    }
    let Some(choice) = sample.choose(places)? else {
        return Ok((None, Box::new(std::iter::empty())));
    };
    let batches = file.all(choice.leaves()).map_err(unreadable)?;
    let batches = batches.map(|batch| batch.map_err(undecoded));
    Ok((Some(choice), Box::new(batches)))
}

fn unreadable(error: impl Display) -> Problem {
    Problem::unreadable(undecoded(error))
}

/// Without the key, encrypted columns of a file that is not encrypted look like damage.
fn undecoded(error: impl Display) -> String {
    format!(
        "the columns of this Parquet file cannot be decoded: {error}; they are damaged or encrypted"
    )
}

fn arrow_file<'a>(
    source: TableSource<'a>,
    places: &Places,
) -> Result<(Option<Choice>, Batches<'a>), Problem> {
    let file =
        IpcFile::open(Seekable::of(source, Container::ArrowFile)?).map_err(Problem::unreadable)?;
    let sample = Sample::new(Container::ArrowFile, file.fields(), places)?;
    arrow(sample, file, places)
}

fn arrow_stream<'a>(
    source: TableSource<'a>,
    places: &Places,
) -> Result<(Option<Choice>, Batches<'a>), Problem> {
    let reader = Cursor::new(source.head).chain(source.reader);
    let stream = IpcStream::open(Box::new(reader)).map_err(Problem::unreadable)?;
    let sample = Sample::new(Container::ArrowStream, stream.fields(), places)?;
    arrow(sample, stream, places)
}

/// Each batch is read once.
fn arrow<'a>(
    mut sample: Sample,
    mut batches: impl Iterator<Item = Result<RecordBatch, String>> + Send + 'a,
    places: &Places,
) -> Result<(Option<Choice>, Batches<'a>), Problem> {
    let mut first = Vec::new();
    while !sample.is_enough()
        && let Some(batch) = batches.next()
    {
        if let Ok(batch) = &batch {
            sample.add(batch);
        }
        first.push(batch);
    }
    let choice = sample.choose(places)?;
    Ok((choice, Box::new(first.into_iter().chain(batches))))
}
