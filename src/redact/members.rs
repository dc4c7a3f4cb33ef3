//! Secrets recognised by their names: `"token": "…"`, `token=…`, `Cookie: …`, `<token>…`.

use std::ops::Range;

use memchr::memchr3;

use super::{
    names::{MAX_MEMBER_NAME, Named, named},
    quoted::Values,
    secret::Secret,
    unescaped::Unescaped,
};

/// Members that hold a name, and the members that hold its value.
const NAMES_OF_NAMES: [&[u8]; 8] = [
    b"name",
    b"key",
    b"id",
    b"header",
    b"field",
    b"type",
    b"property",
    b"variable",
];
const NAMES_OF_VALUES: [&[u8]; 3] = [b"value", b"content", b"val"];

/// Maximum number of blanks between a name and its colon.
const MAX_BLANKS: usize = 16;

/// Finds secrets by their names; with `ids`, also identifiers of the caller. URL parameters are
/// handled elsewhere.
pub(super) fn find(
    text: &Unescaped<'_>,
    is_json: bool,
    ids: bool,
    queries: &[Range<usize>],
    found: &mut Vec<Secret>,
) {
    let mut search = Search {
        values: Values::new(text, is_json, found),
        bytes: &text.bytes,
        text,
        ids,
        pair: Pair::default(),
    };
    let mut at = 0;
    let mut queries = queries.iter().peekable();
    while let Some(next) = memchr3(b':', b'=', b'>', &text.bytes[at..]) {
        let next = at + next;
        while queries.next_if(|query| query.end <= next).is_some() {}
        at = match queries.peek() {
            Some(query) if query.start <= next => query.end,
            query => {
                search.values.next_query = query.map(|query| query.start);
                search.separator(next)
            }
        };
    }
}

struct Search<'a, 'f> {
    values: Values<'a, 'f>,
    bytes: &'a [u8],
    text: &'a Unescaped<'a>,
    ids: bool,
    pair: Pair,
}

/// A name and its value in separate members: `{"name": "token", "value": "…"}`.
#[derive(Default)]
struct Pair {
    /// What the name implies, and where it was read.
    name: Option<(Named, usize)>,
    /// Where the value begins, if it precedes the name.
    value: Option<usize>,
}

/// A name before a separator.
struct Name {
    range: Range<usize>,
    is_quoted: bool,
}

impl Search<'_, '_> {
    /// Examines the name before and the value after a separator; returns where to continue.
    fn separator(&mut self, at: usize) -> usize {
        let separator = self.bytes[at];
        if separator == b'>' {
            return self.element(at);
        }
        let Some(name) = self.name_before(at) else {
            return at + 1;
        };
        if separator == b':' && !name.is_quoted && self.is_host(&name.range, at) {
            return at + 1;
        }
        let text = &self.bytes[name.range.clone()];
        let is_one_of = |known: &[&[u8]]| known.iter().any(|it| text.eq_ignore_ascii_case(it));
        if is_one_of(&NAMES_OF_NAMES) {
            return self.name_of_pair(at + 1);
        }
        if is_one_of(&NAMES_OF_VALUES) {
            return self.value_of_pair(name.range.start, at + 1);
        }
        let named = named(text, self.ids).or_else(|| self.two_words(&name));
        match named {
            Some(named) if self.bytes.get(at + 1) != Some(&separator) => {
                let before = name.range.start - usize::from(name.is_quoted);
                self.values.hide(named, before, at, name.is_quoted)
            }
            _ => at + 1,
        }
    }

    /// A quoted name, or one of letters, digits, dots and dashes.
    fn name_before(&self, at: usize) -> Option<Name> {
        let mut end = at;
        while end > 0 && at - end < MAX_BLANKS && self.bytes[end - 1].is_ascii_whitespace() {
            end -= 1;
        }
        let last = *self.bytes[..end].last()?;
        if matches!(last, b'"' | b'\'' | b'`') {
            let close = end - 1;
            let from = close.saturating_sub(MAX_MEMBER_NAME + 1);
            let open = from + memchr::memrchr(last, &self.bytes[from..close])?;
            let is_pair = self.text.depth(open) == self.text.depth(close);
            return (is_pair && open + 1 < close).then_some(Name {
                range: open + 1..close,
                is_quoted: true,
            });
        }
        let head = &self.bytes[end.saturating_sub(MAX_MEMBER_NAME + 1)..end];
        let is_part =
            |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
        let length = head.iter().rev().take_while(is_part).count();
        (length > 0).then_some(Name {
            range: end - length..end,
            is_quoted: false,
        })
    }

    /// Whether it is the host of a URL before its port: `https://auth:8080/`.
    fn is_host(&self, name: &Range<usize>, colon: usize) -> bool {
        const MAX_PORT: usize = 5;
        let before = &self.bytes[..name.start];
        let rest = &self.bytes[colon + 1..];
        let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let ends = rest
            .get(digits)
            .is_none_or(|byte| byte.is_ascii_whitespace() || b"/?#;&\"'<>`\\".contains(byte));
        (before.ends_with(b"://") || before.ends_with(b"@")) && digits <= MAX_PORT && ends
    }

    /// `API key: …`
    fn two_words(&self, name: &Name) -> Option<Named> {
        const LAST: &[u8] = b"key";
        let start = name.range.start;
        let is_key = self.bytes[name.range.clone()].eq_ignore_ascii_case(LAST);
        if name.is_quoted || !is_key || !self.bytes[..start].ends_with(b" ") {
            return None;
        }
        let head = &self.bytes[start.saturating_sub(MAX_MEMBER_NAME / 2)..start - 1];
        let length = head
            .iter()
            .rev()
            .take_while(|byte| byte.is_ascii_alphanumeric())
            .count();
        let two = &self.bytes[start - 1 - length..name.range.end];
        named(two, false).map(|named| Named {
            is_word: true,
            ..named
        })
    }

    /// `<token>…</token>`
    fn element(&mut self, at: usize) -> usize {
        let Some(name) = self.name_before(at).filter(|name| !name.is_quoted) else {
            return at + 1;
        };
        let is_element = self.bytes[..name.range.start].ends_with(b"<");
        match named(&self.bytes[name.range], self.ids) {
            Some(named) if is_element => self.values.hide_element(named, at + 1),
            _ => at + 1,
        }
    }

    fn name_of_pair(&mut self, at: usize) -> usize {
        let Some(value) = self.values.plain(at) else {
            return at;
        };
        let end = value.end;
        let text = &self.bytes[value];
        let named = named(text, self.ids);
        let first = self.pair.value.take();
        if let (Some(named), Some(first)) = (named, first)
            && self.is_near(first, at)
        {
            self.values.hide_value(named, first);
        }
        self.pair.name = named.map(|named| (named, end));
        end.max(at)
    }

    fn value_of_pair(&mut self, _name: usize, at: usize) -> usize {
        match self.pair.name.take() {
            Some((named, end)) if self.is_near(end, at) => self.values.hide_value(named, at),
            _ => {
                self.pair.value = Some(at);
                at
            }
        }
    }

    /// Whether two places are probably in the same object or element.
    fn is_near(&self, from: usize, to: usize) -> bool {
        const MAX: usize = 512;
        to - from <= MAX
            && !self.bytes[from..to]
                .iter()
                .any(|byte| matches!(byte, b'}' | b'>'))
    }
}
