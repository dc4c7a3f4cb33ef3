//! Replaces the secrets of a text and keeps everything else byte for byte.

use std::{borrow::Cow, fmt};

use super::{
    detector::Detector,
    json::is_json,
    known::Known,
    placeholder::{REDACTED, replaced},
    urls::Extent,
};

/// Redacts what looks like a secret, and what is known to be one.
///
/// # Examples
///
/// ```
/// use seedance_query::redact::Redactor;
///
/// let redactor = Redactor::new().secret("plain-as-words");
/// assert_eq!(redactor.text("no access for plain%2Das-words"), "no access for REDACTED");
/// ```
#[derive(Clone)]
pub struct Redactor {
    known: Vec<Known>,
    detects: bool,
    ids: bool,
}

impl Default for Redactor {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Redactor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Redactor")
            .field("known", &self.known.len())
            .field("detects", &self.detects)
            .field("ids", &self.ids)
            .finish()
    }
}

impl Redactor {
    /// Redacts what looks like a secret; none is known yet.
    #[must_use]
    pub fn new() -> Self {
        Self {
            known: Vec::new(),
            detects: true,
            ids: false,
        }
    }

    pub(crate) fn knowing(secrets: &[&str]) -> Self {
        secrets
            .iter()
            .fold(Self::new(), |redactor, secret| redactor.secret(secret))
    }

    /// Adds a text that is a secret wherever it occurs, such as the API key.
    #[must_use]
    pub fn secret(mut self, secret: &str) -> Self {
        self.known.extend(Known::new(secret));
        self
    }

    /// Whether to redact identifiers and content of the caller as well: users, channels, accounts, mail
    /// addresses, the upstream's endpoints, and prompts.
    #[must_use]
    pub fn ids(mut self, are_redacted: bool) -> Self {
        self.ids = are_redacted;
        self
    }

    /// Whether anything but the known secrets is redacted.
    #[doc(hidden)]
    #[must_use]
    pub fn detects(mut self, is_detecting: bool) -> Self {
        self.detects = is_detecting;
        self
    }

    pub(crate) fn has_ids(&self) -> bool {
        self.ids
    }

    /// Redacts a text for a person to read; see [`text`](crate::redact::text).
    #[must_use]
    pub fn text<'a>(&self, text: &'a str) -> Cow<'a, str> {
        self.line(text, false)
    }

    /// Redacts a JSON Pointer, whose member names can be secrets.
    #[doc(hidden)]
    #[must_use]
    pub fn pointer<'a>(&self, pointer: &'a str) -> Cow<'a, str> {
        self.line(pointer, true)
    }

    fn line<'a>(&self, text: &'a str, is_pointer: bool) -> Cow<'a, str> {
        match self.redacted(text.as_bytes(), Extent::Query, is_pointer) {
            Cow::Borrowed(_) => Cow::Borrowed(text),
            Cow::Owned(bytes) => Cow::Owned(String::from_utf8_lossy(&bytes).into_owned()),
        }
    }

    /// Redacts a body or a part of one; see [`bytes`](crate::redact::bytes).
    #[must_use]
    pub fn bytes<'a>(&self, body: &'a [u8]) -> Cow<'a, [u8]> {
        let mut redacted = self.redacted(body, Extent::Value, false);
        // If what was invalid was inside a secret, the result must not become valid JSON.
        if let Cow::Owned(redacted) = &mut redacted
            && is_json(redacted)
            && !is_json(body)
        {
            redacted.push(b' ');
            redacted.extend_from_slice(REDACTED);
        }
        redacted
    }

    /// Redacts until nothing is left: one secret can hide the quotation mark or colon by which another
    /// is recognised.
    fn redacted<'a>(&self, text: &'a [u8], extent: Extent, is_pointer: bool) -> Cow<'a, [u8]> {
        const MAX_ROUNDS: usize = 8;
        let detector = Detector {
            known: &self.known,
            detects: self.detects,
            ids: self.ids,
            extent,
            is_pointer,
        };
        let mut redacted = Cow::Borrowed(text);
        for _ in 0..MAX_ROUNDS {
            let places = detector.places(&redacted);
            if places.is_empty() {
                break;
            }
            redacted = Cow::Owned(replaced(&redacted, places).into_owned());
        }
        redacted
    }
}
