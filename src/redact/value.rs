//! What belongs to a name: where its value begins and ends, in JSON, YAML, HTML, headers and text.

use std::ops::Range;

use super::{
    names::Named,
    placeholder::is_placeholder,
    secret::{Secret, SecretKind},
    unescaped::{Depth, ENTITY, Unescaped},
};

/// Longer words are no words of a sentence.
const MAX_WORD: usize = 15;

/// How HTTP names the scheme of credentials, which stays.
const SCHEMES: [&[u8]; 7] = [
    b"bearer",
    b"basic",
    b"token",
    b"digest",
    b"apikey",
    b"negotiate",
    b"aws4-hmac-sha256",
];

/// Hides values.
pub(super) struct Values<'a, 'f> {
    text: &'a Unescaped<'a>,
    bytes: &'a [u8],
    is_json: bool,
    found: &'f mut Vec<Secret>,
    /// The string of a JSON text that was looked at last: no value goes beyond its end.
    string: Range<usize>,
}

impl<'a, 'f> Values<'a, 'f> {
    pub fn new(text: &'a Unescaped<'a>, is_json: bool, found: &'f mut Vec<Secret>) -> Self {
        Self {
            text,
            bytes: &text.bytes,
            is_json,
            found,
            string: 0..0,
        }
    }

    /// Hides the value behind the separator at `at`; the name begins at `name`. Tells where it
    /// ends.
    pub fn hide(&mut self, named: Named, name: usize, at: usize, is_quoted: bool) -> usize {
        let start = self.after_blanks(at + 1);
        let limit = self.limit(start);
        let start = start.min(limit);
        match self.bytes[..limit].get(start) {
            Some(b'"' | b'\'' | b'`') => self.hide_quoted(named, start, limit),
            Some(b'{' | b'[') => self.hide_nested(named, start, limit),
            _ if is_quoted => self.hide_scalar(named, start, limit),
            _ if self.bytes[at] == b'=' => self.hide_word(named, start, limit, b"&"),
            None | Some(b'\n' | b'\r' | b'|' | b'>') => self.hide_block(named, name, start, limit),
            Some(_) => self.hide_line(named, name, start, limit),
        }
    }

    /// Hides whatever value begins here.
    pub fn hide_value(&mut self, named: Named, at: usize) -> usize {
        self.hide(named, at, at.saturating_sub(1), true)
    }

    /// Hides what stands before the next tag.
    pub fn hide_element(&mut self, named: Named, start: usize) -> usize {
        let limit = self.limit(start);
        let length = memchr::memchr(b'<', &self.bytes[start..limit]).unwrap_or(limit - start);
        self.add(named, self.trimmed(start..start + length));
        start + length
    }

    /// A text that is the name of another value.
    pub fn plain(&mut self, at: usize) -> Option<Range<usize>> {
        let start = self.after_blanks(at);
        let limit = self.limit(start);
        match self.bytes[..limit].get(start)? {
            b'"' | b'\'' | b'`' => {
                let (range, _) = self.quoted(start, limit);
                Some(range)
            }
            _ => {
                let rest = &self.bytes[start..limit];
                let is_part = |byte: &&u8| byte.is_ascii_alphanumeric() || b"-_.".contains(byte);
                let length = rest.iter().take_while(is_part).count();
                Some(start..start + length)
            }
        }
    }

    /// Where the string of a JSON text ends that this place is in; elsewhere, the text.
    fn limit(&mut self, at: usize) -> usize {
        if !self.is_json {
            return self.bytes.len();
        }
        while self.string.end < at {
            let Some(start) =
                self.end_of_string(self.string.end + usize::from(self.string.end > 0))
            else {
                return self.bytes.len();
            };
            let end = self.end_of_string(start + 1).unwrap_or(self.bytes.len());
            self.string = start + 1..end;
        }
        // On its quotation mark, a place is in no string yet.
        if self.string.start <= at {
            self.string.end
        } else {
            self.bytes.len()
        }
    }

    /// The next quotation mark that is none of a string within a string.
    fn end_of_string(&self, mut from: usize) -> Option<usize> {
        loop {
            let at = from + memchr::memchr(b'"', self.bytes.get(from..)?)?;
            if self.text.depth(at) == 0 {
                return Some(at);
            }
            from = at + 1;
        }
    }

    fn after_blanks(&self, at: usize) -> usize {
        let is_blank = |byte: &&u8| matches!(byte, b' ' | b'\t');
        at + self.bytes[at..].iter().take_while(is_blank).count()
    }

    fn trimmed(&self, range: Range<usize>) -> Range<usize> {
        let text = &self.bytes[range.clone()];
        let start = range.start + (text.len() - text.trim_ascii_start().len());
        start..start + text.trim_ascii().len()
    }

    fn add(&mut self, named: Named, range: Range<usize>) {
        let text = &self.bytes[range.clone()];
        let is_count = named.keeps_numbers && text.iter().all(u8::is_ascii_digit);
        if !range.is_empty() && !is_count && !is_placeholder(text) {
            self.found.push(Secret::text(range));
        }
    }

    /// The inside of a string, and where to go on: after its end, if it has one.
    fn quoted(&self, open: usize, limit: usize) -> (Range<usize>, usize) {
        let quote = self.bytes[open];
        let depth = self.text.depth(open);
        let is_outer = |other: Depth| depth != ENTITY && other != ENTITY && other < depth;
        let mut at = open + 1;
        while at < limit {
            let rest = &self.bytes[at..limit];
            let next = match quote {
                b'"' => memchr::memchr(b'"', rest),
                // Such a string ends with its line, since an apostrophe may have begun it.
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

    fn hide_quoted(&mut self, named: Named, open: usize, limit: usize) -> usize {
        let (inside, end) = self.quoted(open, limit);
        self.add(named, inside);
        end
    }

    /// Hides all that is in an object or an array, but for the names of members.
    fn hide_nested(&mut self, named: Named, start: usize, limit: usize) -> usize {
        let (mut at, mut open) = (start, 0_usize);
        let mut depth = None;
        while at < limit {
            match self.bytes[at] {
                b'{' | b'[' => open += 1,
                b'}' | b']' => {
                    open -= 1;
                    if open == 0 {
                        return at + 1;
                    }
                }
                b'"' | b'\'' => {
                    let this = self.text.depth(at);
                    if this < *depth.get_or_insert(this) {
                        return at;
                    }
                    let (inside, end) = self.quoted(at, limit);
                    if !self.is_name(end) {
                        self.add(named, inside);
                    }
                    at = end.max(at + 1);
                    continue;
                }
                byte if byte.is_ascii_whitespace() || matches!(byte, b',' | b':') => {}
                _ => {
                    at = self.bare(named, at, limit);
                    continue;
                }
            }
            at += 1;
        }
        limit
    }

    fn is_name(&self, end: usize) -> bool {
        self.bytes[end..].trim_ascii_start().first() == Some(&b':')
    }

    /// A number, a literal, or a word without quotation marks.
    fn bare(&mut self, named: Named, start: usize, limit: usize) -> usize {
        let is_end = |byte: &u8| matches!(byte, b',' | b'}' | b']' | b':' | b'"' | b'\n');
        let rest = &self.bytes[start..limit];
        let length = rest.iter().position(is_end).unwrap_or(rest.len());
        let range = self.trimmed(start..start + length);
        let word = &self.bytes[range.clone()];
        if is_number(word) {
            // What no parser reads is not made readable.
            let is_finite =
                std::str::from_utf8(word).is_ok_and(|it| it.parse().is_ok_and(f64::is_finite));
            if !named.keeps_numbers && is_finite {
                self.found.push(Secret {
                    range,
                    kind: SecretKind::Number,
                });
            }
        } else if !is_literal(word) && !self.is_name(start + length) {
            self.add(named, range);
        }
        start + length.max(1)
    }

    /// The value of a member that is neither a string nor nested.
    fn hide_scalar(&mut self, named: Named, start: usize, limit: usize) -> usize {
        let start = start
            + self.bytes[start..limit]
                .iter()
                .take_while(|b| b.is_ascii_whitespace())
                .count();
        match self.bytes[..limit].get(start) {
            Some(b'"' | b'\'') => self.hide_quoted(named, start, limit),
            Some(b'{' | b'[') => self.hide_nested(named, start, limit),
            Some(_) => self.bare(named, start, limit),
            None => start,
        }
    }

    /// A word, up to a blank or a quotation mark.
    fn hide_word(&mut self, named: Named, start: usize, limit: usize, ends: &[u8]) -> usize {
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

    /// The rest of a line, if the name begins one; else a word.
    fn hide_line(&mut self, named: Named, name: usize, start: usize, limit: usize) -> usize {
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

    /// Where a line ends that is quoted, or that stands in a string.
    fn end_of_quotation(&self, quote: Option<(usize, u8)>, start: usize, line: usize) -> usize {
        let mut at = start;
        while let Some(next) = memchr::memchr3(b'"', b'\'', b'`', &self.bytes[at..line]) {
            let next = at + next;
            let is_end = if let Some((open, byte)) = quote {
                self.bytes[next] == byte && self.text.depth(next) <= self.text.depth(open)
            } else {
                let after = self.bytes[next + 1..line].trim_ascii_start().first();
                self.bytes[next] == b'"' && matches!(after, None | Some(b',' | b'}' | b']' | b':'))
            };
            if is_end {
                return next;
            }
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

    /// Whether what follows is a word of a sentence.
    fn is_word(&self, start: usize, limit: usize) -> bool {
        let rest = &self.bytes[start..limit];
        let length = rest
            .iter()
            .take(MAX_WORD + 2)
            .take_while(|byte| !byte.is_ascii_whitespace())
            .count();
        is_plain_word(&rest[..length])
    }

    /// The lines of YAML that are indented more than the one with the name.
    fn hide_block(&mut self, named: Named, name: usize, start: usize, limit: usize) -> usize {
        // The first line of a string begins at its quotation mark.
        let line = memchr::memrchr2(b'\n', b'"', &self.bytes[..name]).map_or(0, |at| at + 1);
        let own = &self.bytes[line..name];
        let is_block = |byte: &u8| matches!(byte, b'|' | b'>' | b'-' | b'+' | b' ' | b'\r' | b'\t');
        let head = self.bytes[start..limit]
            .iter()
            .take_while(|byte| is_block(byte))
            .count();
        let mut at = start + head;
        let is_own = |byte: &u8| matches!(byte, b' ' | b'-' | b'\t');
        if !own.iter().all(is_own) || self.bytes[..limit].get(at) != Some(&b'\n') {
            return start;
        }
        while at < limit && self.bytes[at] == b'\n' {
            let line = at + 1;
            let length = memchr::memchr(b'\n', &self.bytes[line..limit]).unwrap_or(limit - line);
            let text = &self.bytes[line..line + length];
            let indent = text.len() - text.trim_ascii_start().len();
            let is_item = text.trim_ascii_start().starts_with(b"- ") && indent >= own.len();
            if !text.trim_ascii().is_empty() && indent <= own.len() && !is_item {
                break;
            }
            self.add_yaml(named, line..line + length);
            at = line + length;
        }
        at
    }

    /// A line of a block: an item, a member or a text.
    fn add_yaml(&mut self, named: Named, line: Range<usize>) {
        let text = &self.bytes[line.clone()];
        let member = memchr::memmem::find(text, b": ").map(|colon| colon + 2);
        let dash = text
            .trim_ascii_start()
            .strip_prefix(b"- ")
            .map(|rest| text.len() - rest.len());
        let is_name = text.trim_ascii_end().ends_with(b":");
        let start = line.start + member.or(dash).unwrap_or(0);
        let mut range = self.trimmed(start..line.end);
        let inside = &self.bytes[range.clone()];
        if inside.len() > 1 && matches!(inside[0], b'"' | b'\'') && inside.last() == inside.first()
        {
            range = range.start + 1..range.end - 1;
        }
        if !is_name && !is_literal(&self.bytes[range.clone()]) {
            self.add(named, range);
        }
    }
}

fn is_number(word: &[u8]) -> bool {
    matches!(word.first(), Some(b'-' | b'0'..=b'9'))
        && word
            .iter()
            .all(|byte| matches!(byte, b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9'))
}

fn is_literal(word: &[u8]) -> bool {
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

/// A word of a sentence, with its punctuation.
fn is_plain_word(word: &[u8]) -> bool {
    let end = word
        .iter()
        .rev()
        .take_while(|byte| byte.is_ascii_punctuation())
        .count();
    let word = &word[..word.len() - end];
    word.len() <= MAX_WORD && word.iter().all(u8::is_ascii_alphabetic)
}
