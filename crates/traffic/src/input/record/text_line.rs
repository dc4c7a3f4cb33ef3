//! JSON inside a line of text, as in a log.

use std::ops::Range;

use serde::de::IgnoredAny;

/// Maximum number of bytes that are parsed in vain.
const MAX_IN_VAIN: usize = 1 << 20;

/// A JSON value in a text.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::input) struct LineJson {
    pub range: Range<usize>,
    /// Whether it ends in the middle, or is broken.
    is_cut_off: bool,
}

impl LineJson {
    pub fn is_cut_off(&self) -> bool {
        self.is_cut_off
    }
}

/// The objects, arrays and JSON strings of a text, outermost only.
///
/// At most `attempts` characters are tried as the start of a value in vain.
pub(in crate::input) fn json(text: &[u8], attempts: usize) -> Vec<LineJson> {
    let mut found = Vec::new();
    let (mut at, mut left, mut in_vain) = (0, attempts, 0);
    while left > 0 && in_vain < MAX_IN_VAIN {
        let Some(start) = next_start(text, at) else {
            break;
        };
        let mut values =
            serde_json::Deserializer::from_slice(&text[start..]).into_iter::<IgnoredAny>();
        match values.next() {
            Some(Ok(_)) => {
                at = start + values.byte_offset();
                found.push(LineJson {
                    range: start..at,
                    is_cut_off: false,
                });
            }
            Some(Err(error)) => {
                left -= 1;
                let read = read_before(&error, &text[start..]);
                in_vain += read;
                // Values inside of a broken one are fragments of it.
                if read > 1 {
                    found.push(LineJson {
                        range: start..start + read,
                        is_cut_off: true,
                    });
                }
                at = start + read.max(1);
            }
            None => break,
        }
    }
    found
}

/// Where the next value may start: a bracket, or a string with one.
fn next_start(text: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    loop {
        let start = at + memchr::memchr3(b'{', b'[', b'"', text.get(at..)?)?;
        let is_start = text[start] != b'"' || matches!(text.get(start + 1), Some(b'{' | b'['));
        if is_start {
            return Some(start);
        }
        at = start + 1;
    }
}

/// How much of a text is well-formed before an error.
fn read_before(error: &serde_json::Error, text: &[u8]) -> usize {
    if error.is_eof() {
        return text.len();
    }
    let lines = text.split_inclusive(|byte| *byte == b'\n');
    let before: usize = lines
        .take(error.line().saturating_sub(1))
        .map(<[u8]>::len)
        .sum();
    (before + error.column().saturating_sub(1)).min(text.len())
}

#[cfg(test)]
mod tests {
    use super::json;

    fn found(line: &str, is_cut_off: bool) -> Vec<&str> {
        let values = json(line.as_bytes(), 32).into_iter();
        values
            .filter(|value| value.is_cut_off == is_cut_off)
            .map(|value| &line[value.range])
            .collect()
    }

    #[test]
    fn finds_values_between_words() {
        for (line, expected) in [
            (
                "2026-09-01 INFO [poll] response: {\"a\": [1]} took 3 ms",
                &["{\"a\": [1]}"][..],
            ),
            ("data: {\"a\":1}", &["{\"a\":1}"]),
            ("{x} {\"a\":1} [2]", &["{\"a\":1}", "[2]"]),
            ("body=\"{\\\"a\\\":1}\" x", &["\"{\\\"a\\\":1}\""]),
            ("say \"hello\" {\"a\":1}", &["{\"a\":1}"]),
            ("nothing", &[]),
        ] {
            assert_eq!(found(line, false), expected, "{line}");
        }
    }

    #[test]
    fn what_is_inside_of_a_broken_value_is_not_a_value() {
        for line in [
            "x {\"a\": {\"b\": 1}, \"c\": \"d",
            "{\"a\":{\"b\":1},... [truncated]",
        ] {
            assert_eq!(found(line, false), Vec::<&str>::new(), "{line}");
            assert!(found(line, true)[0].starts_with("{\"a\":"), "{line}");
        }
    }
}
