//! Why parts of a summary cannot be read or merged.

use std::fmt;

/// Why a text is not a part of a summary that this program can use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidPart {
    message: String,
}

impl InvalidPart {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
        }
    }

    /// For a part whose members contradict each other.
    pub(super) fn damaged(what: &str) -> Self {
        Self::new(format!(
            "this summary part was changed or is damaged: {what}"
        ))
    }
}

impl fmt::Display for InvalidPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for InvalidPart {}

/// Why parts of summaries cannot be merged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartMismatch {
    message: String,
}

impl PartMismatch {
    pub(super) fn options(own: &impl fmt::Display, other: &impl fmt::Display) -> Self {
        Self {
            message: format!(
                "it was made with other options than those before it: {other}, not {own}; use the \
                 same --ignore, --baseline and options of reading for all parts"
            ),
        }
    }

    pub(super) fn input(name: &str) -> Self {
        Self {
            message: format!(
                "it tells something else of {name} than a part before it, although the content is \
                 the same; make both parts again"
            ),
        }
    }
}

impl fmt::Display for PartMismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for PartMismatch {}
