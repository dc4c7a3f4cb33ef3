//! Tables: CSV and TSV with a body in a column.

use std::ops::Range;

use super::record::{Item, Places, classify};

/// Where things are in the rows of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Columns {
    pub delimiter: u8,
    body: usize,
    /// The name of the column with the bodies.
    pub name: String,
    status: Option<usize>,
    time: Option<usize>,
}

/// A row of a table.
pub(super) struct Row {
    pub body: Vec<u8>,
    pub status: Option<String>,
    pub time: Option<String>,
}

/// How many rows are looked at in search of a column.
const SAMPLE: usize = 20;
/// What separates the columns, the most likely first.
const DELIMITERS: [u8; 4] = [b',', b'\t', b';', b'|'];

impl Columns {
    /// The columns of a table that starts with `head`; none if this is not a table.
    ///
    /// # Errors
    ///
    /// If it is a table, but no column has responses.
    pub fn of(head: &[u8], is_all: bool, places: &Places) -> Option<Result<Self, String>> {
        let mut refusal = None;
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
            match Self::find(delimiter, header, rows, places) {
                Some(columns) => return Some(Ok(columns)),
                None if header.len() > 1 => {
                    let names = seedance_query::redact::text(&header.join(", ")).into_owned();
                    refusal.get_or_insert(Err(format!(
                        "this is a table with the columns {names}, and none has responses; \
                         name the column with the bodies with `--column`"
                    )));
                }
                None => {}
            }
        }
        refusal
    }

    fn find(
        delimiter: u8,
        header: &[String],
        rows: &[Vec<String>],
        places: &Places,
    ) -> Option<Self> {
        let body = match &places.column {
            Some(wanted) => header
                .iter()
                .position(|name| name.eq_ignore_ascii_case(wanted))
                .or_else(|| wanted.parse::<usize>().ok()?.checked_sub(1))
                .filter(|column| *column < header.len())?,
            None => (0..header.len()).find(|column| {
                rows.iter()
                    .take(SAMPLE)
                    .any(|row| has_response(&row[*column], places))
            })?,
        };
        let column = |is_wanted: fn(&str) -> bool, fits: fn(&str) -> bool| {
            (0..header.len()).find(|column| {
                *column != body
                    && is_wanted(&header[*column])
                    && rows.iter().take(SAMPLE).any(|row| fits(&row[*column]))
            })
        };
        Some(Self {
            delimiter,
            body,
            name: header[body].clone(),
            status: column(super::record::is_status_name, |text| {
                super::exchange::http_status(text).is_some()
            }),
            time: column(super::record::is_time_name, |text| {
                super::record::time_of(text).is_some()
            }),
        })
    }

    /// The row in some bytes; none if it has no body.
    pub fn row(&self, bytes: &[u8]) -> Option<Row> {
        let mut row = rows(bytes, self.delimiter).into_iter().next()?;
        let take = |row: &mut Vec<String>, column: Option<usize>| {
            column
                .and_then(|column| row.get_mut(column))
                .map(std::mem::take)
        };
        let body = take(&mut row, Some(self.body))?;
        Some(Row {
            body: body.into_bytes(),
            status: take(&mut row, self.status),
            time: take(&mut row, self.time),
        })
        .filter(|row| !row.body.trim_ascii().is_empty())
    }
}

fn has_response(cell: &str, places: &Places) -> bool {
    let cell = cell.trim();
    let is_json = || serde_json::from_str::<serde::de::IgnoredAny>(cell).is_ok();
    cell.starts_with(['{', '[', '"'])
        && is_json()
        && match classify(cell.as_bytes(), places) {
            Item::Response => cell.len() > 2 && cell.starts_with('{'),
            Item::Embedded(_) => true,
            Item::Foreign(_) => false,
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
    use super::{Columns, Places, RowEnds};

    const TASK: &str = r#"{""code"":""success"",""message"":"""",""data"":{""task_id"":""t"",""status"":""QUEUED""}}"#;

    #[test]
    fn finds_the_columns() {
        for (delimiter, name) in [(",", "csv"), ("\t", "tsv"), (";", "semicolons")] {
            let text = [
                ["id", "http_status", "at", "response"].join(delimiter),
                ["1", "200", "2026-06-04T19:28:55Z", &format!("\"{TASK}\"")].join(delimiter),
            ]
            .join("\r\n");
            let columns = Columns::of(text.as_bytes(), true, &Places::default())
                .unwrap()
                .unwrap();
            assert_eq!(
                (columns.body, columns.status, columns.time),
                (3, Some(1), Some(2)),
                "{name}"
            );
            assert_eq!(columns.name, "response");
        }
        let refusal = Columns::of(b"id,status\n1,SUCCESS\n", true, &Places::default());
        assert!(
            refusal
                .unwrap()
                .unwrap_err()
                .contains("the columns id, status")
        );
        assert!(
            Columns::of(
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
        let columns = Columns::of(b"id,raw\n1,oops\n", true, &places)
            .unwrap()
            .unwrap();
        assert_eq!(columns.row(b"1,oops").unwrap().body, b"oops");
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
