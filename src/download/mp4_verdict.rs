//! Whether the boxes of an MP4 file show that it is whole.

use std::fmt;

/// What proves that a file has all its media.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Proof {
    /// Every box is complete, and so is the media that the sample tables refer to.
    Boxes,
    /// Every box is complete, but more could have followed: a box that reaches up to the end of the
    /// file, or fragments without the index (`mfra`) that closes them.
    OpenEnd,
}

/// Why a file is not whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Incomplete {
    /// A box reaches beyond the end of the file.
    CutBox { kind: [u8; 4], at: u64, end: u64 },
    /// A box that every video has is missing.
    Missing(&'static str),
    /// The sample tables refer to a byte that is not there.
    SamplesBeyondEnd { offset: u64 },
}

impl fmt::Display for Incomplete {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CutBox { kind, at, end } => {
                let kind = kind.escape_ascii();
                write!(f, "its box `{kind}` at {at} ends at {end}")
            }
            Self::Missing(kind) => write!(f, "it has no complete box `{kind}`"),
            Self::SamplesBeyondEnd { offset } => {
                write!(f, "its sample table refers to byte {offset}")
            }
        }
    }
}
