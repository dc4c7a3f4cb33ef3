//! A part of an input that can be decoded by itself.

use std::ops::Range;

use super::format::Format;
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
}

impl Chunk {
    /// The number of items.
    pub fn len(&self) -> usize {
        self.pieces.len()
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
            };
            parts.push(Self {
                format: self.format,
                bytes: self.bytes[start..last.range.end].to_vec(),
                pieces: pieces.iter().map(moved).collect(),
                error: None,
            });
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
    use super::{Chunk, Format, InputError, Piece, Place};

    #[test]
    fn many_items_are_split_and_none_is_lost() {
        let pieces = (0..10_usize).map(|at| Piece {
            range: 3 * at..3 * at + 2,
            place: Place::Item(at as u64 + 1),
            line: 1,
        });
        let chunk = Chunk {
            format: Format::Lines,
            bytes: b"[],".repeat(10),
            pieces: pieces.collect(),
            error: Some(InputError::whole("the end".to_owned())),
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
