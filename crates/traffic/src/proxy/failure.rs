//! Responses of the proxy itself, because the upstream gave none.

use std::{error::Error, io, time::Duration};

use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode, header};
use http_body_util::Full;
use serde_json::json;

use super::request_body::RequestBodyError;
use seedance_query::model::name;

/// The header that marks a response of the proxy, with the reason.
const OWN: &str = "seedance-proxy";

/// Why there is no response of the upstream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Failure {
    status: StatusCode,
    /// The error code, also used in the metrics.
    pub code: &'static str,
    message: String,
    /// Whether the upstream took no connection.
    is_down: bool,
}

const UNREACHABLE: &str = "upstream_unreachable";
const NOT_HTTP: &str = "upstream_not_http";
const CLOSED: &str = "upstream_closed";
const TIMEOUT: &str = "upstream_timeout";
const BAD_BODY: &str = "bad_request_body";
const SLOW_BODY: &str = "request_body_timeout";

impl Failure {
    /// The codes of failures that leave a request without a response of the upstream.
    pub const WITHOUT_RESPONSE: [&'static str; 6] =
        [UNREACHABLE, NOT_HTTP, CLOSED, TIMEOUT, BAD_BODY, SLOW_BODY];

    fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            code,
            message: message.into(),
            is_down: false,
        }
    }

    /// No connection.
    pub fn unreachable(cause: &(dyn Error + 'static)) -> Self {
        let message = format!("cannot connect to the upstream: {}", chain(cause));
        Self {
            is_down: true,
            ..Self::new(StatusCode::BAD_GATEWAY, UNREACHABLE, message)
        }
    }

    /// No connection within a time.
    pub fn no_connection(limit: Duration) -> Self {
        Self {
            is_down: true,
            ..Self::too_late("accepted no connection", limit)
        }
    }

    pub fn status(&self) -> StatusCode {
        self.status
    }

    pub fn message(&self) -> &str {
        &self.message
    }

    /// Why there is no connection to the upstream, if that is it.
    pub fn why_down(&self) -> Option<&str> {
        self.is_down.then_some(self.message.as_str())
    }

    /// A connection, but no response that can be forwarded.
    pub fn broken(cause: &hyper::Error) -> Self {
        if let Some(error) = request_body_error(cause) {
            let (status, code) = match error {
                RequestBodyError::Malformed(_) => (StatusCode::BAD_REQUEST, BAD_BODY),
                RequestBodyError::Idle(_) => (StatusCode::REQUEST_TIMEOUT, SLOW_BODY),
            };
            return Self::new(status, code, error.to_string());
        }
        if cause.is_parse() {
            let message = format!("the upstream's response is not valid HTTP/1.1: {cause}");
            return Self::new(StatusCode::BAD_GATEWAY, NOT_HTTP, message);
        }
        let message = format!("the upstream closed the connection: {}", chain(cause));
        Self::new(StatusCode::BAD_GATEWAY, CLOSED, message)
    }

    /// A timeout.
    pub fn too_late(what: &str, limit: Duration) -> Self {
        let message = format!("the upstream {what} within {} s", limit.as_secs());
        Self::new(StatusCode::GATEWAY_TIMEOUT, TIMEOUT, message)
    }

    /// The target is another host.
    pub fn elsewhere() -> Self {
        let message = "this proxy forwards to its upstream only; use it as the base URL, not as an \
                       HTTP proxy";
        Self::new(StatusCode::FORBIDDEN, "not_the_upstream", message)
    }

    /// A page of the proxy was requested under a foreign host name.
    pub fn rebound() -> Self {
        let message = "this page is served under 127.0.0.1 and localhost only";
        Self::new(StatusCode::FORBIDDEN, "not_this_machine", message)
    }

    /// The client asks for a WebSocket.
    pub fn websocket() -> Self {
        let message = "this proxy does not forward WebSockets; the task query needs none";
        Self::new(StatusCode::NOT_IMPLEMENTED, "no_websocket", message)
    }

    /// A page of the proxy was requested without its token.
    pub fn no_token() -> Self {
        let message = "this page needs the token that the proxy printed when it started, as \
                       `?token=` or as `Authorization: Bearer`";
        Self::new(StatusCode::UNAUTHORIZED, "no_page_token", message)
    }

    /// A page of the proxy was requested with another method.
    pub fn not_allowed() -> Self {
        let message = "this page supports GET only";
        Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "method_not_allowed",
            message,
        )
    }

    /// The page could not be rendered.
    pub fn no_page() -> Self {
        let message = "this page could not be rendered; the traffic is not affected";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "no_page", message)
    }

    /// In the error envelope of the API.
    pub fn response(&self) -> Response<Full<Bytes>> {
        let body = json!({ name::CODE: self.code, name::MESSAGE: self.message, name::DATA: null });
        let mut response = Response::new(Full::from(body.to_string()));
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/json"),
        );
        headers.insert(OWN, HeaderValue::from_static(self.code));
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

/// What was wrong with the body of the request, if that is the cause.
fn request_body_error(error: &hyper::Error) -> Option<&RequestBodyError> {
    let mut cause = error.source();
    while let Some(error) = cause {
        if let Some(error) = error.downcast_ref() {
            return Some(error);
        }
        cause = error.source();
    }
    None
}

/// An error and its innermost cause in one line.
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
