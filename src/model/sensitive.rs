//! Text that is never printed whole.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::redact;

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
#[derive(Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SensitiveString(String);

impl SensitiveString {
    /// The text as it is, with every signature that is in it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether there is no text at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for SensitiveString {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&redact::text(&self.0), f)
    }
}

impl fmt::Display for SensitiveString {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&redact::text(&self.0))
    }
}

impl From<String> for SensitiveString {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&str> for SensitiveString {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}
