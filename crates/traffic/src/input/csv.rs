//! Tables: CSV and TSV with a body in a column.

use std::ops::Range;

use super::{
    columns::{Columns, NoColumn},
    record::Places,
};

/// A table of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Table {
    delimiter: u8,
    pub columns: Columns,
}

/// A row of a table.
pub(super) struct Row {
    pub body: Vec<u8>,
    pub status: Option<String>,
    pub time: Option<String>,
}

/// What separates the columns, the most likely first.
const DELIMITERS: [u8; 4] = [b',', b'\t', b';', b'|'];

impl Table {
    /// The table that starts with `head`; none if this is not a table.
    ///
    /// # Errors
    ///
    /// If it is a table, but no column has responses.
    pub fn of(head: &[u8], is_all: bool, places: &Places) -> Option<Result<Self, String>> {
        let mut refusal: Option<(NoColumn, String)> = None;
        for delimiter in DELIMITERS {
            let mut rows = rows(head, delimiter);
            if !is_all {
                rows.pop();
            }
            let (header, rows) = match rows.as_slice() {
                [header, rows @ ..] if !rows.is_empty() && is_header(header) => (header, rows),
                _ => continue,
            };
            if rows.iter().any(|row| row.len() != header.len()) {
                continue;
            }
            match Columns::find(header, rows, places) {
                Ok(columns) => return Some(Ok(Self { delimiter, columns })),
                Err(error) if header.len() > 1 => {
                    refusal.get_or_insert((error, header.join(", ")));
                }
                Err(_) => {}
            }
        }
        refusal.map(|(error, names)| Err(error.message("a table", &names)))
    }

    /// The row in some bytes; none if it has no body.
    pub fn row(&self, bytes: &[u8]) -> Option<Row> {
        let mut row = rows(bytes, self.delimiter).into_iter().next()?;
        let take = |row: &mut Vec<String>, column: Option<usize>| {
            column
                .and_then(|column| row.get_mut(column))
                .map(std::mem::take)
        };
        let body = take(&mut row, Some(self.columns.body))?;
        Some(Row {
            body: body.into_bytes(),
            status: take(&mut row, self.columns.status),
            time: take(&mut row, self.columns.time),
        })
        .filter(|row| !row.body.trim_ascii().is_empty())
    }
}

/// Whether cells are names, not values.
fn is_header(cells: &[String]) -> bool {
    let is_name = |cell: &String| {
        !cell.is_empty() && cell.len() < 64 && !cell.contains(['{', '}', '\n', '=', ':', '<'])
    };
    cells.iter().all(is_name)
}

fn rows(text: &[u8], delimiter: u8) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .buffer_capacity(text.len().max(64))
        .from_reader(text);
    let records = reader.byte_records().map_while(Result::ok);
    let text = |cell: &[u8]| String::from_utf8_lossy(cell).into_owned();
    records
        .map(|record| record.iter().map(text).collect())
        .collect()
}

/// Finds the ends of rows: line ends outside of quotes.
#[derive(Debug, Default)]
pub(super) struct RowEnds {
    looked_at: usize,
    is_quoted: bool,
    /// Whether the header has been passed over.
    has_header: bool,
}

impl RowEnds {
    pub fn split(&mut self, rest: &[u8], found: &mut Vec<Range<usize>>) -> usize {
        let mut start = 0;
        for at in memchr::memchr2_iter(b'"', b'\n', &rest[self.looked_at..]) {
            let at = self.looked_at + at;
            if rest[at] == b'"' {
                self.is_quoted = !self.is_quoted;
            } else if !self.is_quoted {
                if std::mem::replace(&mut self.has_header, true) {
                    found.push(start..at);
                }
                start = at + 1;
            }
        }
        self.looked_at = rest.len() - start;
        start
    }

    /// Whether what is left at the end is a row.
    pub fn has_header(&self) -> bool {
        self.has_header
    }
}

#[cfg(test)]
mod tests {
    use super::{Places, RowEnds, Table};

    const TASK: &str = r#"{""code"":""success"",""message"":"""",""data"":{""task_id"":""t"",""status"":""QUEUED""}}"#;

    #[test]
    fn finds_the_columns() {
        for (delimiter, name) in [(",", "csv"), ("\t", "tsv"), (";", "semicolons")] {
            let text = [
                ["id", "http_status", "at", "response"].join(delimiter),
                ["1", "200", "2026-06-04T19:28:55Z", &format!("\"{TASK}\"")].join(delimiter),
            ]
            .join("\r\n");
            let columns = Table::of(text.as_bytes(), true, &Places::default())
                .unwrap()
                .unwrap()
                .columns;
            assert_eq!(
                (columns.body, columns.status, columns.time),
                (3, Some(1), Some(2)),
                "{name}"
            );
            assert_eq!(columns.name, "response");
        }
        let refusal = Table::of(b"id,status\n1,SUCCESS\n", true, &Places::default());
        assert!(
            refusal
                .unwrap()
                .unwrap_err()
                .contains("the columns id, status")
        );
        assert!(
            Table::of(
                b"Remember to poll, then wait.\nOr not.\n",
                true,
                &Places::default()
            )
            .is_none()
        );
        let places = Places {
            column: Some("2".to_owned()),
            ..Places::default()
        };
        let table = Table::of(b"id,raw\n1,oops\n", true, &places)
            .unwrap()
            .unwrap();
        assert_eq!(table.row(b"1,oops").unwrap().body, b"oops");
    }

    #[test]
    fn rows_end_outside_of_quotes() {
        let text = b"a,b\n1,\"x\n\"\"y\"\"\"\n2,z\n3";
        for cut in 0..text.len() {
            let mut ends = RowEnds::default();
            let mut found = Vec::new();
            let done = ends.split(&text[..cut], &mut found);
            let mut rows: Vec<Vec<u8>> =
                found.iter().map(|row| text[row.clone()].to_vec()).collect();
            let mut more = Vec::new();
            ends.split(&text[done..], &mut more);
            rows.extend(
                more.iter()
                    .map(|row| text[done + row.start..done + row.end].to_vec()),
            );
            assert_eq!(rows, [&b"1,\"x\n\"\"y\"\"\""[..], b"2,z"], "{cut}");
        }
    }
}
