//! The text of a body as it can be shown, and the position of each value in it.

use std::{collections::BTreeMap, ops::Range};

use jsonc_parser::{
    ast::{ObjectPropName, Value},
    common::{Range as Span, Ranged},
};

use crate::strict_json;
use seedance_query::{
    model::pointer,
    redact::{self, terminal_json},
};

/// Maximum size of a body that is shown, in bytes.
pub(crate) const MAX_SHOWN_BODY: usize = 1 << 20;
/// Maximum length of a line; a body with a longer one is reformatted.
const MAX_LINE: usize = 240;
/// Maximum length of a string in characters; longer ones are shortened.
const MAX_STRING: usize = 72;

/// The text of a body with its strings shortened and its secrets redacted, and the position of each
/// value in that text.
///
/// # Examples
///
/// ```
/// use seedance_traffic::SourceMap;
///
/// let map = SourceMap::of(b"{\n  \"a\": 1\n}").ok_or("this is JSON")?;
/// let snippet = map.snippet("/a").ok_or("it is there")?;
/// assert_eq!((&snippet.text[snippet.marked], snippet.marked_line), ("1", 1));
/// # Ok::<(), &str>(())
/// ```
pub struct SourceMap {
    text: String,
    has_original_lines: bool,
    places: BTreeMap<String, Range<usize>>,
}

impl SourceMap {
    /// None if the body is not JSON or longer than 1 MiB.
    #[must_use]
    pub fn of(body: &[u8]) -> Option<Self> {
        let source = std::str::from_utf8(body)
            .ok()
            .filter(|text| text.len() <= MAX_SHOWN_BODY)?;
        // As a whole, since the name of a member can tell that its value is a secret.
        let source = redact::text(source);
        let source = &*source;
        let value = strict_json::parse(source)?;
        let longest = |text: &str| text.lines().map(|line| line.chars().count()).max();
        let mut writer = Writer {
            source,
            cursor: 0,
            text: String::new(),
            layout: None,
            places: BTreeMap::new(),
        };
        if longest(source).unwrap_or_default() > MAX_LINE {
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

    /// Whether the lines are those of the input; false if the body was reformatted.
    #[must_use]
    pub fn has_original_lines(&self) -> bool {
        self.has_original_lines
    }

    /// The bytes of a value and true, or, if the value is missing, the bytes of the innermost object
    /// that it is expected in and false.
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

/// Writes a body and notes the position of each value.
struct Writer<'a> {
    source: &'a str,
    /// How much of the source is copied.
    cursor: usize,
    text: String,
    /// The depth of the indentation, if the body is reformatted.
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
                    let below = pointer::join(&pointer, &name.value);
                    self.value(&property.value, below.clone());
                    // An object is marked by its key: marking all of it would not help.
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
        // Of a duplicate key, the last value wins.
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
        let shown = match value.char_indices().nth(MAX_STRING) {
            Some((end, _)) => format!("{}…", &value[..end]),
            None => value.to_owned(),
        };
        self.text.push_str(&terminal_json(
            &serde_json::Value::String(shown).to_string(),
        ));
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
    use super::SourceMap;

    fn shown(body: &str, pointer: &str) -> (String, bool) {
        let map = SourceMap::of(body.as_bytes()).unwrap();
        let (range, is_there) = map.place(pointer).unwrap();
        (map.text()[range].to_owned(), is_there)
    }

    #[test]
    fn finds_values_keys_and_missing_members() {
        let body = "{\n  \"a\": {\"b\": [1, \"x\"]},\n  \"c/d\": null\n}\n";
        assert_eq!(shown(body, "/a/b/1"), ("\"x\"".to_owned(), true));
        assert_eq!(shown(body, "/a"), ("\"a\"".to_owned(), true));
        assert_eq!(shown(body, "/c~1d"), ("null".to_owned(), true));
        assert_eq!(shown(body, "/a/z"), ("\"a\"".to_owned(), false));
        assert_eq!(shown(body, "/z"), ("{".to_owned(), false));
    }

    #[test]
    fn keeps_the_lines_and_masks_the_signature() {
        let body = "{\n  \"u\": \"https://a.example/v?sig=1\",\n  \"n\": 1\n}";
        let map = SourceMap::of(body.as_bytes()).unwrap();
        assert!(map.has_original_lines());
        assert_eq!(
            map.text(),
            "{\n  \"u\": \"https://a.example/v?REDACTED\",\n  \"n\": 1\n}"
        );
    }

    #[test]
    fn hides_what_a_name_tells_of() {
        let body = r#"{"token":"c0ffee","password":7,"auth":["c0ffee"]}"#;
        let excerpt = SourceMap::of(body.as_bytes()).unwrap();
        assert_eq!(
            excerpt.text(),
            r#"{"token":"REDACTED","password":0,"auth":["REDACTED"]}"#
        );
    }

    #[test]
    fn lays_out_a_body_on_one_line() {
        let long = "x".repeat(300);
        let body = format!(r#"{{"e":{{}},"l":[],"a":[{{"b":1}},2],"s":"{long}"}}"#);
        let map = SourceMap::of(body.as_bytes()).unwrap();
        assert!(!map.has_original_lines());
        assert_eq!(map.text().lines().count(), 11);
        assert_eq!(shown(&body, "/a/0/b"), ("1".to_owned(), true));
        assert_eq!(shown(&body, "/e"), ("\"e\"".to_owned(), true));
    }

    #[test]
    fn is_none_for_invalid_json() {
        assert!(SourceMap::of(b"{").is_none());
        assert!(SourceMap::of(b"{'a': 1}").is_none());
        assert!(SourceMap::of(b"\xff").is_none());
        assert!(SourceMap::of("[".repeat(20_000).as_bytes()).is_none());
    }
}
