//! Why a table cannot be read.

/// Why a table cannot be read.
pub(in crate::input) struct Problem {
    pub message: String,
    /// Whether it is not a recording, so that nothing is missed where it is passed over.
    pub is_foreign: bool,
}

impl Problem {
    pub fn unreadable(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            is_foreign: false,
        }
    }
}
