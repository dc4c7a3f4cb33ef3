//! The two renderings of a redacted text.

use std::borrow::Cow;

use super::redactor::Redactor;

/// Redacts a text for a person to read, such as a message or a log line.
///
/// The whole query of a URL is replaced; otherwise the same as [`bytes()`] without known secrets.
///
/// # Examples
///
/// ```
/// use seedance_query::redact;
///
/// let line = r#"{"url":"https:\/\/storage.example\/v.mp4?X-Tos-Signature=c0ffee"}"#;
/// let redacted = r#"{"url":"https:\/\/storage.example\/v.mp4?REDACTED"}"#;
/// assert_eq!(redact::text(line), redacted);
/// assert_eq!(redact::text("Bearer sk-live-0123456789"), "Bearer REDACTED");
/// ```
#[must_use]
pub fn text(text: &str) -> Cow<'_, str> {
    Redactor::new().text(text)
}

/// Replaces every secret in a body by `REDACTED`.
///
/// Secrets are recognised in three ways:
///
/// - by position: the values of URL parameters, except harmless ones such as `X-Tos-Date` and
///   `X-Tos-Expires` (names and order are kept, so the expiry of the URL can still be read);
///   credentials before a host; signatures in a path;
/// - by name: values called token, password, cookie, authorization or the like, in JSON (also as
///   arrays and objects), YAML, headers, HTML attributes, elements and plain text;
/// - by form: what follows `Bearer` or `Basic`, API keys that begin with `sk-`, access keys of the
///   large clouds, JSON Web Tokens, private keys.
///
/// The given `secrets` are also found percent-encoded, as entities, as `\u` escapes and in base64;
/// those shorter than eight characters match whole words only. JSON inside JSON strings is read at
/// any depth, even if it is invalid or one of many lines.
///
/// JSON stays JSON: integers become 0, fractions 0.5, and numbers beyond 64 bits 1e300. Redaction
/// is idempotent, takes time linear in the body's length, and does not change the report: secrets
/// that must stay different become `REDACTED`, `REDACTED-2` and so on; control characters and bytes
/// that are not UTF-8 stay where they are.
///
/// # Examples
///
/// ```
/// use seedance_query::redact;
///
/// let body = br#"{"url":"https:\/\/a.example\/v.mp4?X-Tos-Expires=60\u0026X-Tos-Signature=c0ffee"}"#;
/// let redacted = redact::bytes(body, &[]);
/// assert_eq!(
///     str::from_utf8(&redacted)?,
///     r#"{"url":"https:\/\/a.example\/v.mp4?X-Tos-Expires=60\u0026X-Tos-Signature=REDACTED"}"#
/// );
/// # Ok::<(), std::str::Utf8Error>(())
/// ```
#[must_use]
pub fn bytes<'a>(body: &'a [u8], secrets: &[&str]) -> Cow<'a, [u8]> {
    Redactor::knowing(secrets).bytes(body)
}

#[cfg(test)]
mod tests {
    use super::{bytes, text};

    fn redacted(text: &str) -> String {
        String::from_utf8(bytes(text.as_bytes(), &["key/0123456789"]).into_owned()).unwrap()
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
    fn names_of_members_stay_different() {
        for (text, expected) in [
            (
                r#"{"https://a.example?a":1,"https://a.example?b":2,"https://a.example?a":3}"#,
                r#"{"https://a.example?REDACTED":1,"https://a.example?REDACTED-2":2,"https://a.example?REDACTED":3}"#,
            ),
            (
                r#"{"https://a.example?a":1,"https://a.example?REDACTED":2}"#,
                r#"{"https://a.example?REDACTED-2":1,"https://a.example?REDACTED":2}"#,
            ),
            (
                r#"{"https:\/\/a.example?a":1,"https://a.example?a":2}"#,
                r#"{"https:\/\/a.example?REDACTED":1,"https://a.example?REDACTED":2}"#,
            ),
        ] {
            assert_eq!(redacted(text), expected);
            assert_eq!(redacted(expected), expected);
        }
    }

    #[test]
    fn keeps_numbers_and_bytes() {
        assert_eq!(
            &*bytes(br#"{"seed":12345678}"#, &["12345678"]),
            br#"{"seed":12345678}"#
        );
        assert_eq!(
            &*bytes(b"\xff https://a.example?s=c\xfe\xffd \xfd", &[]),
            b"\xff https://a.example?s=REDACTED\xfe\xffREDACTED \xfd"
        );
    }

    #[test]
    fn a_line_has_no_query_at_all() {
        for (line, redacted) in [
            (
                "see https://a.example/v.mp4?Expires=1&sig=c, please",
                "see https://a.example/v.mp4?REDACTED please",
            ),
            (
                r#"{"u":"https:\/\/a.example\/v?s=1\u0026t=2"}"#,
                r#"{"u":"https:\/\/a.example\/v?REDACTED"}"#,
            ),
            ("https://a.example/v;sig=c", "https://a.example/v;REDACTED"),
            ("https://a.example/v#sig=c", "https://a.example/v#REDACTED"),
            ("https://a.example/v.mp4?", "https://a.example/v.mp4?"),
            (
                "https://user:pw@a.example/v",
                "https://REDACTED:REDACTED@a.example/v",
            ),
            ("no url? none at all", "no url? none at all"),
            ("a bearer of news", "a bearer of news"),
            ("task-sk-live-51Hsecret", "task-sk-REDACTED"),
            (
                "task-1234567890 and risk-12345678",
                "task-1234567890 and risk-12345678",
            ),
        ] {
            assert_eq!(text(line), redacted);
            assert_eq!(text(redacted), redacted);
        }
    }
}
