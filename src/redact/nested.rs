//! Values of JSON: objects, arrays, numbers and literals.

use super::{
    names::Named,
    quoted::{Values, is_literal},
    secret::{Secret, SecretKind},
};

impl Values<'_, '_> {
    /// Redacts every value in an object or array; member names stay.
    pub fn hide_nested(&mut self, named: Named, start: usize, limit: usize) -> usize {
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

    /// A number, a literal, or an unquoted word.
    fn bare(&mut self, named: Named, start: usize, limit: usize) -> usize {
        let is_end = |byte: &u8| matches!(byte, b',' | b'}' | b']' | b':' | b'"' | b'\n');
        let rest = &self.bytes[start..limit];
        let length = rest.iter().position(is_end).unwrap_or(rest.len());
        let range = self.trimmed(start..start + length);
        let word = &self.bytes[range.clone()];
        if is_number(word) {
            // Invalid JSON must stay invalid.
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

    /// A member's value that is neither a string nor nested.
    pub fn hide_scalar(&mut self, named: Named, start: usize, limit: usize) -> usize {
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
}

fn is_number(word: &[u8]) -> bool {
    matches!(word.first(), Some(b'-' | b'0'..=b'9'))
        && word
            .iter()
            .all(|byte| matches!(byte, b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9'))
}
