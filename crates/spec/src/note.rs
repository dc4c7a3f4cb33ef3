//! What is not read of a document, with its place.

use super::pointer::Pointer;

/// Something in a document that has no effect here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Where it stands.
    pub pointer: Pointer,
    /// What is ignored, and why.
    pub message: String,
}

impl Note {
    /// A note on the value at a place.
    pub fn at(pointer: &Pointer, message: impl Into<String>) -> Self {
        Self {
            pointer: pointer.clone(),
            message: message.into(),
        }
    }
}
