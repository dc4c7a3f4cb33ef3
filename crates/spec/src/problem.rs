//! What is wrong with a document, and at which place.

use super::pointer::Pointer;

/// What is wrong, as a step of reading the document reports it.
#[derive(Debug)]
pub enum Problem {
    /// The text is not YAML; line and column count from 1.
    Syntax {
        /// The line.
        line: usize,
        /// The column.
        column: usize,
        /// What is wrong.
        message: String,
    },
    /// The value at a place of the document cannot be used.
    At {
        /// The place.
        pointer: Pointer,
        /// What is wrong.
        message: String,
    },
}

impl Problem {
    /// A problem with the value at a place.
    pub fn at(pointer: &Pointer, message: impl Into<String>) -> Self {
        Self::At {
            pointer: pointer.clone(),
            message: message.into(),
        }
    }
}
