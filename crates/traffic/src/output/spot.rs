//! The line and column of a finding in its input.

use crate::{Checked, Excerpt};
use seedance_query::model::Place;

/// A line of an input, and a column in it where that can be told; both from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Spot {
    pub line: u64,
    pub column: Option<u64>,
}

/// Finds the lines of what is found in a response.
pub(super) struct Spots<'a> {
    checked: &'a Checked,
    excerpt: Option<Excerpt>,
}

impl<'a> Spots<'a> {
    pub(super) fn of(checked: &'a Checked) -> Self {
        // The lines of a body that is a text in its input are not those of the input.
        let excerpt = checked.body_line().and_then(|_| Excerpt::of(&checked.body));
        Self {
            excerpt: excerpt.filter(Excerpt::has_original_lines),
            checked,
        }
    }

    /// Where a value stands, or would belong; the begin of the response if that cannot be told.
    pub(super) fn find(&self, pointer: &str) -> Spot {
        let start = self.checked.source.line;
        let place = self
            .excerpt
            .as_ref()
            .and_then(|excerpt| Some((excerpt.text(), excerpt.place(pointer)?.0)));
        let Some((text, place)) = place else {
            return Spot {
                line: start,
                column: None,
            };
        };
        let before = &text[..place.start];
        let lines = before.matches('\n').count();
        let in_line = before.rsplit('\n').next().unwrap_or_default();
        // A string before it that was cut moves it.
        let original = self.checked.body.split(|byte| *byte == b'\n').nth(lines);
        let is_original = original.is_some_and(|line| line.starts_with(in_line.as_bytes()));
        // An item of an array can begin anywhere in its first line.
        let is_in_column = lines > 0 || !matches!(self.checked.source.place, Place::Item(_));
        Spot {
            line: start + lines as u64,
            column: (is_original && is_in_column).then(|| 1 + in_line.chars().count() as u64),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Spot, Spots};
    use crate::Session;
    use seedance_query::model::{Place, Source};

    fn find(place: Place, line: u64, body: &str) -> (u64, Option<u64>) {
        let source = Source::at("input", place, line);
        let checked = Session::new().check(source, None, None, body.as_bytes());
        let Spot { line, column } = Spots::of(&checked).find("/data/progress");
        (line, column)
    }

    #[test]
    fn tells_the_line_as_far_as_it_can_be_told() {
        let body = "{\"data\":\n{ \"ä\": 0, \"progress\": 5}\n}";
        assert_eq!(find(Place::Whole, 1, body), (2, Some(23)));
        assert_eq!(find(Place::Whole, 10, body), (11, Some(23)));
        assert_eq!(find(Place::Item(3), 10, body), (11, Some(23)));
        let body = "{\"data\": {\"progress\": 5}}";
        assert_eq!(find(Place::Line(7), 7, body), (7, Some(23)));
        assert_eq!(find(Place::Item(3), 10, body), (10, None));
    }

    #[test]
    fn tells_no_column_behind_a_string_that_is_cut() {
        let long = "x".repeat(100);
        let body = format!("{{\"data\":\n{{ \"a\": \"{long}\", \"progress\": 5}}}}");
        assert_eq!(find(Place::Whole, 1, &body), (2, None));
        assert_eq!(find(Place::Whole, 1, "{\"data\""), (1, None));
    }
}
