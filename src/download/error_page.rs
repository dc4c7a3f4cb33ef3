//! The text of a response that is not a video.

use std::{borrow::Cow, fmt, time::Duration};

use http::{HeaderMap, header};
use reqwest::Response;
use serde_json::Value;
use tokio::time::timeout;
use url::Url;

use crate::{
    client::Client,
    model::json::parse,
    validate::{Reason, shorten, title},
};

/// Maximum number of bytes of a page that are read.
const MAX_ERROR_PAGE: usize = 8 << 10;
/// A store's code and message are shown up to this length.
const MAX_WORDS: usize = 500;

/// The words of a page, without what must not be shown.
pub(super) struct ErrorPage {
    content_type: Option<String>,
    words: Option<String>,
    /// The upstream has no capacity left, which passes, whatever the HTTP status.
    pub is_saturated: bool,
}

/// What a store says in XML or JSON.
#[derive(Default)]
struct StoreError {
    code: Option<String>,
    message: Option<String>,
    request_id: Option<String>,
}

impl ErrorPage {
    /// Reads the rest of a response, as far as it is worth reading and comes in time.
    pub async fn read(
        client: &Client,
        urls: &[Url],
        mut response: Response,
        mut body: Vec<u8>,
        limit: Duration,
    ) -> Self {
        let rest = async {
            while body.len() < MAX_ERROR_PAGE
                && let Ok(Some(chunk)) = response.chunk().await
            {
                body.extend_from_slice(&chunk);
            }
        };
        // What came until then has to do.
        let _ = timeout(limit, rest).await;
        body.truncate(MAX_ERROR_PAGE);
        let clean = |text: &str| without_secrets(client, urls, text);
        Self::of(response.headers(), &body, clean)
    }

    fn of(headers: &HeaderMap, body: &[u8], clean: impl Fn(&str) -> String) -> Self {
        let content_type = headers.get(header::CONTENT_TYPE);
        let content_type = content_type.and_then(|value| value.to_str().ok());
        let parsed = parse(body).ok();
        let reason = parsed.as_ref().map(|parsed| Reason::of(&parsed.value));
        let reason = reason.unwrap_or_default();
        let text = String::from_utf8_lossy(body);
        let error = match &parsed {
            Some(parsed) => StoreError::of_json(&parsed.value),
            None => StoreError::of_xml(&text),
        };
        let code = error.code.or_else(|| reason.code.clone());
        let message = error.message.or_else(|| reason.message.clone());
        let words = match (code, message) {
            (Some(code), Some(message)) if code != message => Some(format!("{code}: {message}")),
            (Some(words), _) | (None, Some(words)) => Some(words),
            (None, None) => None,
        };
        let words = match (words, error.request_id) {
            (Some(words), Some(id)) => Some(format!("{words} (request {id})")),
            (words, _) => words,
        };
        let words = if let Some(words) = words {
            Some(limit(&one_line(&clean(&words))))
        } else {
            let text = clean(&text);
            let words = title(text.as_bytes()).or_else(|| first_words(&text));
            words.map(|words| shorten(&one_line(&words)))
        };
        Self {
            content_type: content_type.map(|value| shorten(&clean(value))),
            words,
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

impl StoreError {
    /// `{"Code", "Message", "RequestId"}`, maybe in an `Error`.
    fn of_json(body: &Value) -> Self {
        let error = body.get("Error").unwrap_or(body);
        let member = |name: &str| {
            let text = error.get(name)?.as_str()?.trim();
            Some(text.to_owned()).filter(|text| !text.is_empty())
        };
        Self {
            code: member("Code"),
            message: member("Message"),
            request_id: member("RequestId"),
        }
    }

    /// The same as elements.
    fn of_xml(text: &str) -> Self {
        let element = |name: &str| {
            let (_, rest) = text.split_once(&format!("<{name}>"))?;
            let (value, _) = rest.split_once("</")?;
            Some(unescape(value.trim()).into_owned()).filter(|value| !value.is_empty())
        };
        Self {
            code: element("Code"),
            message: element("Message"),
            request_id: element("RequestId"),
        }
    }
}

/// Undoes the entities of XML.
fn unescape(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return text.into();
    }
    let text = text
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"");
    text.replace("&apos;", "'").replace("&amp;", "&").into()
}

fn limit(words: &str) -> String {
    match words.char_indices().nth(MAX_WORDS) {
        Some((end, _)) => format!("{}…", &words[..end]),
        None => words.to_owned(),
    }
}

/// Takes out the key, and whatever the URLs had in their queries: pages repeat what was asked for.
fn without_secrets(client: &Client, urls: &[Url], text: &str) -> String {
    /// Shorter values are words and numbers.
    const MIN_LENGTH: usize = 6;
    let mut redactor = client.redactor();
    for url in urls {
        let raw = url.query().unwrap_or_default().split('&');
        let raw = raw.filter_map(|pair| Some(pair.split_once('=')?.1.to_owned()));
        let plain = url.query_pairs().map(|(_, value)| value.into_owned());
        let whole = url.query().map(str::to_owned);
        for secret in whole.into_iter().chain(raw).chain(plain) {
            if secret.len() >= MIN_LENGTH {
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

    use super::{ErrorPage, without_secrets};
    use crate::client::Client;

    fn words(body: &str) -> String {
        let page = ErrorPage::of(&HeaderMap::new(), body.as_bytes(), str::to_owned);
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
            (
                r#"{"Code":"AccessDenied","Message":"Request has expired","RequestId":"02f7"}"#,
                "AccessDenied: Request has expired (request 02f7)",
            ),
            (
                "<Error><Code>NoSuchKey</Code><Message>The key &quot;a&amp;b&quot; is unknown\
                 </Message><RequestId>02f7</RequestId></Error>",
                "NoSuchKey: The key \"a&b\" is unknown (request 02f7)",
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
        // What a store says is shown whole.
        let message = "word ".repeat(50);
        let body = format!(r#"{{"Code":"AccessDenied","Message":"{message}"}}"#);
        assert_eq!(words(&body), format!("AccessDenied: {}", message.trim()));
    }

    #[test]
    fn what_was_asked_for_is_not_repeated() {
        let builder = Client::builder().base_url("https://a.example");
        let client = builder.api_key("plain-secret").build().unwrap();
        let url = "https://s.example/v?sign=ab%2Bcdef&x=1".parse().unwrap();
        let text = "v?sign=ab%2Bcdef&x=1, ab%2Bcdef, ab+cdef, plain-secret, x=1";
        // Different secrets stay different.
        assert_eq!(
            without_secrets(&client, &[url], text),
            "v?REDACTED REDACTED-2, REDACTED-3, REDACTED-4, x=1"
        );
    }
}
