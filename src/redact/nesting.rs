//! Which JSON string a place is in, also inside of JSON that is itself a string.

use std::ops::Range;

use super::{
    json::{Strings, is_json},
    unescaped::{Depth, Unescaped},
};

/// How many texts in one another are looked into.
const LAYERS: Depth = 6;

/// The strings of a JSON text. No secret extends beyond the end of the string that it begins in:
/// what is JSON stays JSON.
pub(super) struct Nesting<'a> {
    text: &'a Unescaped<'a>,
    is_json: bool,
    /// The outermost string examined last, and those in it, by where they begin.
    strings: Vec<NestedString>,
}

struct NestedString {
    range: Range<usize>,
    /// The index of the string that it is in; the outermost one is in itself.
    parent: usize,
}

impl<'a> Nesting<'a> {
    pub fn new(text: &'a Unescaped<'a>, is_json: bool) -> Self {
        Self {
            text,
            is_json,
            strings: Vec::new(),
        }
    }

    /// The end of the innermost string around a place, or of the text if there is none. Places are
    /// asked for in order; before the string examined last there seems to be none.
    pub fn end(&mut self, at: usize) -> usize {
        let end_of_text = self.text.bytes.len();
        if !self.is_json {
            return end_of_text;
        }
        while self
            .strings
            .first()
            .is_none_or(|string| string.range.end < at)
        {
            let last = self.strings.first();
            let from = last.map_or(0, |string| string.range.end + 1);
            let Some(start) = self.quotation_mark(from..end_of_text, 0) else {
                return end_of_text;
            };
            let end = self.quotation_mark(start + 1..end_of_text, 0);
            let end = end.unwrap_or(end_of_text);
            self.strings.clear();
            let raw = self.text.raw(start + 1..end);
            self.look_into(start + 1..end, raw, 0, 0);
        }
        // A place on the opening quotation mark is not in the string yet.
        let after = self.strings.partition_point(|it| it.range.start <= at);
        let Some(mut index) = after.checked_sub(1) else {
            return end_of_text;
        };
        while self.strings[index].range.end < at {
            index = self.strings[index].parent;
        }
        self.strings[index].range.end
    }

    /// The next quotation mark at this depth of nested strings.
    fn quotation_mark(&self, range: Range<usize>, depth: Depth) -> Option<usize> {
        let marks = memchr::memchr_iter(b'"', self.text.bytes.get(range.clone())?);
        let mut marks = marks.map(|mark| range.start + mark);
        marks.find(|mark| self.text.depth(*mark) == depth)
    }

    /// Adds a string whose source is `raw`, and the strings in it if it is JSON.
    fn look_into(&mut self, string: Range<usize>, raw: &[u8], depth: Depth, parent: usize) {
        let this = self.strings.len();
        let range = string.clone();
        self.strings.push(NestedString { range, parent });
        let Some(json) = nested_json(raw).filter(|_| depth < LAYERS) else {
            return;
        };
        let depth = depth + 1;
        let mut from = string.start;
        for inner in Strings::of(json.as_bytes()) {
            let Some(start) = self.quotation_mark(from..string.end, depth) else {
                return;
            };
            let Some(end) = self.quotation_mark(start + 1..string.end, depth) else {
                return;
            };
            self.look_into(start + 1..end, &json.as_bytes()[inner], depth, this);
            from = end + 1;
        }
    }
}

/// The JSON that a string of JSON holds, if it holds an object or an array.
fn nested_json(raw: &[u8]) -> Option<String> {
    let is_candidate = matches!(raw.trim_ascii_start().first(), Some(b'{' | b'[' | b'\\'));
    let quoted = is_candidate.then(|| [b"\"", raw, b"\""].concat())?;
    let content: String = serde_json::from_slice(&quoted).ok()?;
    let begins = content.trim_start().starts_with(['{', '[']);
    (begins && is_json(content.as_bytes())).then_some(content)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{super::unescaped::Escapes, Nesting, Unescaped};

    #[test]
    fn the_innermost_string_ends_first() {
        let mut value = json!({"m": "at the \"core\"; here"});
        for layer in 0..4 {
            let body = value.to_string();
            let text = Unescaped::of(body.as_bytes(), Escapes::default());
            let find = |part: &[u8]| memchr::memmem::find(&text.bytes, part).unwrap();
            let mut nesting = Nesting::new(&text, true);
            let end = nesting.end(find(b"core"));
            assert_eq!(end, find(b"here") + 4, "{layer}: {body}");
            value = json!({"m": body, "n": "next"});
        }
    }

    #[test]
    fn what_only_looks_like_json_is_one_string() {
        for (body, end) in [
            (r#"{"m":"{\"a\":\"b\",\"c\""}"#, r#"{"m":"{"a":"b","c""#),
            (r#"{"m":"it is \"b\" here"}"#, r#"{"m":"it is "b" here"#),
            (r#"{"m":"[\"a\\u0022b\"]"}"#, r#"{"m":"["a"b"#),
        ] {
            let text = Unescaped::of(body.as_bytes(), Escapes::default());
            let at = memchr::memchr(b'b', &text.bytes).unwrap();
            assert_eq!(Nesting::new(&text, true).end(at), end.len(), "{body}");
        }
        let text = Unescaped::of(b"{\"a\": b", Escapes::default());
        assert_eq!(Nesting::new(&text, false).end(3), text.bytes.len());
    }
}
