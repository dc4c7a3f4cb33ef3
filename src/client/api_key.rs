//! The API key: accepted as people paste it, never shown.

use std::{error::Error as StdError, fmt, str::FromStr};

use http::HeaderValue;
use secrecy::{ExposeSecret, SecretString};

/// An API key in the form that the gateway expects.
///
/// It is accepted as people paste it: surrounding blanks and quotes and a leading `Bearer ` or
/// `Authorization: Bearer ` are dropped. What cannot be a key is refused, with a message that does
/// not repeat it. `Debug` does not show it either.
///
/// # Examples
///
/// ```
/// use seedance_query::ApiKey;
///
/// let key: ApiKey = "Bearer sk-live-51Hsecret\n".parse()?;
/// assert_eq!(key, "'sk-live-51Hsecret'".parse()?);
/// assert_eq!(format!("{key:?}"), "ApiKey(…)");
///
/// let placeholder = "YOUR_API_KEY".parse::<ApiKey>().unwrap_err();
/// assert!(placeholder.to_string().contains("is a placeholder"));
/// # Ok::<(), seedance_query::InvalidApiKey>(())
/// ```
#[derive(Clone)]
pub struct ApiKey(SecretString);

impl ApiKey {
    pub(crate) fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// The value of the `Authorization` header, marked as sensitive.
    pub(crate) fn bearer(&self) -> HeaderValue {
        // A key has visible ASCII characters only, so this cannot fail.
        let value = HeaderValue::from_str(&format!("Bearer {}", self.expose()));
        let mut value = value.unwrap_or_else(|_| HeaderValue::from_static("Bearer"));
        value.set_sensitive(true);
        value
    }
}

impl FromStr for ApiKey {
    type Err = InvalidApiKey;

    fn from_str(text: &str) -> Result<Self, InvalidApiKey> {
        let key = bare(text);
        match fault(key) {
            Some(fault) => Err(InvalidApiKey(fault)),
            None => Ok(Self(SecretString::from(key.to_owned()))),
        }
    }
}

impl PartialEq for ApiKey {
    fn eq(&self, other: &Self) -> bool {
        self.expose() == other.expose()
    }
}

impl Eq for ApiKey {}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiKey(…)")
    }
}

/// Why a text cannot be an API key. Never repeats the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidApiKey(&'static str);

impl fmt::Display for InvalidApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the API key {}", self.0)
    }
}

impl StdError for InvalidApiKey {}

/// The source of a key that can change while a client is in use, such as a file or a vault.
///
/// It is called before each request that carries the key, on the task that awaits the request, so
/// it should be quick: cache what is slow to read. A closure is a provider.
///
/// # Examples
///
/// ```no_run
/// use seedance_query::Client;
///
/// let client = Client::builder()
///     .base_url("https://gateway.example")
///     .api_key_from(|| std::fs::read_to_string("/run/secrets/seedance"))
///     .build()?;
/// # Ok::<(), seedance_query::Error>(())
/// ```
pub trait KeyProvider: Send + Sync {
    /// The key for the next request, as text; see [`ApiKey`] for what is dropped around it.
    ///
    /// # Errors
    ///
    /// If there is no key now. The request is not made. A wait continues, because a key that is being
    /// replaced is available again a moment later.
    fn api_key(&self) -> Result<String, Box<dyn StdError + Send + Sync>>;
}

impl<F, E> KeyProvider for F
where
    F: Fn() -> Result<String, E> + Send + Sync,
    E: Into<Box<dyn StdError + Send + Sync>>,
{
    fn api_key(&self) -> Result<String, Box<dyn StdError + Send + Sync>> {
        self().map_err(Into::into)
    }
}

/// The key without what is pasted along with it.
fn bare(text: &str) -> &str {
    let mut key = text.trim_matches(is_around);
    loop {
        let before = key;
        for prefix in ["authorization:", "authorization=", "bearer "] {
            if key
                .get(..prefix.len())
                .is_some_and(|head| head.eq_ignore_ascii_case(prefix))
            {
                key = key[prefix.len()..].trim_matches(is_around);
            }
        }
        if key.len() == before.len() {
            return key;
        }
    }
}

/// Blanks, quotes and invisible marks.
fn is_around(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '"' | '\'' | '`' | '“' | '”' | '‘' | '’' | '\u{feff}' | '\u{200b}'
        )
}

/// Why a text cannot be a key, and what to do instead.
fn fault(key: &str) -> Option<&'static str> {
    let lower = key.to_ascii_lowercase();
    let is_filler = |c: char| matches!(c, 'x' | '*' | '.' | '…' | '-' | '_');
    Some(if key.is_empty() || lower == "bearer" {
        "is empty: give the key that the gateway's console shows"
    } else if lower.contains("://") {
        "is a URL: give the address as the base URL, and the key as the API key"
    } else if key.contains(char::is_whitespace) {
        "has a blank in it: give one key and nothing else"
    } else if key.starts_with(['<', '{', '$', '['])
        || lower.starts_with("your_")
        || lower.starts_with("your-")
        || lower.contains("api_key")
        || lower.contains("api-key")
        || key.contains(['…', '*'])
        || key.contains("...")
        || lower.trim_start_matches("sk-").chars().all(is_filler)
    {
        "is a placeholder: write the key itself in its place"
    } else if !key.bytes().all(|byte| byte.is_ascii_graphic()) {
        "has characters that are not allowed in an HTTP header: copy it again"
    } else {
        return None;
    })
}

#[cfg(test)]
mod tests {
    use super::{ApiKey, InvalidApiKey};

    #[test]
    fn drops_what_is_pasted_with_a_key() {
        for text in [
            "sk-live-51Hsecret",
            " sk-live-51Hsecret\r\n",
            "\u{feff}sk-live-51Hsecret",
            "\"sk-live-51Hsecret\"",
            "“sk-live-51Hsecret”",
            "Bearer sk-live-51Hsecret",
            "bearer   sk-live-51Hsecret",
            "'Bearer sk-live-51Hsecret'",
            "Bearer 'sk-live-51Hsecret'",
            "Authorization: Bearer sk-live-51Hsecret",
        ] {
            let key: ApiKey = text.parse().unwrap();
            assert_eq!(key.expose(), "sk-live-51Hsecret", "{text}");
        }
        for text in ["bearer_of_news", "c0ffee", "a.b-c_d/e+f=", "x1"] {
            assert_eq!(text.parse::<ApiKey>().unwrap().expose(), text);
        }
    }

    #[test]
    fn refuses_what_cannot_be_a_key_without_repeating_it() {
        for (text, message) in [
            ("", "is empty"),
            (" \n", "is empty"),
            ("Bearer ", "is empty"),
            ("\"\"", "is empty"),
            ("https://gateway.example", "is a URL"),
            ("sk-one sk-two", "has a blank in it"),
            ("sk-one\nsk-two", "has a blank in it"),
            ("YOUR_API_KEY", "is a placeholder"),
            ("your-key", "is a placeholder"),
            ("<key>", "is a placeholder"),
            ("$SEEDANCE_API_KEY", "is a placeholder"),
            ("{api_key}", "is a placeholder"),
            ("sk-...", "is a placeholder"),
            ("sk-…", "is a placeholder"),
            ("sk-xxxxxxxx", "is a placeholder"),
            ("sk-live-51Hs****cret", "is a placeholder"),
            ("sk-schlüssel", "has characters"),
            ("sk-\u{1}", "has characters"),
        ] {
            let error: InvalidApiKey = text.parse::<ApiKey>().unwrap_err();
            let shown = error.to_string();
            assert!(
                shown.starts_with(&format!("the API key {message}")),
                "{text}: {shown}"
            );
            assert!(text.len() < 8 || !shown.contains(text), "{shown}");
        }
    }
}
