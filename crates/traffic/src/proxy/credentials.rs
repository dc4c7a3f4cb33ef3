//! The credentials in the headers of a request.

use std::borrow::Cow;

use http::{HeaderMap, header};

use seedance_query::redact::is_plain_header;

/// The credentials of the client.
pub(super) fn credentials(headers: &HeaderMap) -> Vec<Cow<'_, str>> {
    const MIN_SECRET: usize = 8;
    let mut secrets = Vec::new();
    for (name, value) in headers {
        // Most headers are among a few.
        let is_harmless = matches!(
            *name,
            header::HOST
                | header::ACCEPT
                | header::ACCEPT_ENCODING
                | header::CONNECTION
                | header::CONTENT_LENGTH
                | header::CONTENT_TYPE
                | header::USER_AGENT
        );
        if is_harmless || is_plain_header(name.as_str()) {
            continue;
        }
        // With or without `Bearer` before it.
        let bytes = value.as_bytes();
        let bare = bytes.iter().position(|byte| *byte == b' ').unwrap_or(0);
        let secret = bytes[bare..].trim_ascii();
        // A short value of another header is a word or a number, which bodies have as well.
        if *name == header::AUTHORIZATION || secret.len() >= MIN_SECRET {
            secrets.push(String::from_utf8_lossy(secret));
        }
    }
    secrets
}
