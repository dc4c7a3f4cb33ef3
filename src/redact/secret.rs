//! A detected secret.

use std::ops::Range;

/// The place of a secret in the unescaped text. Several can overlap.
#[derive(Clone, Debug)]
pub(super) struct Secret {
    pub range: Range<usize>,
    pub kind: SecretKind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum SecretKind {
    /// Any text; all are equivalent.
    Text,
    /// Part of a URL that identifies a file: secrets are different if this range is.
    Distinct(Range<usize>),
    /// A number, replaced by a number.
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
