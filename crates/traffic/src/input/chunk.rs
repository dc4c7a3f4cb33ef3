//! A part of an input that can be decoded by itself.

use std::ops::Range;

use super::format::Format;
use seedance_query::model::Place;

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
