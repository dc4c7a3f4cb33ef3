//! Headers that a caller cannot set.

use http::{HeaderMap, HeaderName, header};

use super::error::Error;

/// Each request has its own of these; others would break it, or the protection of the key.
const RESERVED: [HeaderName; 11] = [
    header::ACCEPT_ENCODING,
    header::AUTHORIZATION,
    header::CONNECTION,
    header::CONTENT_LENGTH,
    header::HOST,
    header::IF_RANGE,
    header::RANGE,
    header::TE,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
    header::USER_AGENT,
];

/// Refuses headers that a caller cannot set.
pub(super) fn refuse_reserved(headers: &HeaderMap) -> Result<(), Error> {
    match RESERVED.iter().find(|name| headers.contains_key(*name)) {
        Some(name) => Err(Error::input(format!(
            "the header `{name}` cannot be set: each request has its own"
        ))),
        None => Ok(()),
    }
}
