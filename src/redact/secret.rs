//! A secret as the detector finds it.

use std::ops::Range;

/// Where a secret stands in a text whose escapes are undone. Several can overlap.
#[derive(Clone, Debug)]
pub(super) struct Secret {
    pub range: Range<usize>,
    pub kind: SecretKind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum SecretKind {
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
            kind: SecretKind::Text,
        }
    }

    pub fn distinct(range: Range<usize>) -> Self {
        Self {
            kind: SecretKind::Distinct(range.clone()),
            range,
        }
    }
}
