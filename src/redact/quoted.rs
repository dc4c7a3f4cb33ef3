//! Values in quotation marks or inside a JSON string.

use std::ops::Range;

use super::{
    names::Named,
    nesting::Nesting,
    placeholder::is_placeholder,
    secret::Secret,
    unescaped::{Depth, ENTITY, Unescaped},
};

/// Redacts values.
pub(super) struct Values<'a, 'f> {
    pub text: &'a Unescaped<'a>,
    pub bytes: &'a [u8],
    pub nesting: Nesting<'a>,
    pub found: &'f mut Vec<Secret>,
    /// Where the parameters of the next URL begin.
    pub next_query: Option<usize>,
}

impl<'a, 'f> Values<'a, 'f> {
    pub fn new(text: &'a Unescaped<'a>, is_json: bool, found: &'f mut Vec<Secret>) -> Self {
        Self {
            text,
            bytes: &text.bytes,
            nesting: Nesting::new(text, is_json),
            found,
            next_query: None,
        }
    }

    pub fn after_blanks(&self, at: usize) -> usize {
        let is_blank = |byte: &&u8| matches!(byte, b' ' | b'\t');
        at + self.bytes[at..].iter().take_while(is_blank).count()
    }

    pub fn trimmed(&self, range: Range<usize>) -> Range<usize> {
        let text = &self.bytes[range.clone()];
        let start = range.start + (text.len() - text.trim_ascii_start().len());
        start..start + text.trim_ascii().len()
    }

    pub fn add(&mut self, named: Named, range: Range<usize>) {
        let text = &self.bytes[range.clone()];
        let is_count = named.keeps_numbers && text.iter().all(u8::is_ascii_digit);
        if !range.is_empty() && !is_count && !is_placeholder(text) {
            self.found.push(Secret::text(range));
        }
    }

    /// The contents of a string, and where to continue: after its end, if it has one.
    pub fn quoted(&self, open: usize, limit: usize) -> (Range<usize>, usize) {
        let quote = self.bytes[open];
        let depth = self.text.depth(open);
        let is_outer = |other: Depth| depth != ENTITY && other != ENTITY && other < depth;
        let mut at = open + 1;
        while at < limit {
            let rest = &self.bytes[at..limit];
            let next = match quote {
                b'"' => memchr::memchr(b'"', rest),
                // It ends with its line, since the quotation mark may have been an apostrophe.
                quote => memchr::memchr2(quote, b'\n', rest),
            };
            let Some(next) = next.map(|next| at + next) else {
                break;
            };
            if self.bytes[next] == b'\n' {
                return (open + 1..next, next);
            }
            let other = self.text.depth(next);
            if other == depth {
                return (open + 1..next, next + 1);
            }
            if is_outer(other) {
                return (open + 1..next, next);
            }
            at = next + 1;
        }
        (open + 1..limit, limit)
    }

    pub fn hide_quoted(&mut self, named: Named, open: usize, limit: usize) -> usize {
        let (inside, end) = self.quoted(open, limit);
        self.add(named, inside);
        end
    }
}

pub(super) fn is_literal(word: &[u8]) -> bool {
    [
        &b"true"[..],
        b"false",
        b"null",
        b"None",
        b"nil",
        b"undefined",
    ]
    .contains(&word)
}
