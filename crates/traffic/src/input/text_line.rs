//! JSON inside a line of text, as in a log.

use std::ops::Range;

use serde::de::IgnoredAny;

/// Maximum number of brackets of a line that are tried as the start of a JSON value.
const MAX_ATTEMPTS: usize = 32;

/// The objects and arrays of a line, outermost only.
pub(super) fn json(line: &[u8]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    for _ in 0..MAX_ATTEMPTS {
        let is_start = |byte: &u8| matches!(byte, b'{' | b'[');
        let Some(start) = line[at..].iter().position(is_start) else {
            break;
        };
        let start = at + start;
        let mut values =
            serde_json::Deserializer::from_slice(&line[start..]).into_iter::<IgnoredAny>();
        at = match values.next() {
            Some(Ok(_)) => {
                let end = start + values.byte_offset();
                found.push(start..end);
                end
            }
            _ => start + 1,
        };
    }
    found
}

#[cfg(test)]
mod tests {
    use super::json;

    #[test]
    fn finds_values_between_words() {
        for (line, expected) in [
            (
                "2026-09-01 INFO [poll] response: {\"a\": [1]} took 3 ms",
                &["{\"a\": [1]}"][..],
            ),
            ("data: {\"a\":1}", &["{\"a\":1}"]),
            ("{x} {\"a\":1} [2]", &["{\"a\":1}", "[2]"]),
            ("nothing", &[]),
        ] {
            let found: Vec<&str> = json(line.as_bytes())
                .into_iter()
                .map(|range| &line[range])
                .collect();
            assert_eq!(found, expected, "{line}");
        }
    }
}
