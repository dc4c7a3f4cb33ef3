//! How an input is cut into items.

use std::ops::Range;

use super::{
    format::Format,
    scanner::{Scanner, Values},
};
use crate::limits::{MAX_ITEM, MAX_WHOLE_INPUT};

pub(super) enum Splitter {
    /// When all of it is read.
    Whole,
    /// How many bytes are known to hold no end of a line.
    Lines(usize),
    Values(Box<Scanner>),
}

impl Splitter {
    pub fn of(format: Format) -> Self {
        match format {
            Format::Body | Format::Messages | Format::Verbose | Format::CodeBlocks => Self::Whole,
            Format::Lines | Format::Text => Self::Lines(0),
            Format::Bodies(values) => Self::Values(Box::new(Scanner::new(values))),
            Format::Archive => Self::Values(Box::new(Scanner::new(Values::Archive))),
        }
    }

    /// Maximum number of bytes that are read in search of the end of an item.
    pub fn longest(&self) -> usize {
        match self {
            Self::Whole => MAX_WHOLE_INPUT,
            Self::Lines(_) | Self::Values(_) => MAX_ITEM,
        }
    }

    /// The items that end in `rest`, and the number of bytes that are done.
    pub fn split(&mut self, rest: &[u8]) -> (Vec<Range<usize>>, usize) {
        let mut found = Vec::new();
        let done = match self {
            Self::Whole => 0,
            Self::Lines(looked_at) => {
                let mut start = 0;
                for end in memchr::memchr_iter(b'\n', &rest[*looked_at..]) {
                    let end = *looked_at + end;
                    found.push(start..end);
                    start = end + 1;
                }
                *looked_at = rest.len() - start;
                start
            }
            Self::Values(scanner) => scanner.scan(rest, &mut found),
        };
        (found, done)
    }
}
