//! Takes the secrets out of a body and leaves the rest as it is, byte for byte.

mod text;
mod word;

use std::{borrow::Cow, ops::Range};

use self::text::Text;
use crate::mask::{KEY, find};

/// What stands in the place of a secret.
const REDACTED: &[u8] = b"REDACTED";

/// Replaces every secret in a body by `REDACTED`.
///
/// The values of a URL's parameters are secrets unless they are known to be harmless, such as
/// `X-Tos-Date` and `X-Tos-Expires`: names and order stay, so it can still be told when the URL
/// expires. So are the credentials before a host, what a fragment says, signing parameters outside
/// of a URL, what follows `Bearer`, API keys that begin with `sk-`, texts that are called a token,
/// a secret, a password or the like, and the `secrets` that are given, if they have eight
/// characters or more. They are found in JSON, in JSON within a JSON text, in HTML and in plain
/// text, however their characters are escaped.
///
/// JSON stays JSON, redacting twice changes nothing, and the time is linear in the body's length.
/// The report on a body stays what it was, but where a rule compares two secrets: URLs that
/// differ only in their credentials are the same afterwards, and so are two names of members. A
/// `REDACTED` that can be told from another would be half a secret.
///
/// # Examples
///
/// ```
/// use seedance_query::capture::redact;
///
/// let body = br#"{"url":"https:\/\/a.example\/v.mp4?X-Tos-Expires=60\u0026X-Tos-Signature=c0ffee"}"#;
/// let redacted = redact(body, &[]);
/// assert_eq!(
///     str::from_utf8(&redacted)?,
///     r#"{"url":"https:\/\/a.example\/v.mp4?X-Tos-Expires=60\u0026X-Tos-Signature=REDACTED"}"#
/// );
/// # Ok::<(), std::str::Utf8Error>(())
/// ```
#[must_use]
pub fn redact<'a>(body: &'a [u8], secrets: &[&str]) -> Cow<'a, [u8]> {
    let secrets: Vec<Vec<u8>> = secrets
        .iter()
        .filter(|secret| secret.len() >= KEY)
        .map(|secret| Text::of(secret.as_bytes()).bytes)
        .collect();
    let mut places = Vec::new();
    if serde_json::from_slice::<serde::de::IgnoredAny>(body).is_ok() {
        in_strings(body, &secrets, &mut places);
    } else {
        in_text(body, 0..body.len(), &secrets, &mut places);
    }
    places.retain(|place| body[place.clone()] != *REDACTED);
    if places.is_empty() {
        return Cow::Borrowed(body);
    }
    let mut out = Vec::with_capacity(body.len());
    let mut end = 0;
    for place in places {
        out.extend_from_slice(&body[end..place.start]);
        out.extend_from_slice(REDACTED);
        end = place.end;
    }
    out.extend_from_slice(&body[end..]);
    Cow::Owned(out)
}

/// Looks at each string of a JSON text by itself: nothing outside of them can be a secret.
fn in_strings(body: &[u8], secrets: &[Vec<u8>], places: &mut Vec<Range<usize>>) {
    let mut at = 0;
    let mut names_a_secret = false;
    while let Some(quote) = body[at..].iter().position(|byte| *byte == b'"') {
        // Between a name and its value stands a colon and nothing else.
        names_a_secret &= body[at..at + quote].trim_ascii() == b":";
        let start = at + quote + 1;
        let end = start + string_length(&body[start..]);
        if names_a_secret && start < end {
            places.push(start..end);
            names_a_secret = false;
        } else {
            in_text(body, start..end, secrets, places);
            names_a_secret = word::is_secret(&Text::of(&body[start..end]).bytes);
        }
        at = (end + 1).min(body.len());
    }
}

/// The length of a JSON string up to its closing quote.
fn string_length(rest: &[u8]) -> usize {
    let mut is_escaped = false;
    rest.iter()
        .position(|byte| match byte {
            _ if is_escaped => {
                is_escaped = false;
                false
            }
            b'\\' => {
                is_escaped = true;
                false
            }
            byte => *byte == b'"',
        })
        .unwrap_or(rest.len())
}

fn in_text(body: &[u8], range: Range<usize>, secrets: &[Vec<u8>], places: &mut Vec<Range<usize>>) {
    let text = Text::of(&body[range.clone()]);
    let mut found = word::secrets(&text.bytes);
    for secret in secrets {
        let mut from = 0;
        while let Some(at) = find(&text.bytes[from..], secret) {
            found.push(from + at..from + at + secret.len());
            from += at + secret.len();
        }
    }
    found.sort_unstable_by_key(|place| place.start);
    // What overlaps is one secret.
    let mut merged: Vec<Range<usize>> = Vec::with_capacity(found.len());
    for place in found {
        match merged.last_mut() {
            Some(last) if place.start <= last.end => last.end = last.end.max(place.end),
            _ => merged.push(place),
        }
    }
    let mut source = text.source();
    for place in merged {
        places.push(range.start + source(place.start)..range.start + source(place.end));
    }
}

#[cfg(test)]
mod tests {
    use super::redact;

    fn redacted(text: &str) -> String {
        String::from_utf8(redact(text.as_bytes(), &["key/0123456789"]).into_owned()).unwrap()
    }

    #[test]
    fn takes_out_secrets_and_nothing_else() {
        for (text, expected) in [
            (
                "https://a.example/v?X-Tos-Date=1&x=2&X-Tos-Signature=c#t=3",
                "https://a.example/v?X-Tos-Date=1&x=REDACTED&X-Tos-Signature=REDACTED#t=REDACTED",
            ),
            (
                "<a href='https://a.example/v?X-Amz-Expires=60&amp;sig=c'>v</a>",
                "<a href='https://a.example/v?X-Amz-Expires=60&amp;sig=REDACTED'>v</a>",
            ),
            (
                "https://me:pw@a.example/v;sid=1?c0ffee",
                "https://REDACTED:REDACTED@a.example/v;sid=REDACTED?REDACTED",
            ),
            (
                "http://a.example,https://me@b.example",
                "http://a.example,https://REDACTED@b.example",
            ),
            ("https://a.example;sid=1", "https://a.example;sid=REDACTED"),
            (
                "/login?sid=1&next=https://a.example/?sid=1",
                "/login?sid=REDACTED&next=REDACTED?sid=REDACTED",
            ),
            ("/v.mp4?sig=c&Expires=1", "/v.mp4?sig=REDACTED&Expires=1"),
            (
                "https://a.example/?Expires=1%26sig%3Dc",
                "https://a.example/?Expires=REDACTED",
            ),
            (
                "https://a.example/?Expires=1=c",
                "https://a.example/?Expires=REDACTED",
            ),
            (
                "https://a.example/?YzBmZmVl==",
                "https://a.example/?REDACTED",
            ),
            (
                "X-Tos-Date=1&X-Tos-Signature=abc&x=1",
                "X-Tos-Date=1&X-Tos-Signature=REDACTED&x=1",
            ),
            (
                "Authorization: Bearer abcd1234efgh",
                "Authorization: Bearer REDACTED",
            ),
            ("key sk-live-51Hsecret given", "key sk-REDACTED given"),
            (
                "why? total_tokens=5, task-1234567890",
                "why? total_tokens=5, task-1234567890",
            ),
            ("my key/0123456789 is", "my REDACTED is"),
            (r#"{"a":"key\/0123456789"}"#, r#"{"a":"REDACTED"}"#),
            (
                r#"{"access_token" : "c0ffee", "b":"c"}"#,
                r#"{"access_token" : "REDACTED", "b":"c"}"#,
            ),
            (
                r#"{"m":"{\"u\":\"https:\\/\\/a.example\\/v?Expires=1\\u0026sig=c\",\"n\":1}"}"#,
                r#"{"m":"{\"u\":\"https:\\/\\/a.example\\/v?Expires=1\\u0026sig=REDACTED\",\"n\":1}"}"#,
            ),
            (
                r#"{"m":"see \"https://a.example?s\u0069g=c\\\", \nyes"}"#,
                r#"{"m":"see \"https://a.example?s\u0069g=REDACTED\\\", \nyes"}"#,
            ),
        ] {
            assert_eq!(redacted(text), expected);
            assert_eq!(redacted(expected), expected);
        }
    }

    #[test]
    fn keeps_numbers_and_bytes() {
        assert_eq!(
            &*redact(br#"{"seed":12345678}"#, &["12345678"]),
            br#"{"seed":12345678}"#
        );
        assert_eq!(
            &*redact(b"\xff https://a.example?s=\xfe\xff \xfd", &[]),
            b"\xff https://a.example?s=REDACTED \xfd"
        );
    }
}
