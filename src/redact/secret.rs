//! A secret as the detector finds it.

use std::ops::Range;

/// Where a secret stands in a text whose escapes are undone. Several can overlap.
#[derive(Clone, Debug)]
pub(super) struct Secret {
    pub range: Range<usize>,
    pub kind: Kind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Any text; one can stand in for another.
    Text,
    /// Of a URL without its query, by which files are told apart: what is in this range makes one
    /// secret differ from another.
    Distinct(Range<usize>),
    /// A number, which stays a number.
    Number,
}

impl Secret {
    pub fn text(range: Range<usize>) -> Self {
        Self {
            range,
            kind: Kind::Text,
        }
    }

    pub fn distinct(range: Range<usize>) -> Self {
        Self {
            kind: Kind::Distinct(range.clone()),
            range,
        }
    }
}
