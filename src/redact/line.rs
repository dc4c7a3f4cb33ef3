//! Values in headers and plain text: a word, or the rest of a line.

use std::ops::Range;

use super::{
    names::Named,
    quoted::{Values, is_literal},
};

/// Longer words are not prose.
const MAX_WORD: usize = 15;

/// HTTP authentication schemes, which are kept.
const SCHEMES: [&[u8]; 7] = [
    b"bearer",
    b"basic",
    b"token",
    b"digest",
    b"apikey",
    b"negotiate",
    b"aws4-hmac-sha256",
];

impl Values<'_, '_> {
    /// A word, up to white space or a quotation mark.
    pub fn hide_word(&mut self, named: Named, start: usize, limit: usize, ends: &[u8]) -> usize {
        let rest = &self.bytes[start..limit];
        let is_end = |byte: &u8| {
            byte.is_ascii_whitespace() || b"\"'<>`".contains(byte) || ends.contains(byte)
        };
        let length = rest.iter().position(is_end).unwrap_or(rest.len());
        let word = &rest[..length];
        let end = word
            .iter()
            .rev()
            .take_while(|byte| b",;.)]}!".contains(byte))
            .count();
        let word = &word[..length - end];
        if !is_literal(word) {
            self.add(named, start..start + word.len());
        }
        start + length
    }

    /// The rest of the line if the name begins it, otherwise a word.
    pub fn hide_line(&mut self, named: Named, name: usize, start: usize, limit: usize) -> usize {
        let before = self.bytes[..name]
            .iter()
            .rposition(|byte| !matches!(byte, b' ' | b'\t' | b'-' | b'>' | b'<' | b'*' | b'#'));
        let opener = before.map(|at| (at, self.bytes[at]));
        let quote = opener.filter(|(_, byte)| matches!(byte, b'"' | b'\'' | b'`'));
        let begins_line = quote.is_some() || opener.is_none_or(|(_, byte)| byte == b'\n');
        if !begins_line && !named.is_line {
            if named.is_word && self.is_word(start, limit) {
                return start;
            }
            return self.hide_word(named, start, limit, b"");
        }
        let rest = &self.bytes[start..limit];
        let line = memchr::memchr2(b'\n', b'\r', rest).map_or(limit, |length| start + length);
        let end = self.end_of_quotation(quote, start, line);
        let mut range = self.trimmed(start..end);
        if named.is_line {
            range = self.without_scheme(range);
        }
        let text = &self.bytes[range.clone()];
        let is_sentence = named.is_word && text.split(u8::is_ascii_whitespace).all(is_plain_word);
        if !(is_literal(text) || is_sentence) {
            self.add(named, range);
        }
        end
    }

    /// The end of a line that is quoted or inside a string.
    fn end_of_quotation(&self, quote: Option<(usize, u8)>, start: usize, line: usize) -> usize {
        let (mut at, mut is_inside) = (start, false);
        while let Some(next) = memchr::memchr3(b'"', b'\'', b'`', &self.bytes[at..line]) {
            let next = at + next;
            let byte = self.bytes[next];
            let is_end = if let Some((open, quote)) = quote {
                byte == quote && self.text.depth(next) <= self.text.depth(open)
            } else {
                let after = self.bytes[next + 1..line].trim_ascii_start().first();
                let ends_a_string = matches!(after, None | Some(b',' | b'}' | b']' | b':'));
                byte == b'"' && ends_a_string && !is_inside
            };
            if is_end {
                return next;
            }
            // Of `a="b", c="d"`.
            is_inside ^= byte == b'"';
            at = next + 1;
        }
        line
    }

    fn without_scheme(&self, range: Range<usize>) -> Range<usize> {
        let text = &self.bytes[range.clone()];
        let length = text
            .iter()
            .take_while(|byte| !byte.is_ascii_whitespace())
            .count();
        let is_scheme = SCHEMES
            .iter()
            .any(|scheme| text[..length].eq_ignore_ascii_case(scheme));
        if is_scheme && length < text.len() {
            self.trimmed(range.start + length..range.end)
        } else {
            range
        }
    }

    /// Whether a word of prose follows.
    fn is_word(&self, start: usize, limit: usize) -> bool {
        let rest = &self.bytes[start..limit];
        let length = rest
            .iter()
            .take(MAX_WORD + 2)
            .take_while(|byte| !byte.is_ascii_whitespace())
            .count();
        is_plain_word(&rest[..length])
    }
}

/// Whether this is a word of prose, with its punctuation.
fn is_plain_word(word: &[u8]) -> bool {
    let end = word
        .iter()
        .rev()
        .take_while(|byte| byte.is_ascii_punctuation())
        .count();
    let word = &word[..word.len() - end];
    word.len() <= MAX_WORD && word.iter().all(u8::is_ascii_alphabetic)
}

#[cfg(test)]
mod tests {
    use super::super::render::bytes;

    #[test]
    fn the_rest_of_a_line_is_hidden_up_to_the_end_of_its_string() {
        for (text, redacted) in [
            (
                r#"Authorization: Digest username="u", response="c0ffee""#,
                "Authorization: Digest REDACTED",
            ),
            (
                r#"log "curl -H Authorization: c0ffee", "next""#,
                r#"log "curl -H Authorization: REDACTED", "next""#,
            ),
            (
                r#"{"m":"{\"a\":\"of `Authorization: c0ffee\",\"b\":\"x\"}"}"#,
                r#"{"m":"{\"a\":\"of `Authorization: REDACTED\",\"b\":\"x\"}"}"#,
            ),
        ] {
            for text in [text, redacted] {
                let once = bytes(text.as_bytes(), &[]);
                assert_eq!(String::from_utf8_lossy(&once), redacted);
            }
        }
    }
}
