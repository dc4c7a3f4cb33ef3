//! The value of a name: where it begins and ends, by syntax.

use std::ops::Range;

use super::{names::Named, quoted::Values};

impl Values<'_, '_> {
    /// Redacts the value after the separator at `at`; the name begins at `name`. Returns its end.
    pub fn hide(&mut self, named: Named, name: usize, at: usize, is_quoted: bool) -> usize {
        let start = self.after_blanks(at + 1);
        let mut limit = self.nesting.end(start);
        // A value in a URL's path ends where its parameters begin.
        let is_in_path = self.bytes[at] == b'=' || self.bytes[..name].ends_with(b"/");
        if let Some(query) = self.next_query.filter(|_| is_in_path && !is_quoted) {
            limit = limit.min(query);
        }
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

    /// Redacts the value that begins here.
    pub fn hide_value(&mut self, named: Named, at: usize) -> usize {
        self.hide(named, at, at.saturating_sub(1), true)
    }

    /// Redacts the text before the next tag.
    pub fn hide_element(&mut self, named: Named, start: usize) -> usize {
        let limit = self.nesting.end(start);
        let length = memchr::memchr(b'<', &self.bytes[start..limit]).unwrap_or(limit - start);
        self.add(named, self.trimmed(start..start + length));
        start + length
    }

    /// A value that is itself the name of another value.
    pub fn plain(&mut self, at: usize) -> Option<Range<usize>> {
        let start = self.after_blanks(at);
        let limit = self.nesting.end(start);
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
}
