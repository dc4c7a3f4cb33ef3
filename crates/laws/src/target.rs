//! What is fuzzed.

use super::{
    acting, capturing, decoding, inspecting, reading_documents, reading_inputs, redacting,
    resuming, validating,
};

/// A set of laws about one part of the program.
pub struct Target {
    /// As `fuzz/targets.txt` has it.
    pub name: &'static str,
    /// Tries all laws on one input.
    pub run: fn(&[u8]),
}

/// All of them.
pub const TARGETS: &[Target] = &[
    Target {
        name: "validate",
        run: validating::laws,
    },
    Target {
        name: "decode",
        run: decoding::laws,
    },
    Target {
        name: "act",
        run: acting::laws,
    },
    Target {
        name: "inputs",
        run: reading_inputs::laws,
    },
    Target {
        name: "captures",
        run: capturing::laws,
    },
    Target {
        name: "redact",
        run: redacting::laws,
    },
    Target {
        name: "mp4",
        run: inspecting::laws,
    },
    Target {
        name: "resume",
        run: resuming::laws,
    },
    Target {
        name: "spec",
        run: reading_documents::laws,
    },
];
