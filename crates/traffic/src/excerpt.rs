//! The text of a body as it can be shown, and where each of its values stands.

use std::{collections::BTreeMap, ops::Range};

use jsonc_parser::{
    CollectOptions, ParseOptions,
    ast::{ObjectPropName, Value},
    common::{Range as Span, Ranged},
    parse_to_ast,
};
use schemars::JsonSchema;
use serde::Serialize;

use seedance_query::redact;

/// A longer body is not shown.
const LONGEST_BODY: usize = 1 << 20;
/// A body with a longer line is laid out anew.
const LONGEST_LINE: usize = 240;
/// A longer string is cut.
const LONGEST_STRING: usize = 72;

/// How many lines are shown before and behind the one that is meant.
const AROUND: usize = 2;

/// Some lines of a body, its strings cut and their secrets redacted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct Snippet {
    /// The lines.
    pub text: String,
    /// The first of these lines as it is counted in the body, from 1; none if the body was laid out
    /// anew to be shown.
    pub line: Option<u64>,
    /// The line of the place within the snippet, from 0.
    pub marked_line: usize,
    /// The bytes of the snippet that are meant.
    pub marked: Range<usize>,
    /// Whether they are the value itself; otherwise it belongs in there.
    pub is_there: bool,
}

/// A body, its strings cut and their secrets redacted.
///
/// # Examples
///
/// ```
/// use seedance_traffic::Excerpt;
///
/// let excerpt = Excerpt::of(b"{\n  \"a\": 1\n}").ok_or("this is JSON")?;
/// let snippet = excerpt.snippet("/a").ok_or("it is there")?;
/// assert_eq!((&snippet.text[snippet.marked], snippet.marked_line), ("1", 1));
/// # Ok::<(), &str>(())
/// ```
pub struct Excerpt {
    text: String,
    has_original_lines: bool,
    places: BTreeMap<String, Range<usize>>,
}

impl Excerpt {
    /// Nothing, if the body is not JSON or too long to be shown.
    #[must_use]
    pub fn of(body: &[u8]) -> Option<Self> {
        let source = std::str::from_utf8(body)
            .ok()
            .filter(|text| text.len() <= LONGEST_BODY)?;
        let strict = ParseOptions {
            allow_comments: false,
            allow_loose_object_property_names: false,
            allow_trailing_commas: false,
            allow_missing_commas: false,
            allow_single_quoted_strings: false,
            allow_hexadecimal_numbers: false,
            allow_unary_plus_numbers: false,
        };
        let value = parse_to_ast(source, &CollectOptions::default(), &strict)
            .ok()?
            .value?;
        // A signed URL makes a line long, but it is cut anyway.
        let longest = |text: &str| {
            text.lines()
                .map(|line| redact::text(line).chars().count())
                .max()
        };
        let mut writer = Writer {
            source,
            cursor: 0,
            text: String::new(),
            layout: None,
            places: BTreeMap::new(),
        };
        if longest(source).unwrap_or_default() > LONGEST_LINE {
            writer.layout = Some(0);
        }
        writer.value(&value, String::new());
        if writer.layout.is_none() {
            writer.copy_to(source.trim_end().len());
        }
        Some(Self {
            text: writer.text,
            has_original_lines: writer.layout.is_none(),
            places: writer.places,
        })
    }

    /// The whole text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether the lines are those of the input.
    #[must_use]
    pub fn has_original_lines(&self) -> bool {
        self.has_original_lines
    }

    /// Where a value stands and whether it is there at all; if not, where it would belong.
    #[must_use]
    pub fn place(&self, pointer: &str) -> Option<(Range<usize>, bool)> {
        if let Some(place) = self.places.get(pointer) {
            return Some((place.clone(), true));
        }
        let parents = pointer.rmatch_indices('/').map(|(end, _)| &pointer[..end]);
        let mut places = parents.filter_map(|parent| self.places.get(parent));
        places.next().map(|place| (place.clone(), false))
    }
}

impl Excerpt {
    /// The lines around a place, or around where it would belong.
    #[must_use]
    pub fn snippet(&self, pointer: &str) -> Option<Snippet> {
        let (place, is_there) = self.place(pointer)?;
        let line_start = |at: usize| self.text[..at].rfind('\n').map_or(0, |end| end + 1);
        let line_end = |at: usize| {
            self.text[at..]
                .find('\n')
                .map_or(self.text.len(), |n| at + n)
        };
        let marked_start = line_start(place.start);
        let mut start = marked_start;
        for _ in 0..AROUND {
            start = line_start(start.saturating_sub(1));
        }
        let mut end = line_end(place.end);
        for _ in 0..AROUND {
            end = line_end((end + 1).min(self.text.len()));
        }
        let lines = |text: &str| text.matches('\n').count();
        let line = 1 + lines(&self.text[..start]) as u64;
        Some(Snippet {
            text: self.text[start..end].to_owned(),
            line: self.has_original_lines.then_some(line),
            marked_line: lines(&self.text[start..marked_start]),
            marked: place.start - start..place.end - start,
            is_there,
        })
    }
}

/// Writes a body while noting where its values come to stand.
struct Writer<'a> {
    source: &'a str,
    /// How much of the source is copied.
    cursor: usize,
    text: String,
    /// The depth of the layout, if the body is laid out anew.
    layout: Option<usize>,
    places: BTreeMap<String, Range<usize>>,
}

impl Writer<'_> {
    fn value(&mut self, value: &Value<'_>, pointer: String) {
        self.punctuation_before(value.range());
        let start = self.text.len();
        match value {
            Value::Object(object) => {
                self.open('{', object.range);
                for (index, property) in object.properties.iter().enumerate() {
                    self.separate(index);
                    let name = match &property.name {
                        ObjectPropName::String(name) => name,
                        ObjectPropName::Word(_) => continue,
                    };
                    self.punctuation_before(name.range);
                    let key = self.text.len();
                    self.string(&name.value, name.range);
                    let key = key..self.text.len();
                    if self.layout.is_some() {
                        self.text.push_str(": ");
                    }
                    let escaped = name.value.replace('~', "~0").replace('/', "~1");
                    let below = format!("{pointer}/{escaped}");
                    self.value(&property.value, below.clone());
                    // An object is shown by its key: underlining all of it would say nothing.
                    if matches!(property.value, Value::Object(_) | Value::Array(_)) {
                        self.places.insert(below, key);
                    }
                }
                self.close('}', object.range, object.properties.is_empty());
            }
            Value::Array(array) => {
                self.open('[', array.range);
                for (index, item) in array.elements.iter().enumerate() {
                    self.separate(index);
                    self.value(item, format!("{pointer}/{index}"));
                }
                self.close(']', array.range, array.elements.is_empty());
            }
            Value::StringLit(string) => self.string(&string.value, string.range),
            _ => {
                self.text.push_str(&self.source[value.start()..value.end()]);
                self.cursor = value.end();
            }
        }
        let end = match value {
            Value::Object(_) | Value::Array(_) => start + 1,
            _ => self.text.len(),
        };
        // Of a key that stands twice, the last one counts.
        self.places.insert(pointer, start..end);
    }

    fn copy_to(&mut self, end: usize) {
        if self.cursor < end {
            self.text.push_str(&self.source[self.cursor..end]);
            self.cursor = end;
        }
    }

    fn punctuation_before(&mut self, span: Span) {
        if self.layout.is_none() {
            self.copy_to(span.start);
        }
    }

    fn string(&mut self, value: &str, span: Span) {
        let masked = redact::text(value);
        let shown = match masked.char_indices().nth(LONGEST_STRING) {
            Some((end, _)) => format!("{}…", &masked[..end]),
            None => masked.into_owned(),
        };
        self.text
            .push_str(&serde_json::Value::String(shown).to_string());
        self.cursor = span.end;
    }

    fn open(&mut self, bracket: char, span: Span) {
        self.text.push(bracket);
        self.cursor = span.start + 1;
        self.layout = self.layout.map(|depth| depth + 1);
    }

    fn separate(&mut self, index: usize) {
        if let Some(depth) = self.layout {
            self.text.push_str(if index == 0 { "\n" } else { ",\n" });
            self.text.push_str(&"  ".repeat(depth));
        }
    }

    fn close(&mut self, bracket: char, span: Span, is_empty: bool) {
        match self.layout {
            Some(depth) => {
                self.layout = Some(depth - 1);
                if !is_empty {
                    self.text.push('\n');
                    self.text.push_str(&"  ".repeat(depth - 1));
                }
                self.text.push(bracket);
            }
            None => self.copy_to(span.end),
        }
        self.cursor = span.end;
    }
}

#[cfg(test)]
mod tests {
    use super::Excerpt;

    fn shown(body: &str, pointer: &str) -> (String, bool) {
        let excerpt = Excerpt::of(body.as_bytes()).unwrap();
        let (range, is_there) = excerpt.place(pointer).unwrap();
        (excerpt.text()[range].to_owned(), is_there)
    }

    #[test]
    fn finds_values_keys_and_what_is_missing() {
        let body = "{\n  \"a\": {\"b\": [1, \"x\"]},\n  \"c/d\": null\n}\n";
        assert_eq!(shown(body, "/a/b/1"), ("\"x\"".to_owned(), true));
        assert_eq!(shown(body, "/a"), ("\"a\"".to_owned(), true));
        assert_eq!(shown(body, "/c~1d"), ("null".to_owned(), true));
        assert_eq!(shown(body, "/a/z"), ("\"a\"".to_owned(), false));
        assert_eq!(shown(body, "/z"), ("{".to_owned(), false));
    }

    #[test]
    fn keeps_the_lines_and_hides_the_signature() {
        let body = "{\n  \"u\": \"https://a.example/v?sig=1\",\n  \"n\": 1\n}";
        let excerpt = Excerpt::of(body.as_bytes()).unwrap();
        assert!(excerpt.has_original_lines());
        assert_eq!(
            excerpt.text(),
            "{\n  \"u\": \"https://a.example/v?REDACTED\",\n  \"n\": 1\n}"
        );
    }

    #[test]
    fn lays_out_a_body_on_one_line() {
        let long = "x".repeat(300);
        let body = format!(r#"{{"e":{{}},"l":[],"a":[{{"b":1}},2],"s":"{long}"}}"#);
        let excerpt = Excerpt::of(body.as_bytes()).unwrap();
        assert!(!excerpt.has_original_lines());
        assert_eq!(excerpt.text().lines().count(), 11);
        assert_eq!(shown(&body, "/a/0/b"), ("1".to_owned(), true));
        assert_eq!(shown(&body, "/e"), ("\"e\"".to_owned(), true));
    }

    #[test]
    fn shows_nothing_of_what_it_cannot_read() {
        assert!(Excerpt::of(b"{").is_none());
        assert!(Excerpt::of(b"{'a': 1}").is_none());
        assert!(Excerpt::of(b"\xff").is_none());
        assert!(Excerpt::of("[".repeat(20_000).as_bytes()).is_none());
    }
}
