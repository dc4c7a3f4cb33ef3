//! Masks what must not be shown in a text: the query of a URL, credentials, API keys.

use std::{borrow::Cow, ops::Range};

/// Replaces every secret of a text by an ellipsis.
///
/// A pre-signed URL is a key to what it points at, so its query goes as a whole. Text that is JSON
/// can be given as it stands: escaped slashes and ampersands are understood.
///
/// # Examples
///
/// ```
/// use seedance_query::redact::mask;
///
/// let line = r#"{"url":"https:\/\/storage.example\/v.mp4?X-Tos-Signature=c0ffee"}"#;
/// assert_eq!(mask(line), r#"{"url":"https:\/\/storage.example\/v.mp4?…"}"#);
/// assert_eq!(mask("Bearer sk-live-0123456789"), "Bearer …");
/// ```
#[must_use]
pub fn mask(text: &str) -> Cow<'_, str> {
    let ranges = if can_hold_secrets(text.as_bytes()) {
        secrets(text)
    } else {
        Vec::new()
    };
    if ranges.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut end = 0;
    for range in ranges {
        out.push_str(&text[end..range.start]);
        out.push('…');
        end = range.end;
    }
    out.push_str(&text[end..]);
    Cow::Owned(out)
}

/// Replaces a text that is known to be a secret; one that is too short to be told from words stays.
pub(crate) fn hide<'a>(text: &'a str, secret: &str) -> Cow<'a, str> {
    if secret.len() >= KEY && text.contains(secret) {
        Cow::Owned(text.replace(secret, "…"))
    } else {
        Cow::Borrowed(text)
    }
}

/// Whether there is anything in a text that a secret is told by: most texts have nothing of it.
fn can_hold_secrets(text: &[u8]) -> bool {
    let ends_with = |end: usize, word: &[u8]| {
        let start = end.saturating_sub(word.len());
        text[start..end].eq_ignore_ascii_case(word)
    };
    text.iter().enumerate().any(|(at, byte)| match byte {
        // Of a scheme, of a signing parameter.
        b':' | b'=' => true,
        b'-' => ends_with(at, b"sk"),
        b'r' | b'R' => ends_with(at + 1, b"bearer"),
        _ => false,
    })
}

/// The places of the secrets, in order. Works on JSON text too, where `/` and `&` can be escaped.
fn secrets(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut from = 0;
    let mut after_bearer = false;
    while let Some((start, end)) = next_word(text, from) {
        let word = &text[start..end];
        if let Some(rest) = after_scheme(word) {
            let url = &word[rest..];
            let authority = &url[..url.find(['/', '?', '#', '\\']).unwrap_or(url.len())];
            if let Some(at) = authority.rfind('@') {
                found.push(start + rest..start + rest + at);
            }
            // A semicolon begins parameters, too.
            if let Some(query) = url.find(['?', '#', ';'])
                && query + 1 < url.len()
            {
                found.push(start + rest + query + 1..end);
            }
        } else if let Some(secret) = signature(word) {
            found.push(start + secret..end);
        } else if after_bearer && word.len() >= KEY {
            found.push(start..end);
        } else if let Some(key) = api_key(word.as_bytes()) {
            found.push(start + key.start..end);
        }
        after_bearer = word.eq_ignore_ascii_case("bearer");
        from = end;
    }
    found
}

/// A shorter word is no key.
pub(crate) const KEY: usize = 8;

/// Where the value of a signing parameter begins, in a query without its URL.
fn signature(word: &str) -> Option<usize> {
    let lower = word.to_ascii_lowercase();
    ["signature=", "credential=", "security-token="]
        .iter()
        .filter_map(|name| Some(lower.find(name)? + name.len()))
        .min()
        .filter(|at| *at < word.len())
}

/// A run of characters that can be a URL or a key: up to white space, a quote or a bracket.
fn next_word(text: &str, from: usize) -> Option<(usize, usize)> {
    let delimiter = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '<' | '>' | '`');
    let start = from + text[from..].find(|c| !delimiter(c))?;
    let end = text[start..]
        .find(delimiter)
        .map_or(text.len(), |length| start + length);
    Some((start, end))
}

/// Where the authority of a URL begins, if the word has one in it.
fn after_scheme(word: &str) -> Option<usize> {
    [("://", 3), (":\\/\\/", 5)]
        .iter()
        .filter_map(|(separator, length)| Some((word.find(separator)?, length)))
        .min()
        .map(|(at, length)| at + length)
}

/// The secret part of the first API key in a text: what follows its prefix.
pub(crate) fn api_key(text: &[u8]) -> Option<Range<usize>> {
    const PREFIX: &[u8] = b"sk-";
    let is_key = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let mut from = 0;
    while let Some(found) = find(&text[from..], PREFIX) {
        let starts_a_token = !text[..from + found]
            .last()
            .is_some_and(u8::is_ascii_alphanumeric);
        let start = from + found + PREFIX.len();
        let rest = &text[start..];
        let length = rest.iter().take_while(|byte| is_key(byte)).count();
        if starts_a_token && length >= KEY {
            return Some(start..start + length);
        }
        from = start;
    }
    None
}

/// Where one text begins in another.
pub(crate) fn find(text: &[u8], part: &[u8]) -> Option<usize> {
    text.windows(part.len()).position(|window| window == part)
}

#[cfg(test)]
mod tests {
    use super::mask;

    #[test]
    fn hides_queries_credentials_and_keys() {
        for (text, masked) in [
            (
                "https://a.example/v.mp4?X-Tos-Signature=abc&x=1",
                "https://a.example/v.mp4?…",
            ),
            (
                "see https://a.example/v.mp4?s=1, please",
                "see https://a.example/v.mp4?… please",
            ),
            (
                "https://user:pw@a.example/v.mp4",
                "https://…@a.example/v.mp4",
            ),
            (
                r#"{"u":"https:\/\/a.example\/v?s=1\u0026t=2"}"#,
                r#"{"u":"https:\/\/a.example\/v?…"}"#,
            ),
            (
                "Incorrect key sk-live-51Hsecret given",
                "Incorrect key sk-… given",
            ),
            ("task-sk-live-51Hsecret", "task-sk-…"),
            (
                "task-1234567890 and risk-12345678",
                "task-1234567890 and risk-12345678",
            ),
            ("no url? none at all", "no url? none at all"),
            ("https://a.example/v.mp4?", "https://a.example/v.mp4?"),
            (
                "https://a.example/v.mp4#X-Tos-Signature=abc",
                "https://a.example/v.mp4#…",
            ),
            (
                "https://a.example/v.mp4;sig=abc",
                "https://a.example/v.mp4;…",
            ),
            (
                "X-Tos-Date=1&X-Tos-Signature=abc&x=1",
                "X-Tos-Date=1&X-Tos-Signature=…",
            ),
            (
                "Authorization: Bearer abcd1234efgh",
                "Authorization: Bearer …",
            ),
            ("a bearer of news", "a bearer of news"),
        ] {
            assert_eq!(mask(text), masked);
        }
    }
}
