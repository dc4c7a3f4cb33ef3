//! A part of an input that can be decoded by itself.

use std::{ops::Range, sync::Arc};

use super::{archive::Attachments, csv::Table, format::Format, record::Places, skip::Skip};
use seedance_query::model::Place;

/// What the result of an item takes in memory, in bytes.
const ITEM_WEIGHT: usize = 512;

/// Some bytes of an input, and the items in them.
pub(crate) struct Chunk {
    pub format: Format,
    pub bytes: Vec<u8>,
    pub pieces: Vec<Piece>,
    /// What is wrong after the items.
    pub error: Option<InputError>,
    pub context: Arc<Context>,
    /// The member of an archive that it comes from.
    pub member: Option<Arc<str>>,
    /// What was passed over before it.
    pub skipped: Vec<Skip>,
}

/// What is the same for all chunks of an input.
#[derive(Clone, Default)]
pub(crate) struct Context {
    pub(super) places: Places,
    pub(super) attachments: Attachments,
    /// If it is a table of text.
    pub(super) table: Option<Table>,
    /// The name of the column, if it consists of the cells of one.
    pub(super) column: String,
}

impl Chunk {
    /// The number of items.
    pub fn len(&self) -> usize {
        self.pieces.len()
    }

    /// The number of its items with their kind; `decoded` is the number of what came out of them.
    pub fn count_of_items(&self, decoded: u64) -> Option<(&'static str, u64)> {
        let count = match self.format {
            Format::Verbose | Format::Trace => decoded,
            _ => self.pieces.len() as u64,
        };
        (count > 0).then(|| (self.format.unit(), count))
    }

    /// The memory that it and the results of its items take, roughly.
    pub fn weight(&self) -> usize {
        self.bytes.len() + self.pieces.len() * ITEM_WEIGHT
    }

    /// The same items in chunks of at most this many. An input can consist of items of two bytes,
    /// whose results take far more.
    pub fn split(self, most: usize) -> Vec<Self> {
        if self.pieces.len() <= most {
            return vec![self];
        }
        let mut parts = Vec::with_capacity(self.pieces.len().div_ceil(most));
        for pieces in self.pieces.chunks(most) {
            let (first, last) = (&pieces[0], &pieces[pieces.len() - 1]);
            let start = first.range.start;
            let moved = |piece: &Piece| Piece {
                range: piece.range.start - start..piece.range.end - start,
                place: piece.place,
                line: piece.line,
                status: piece.status,
                time: piece.time,
                is_unfinished: piece.is_unfinished,
            };
            parts.push(Self {
                format: self.format,
                bytes: self.bytes[start..last.range.end].to_vec(),
                pieces: pieces.iter().map(moved).collect(),
                error: None,
                context: Arc::clone(&self.context),
                member: self.member.clone(),
                skipped: Vec::new(),
            });
        }
        if let Some(first) = parts.first_mut() {
            first.skipped = self.skipped;
        }
        if let Some(last) = parts.last_mut() {
            last.error = self.error;
        }
        parts
    }
}

/// Where an item stands.
pub(crate) struct Piece {
    pub range: Range<usize>,
    pub place: Place,
    pub line: u64,
    /// The HTTP status that stands after it, or in its row.
    pub status: Option<u16>,
    /// The time in its row, in Unix seconds.
    pub time: Option<i64>,
    /// Whether it is the last one, and the input ends within it.
    pub is_unfinished: bool,
}

/// Why a part of an input cannot be read.
pub(crate) struct InputError {
    pub place: Place,
    pub line: u64,
    pub message: String,
    /// Whether the input as a whole is not a recording.
    pub is_refusal: bool,
}

impl InputError {
    /// For an input as a whole.
    pub fn whole(message: String) -> Self {
        Self {
            place: Place::Whole,
            line: 1,
            message,
            is_refusal: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{Chunk, Format, InputError, Piece, Place};

    #[test]
    fn many_items_are_split_and_none_is_lost() {
        let pieces = (0..10_usize).map(|at| Piece {
            range: 3 * at..3 * at + 2,
            place: Place::Item(at as u64 + 1),
            line: 1,
            status: None,
            time: None,
            is_unfinished: false,
        });
        let chunk = Chunk {
            format: Format::Lines,
            bytes: b"[],".repeat(10),
            pieces: pieces.collect(),
            error: Some(InputError::whole("the end".to_owned())),
            context: Arc::default(),
            member: None,
            skipped: Vec::new(),
        };
        let parts = chunk.split(4);
        let lengths: Vec<usize> = parts.iter().map(Chunk::len).collect();
        assert_eq!(lengths, [4, 4, 2]);
        let mut place = 0;
        for part in &parts {
            for piece in &part.pieces {
                place += 1;
                assert_eq!(&part.bytes[piece.range.clone()], b"[]");
                assert_eq!(piece.place, Place::Item(place));
            }
        }
        let errors: Vec<bool> = parts.iter().map(|part| part.error.is_some()).collect();
        assert_eq!(errors, [false, false, true]);
    }
}
