//! Hints that the scheme of the base URL is wrong, from the way in which a request fails.

use std::error::Error as StdError;

use http::StatusCode;

/// What TLS libraries say of an answer that is not TLS.
const NO_TLS: [&str; 4] = [
    "InvalidContentType",
    "corrupt message",
    "wrong version number",
    "packet length too long",
];

/// What hyper says of an answer that is not HTTP.
const NO_HTTP: [&str; 2] = ["Parse(", "invalid HTTP version"];

/// What servers answer to a request without TLS on a port that requires it.
const WANTS_TLS: [&str; 3] = [
    "plain HTTP request was sent to HTTPS port",
    "HTTP request to an HTTPS server",
    "speaking plain HTTP to an SSL-enabled server",
];

/// A hint from a request that brought no response.
pub(super) fn of_failure(error: &(dyn StdError + 'static), base_url: &str) -> Option<&'static str> {
    let signs: &[&str] = if is_https(base_url) {
        &NO_TLS
    } else {
        &NO_HTTP
    };
    let mut cause = Some(error);
    while let Some(error) = cause {
        let text = format!("{error} {error:?}");
        if signs.iter().any(|sign| text.contains(sign)) {
            return Some(if is_https(base_url) {
                "the server does not speak TLS there; write the base URL with http://, or with the \
                 port for https"
            } else {
                "the server does not speak HTTP there; write the base URL with https://, or with \
                 another port"
            });
        }
        cause = error.source();
    }
    None
}

/// A hint from an error response.
pub(super) fn of_response(status: StatusCode, body: &[u8], base_url: &str) -> Option<&'static str> {
    let is_short = body.len() <= 4096;
    if status != StatusCode::BAD_REQUEST || is_https(base_url) || !is_short {
        return None;
    }
    let text = String::from_utf8_lossy(body);
    WANTS_TLS
        .iter()
        .any(|sign| text.contains(sign))
        .then_some("write the base URL with https://")
}

fn is_https(base_url: &str) -> bool {
    base_url.starts_with("https:")
}
