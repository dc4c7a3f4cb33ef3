//! The polls of a task, as spans of equal ones.

use super::span::{PollAt, Span};

/// The spans of a task, those of an input in a row.
#[derive(Clone, Debug, Default)]
pub(crate) struct TaskSpans {
    /// If states are wanted.
    pub id: Option<Box<str>>,
    pub spans: Vec<Span>,
    /// The index of the span with the last poll so far, and whether it is the last one of it.
    pub(super) latest: (u32, bool),
}

impl TaskSpans {
    pub fn latest(&self) -> Option<(&Span, &PollAt)> {
        let (index, is_last) = self.latest;
        let span = self.spans.get(index as usize)?;
        let at = span.last.as_deref().filter(|_| is_last);
        Some((span, at.unwrap_or(&span.first)))
    }
}
