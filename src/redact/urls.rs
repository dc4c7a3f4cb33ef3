//! Secrets in URLs: credentials, signing parameters, signed paths.

use std::ops::Range;

use super::{
    names::named,
    secret::{Secret, SecretKind},
    unescaped::{ENTITY, Unescaped},
    url_parameter::{is_harmless, is_plain},
};

/// How much of a URL is redacted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Extent {
    /// The values of its parameters, except harmless ones.
    Value,
    /// Its whole query.
    Query,
}

const SCHEME_END: &[u8] = b"://";

/// Minimum length of a secret path segment after `/token/`.
const MIN_IN_PATH: usize = 16;

/// Finds secrets, and returns the ranges of parameters.
pub(super) fn find(
    text: &Unescaped<'_>,
    extent: Extent,
    found: &mut Vec<Secret>,
) -> Vec<Range<usize>> {
    let bytes = &*text.bytes;
    let mut queries = Vec::new();
    let mut start = 0;
    // Only a literal quotation mark ends a URL; one written as an entity can be part of it.
    let is_end = |at: usize| match bytes[at] {
        byte if byte.is_ascii_whitespace() || byte == 0x0b => true,
        b'"' | b'\'' | b'<' | b'>' | b'`' => text.depth(at) != ENTITY,
        _ => false,
    };
    for at in 0..=bytes.len() {
        if at == bytes.len() || is_end(at) {
            if start < at {
                let mut word = Word {
                    text: &bytes[start..at],
                    at: start,
                    extent,
                    found,
                };
                let query = start + word.search();
                if query < at {
                    queries.push(query..at);
                }
            }
            start = at + 1;
        }
    }
    queries
}

/// A run of text that may contain URLs.
struct Word<'a> {
    text: &'a [u8],
    at: usize,
    extent: Extent,
    found: &'a mut Vec<Secret>,
}

impl Word<'_> {
    fn add(&mut self, start: usize, end: usize) {
        if start < end {
            self.found
                .push(Secret::text(self.at + start..self.at + end));
        }
    }

    /// Returns where the parameters begin.
    fn search(&mut self) -> usize {
        let word = self.text;
        let mut scheme = memchr::memmem::find(word, SCHEME_END);
        // Before a scheme, it is a relative URL's query only if it has the form of one.
        let head = &word[..scheme.unwrap_or(word.len())];
        let parameters = memchr::memchr(b'?', head).filter(|start| head[*start..].contains(&b'='));
        let mut path = parameters.unwrap_or(word.len());
        let mut is_first = true;
        // A run can contain several URLs; inside the parameters of one, another is a value.
        while let Some(before) = scheme.filter(|scheme| *scheme < path) {
            let start = before + SCHEME_END.len();
            let host = start + self.credentials(start);
            // Searched once, unless it was inside a password: keeps the time linear.
            if std::mem::take(&mut is_first) || path < host {
                path = end_of_path(&word[host..]).map_or(word.len(), |start| host + start);
            }
            scheme = memchr::memmem::find(&word[host..], SCHEME_END).map(|start| host + start);
        }
        if !is_first || word.starts_with(b"/") {
            self.path(path);
        }
        let mut start = path + 1;
        if self.extent == Extent::Query && !is_first {
            self.add(start.min(word.len()), word.len());
        } else if let Some(query) = word.get(start..) {
            for parameter in query.split(|byte| matches!(byte, b'&' | b'?' | b'#')) {
                self.parameter(parameter, start);
                start += parameter.len() + 1;
            }
        }
        path
    }

    /// User and password separately, so that an empty one stays empty. Returns where the host begins.
    fn credentials(&mut self, start: usize) -> usize {
        let Some(end) = end_of_credentials(&self.text[start..]) else {
            return 0;
        };
        let colon = memchr::memchr(b':', &self.text[start..start + end]).unwrap_or(end);
        let whole = self.at + start..self.at + start + end;
        for place in [0..colon, colon + 1..end] {
            if place.start < place.end {
                self.found.push(Secret {
                    range: whole.start + place.start..whole.start + place.end,
                    kind: SecretKind::Distinct(whole.clone()),
                });
            }
        }
        end + 1
    }

    /// Signatures in a path: beside a time, after `token`, or between `s--` and `--`.
    fn path(&mut self, end: usize) {
        let (mut start, mut before): (usize, &[u8]) = (0, b"");
        while start < end {
            let length = memchr::memchr(b'/', &self.text[start..end]).unwrap_or(end - start);
            let part = &self.text[start..start + length];
            let after = self.text[start + length..end].get(1..).unwrap_or_default();
            let after = &after[..memchr::memchr(b'/', after).unwrap_or(after.len())];
            let marked = part
                .strip_prefix(b"s--")
                .and_then(|part| part.strip_suffix(b"--"));
            let is_signature = (is_hash(part) && (is_time(before) || is_time(after)))
                || (part.len() >= MIN_IN_PATH
                    && part.iter().any(u8::is_ascii_digit)
                    && named(before, false).is_some());
            let place = self.at + start..self.at + start + length;
            if marked.is_some_and(|part| !part.is_empty()) {
                self.found
                    .push(Secret::distinct(place.start + 3..place.end - 2));
            } else if is_signature {
                self.found.push(Secret::distinct(place));
            }
            before = part;
            start += length + 1;
        }
    }

    /// A parameter of a query or fragment.
    fn parameter(&mut self, parameter: &[u8], at: usize) {
        // `&amp;` in HTML.
        let entity = if parameter.starts_with(b"amp;") { 4 } else { 0 };
        let equals = memchr::memchr(b'=', parameter);
        let secret = match equals.filter(|equals| is_plain(&parameter[entity..*equals])) {
            Some(equals) => {
                let (name, value) = (&parameter[entity..equals], &parameter[equals + 1..]);
                if is_harmless(name, value) {
                    return;
                }
                // Base64 padding looks like an empty value, and the text before it like a name.
                if value.iter().all(|byte| *byte == b'=') {
                    entity
                } else {
                    equals + 1
                }
            }
            None => entity,
        };
        self.add(at + secret, at + parameter.len());
    }
}

/// Where the parameters of a URL begin.
pub(crate) fn first_parameter(url: &[u8]) -> Option<usize> {
    let scheme = memchr::memmem::find(url, SCHEME_END);
    let scheme = scheme.filter(|end| end_of_path(&url[..*end]).is_none());
    let host = scheme.map_or(0, |scheme| {
        let start = scheme + SCHEME_END.len();
        start + end_of_credentials(&url[start..]).map_or(0, |end| end + 1)
    });
    end_of_path(&url[host..]).map(|end| host + end)
}

/// The end of host and path. Parameters may also begin with a semicolon, or with an ampersand
/// without a question mark.
fn end_of_path(url: &[u8]) -> Option<usize> {
    url.iter()
        .position(|byte| matches!(byte, b'?' | b'#' | b';' | b'&'))
}

/// Where user and password end, at the beginning of what follows a scheme.
fn end_of_credentials(url: &[u8]) -> Option<usize> {
    let end = url
        .iter()
        .position(|byte| matches!(byte, b'/' | b'?' | b'#' | b'\\'));
    memchr::memrchr(b'@', &url[..end.unwrap_or(url.len())])
}

/// A hexadecimal digest.
fn is_hash(part: &[u8]) -> bool {
    matches!(part.len(), 32 | 40 | 64) && part.iter().all(u8::is_ascii_hexdigit)
}

/// Unix seconds in hexadecimal or decimal digits, or `YYYYMMDDhhmm`.
fn is_time(part: &[u8]) -> bool {
    match part.len() {
        8 => part.iter().all(u8::is_ascii_hexdigit),
        10 | 12 => part.iter().all(u8::is_ascii_digit),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::render::bytes;

    #[test]
    fn knows_signed_paths() {
        let hash = "0123456789abcdef0123456789abcdef";
        for (url, redacted) in [
            (
                format!("https://cdn.example/{hash}/66aabbcc/video/v.mp4"),
                "https://cdn.example/REDACTED/66aabbcc/video/v.mp4",
            ),
            (
                format!("https://cdn.example/1780000150/{hash}/v.mp4"),
                "https://cdn.example/1780000150/REDACTED/v.mp4",
            ),
            (
                "https://cdn.example/u/s--c0ffee12--/v.mp4".to_owned(),
                "https://cdn.example/u/s--REDACTED--/v.mp4",
            ),
            (
                format!("/file/token/{hash}/v.mp4"),
                "/file/token/REDACTED/v.mp4",
            ),
            (
                "https://cdn.example/exp=1~acl=/*~hmac=c0ffee/v.mp4".to_owned(),
                "https://cdn.example/exp=1~acl=/*~hmac=REDACTED",
            ),
            // Different signatures mean different files.
            (
                format!(
                    "https://a.example/{hash}/66aabbcc/v https://a.example/{}/66aabbcc/v",
                    hash.replace('0', "1")
                ),
                "https://a.example/REDACTED/66aabbcc/v https://a.example/REDACTED-2/66aabbcc/v",
            ),
        ] {
            for text in [&*url, redacted] {
                assert_eq!(
                    String::from_utf8_lossy(&bytes(text.as_bytes(), &[])),
                    redacted
                );
            }
        }
        for url in [
            format!("https://a.example/{hash}/v.mp4"),
            "https://a.example/v1/videos/task_0123456789abcdef/content".to_owned(),
        ] {
            assert_eq!(&*bytes(url.as_bytes(), &[]), url.as_bytes());
        }
    }
}
