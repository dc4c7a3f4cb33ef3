//! What no edit of the document should lead to.

use std::fmt;

use seedance_spec::{Problem, pointer::Pointer};

/// The generator, and not the document, is at problem; or progenitor is.
pub fn internal(error: impl fmt::Display) -> Problem {
    Problem::at(
        &Pointer::root(),
        format!("the client cannot be generated: {error}"),
    )
}
