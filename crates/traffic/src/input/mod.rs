//! Inputs of any kind to responses.
//!
//! ```text
//! path ──files──▶ file ──decompress──▶ bytes ──form──▶ what it holds
//!                                        └──stream──▶ chunks of whole pieces ──decode──▶ exchanges
//! ```

mod decode;
mod decompress;
mod files;
mod form;
mod har;
mod scanner;
mod stream;

use std::ops::Range;

pub(crate) use self::decompress::Compression;
use self::form::Form;
pub(crate) use self::{
    decode::{Decoded, decode},
    files::Files,
    stream::Stream,
};
use seedance_query::model::Place;

/// A longer body is none of this API, and is not read.
const LONGEST_BODY: usize = 64 << 20;

/// Some bytes of an input, with the responses in them.
pub(crate) struct Chunk {
    form: Form,
    pub bytes: Vec<u8>,
    pieces: Vec<Piece>,
    /// What is wrong behind them.
    pub fault: Option<Fault>,
}

impl Chunk {
    /// How many responses there are in it, as far as they can be told.
    pub fn len(&self) -> usize {
        self.pieces.len()
    }
}

/// Where a response stands.
struct Piece {
    range: Range<usize>,
    place: Place,
    line: u64,
}

/// Something that no response can be read from.
pub(crate) struct Fault {
    pub place: Place,
    pub line: u64,
    pub message: String,
}

impl Fault {
    /// An input that cannot be read at all.
    pub fn whole(message: String) -> Self {
        Self {
            place: Place::Whole,
            line: 1,
            message,
        }
    }
}
