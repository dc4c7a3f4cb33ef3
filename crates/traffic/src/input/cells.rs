//! The cells of a column, collected to chunks.

use std::sync::Arc;

use super::{
    chunk::{Chunk, Context, InputError, Piece},
    format::Format,
    record::Places,
};
use crate::limits::{CHUNK, MAX_ITEM, MAX_ITEMS_OF_CHUNK};
use seedance_query::model::Place;

/// A row of a table, as far as it is read.
#[derive(Clone, Copy, Default)]
pub(crate) struct Cell<'a> {
    pub body: Option<&'a [u8]>,
    pub status: Option<u16>,
    /// In Unix seconds.
    pub time: Option<i64>,
}

/// Collects the rows of a table. What comes out does not depend on how they arrive.
pub(crate) struct Cells {
    context: Arc<Context>,
    bytes: Vec<u8>,
    pieces: Vec<Piece>,
    /// The number of rows so far.
    rows: u64,
}

impl Cells {
    /// For the column with a name.
    pub fn new(places: &Places, column: String) -> Self {
        Self {
            context: Arc::new(Context {
                places: places.clone(),
                column,
                ..Context::default()
            }),
            bytes: Vec::new(),
            pieces: Vec::new(),
            rows: 0,
        }
    }

    /// Adds a row; returns a chunk when one is full.
    pub fn push(&mut self, cell: Cell<'_>) -> Option<Chunk> {
        self.rows += 1;
        let body = cell.body.unwrap_or_default();
        if body.len() > MAX_ITEM {
            let message = format!(
                "this body is longer than {} MB and is skipped",
                MAX_ITEM / 1_000_000
            );
            return Some(self.take(Some(message)));
        }
        let start = self.bytes.len();
        self.bytes.extend_from_slice(body);
        self.pieces.push(Piece {
            range: start..self.bytes.len(),
            place: Place::Item(self.rows),
            line: 1,
            status: cell.status,
            time: cell.time,
            is_unfinished: false,
        });
        let is_full = self.bytes.len() >= CHUNK || self.pieces.len() == MAX_ITEMS_OF_CHUNK;
        is_full.then(|| self.take(None))
    }

    /// The last chunk, and why the rows after it cannot be read.
    pub fn finish(&mut self, error: Option<String>) -> Chunk {
        if self.rows == 0 && error.is_none() {
            return self.take(Some("the table has no rows".to_owned()));
        }
        self.rows += 1;
        self.take(error)
    }

    fn take(&mut self, error: Option<String>) -> Chunk {
        Chunk {
            format: Format::Cells,
            bytes: std::mem::take(&mut self.bytes),
            pieces: std::mem::take(&mut self.pieces),
            error: error.map(|message| InputError {
                place: match self.rows {
                    0 => Place::Whole,
                    row => Place::Item(row),
                },
                line: 1,
                message,
                is_refusal: false,
            }),
            context: Arc::clone(&self.context),
            member: None,
            skipped: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Cell, Cells, Place, Places};

    #[test]
    fn each_row_comes_once_with_its_number() {
        let mut cells = Cells::new(&Places::default(), "body".to_owned());
        let long = vec![b'x'; 50_000];
        let too_long = vec![b'x'; super::MAX_ITEM + 1];
        let mut chunks = Vec::new();
        for row in 1..=3_000_usize {
            let body = match row {
                1..=10 => Some(&long[..]),
                20 => Some(&too_long[..]),
                row if row % 3 == 0 => None,
                _ => Some(&b"{}"[..]),
            };
            chunks.extend(cells.push(Cell {
                body,
                ..Cell::default()
            }));
        }
        chunks.push(cells.finish(None));
        let mut rows = Vec::new();
        for chunk in &chunks {
            assert!(chunk.bytes.len() < super::CHUNK + long.len() && chunk.len() <= 1_000);
            rows.extend(chunk.pieces.iter().map(|piece| piece.place));
            rows.extend(chunk.error.iter().map(|error| error.place));
        }
        let expected: Vec<Place> = (1..=3_000).map(Place::Item).collect();
        assert_eq!(rows, expected);
    }

    #[test]
    fn a_table_without_rows_is_named() {
        let mut cells = Cells::new(&Places::default(), "body".to_owned());
        let error = cells.finish(None).error.unwrap();
        assert_eq!(
            (error.place, error.message.as_str()),
            (Place::Whole, "the table has no rows")
        );
    }
}
