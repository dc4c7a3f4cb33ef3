//! The line and column of a finding in its input.

use crate::report::{SourceMap, ValidatedResponse};
use seedance_query::model::Place;

/// A line of an input, and a column where it is known; both from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct LineColumn {
    pub line: u64,
    pub column: Option<u64>,
}

/// Locates the findings of a response.
pub(super) struct Locator<'a> {
    response: &'a ValidatedResponse,
    excerpt: Option<SourceMap>,
}

impl<'a> Locator<'a> {
    pub(super) fn of(response: &'a ValidatedResponse) -> Self {
        // The lines of a decoded body are not those of the input.
        let excerpt = response
            .body_line()
            .and_then(|_| SourceMap::of(&response.body));
        Self {
            excerpt: excerpt.filter(SourceMap::has_original_lines),
            response,
        }
    }

    /// Where a value stands or is expected; the start of the response if that is unknown.
    pub(super) fn find(&self, pointer: &str) -> LineColumn {
        let start = self.response.source.line;
        let place = self
            .excerpt
            .as_ref()
            .and_then(|excerpt| Some((excerpt.text(), excerpt.place(pointer)?.0)));
        let Some((text, place)) = place else {
            return LineColumn {
                line: start,
                column: None,
            };
        };
        let before = &text[..place.start];
        let lines = before.matches('\n').count();
        let in_line = before.rsplit('\n').next().unwrap_or_default();
        // A shortened string before it moves it.
        let original = self.response.body.split(|byte| *byte == b'\n').nth(lines);
        let is_original = original.is_some_and(|line| line.starts_with(in_line.as_bytes()));
        // An item of an array can start anywhere in its first line.
        let is_in_column = lines > 0 || !matches!(self.response.source.place, Place::Item(_));
        LineColumn {
            line: start + lines as u64,
            column: (is_original && is_in_column).then(|| 1 + in_line.chars().count() as u64),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{LineColumn, Locator};
    use crate::validation::Session;
    use seedance_query::model::{Place, Source};

    fn find(place: Place, line: u64, body: &str) -> (u64, Option<u64>) {
        let source = Source::at("input", place, line);
        let validated = Session::new().validate(source, None, None, body.as_bytes());
        let LineColumn { line, column } = Locator::of(&validated).find("/data/progress");
        (line, column)
    }

    #[test]
    fn locates_values() {
        let body = "{\"data\":\n{ \"ä\": 0, \"progress\": 5}\n}";
        assert_eq!(find(Place::Whole, 1, body), (2, Some(23)));
        assert_eq!(find(Place::Whole, 10, body), (11, Some(23)));
        assert_eq!(find(Place::Item(3), 10, body), (11, Some(23)));
        let body = "{\"data\": {\"progress\": 5}}";
        assert_eq!(find(Place::Line(7), 7, body), (7, Some(23)));
        assert_eq!(find(Place::Item(3), 10, body), (10, None));
    }

    #[test]
    fn gives_no_column_after_a_shortened_string() {
        let long = "x".repeat(100);
        let body = format!("{{\"data\":\n{{ \"a\": \"{long}\", \"progress\": 5}}}}");
        assert_eq!(find(Place::Whole, 1, &body), (2, None));
        assert_eq!(find(Place::Whole, 1, "{\"data\""), (1, None));
    }
}
