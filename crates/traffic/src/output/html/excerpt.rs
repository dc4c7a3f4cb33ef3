//! The lines of a snippet, with the marked value.

use serde::Serialize;

use crate::report::{DistinctFinding, Snippet};
use seedance_query::model::Place;

/// A line, split into the text before, in and after the mark.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct ExcerptLine<'a> {
    /// The line number in the input, if the line stands there unchanged.
    number: Option<u64>,
    before: &'a str,
    marked: &'a str,
    behind: &'a str,
}

/// The lines of a finding's snippet.
pub(super) fn lines(drift: &DistinctFinding) -> Vec<ExcerptLine<'_>> {
    let Some(snippet) = &drift.snippet else {
        return Vec::new();
    };
    let offset = match drift.first.place {
        Place::Whole => drift.first.line.saturating_sub(1),
        // The lines of the body may not be lines of the input.
        _ => 0,
    };
    let first = snippet.line.map(|line| line + offset);
    cut(snippet, first)
}

fn cut(snippet: &Snippet, first: Option<u64>) -> Vec<ExcerptLine<'_>> {
    let mut start = 0;
    let mut lines = Vec::new();
    for (index, text) in snippet.text.split('\n').enumerate() {
        let inside = |at: usize| at.saturating_sub(start).min(text.len());
        let (from, to) = (inside(snippet.marked.start), inside(snippet.marked.end));
        let from = text.floor_char_boundary(from);
        let to = text.ceil_char_boundary(to.max(from));
        lines.push(ExcerptLine {
            number: first.map(|first| first + index as u64),
            before: &text[..from],
            marked: &text[from..to],
            behind: &text[to..],
        });
        start += text.len() + 1;
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::{ExcerptLine, cut};
    use crate::report::SourceMap;

    #[test]
    fn marks_the_value_in_its_line() {
        let excerpt = SourceMap::of("{\n  \"ä\": \"ö\",\n  \"b\": 1\n}".as_bytes()).unwrap();
        let snippet = excerpt.snippet("/ä").unwrap();
        let lines = cut(&snippet, Some(7));
        assert_eq!(lines.len(), 4);
        let expected = ExcerptLine {
            number: Some(8),
            before: "  \"ä\": ",
            marked: "\"ö\"",
            behind: ",",
        };
        assert_eq!(lines[1], expected);
        let marked = lines.iter().filter(|line| !line.marked.is_empty());
        assert_eq!(marked.count(), 1);
    }
}
