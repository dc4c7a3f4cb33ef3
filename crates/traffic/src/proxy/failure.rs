//! What the proxy itself has to answer, because nobody else did.

use std::{error::Error, io, time::Duration};

use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode, header};
use http_body_util::Full;
use serde_json::json;

/// Says that an answer is the proxy's own, and why.
const OWN: &str = "seedance-proxy";

/// Why there is no answer of the upstream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Failure {
    status: StatusCode,
    /// In a word, also for the metrics.
    pub code: &'static str,
    message: String,
}

const UNREACHABLE: &str = "upstream_unreachable";
const NOT_HTTP: &str = "upstream_not_http";
const CLOSED: &str = "upstream_closed";
const TIMEOUT: &str = "upstream_timeout";

impl Failure {
    /// The reasons that are the upstream's.
    pub const UPSTREAM: [&'static str; 4] = [UNREACHABLE, NOT_HTTP, CLOSED, TIMEOUT];

    fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            code,
            message: message.into(),
        }
    }

    /// There is no connection.
    pub fn unreachable(cause: &(dyn Error + 'static)) -> Self {
        let message = format!("there is no connection to the upstream: {}", chain(cause));
        Self::new(StatusCode::BAD_GATEWAY, UNREACHABLE, message)
    }

    /// There is a connection, but no answer that can be passed on.
    pub fn broken(cause: &hyper::Error) -> Self {
        if cause.is_parse() {
            let message = format!("the upstream's answer is not HTTP/1.1: {cause}");
            return Self::new(StatusCode::BAD_GATEWAY, NOT_HTTP, message);
        }
        let message = format!("the upstream closed the connection: {}", chain(cause));
        Self::new(StatusCode::BAD_GATEWAY, CLOSED, message)
    }

    /// It takes too long.
    pub fn too_late(what: &str, limit: Duration) -> Self {
        let message = format!("the upstream {what} within {} s", limit.as_secs());
        Self::new(StatusCode::GATEWAY_TIMEOUT, TIMEOUT, message)
    }

    /// The target is another one than the upstream.
    pub fn elsewhere() -> Self {
        let message = "this proxy leads to its upstream only; give it as the base URL, not as a \
                       proxy for other hosts";
        Self::new(StatusCode::FORBIDDEN, "not_the_upstream", message)
    }

    /// The page of the proxy is not asked for by someone on this machine.
    pub fn rebound() -> Self {
        let message = "this page is there under 127.0.0.1 and localhost only";
        Self::new(StatusCode::FORBIDDEN, "not_this_machine", message)
    }

    /// The pages of the proxy can be read and no more.
    pub fn not_allowed() -> Self {
        let message = "this page can be read with GET only";
        Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "method_not_allowed",
            message,
        )
    }

    /// The page could not be made.
    pub fn no_page() -> Self {
        let message = "this page could not be made; the traffic goes on";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "no_page", message)
    }

    /// In the envelope that errors of the API have.
    pub fn response(&self) -> Response<Full<Bytes>> {
        let body = json!({ "code": self.code, "message": self.message, "data": null });
        let mut response = Response::new(Full::from(body.to_string()));
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/json"),
        );
        headers.insert(OWN, HeaderValue::from_static(self.code));
        response
    }
}

/// An error and its causes in a line; most of them repeat what is below them.
fn chain(error: &(dyn Error + 'static)) -> String {
    let mut innermost = error;
    while let Some(cause) = innermost.source() {
        innermost = cause;
    }
    match innermost.downcast_ref::<io::Error>() {
        Some(error) => error.to_string(),
        None if std::ptr::addr_eq(innermost, error) => error.to_string(),
        None => format!("{error}: {innermost}"),
    }
}
