//! Identifiers of the caller that are recognised by their form.

use super::secret::Secret;

/// The prefix of the upstream's endpoint ids.
const ENDPOINT: &[u8] = b"ep-";

/// Minimum number of digits in an endpoint id.
const MIN_ENDPOINT: usize = 10;

fn is_in_mail(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b".-_+%".contains(&byte) || byte >= 0x80
}

fn is_in_endpoint(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'-'
}

/// Finds mail addresses and the ids of custom endpoints.
pub(super) fn find(text: &[u8], found: &mut Vec<Secret>) {
    let mut from = 0;
    for at in memchr::memchr_iter(b'@', text) {
        let before = text[from.min(at)..at]
            .iter()
            .rev()
            .take_while(|byte| is_in_mail(**byte))
            .count();
        let after = text[at + 1..]
            .iter()
            .take_while(|byte| is_in_mail(**byte))
            .count();
        let host = text[at + 1..at + 1 + after].trim_ascii_end();
        from = at + 1;
        if before > 0 && host.contains(&b'.') && !host.starts_with(b".") {
            let dots = host.iter().rev().take_while(|byte| **byte == b'.').count();
            found.push(Secret::text(at - before..at + 1 + host.len() - dots));
        }
    }
    let mut from = 0;
    while let Some(at) = memchr::memmem::find(&text[from..], ENDPOINT) {
        let at = from + at;
        let is_inside = text[..at].last().is_some_and(|byte| is_in_endpoint(*byte));
        let rest = &text[at + ENDPOINT.len()..];
        let length = rest
            .iter()
            .take_while(|byte| is_in_endpoint(**byte))
            .count();
        let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        from = at + ENDPOINT.len() + length;
        if !is_inside && digits >= MIN_ENDPOINT {
            found.push(Secret::distinct(at..from));
        }
    }
}
