//! What lets a page of any origin use the gateway (CORS).

use http::{HeaderMap, HeaderName, header};

use super::answer::Answer;

const METHODS: &str = "GET, HEAD, POST, OPTIONS";
/// What clients read beside the body.
const EXPOSED: &str = "x-oneapi-request-id, x-new-api-version, retry-after, date, content-length, \
    content-range, accept-ranges, etag, location, x-mock-unfit-fault";
/// Asks whether a page of a public origin may use a private one, and the answer.
const ASKS_PRIVATE: &str = "access-control-request-private-network";
const ALLOWS_PRIVATE: HeaderName = HeaderName::from_static("access-control-allow-private-network");

/// Lets pages of any origin read an answer.
pub(super) fn allow(answer: Answer) -> Answer {
    answer
        .header(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*")
        .header(header::ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED)
}

/// The answer to `OPTIONS`: what may be asked, with which headers.
pub(super) fn preflight(headers: &HeaderMap) -> Answer {
    let wanted = headers.get(header::ACCESS_CONTROL_REQUEST_HEADERS);
    // `*` would not stand for `Authorization`.
    let wanted = wanted.and_then(|wanted| wanted.to_str().ok());
    let answer = Answer::empty(204)
        .header(header::ALLOW, METHODS)
        .header(header::ACCESS_CONTROL_ALLOW_METHODS, METHODS)
        .header(
            header::ACCESS_CONTROL_ALLOW_HEADERS,
            wanted.unwrap_or("authorization, content-type, range"),
        )
        .header(header::ACCESS_CONTROL_MAX_AGE, "600")
        .header(header::VARY, "access-control-request-headers");
    if headers.contains_key(ASKS_PRIVATE) {
        answer.header(ALLOWS_PRIVATE, "true")
    } else {
        answer
    }
}
