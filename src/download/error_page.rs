//! What a response says that is no video.

use std::{fmt, time::Duration};

use http::{HeaderMap, header};
use reqwest::Response;
use tokio::time::timeout;
use url::Url;

use crate::{
    client::Client,
    validate::{Reason, parse, shorten, title},
};

/// So much of a page is looked at.
const LONGEST: usize = 8 << 10;

/// The words of a page, without what must not be shown.
pub(super) struct Page {
    content_type: Option<String>,
    words: Option<String>,
    /// The upstream has no capacity left, which passes, whatever the HTTP status.
    pub is_saturated: bool,
}

impl Page {
    /// Reads the rest of a response, as far as it is worth reading.
    pub async fn read(
        client: &Client,
        urls: &[Url],
        mut response: Response,
        mut body: Vec<u8>,
        stall: Duration,
    ) -> Self {
        while body.len() < LONGEST
            && let Ok(Ok(Some(chunk))) = timeout(stall, response.chunk()).await
        {
            body.extend_from_slice(&chunk);
        }
        body.truncate(LONGEST);
        let clean = |text: &str| without_secrets(client, urls, text);
        Self::of(response.headers(), &body, clean)
    }

    fn of(headers: &HeaderMap, body: &[u8], clean: impl Fn(&str) -> String) -> Self {
        let content_type = headers.get(header::CONTENT_TYPE);
        let content_type = content_type.and_then(|value| value.to_str().ok());
        let reason = parse(body).map(|parsed| Reason::of(&parsed.value));
        let reason = reason.unwrap_or_default();
        let text = clean(&String::from_utf8_lossy(body));
        let element = |name: &str| {
            let (_, rest) = text.split_once(&format!("<{name}>"))?;
            let (value, _) = rest.split_once("</")?;
            Some(value.trim().to_owned()).filter(|value| !value.is_empty())
        };
        let code = reason.code.as_deref().map(&clean);
        let message = reason.message.as_deref().map(&clean);
        let words = match (
            code.or_else(|| element("Code")),
            message.or_else(|| element("Message")),
        ) {
            (Some(code), Some(message)) if code != message => Some(format!("{code}: {message}")),
            (Some(words), _) | (None, Some(words)) => Some(words),
            (None, None) => title(text.as_bytes()).or_else(|| first_words(&text)),
        };
        Self {
            content_type: content_type.map(|value| shorten(&clean(value))),
            words: words.map(|words| shorten(&one_line(&words))),
            is_saturated: reason.is_saturated(),
        }
    }

    /// Whether it says that something has expired.
    pub fn says_expired(&self) -> bool {
        let words = self.words.as_deref().unwrap_or_default();
        words.to_ascii_lowercase().contains("expire")
    }

    /// The words, with what leads over to them.
    pub fn after(&self, lead: &'static str) -> impl fmt::Display {
        fmt::from_fn(move |f| match &self.words {
            Some(words) => write!(f, "{lead}{words}"),
            None => Ok(()),
        })
    }

    /// What it is instead of a video.
    pub fn describe(&self) -> impl fmt::Display {
        fmt::from_fn(|f| {
            f.write_str(self.content_type.as_deref().unwrap_or("of no stated type"))?;
            match &self.words {
                Some(words) => write!(f, ", \"{words}\""),
                None => f.write_str(", without words"),
            }
        })
    }
}

/// Takes out the key, and whatever the URLs had in their queries: pages repeat what was asked for.
fn without_secrets(client: &Client, urls: &[Url], text: &str) -> String {
    /// Shorter values are words and numbers.
    const SHORTEST: usize = 6;
    let mut redactor = client.redactor();
    for url in urls {
        let raw = url.query().unwrap_or_default().split('&');
        let raw = raw.filter_map(|pair| Some(pair.split_once('=')?.1.to_owned()));
        let plain = url.query_pairs().map(|(_, value)| value.into_owned());
        let whole = url.query().map(str::to_owned);
        for secret in whole.into_iter().chain(raw).chain(plain) {
            if secret.len() >= SHORTEST {
                redactor = redactor.secret(&secret);
            }
        }
    }
    redactor.text(text).into_owned()
}

/// The beginning of a text; none if it is binary.
fn first_words(text: &str) -> Option<String> {
    let text = text.trim();
    let head: String = text.chars().take(200).collect();
    let is_text =
        !head.contains(|c: char| c == '\u{fffd}' || (c.is_control() && !c.is_whitespace()));
    (is_text && !head.is_empty()).then_some(head)
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use http::HeaderMap;

    use super::{Page, without_secrets};
    use crate::client::Client;

    fn words(body: &str) -> String {
        let page = Page::of(&HeaderMap::new(), body.as_bytes(), str::to_owned);
        page.after("").to_string()
    }

    #[test]
    fn the_words_of_a_page() {
        for (body, expected) in [
            (
                "<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code><Message>Request has \
                 expired</Message></Error>",
                "AccessDenied: Request has expired",
            ),
            (
                r#"{"error":{"code":"bad","message":"no\nsuch"}}"#,
                "bad: no such",
            ),
            ("<html><title>Sign in</title>…", "Sign in"),
            ("just\n text", "just text"),
            ("", ""),
            ("\u{1}\u{2}", ""),
        ] {
            assert_eq!(words(body), expected, "{body}");
        }
        let long = words(&"word ".repeat(100));
        assert!(long.chars().count() <= 81 && long.ends_with('…'), "{long}");
    }

    #[test]
    fn what_was_asked_for_is_not_repeated() {
        let builder = Client::builder().base_url("https://a.example");
        let client = builder.api_key("plain-secret").build().unwrap();
        let url = "https://s.example/v?sign=ab%2Bcdef&x=1".parse().unwrap();
        let text = "v?sign=ab%2Bcdef&x=1, ab%2Bcdef, ab+cdef, plain-secret, x=1";
        assert_eq!(
            without_secrets(&client, &[url], text),
            "v?REDACTED REDACTED, REDACTED, REDACTED, x=1"
        );
    }
}
