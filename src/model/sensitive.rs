//! Text that is never printed whole.

use std::{
    borrow::Cow,
    fmt,
    hash::{Hash, Hasher},
};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::redact::{self, Redactor};

/// Text that can contain a pre-signed URL.
///
/// `Debug` and `Display` leave out the query of every URL in it, because whoever has the signature can
/// download the video; [`expose`](Self::expose) gives the text as it is. Serializing keeps it
/// whole, since a body that lost its URL would be of no use.
///
/// # Examples
///
/// ```
/// use seedance_query::SensitiveString;
///
/// let url = SensitiveString::from("https://storage.example/v.mp4?X-Tos-Signature=c0ffee");
/// assert_eq!(url.to_string(), "https://storage.example/v.mp4?REDACTED");
/// assert!(url.expose().ends_with("=c0ffee"));
/// ```
#[derive(Clone, Default)]
pub struct SensitiveString {
    text: String,
    /// How it is shown, if there is more to hide than what looks like a secret.
    shown: Option<Box<str>>,
}

impl SensitiveString {
    /// The text as it is, with every signature that is in it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.text
    }

    /// Whether there is no text at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Hides what this redactor knows, too, such as the key that a gateway repeats.
    pub(crate) fn hide(&mut self, redactor: &Redactor) {
        let shown = redactor.text(&self.text);
        if shown != redact::text(&self.text) {
            self.shown = Some(shown.into());
        }
    }

    fn shown(&self) -> Cow<'_, str> {
        match &self.shown {
            Some(shown) => shown.as_ref().into(),
            None => redact::text(&self.text),
        }
    }
}

impl fmt::Debug for SensitiveString {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.shown(), f)
    }
}

impl fmt::Display for SensitiveString {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown())
    }
}

impl PartialEq for SensitiveString {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for SensitiveString {}

impl Hash for SensitiveString {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}

impl Serialize for SensitiveString {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.text.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for SensitiveString {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::from)
    }
}

impl From<String> for SensitiveString {
    fn from(text: String) -> Self {
        Self { text, shown: None }
    }
}

impl From<&str> for SensitiveString {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

#[cfg(test)]
mod tests {
    use super::SensitiveString;
    use crate::redact::Redactor;

    #[test]
    fn a_known_secret_is_hidden_but_not_lost() {
        let text = "https://a.example/plain-key/v.mp4?sig=c0ffee";
        let mut url = SensitiveString::from(text);
        assert_eq!(
            url.to_string(),
            "https://a.example/plain-key/v.mp4?REDACTED"
        );
        url.hide(&Redactor::new().secret("plain-key"));
        assert_eq!(url.to_string(), "https://a.example/REDACTED/v.mp4?REDACTED");
        assert!(!format!("{url:?}").contains("plain-key"));
        assert_eq!(url.expose(), text);
        assert_eq!(url, SensitiveString::from(text));
    }
}
