//! The vendor extensions that mean something here.

/// The known extensions; the head of the document says what each means.
pub const EXTENSIONS: [&str; 15] = [
    "x-branch-when-present",
    "x-documented-max",
    "x-documented-min",
    "x-documented-min-length",
    "x-documented-pattern",
    "x-extensible-enum",
    "x-other-names",
    "x-poll-interval-seconds",
    "x-presence",
    "x-rust-type",
    "x-shape",
    "x-source",
    "x-status-words",
    "x-task-query",
    "x-valid-for-seconds",
];
