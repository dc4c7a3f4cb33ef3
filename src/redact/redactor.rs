//! Takes the secrets out of a text and leaves the rest as it is, byte for byte.

use std::{borrow::Cow, ops::Range};

use super::{
    detector::{self, Extent, KEY, find},
    identity,
    placeholder::{Name, Place, REDACTED, is_redacted, replaced, tell_apart},
    text::{Text, is_json, string_length},
};

/// Replaces every secret of a text for a person to read, such as a message or a log line.
///
/// The query of a URL goes as a whole; otherwise this is [`bytes`] without known secrets.
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
/// The values of a URL's parameters are secrets unless they are known to be harmless, such as
/// `X-Tos-Date` and `X-Tos-Expires`: names and order stay, so it can still be told when the URL
/// expires. So are the credentials before a host, what a fragment says, signing parameters outside
/// of a URL, what follows `Bearer`, API keys that begin with `sk-`, texts that are called a token,
/// a secret, a password or the like, and the `secrets` that are given; one of less than eight
/// characters is not looked for within words. They are found in JSON, in JSON within a JSON text, in HTML and in plain
/// text, however their characters are escaped.
///
/// JSON stays JSON, redacting twice changes nothing, and the time is linear in the body's length.
/// The report on a body stays what it was; URLs that differ only in their credentials are the same
/// afterwards, which makes no difference to any rule. Where it would, in the names of members, what
/// stands in for a second secret is `REDACTED-2`, and so on.
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

/// What is taken out of texts: everything that looks like a secret, and texts known to be one.
///
/// # Examples
///
/// ```
/// use seedance_query::redact::Redactor;
///
/// let redactor = Redactor::new().secret("plain-as-words");
/// assert_eq!(redactor.text("no access for plain-as-words"), "no access for REDACTED");
/// ```
#[derive(Clone)]
pub struct Redactor {
    /// With their escapes undone.
    secrets: Vec<Vec<u8>>,
    /// Whether everything goes that looks like a secret.
    detects: bool,
    ids: bool,
}

impl Default for Redactor {
    fn default() -> Self {
        Self::new()
    }
}

impl std::fmt::Debug for Redactor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Redactor")
            .field("secrets", &self.secrets.len())
            .field("detects", &self.detects)
            .field("ids", &self.ids)
            .finish()
    }
}

impl Redactor {
    /// Finds what looks like a secret, and knows none.
    #[must_use]
    pub fn new() -> Self {
        Self {
            secrets: Vec::new(),
            detects: true,
            ids: false,
        }
    }

    pub(crate) fn knowing(secrets: &[&str]) -> Self {
        secrets
            .iter()
            .fold(Self::new(), |redactor, secret| redactor.secret(secret))
    }

    /// A text that is a secret wherever it stands, such as the API key.
    #[must_use]
    pub fn secret(mut self, secret: &str) -> Self {
        if !secret.is_empty() {
            self.secrets.push(Text::of(secret.as_bytes()).bytes);
        }
        self
    }

    /// Whether it is taken out, too, which user, channel or account a response was for.
    #[must_use]
    pub fn ids(mut self, are_redacted: bool) -> Self {
        self.ids = are_redacted;
        self
    }

    /// Whether anything goes besides the secrets that are known.
    #[doc(hidden)]
    #[must_use]
    pub fn detects(mut self, is_detecting: bool) -> Self {
        self.detects = is_detecting;
        self
    }

    pub(crate) fn has_ids(&self) -> bool {
        self.ids
    }

    /// A text for a person to read; see [`text`](crate::redact::text).
    #[must_use]
    pub fn text<'a>(&self, text: &'a str) -> Cow<'a, str> {
        match self.apply(text.as_bytes(), Extent::Query) {
            Cow::Borrowed(_) => Cow::Borrowed(text),
            Cow::Owned(bytes) => Cow::Owned(String::from_utf8_lossy(&bytes).into_owned()),
        }
    }

    /// A body, or a part of one; see [`bytes`](crate::redact::bytes).
    #[must_use]
    pub fn bytes<'a>(&self, body: &'a [u8]) -> Cow<'a, [u8]> {
        self.apply(body, Extent::Value)
    }

    fn apply<'a>(&self, text: &'a [u8], extent: Extent) -> Cow<'a, [u8]> {
        let places = self.places(text, extent);
        let instead = |place: &Place| (place.range.clone(), place.instead());
        let without = replaced(text, places.iter().map(instead));
        if !self.ids {
            return without;
        }
        match identity::redact(&without) {
            Cow::Owned(without) => Cow::Owned(without),
            Cow::Borrowed(_) => without,
        }
    }

    /// Where the secrets are, in order.
    fn places(&self, body: &[u8], extent: Extent) -> Vec<Place> {
        if !(self.detects && detector::can_hold_secrets(body)) && self.secrets.is_empty() {
            return Vec::new();
        }
        let mut search = Search {
            body,
            secrets: &self.secrets,
            detects: self.detects,
            extent,
            places: Vec::new(),
        };
        if is_json(body) {
            let names = search.in_strings();
            tell_apart(body, &names, &mut search.places);
        } else {
            search.in_text(0..body.len());
        }
        search.places
    }
}

struct Search<'a> {
    body: &'a [u8],
    secrets: &'a [Vec<u8>],
    detects: bool,
    extent: Extent,
    places: Vec<Place>,
}

impl Search<'_> {
    /// Looks at each string of a JSON text by itself: nothing outside of them can be a secret.
    /// Tells which names have one, or look as if they had.
    fn in_strings(&mut self) -> Vec<Name> {
        let body = self.body;
        let mut names = Vec::new();
        let mut at = 0;
        let mut names_a_secret = false;
        while let Some(quote) = body[at..].iter().position(|byte| *byte == b'"') {
            // Between a name and its value stands a colon and nothing else.
            names_a_secret &= body[at..at + quote].trim_ascii() == b":";
            let start = at + quote + 1;
            let end = start + string_length(&body[start..]);
            at = (end + 1).min(body.len());
            if names_a_secret && start < end {
                self.add(start..end);
                names_a_secret = false;
                continue;
            }
            let before = self.places.len();
            self.in_text(start..end);
            let has_places = before < self.places.len();
            names_a_secret =
                self.detects && detector::is_secret(&Text::of(&body[start..end]).bytes);
            if (has_places || find(&body[start..end], REDACTED).is_some())
                && body[at..].trim_ascii_start().starts_with(b":")
            {
                names.push(Name {
                    range: start..end,
                    places: before..self.places.len(),
                });
            }
        }
        names
    }

    fn add(&mut self, range: Range<usize>) {
        if !is_redacted(&self.body[range.clone()]) {
            self.places.push(Place { range, number: 1 });
        }
    }

    fn in_text(&mut self, range: Range<usize>) {
        let text = Text::of(&self.body[range.clone()]);
        let mut found = if self.detects {
            detector::secrets(&text.bytes, self.extent)
        } else {
            Vec::new()
        };
        for secret in self.secrets {
            let mut from = 0;
            while let Some(at) = find(&text.bytes[from..], secret) {
                let place = from + at..from + at + secret.len();
                from = place.end;
                if secret.len() >= KEY || stands_alone(&text.bytes, &place) {
                    found.push(place);
                }
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
            self.add(range.start + source(place.start)..range.start + source(place.end));
        }
    }
}

/// Whether a text is not just a part of a word.
fn stands_alone(text: &[u8], place: &Range<usize>) -> bool {
    let before = text[..place.start].last();
    let neighbours = before.into_iter().chain(text.get(place.end));
    !neighbours.into_iter().any(u8::is_ascii_alphanumeric)
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
            &*bytes(b"\xff https://a.example?s=\xfe\xff \xfd", &[]),
            b"\xff https://a.example?s=REDACTED \xfd"
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
