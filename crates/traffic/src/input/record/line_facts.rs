//! What the words around a body tell in a line of a log.

use super::surroundings::time_of_text;
use crate::input::exchange::http_status;
use seedance_query::validate::operations::Operation;

/// Words before an HTTP status.
const BEFORE_STATUS: [&str; 6] = [
    "status",
    "code",
    "http",
    "statuscode",
    "httpcode",
    "httpstatus",
];
/// Maximum number of words that are looked at.
const MAX_WORDS: usize = 64;

/// What the words around a body tell.
#[derive(Debug, Default, PartialEq, Eq)]
pub(in crate::input) struct LineFacts<'a> {
    pub status: Option<u16>,
    /// In Unix seconds.
    pub time: Option<i64>,
    /// The path or URL that was requested.
    pub target: Option<&'a str>,
}

/// Reads the words before and after a body.
pub(in crate::input) fn line_facts<'a>(before: &'a [u8], after: &'a [u8]) -> LineFacts<'a> {
    let before = last_line(before);
    let after = after
        .split(|byte| *byte == b'\n')
        .next()
        .unwrap_or_default();
    let (before, after) = (std::str::from_utf8(before), std::str::from_utf8(after));
    let (before, after) = (before.unwrap_or_default(), after.unwrap_or_default());
    LineFacts {
        status: status(before).or_else(|| status(after)),
        time: time(before),
        target: before
            .split([' ', '"', '\'', '`', '(', ')', ',', '='])
            .take(MAX_WORDS)
            .map(|word| word.trim_end_matches([':', ']', '.']))
            .find(|word| Operation::of_request("GET", word).is_some()),
    }
}

/// The status in a line that has little else, such as `HTTP 200 in 1 s`.
pub(in crate::input) fn status_line(line: &[u8]) -> Option<u16> {
    let line = std::str::from_utf8(line)
        .ok()
        .filter(|line| line.len() < 80)?
        .trim();
    let is_told = || {
        let start = line
            .trim_start_matches(['#', '<', '-', '*', ' '])
            .to_ascii_lowercase();
        BEFORE_STATUS.iter().any(|word| start.starts_with(word)) && !line.contains('{')
    };
    http_status(line).or_else(|| is_told().then(|| status(line)).flatten())
}

fn last_line(text: &[u8]) -> &[u8] {
    let lines = text.trim_ascii_end().rsplit(|byte| *byte == b'\n');
    lines.into_iter().next().unwrap_or_default()
}

fn status(text: &str) -> Option<u16> {
    let words = text
        .split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .filter(|word| !word.is_empty());
    let words: Vec<&str> = words.take(MAX_WORDS).collect();
    (0..words.len()).find_map(|index| {
        let status = http_status(words[index])?;
        let word = |index: usize| {
            words
                .get(index)
                .map(|word| word.to_ascii_lowercase().replace('_', ""))
        };
        let before = index.checked_sub(1).and_then(word);
        let is_told = before
            .as_deref()
            .is_some_and(|before| BEFORE_STATUS.contains(&before));
        // `HTTP/1.1 200`, `HTTP/2 200`.
        let is_in_line = (2..=3)
            .any(|back| index.checked_sub(back).and_then(word).as_deref() == Some("http"))
            && before.is_some_and(|before| before.len() == 1);
        let is_ok = words.get(index + 1) == Some(&"OK");
        (is_told || is_in_line || is_ok).then_some(status)
    })
}

/// The time with which a line starts.
fn time(line: &str) -> Option<i64> {
    let clean = |word: &str| {
        word.trim_matches(['[', ']', '(', ')', '"', '|'])
            .trim_end_matches(':')
            .to_owned()
    };
    let mut words = line.split_ascii_whitespace();
    let (first, second) = (clean(words.next()?), words.next().map(clean));
    let both = second.map(|second| format!("{first} {second}"));
    both.as_deref()
        .and_then(time_of_text)
        .or_else(|| time_of_text(&first))
}

#[cfg(test)]
mod tests {
    use super::{LineFacts, line_facts};

    #[test]
    fn words_tell_status_time_and_request() {
        let path = "/v1/video/generations/t1";
        for (before, after, status, time, target) in [
            (
                "2026-06-04 19:28:55,123 INFO status=200 body=",
                "",
                Some(200),
                Some(1_780_601_335),
                None,
            ),
            (
                "[2026-06-04T19:28:55Z] GET /v1/video/generations/t1 -> HTTP/1.1 404 Not Found: ",
                "",
                Some(404),
                Some(1_780_601_335),
                Some(path),
            ),
            ("poll took 200 ms: ", "", None, None, None),
            ("", " HTTP 502 in 0.1 s", Some(502), None, None),
            ("status_code: 429, body: ", "", Some(429), None, None),
            ("< 200 OK ", "", Some(200), None, None),
        ] {
            let expected = LineFacts {
                status,
                time,
                target,
            };
            assert_eq!(
                line_facts(before.as_bytes(), after.as_bytes()),
                expected,
                "{before}{after}"
            );
        }
    }
}
