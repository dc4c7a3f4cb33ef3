//! The lines of a body around a finding.

use std::ops::Range;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::source_map::SourceMap;

/// How many lines are shown before and after the marked one.
const CONTEXT: usize = 2;

/// Some lines of a body, its strings shortened and its secrets redacted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Snippet {
    /// The lines.
    pub text: String,
    /// The number of the first line in the body, from 1; none if the body was reformatted.
    pub line: Option<u64>,
    /// The marked line within the snippet, from 0.
    pub marked_line: usize,
    /// The marked bytes of the snippet.
    pub marked: Range<usize>,
    /// Whether the marked bytes are the value; otherwise the value is missing and expected there.
    pub is_there: bool,
}

impl SourceMap {
    /// The lines around a value, or around the place where it is expected.
    #[must_use]
    pub fn snippet(&self, pointer: &str) -> Option<Snippet> {
        let (place, is_there) = self.place(pointer)?;
        let text = self.text();
        let line_start = |at: usize| text[..at].rfind('\n').map_or(0, |end| end + 1);
        let line_end = |at: usize| text[at..].find('\n').map_or(text.len(), |n| at + n);
        let marked_start = line_start(place.start);
        let mut start = marked_start;
        for _ in 0..CONTEXT {
            start = line_start(start.saturating_sub(1));
        }
        let mut end = line_end(place.end);
        for _ in 0..CONTEXT {
            end = line_end((end + 1).min(text.len()));
        }
        let lines = |text: &str| text.matches('\n').count();
        let line = 1 + lines(&text[..start]) as u64;
        Some(Snippet {
            text: text[start..end].to_owned(),
            line: self.has_original_lines().then_some(line),
            marked_line: lines(&text[start..marked_start]),
            marked: place.start - start..place.end - start,
            is_there,
        })
    }
}
