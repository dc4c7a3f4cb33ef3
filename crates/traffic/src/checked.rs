//! One response, checked.

use schemars::JsonSchema;
use serde::Serialize;

use seedance_query::{model::Source, validate::Report};

/// A response and what was found in it, also in comparison with earlier polls of its task.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Checked {
    /// Where it comes from.
    pub source: Source,
    /// What was found, without what is ignored or known.
    pub report: Report,
    /// The body with its secrets; empty if nothing was found.
    pub(crate) body: Vec<u8>,
    /// Whether the body is a text within the input, or was decompressed.
    pub(super) is_apart: bool,
    /// Which of the findings were not there before, by their number.
    pub(super) new: Vec<usize>,
}

impl Checked {
    pub(super) fn new(source: Source, report: Report, body: Vec<u8>) -> Self {
        Self {
            source,
            report,
            body,
            is_apart: false,
            new: Vec::new(),
        }
    }

    /// The line of the input in which the body begins, from 1, if it stands there as it is: its lines
    /// are lines of the input then.
    #[must_use]
    pub fn body_line(&self) -> Option<u64> {
        (!self.is_apart).then_some(self.source.line)
    }

    /// Whether a finding, by its number, is the first one of its kind: the rule, the place and, where
    /// that makes a difference, the value are new.
    #[must_use]
    pub fn is_new(&self, finding: usize) -> bool {
        self.new.contains(&finding)
    }

    /// The body as it came, secrets and all; empty if nothing was found in it.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.body
    }
}

/// Something that no response could be read from; the rest of its input goes on where it can.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct Unreadable {
    /// Where it stands.
    pub source: Source,
    /// Why, in one sentence.
    pub message: String,
}
