//! The vendor extensions that mean something here.

use super::{note::Note, pointer::Pointer};

/// The most letters by which a misspelt extension differs from the one that is meant.
const MAX_DISTANCE: usize = 2;

/// The known extensions; the head of the document says what each means.
pub const EXTENSIONS: &[&str] = &[
    "x-branch-when-present",
    "x-documented-max",
    "x-documented-min",
    "x-documented-min-length",
    "x-documented-pattern",
    "x-extensible-enum",
    "x-item-rules",
    "x-model-families",
    "x-not-accepted-codes",
    "x-other-names",
    "x-outcome",
    "x-poll-interval-seconds",
    "x-presence",
    "x-rust-type",
    "x-shape",
    "x-source",
    "x-status-words",
    "x-task-form",
    "x-task-query",
    "x-valid-for-seconds",
    "x-video-content",
];

/// What there is to say of an extension that is not known.
pub fn unknown_extension(name: &str, at: &Pointer) -> Note {
    let close = EXTENSIONS
        .iter()
        .min_by_key(|known| strsim::osa_distance(name, known));
    let close = close.filter(|known| strsim::osa_distance(name, known) <= MAX_DISTANCE);
    let message = match close {
        Some(known) => format!("`{name}` is not known and ignored; did you mean `{known}`?"),
        None => format!("`{name}` is ignored: an extension that is not known"),
    };
    Note::at(at, message)
}
