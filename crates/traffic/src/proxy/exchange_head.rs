//! The heads of a request and its response, secrets included.

use std::{
    borrow::Cow,
    time::{Duration, SystemTime},
};

use http::{HeaderMap, HeaderValue, Method, StatusCode};

use super::credentials::credentials;
use seedance_query::capture::Capture;

/// The heads of an exchange. They contain the key, and are never stored.
pub struct ExchangeHead {
    /// The method.
    pub method: Method,
    /// Path and query.
    pub target: String,
    /// The headers of the request.
    pub request_headers: HeaderMap,
    /// The HTTP status.
    pub status: StatusCode,
    /// The headers of the response.
    pub headers: HeaderMap,
    /// When the response began.
    pub time: SystemTime,
    /// How long it took until then.
    pub elapsed: Duration,
}

impl ExchangeHead {
    /// The credentials of the client.
    pub(super) fn secrets(&self) -> Vec<Cow<'_, str>> {
        credentials(&self.request_headers)
    }

    /// The target without its secrets.
    pub(super) fn redacted_target(&self, secrets: &[&str]) -> String {
        // By the redactor that captures are written with.
        let mut capture = Capture::new(self.status, Vec::new(), Vec::new());
        capture.note = Some(self.target.clone());
        capture.redacted(secrets).note.unwrap_or_default()
    }

    /// The exchange as it would be recorded, secrets included: what saw it, the host of the gateway,
    /// and the decoded body.
    pub(super) fn capture(&self, observer: &str, host: &HeaderValue, body: Vec<u8>) -> Capture {
        let target = self.target.clone();
        let mut capture = Capture::observed(observer, target, self.status, &self.headers, body);
        capture.time = Some(self.time);
        if let Some(request) = &mut capture.request {
            self.method.as_str().clone_into(&mut request.method);
            let host = host.as_bytes().to_vec();
            request.headers.push(("Host".to_owned(), host));
        }
        capture
    }
}
