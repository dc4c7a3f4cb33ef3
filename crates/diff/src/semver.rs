//! Which part of a version number a change is worth.

use std::fmt;

use serde::Serialize;

/// Which part of its version number a document has to raise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Semver {
    /// Nothing has changed.
    None,
    /// Only what is said about the same bodies and calls has changed.
    Patch,
    /// Something was added, and nothing breaks.
    Minor,
    /// Readers, or senders and validators, break.
    Major,
}

impl fmt::Display for Semver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::None => "none",
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
        })
    }
}
