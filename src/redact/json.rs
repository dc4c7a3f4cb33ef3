//! A minimal JSON scanner: enough to keep redacted JSON valid.

use std::ops::Range;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

/// Whether a text is strictly valid JSON, escapes included.
pub(super) fn is_json(body: &[u8]) -> bool {
    serde_json::from_slice::<Checked>(body).is_ok()
}

/// Any value, validated and discarded; `IgnoredAny` would not validate strings.
struct Checked;

impl<'de> Deserialize<'de> for Checked {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Self)
    }
}

impl<'de> Visitor<'de> for Checked {
    type Value = Self;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self, E> {
        Ok(Self)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self, E> {
        Ok(Self)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Self, E> {
        Ok(Self)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self, E> {
        Ok(Self)
    }

    fn visit_str<E>(self, _: &str) -> Result<Self, E> {
        Ok(Self)
    }

    fn visit_unit<E>(self) -> Result<Self, E> {
        Ok(Self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self, A::Error> {
        while items.next_element::<Self>()?.is_some() {}
        Ok(Self)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self, A::Error> {
        while members.next_entry::<Self, Self>()?.is_some() {}
        Ok(Self)
    }
}

/// The contents of the strings of a JSON text, in order.
pub(super) struct Strings<'a> {
    body: &'a [u8],
    at: usize,
}

impl<'a> Strings<'a> {
    pub fn of(body: &'a [u8]) -> Self {
        Self { body, at: 0 }
    }

    /// Whether a string that ends here is a member name.
    pub fn is_name(&self, string: &Range<usize>) -> bool {
        let after = self.body.get(string.end + 1..).unwrap_or_default();
        after.trim_ascii_start().first() == Some(&b':')
    }
}

impl Iterator for Strings<'_> {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Range<usize>> {
        let start = self.at + memchr::memchr(b'"', self.body.get(self.at..)?)? + 1;
        let mut end = start;
        loop {
            end += memchr::memchr2(b'"', b'\\', &self.body[end..])?;
            if self.body[end] == b'"' {
                break;
            }
            end = (end + 2).min(self.body.len());
        }
        self.at = end + 1;
        Some(start..end)
    }
}

#[cfg(test)]
mod tests {
    use super::{Strings, is_json};

    #[test]
    fn checks_to_the_last_escape() {
        for text in [r#"{"a":[1,-2.5e3,"\ud83d\ude00",null,true]}"#, "7", "\"\""] {
            assert!(is_json(text.as_bytes()), "{text}");
        }
        for text in [
            &br#""\q""#[..],
            br#""\ud800""#,
            b"\"\xff\"",
            b"1e999",
            b"{} {}",
            b"",
        ] {
            assert!(!is_json(text));
        }
    }

    #[test]
    fn finds_strings() {
        let body = br#"{"a\"":"b\\","":"c"}"#;
        let strings = Strings::of(body);
        let found: Vec<_> = Strings::of(body)
            .map(|range| (strings.is_name(&range), &body[range]))
            .collect();
        let expected: [(bool, &[u8]); 4] = [
            (true, br#"a\""#),
            (false, br"b\\"),
            (true, b""),
            (false, b"c"),
        ];
        assert_eq!(found, expected);
    }
}
