//! What has to hold for any input: for the fuzzer in `fuzz/`, which looks for one that breaks a
//! law, and for the tests, which try all that it ever found.
//!
//! Each law is a function that panics where it does not hold. It is given the function that it
//! speaks of, so that a test can show that a faulty one is noticed.
#![allow(missing_docs, reason = "nothing of this is published")]
#![allow(clippy::missing_panics_doc, reason = "a law panics where it is broken")]

pub mod acting;
pub mod canaries;
pub mod capturing;
pub mod decoding;
pub mod inspecting;
mod json;
pub mod mp4_oracle;
pub mod reading_documents;
pub mod reading_inputs;
pub mod recorded;
pub mod redacting;
pub mod resuming;
mod target;
pub mod validating;

pub use self::target::{TARGETS, Target};
