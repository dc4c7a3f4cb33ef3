//! The lines of an excerpt, with the place that is meant.

use serde::Serialize;

use crate::{Drift, Snippet};
use seedance_query::model::Place;

/// A line, cut into what is before, at and behind the place.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct Line<'a> {
    /// As it is counted in the input, if it stands there like this.
    number: Option<u64>,
    before: &'a str,
    marked: &'a str,
    behind: &'a str,
}

/// The lines of a finding's excerpt.
pub(super) fn lines(drift: &Drift) -> Vec<Line<'_>> {
    let Some(snippet) = &drift.snippet else {
        return Vec::new();
    };
    let offset = match drift.first.place {
        Place::Whole => drift.first.line.saturating_sub(1),
        // The body can be a text in its input.
        _ => 0,
    };
    let first = snippet.line.map(|line| line + offset);
    cut(snippet, first)
}

fn cut(snippet: &Snippet, first: Option<u64>) -> Vec<Line<'_>> {
    let mut start = 0;
    let mut lines = Vec::new();
    for (index, text) in snippet.text.split('\n').enumerate() {
        let inside = |at: usize| at.saturating_sub(start).min(text.len());
        let (from, to) = (inside(snippet.marked.start), inside(snippet.marked.end));
        let from = text.floor_char_boundary(from);
        let to = text.ceil_char_boundary(to.max(from));
        lines.push(Line {
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
    use super::{Line, cut};
    use crate::Excerpt;

    #[test]
    fn marks_the_value_in_its_line() {
        let excerpt = Excerpt::of("{\n  \"ä\": \"ö\",\n  \"b\": 1\n}".as_bytes()).unwrap();
        let snippet = excerpt.snippet("/ä").unwrap();
        let lines = cut(&snippet, Some(7));
        assert_eq!(lines.len(), 4);
        let expected = Line {
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
