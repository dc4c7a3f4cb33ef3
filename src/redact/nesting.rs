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
    /// The outermost string examined last, and those in it; each before what is in it.
    strings: Vec<Range<usize>>,
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
        while self.strings.first().is_none_or(|string| string.end < at) {
            let from = self.strings.first().map_or(0, |string| string.end + 1);
            let Some(start) = self.quotation_mark(from, 0) else {
                return end_of_text;
            };
            let end = self.quotation_mark(start + 1, 0).unwrap_or(end_of_text);
            self.strings.clear();
            let raw = self.text.raw(start + 1..end);
            self.look_into(start + 1..end, raw, 0);
        }
        // A place on the opening quotation mark is not in the string yet.
        let around = |string: &&Range<usize>| string.start <= at && at <= string.end;
        let innermost = self.strings.iter().rev().find(around);
        innermost.map_or(end_of_text, |string| string.end)
    }

    /// The next quotation mark at this depth of nested strings.
    fn quotation_mark(&self, mut from: usize, depth: Depth) -> Option<usize> {
        loop {
            let at = from + memchr::memchr(b'"', self.text.bytes.get(from..)?)?;
            if self.text.depth(at) == depth {
                return Some(at);
            }
            from = at + 1;
        }
    }

    /// Adds a string whose source is `raw`, and the strings in it if it is JSON.
    fn look_into(&mut self, string: Range<usize>, raw: &[u8], depth: Depth) {
        self.strings.push(string.clone());
        let Some(json) = nested_json(raw).filter(|_| depth < LAYERS) else {
            return;
        };
        let depth = depth + 1;
        let mut from = string.start;
        for inner in Strings::of(json.as_bytes()) {
            let start = self.quotation_mark(from, depth);
            let end = start.and_then(|start| self.quotation_mark(start + 1, depth));
            let (Some(start), Some(end)) = (start, end.filter(|end| *end <= string.end)) else {
                return;
            };
            self.look_into(start + 1..end, &json.as_bytes()[inner], depth);
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
