//! The body of a response, read once and up to a bound.

use bytes::Bytes;
use futures_util::StreamExt;
use http::{HeaderMap, HeaderValue};
use progenitor_client::{ByteStream, ResponseValue};

/// A response, as much of it as arrived.
pub(super) struct Received {
    pub headers: HeaderMap,
    pub body: Bytes,
    /// Whether the body is longer than what was read.
    pub is_cut_off: bool,
    /// Why the body is incomplete.
    pub error: Option<reqwest::Error>,
}

/// Reads the body of a response, up to this many bytes.
pub(super) async fn receive(
    response: ResponseValue<ByteStream>,
    max_body_bytes: usize,
) -> Received {
    let headers = detached(response.headers());
    let mut chunks = response.into_inner_stream();
    let mut body = Vec::new();
    let (mut is_cut_off, mut error) = (false, None);
    while let Some(chunk) = chunks.next().await {
        match chunk {
            Ok(chunk) if chunk.len() <= max_body_bytes - body.len() => {
                body.extend_from_slice(&chunk);
            }
            Ok(_) => {
                is_cut_off = true;
                break;
            }
            Err(cause) => {
                error = Some(cause);
                break;
            }
        }
    }
    Received {
        headers,
        body: body.into(),
        is_cut_off,
        error,
    }
}

/// A copy of the headers: the values as received share the connection's read buffer, and would keep
/// it alive as long as the response.
fn detached(headers: &HeaderMap) -> HeaderMap {
    let mut own = HeaderMap::with_capacity(headers.len());
    for (name, value) in headers {
        let mut copy = HeaderValue::from_bytes(value.as_bytes()).unwrap_or_else(|_| value.clone());
        copy.set_sensitive(value.is_sensitive());
        own.append(name, copy);
    }
    own
}
