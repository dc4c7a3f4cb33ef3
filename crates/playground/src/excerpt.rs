//! The lines of a body around a finding, with the value marked.

use serde::Serialize;

use seedance_traffic::SourceMap;

/// A text in three parts, of which the middle one is the value.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct Excerpt {
    /// The number of the first line in the body; none if the body was reformatted.
    line: Option<u64>,
    before: String,
    marked: String,
    behind: String,
}

impl Excerpt {
    pub fn of(map: &SourceMap, pointer: &str) -> Option<Self> {
        let snippet = map.snippet(pointer)?;
        let (text, marked) = (&snippet.text, snippet.marked);
        Some(Self {
            line: snippet.line,
            before: text.get(..marked.start)?.to_owned(),
            marked: text.get(marked.clone())?.to_owned(),
            behind: text.get(marked.end..)?.to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Excerpt, SourceMap};

    #[test]
    fn marks_a_value_among_others() {
        let map = SourceMap::of("{\n  \"ä\": \"ö\",\n  \"b\": 1\n}".as_bytes()).unwrap();
        let excerpt = Excerpt::of(&map, "/ä").unwrap();
        assert_eq!(excerpt.before, "{\n  \"ä\": ");
        assert_eq!(excerpt.marked, "\"ö\"");
        assert_eq!(excerpt.behind, ",\n  \"b\": 1\n}");
        assert_eq!(excerpt.line, Some(1));
    }
}
