//! A response as it came.

use std::{fmt, sync::Arc};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, StatusCode};

use super::secrets::Secrets;
use crate::{capture::Capture, redact::Redactor};

/// A request and its response.
#[derive(Clone)]
pub(crate) struct Exchange {
    /// What a gateway can repeat and no capture may show.
    pub secrets: Arc<Secrets>,
    /// The gateway's, without a slash at its end.
    pub base_url: Arc<str>,
    /// The requested path, as it was sent.
    pub path: String,
    pub status: StatusCode,
    pub headers: HeaderMap,
    /// The body, or as much of it as arrived.
    pub body: Bytes,
    /// Whether the body is longer than what was read.
    pub is_cut_off: bool,
}

impl fmt::Debug for Exchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Exchange")
            .field("status", &self.status)
            .field("body", &format_args!("{} bytes", self.body.len()))
            .finish_non_exhaustive()
    }
}

/// The header with the gateway's id of a request.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-oneapi-request-id");

impl Exchange {
    /// The gateway's id of the request, which its log has.
    pub fn request_id(&self) -> Option<String> {
        let id = self.headers.get(REQUEST_ID)?.to_str().ok()?;
        Some(self.secrets.redact(id))
    }

    /// A redactor that knows the key.
    pub fn redactor(&self) -> Redactor {
        self.secrets.redactor()
    }

    /// The exchange as text, redacted. Of the request it has the path; the headers are the same
    /// every time.
    pub fn capture(&self) -> Capture {
        let capture = self.raw_capture();
        self.secrets.with(|secrets| capture.redacted(secrets))
    }

    /// The same with its secrets.
    pub fn raw_capture(&self) -> Capture {
        let (path, body) = (self.path.clone(), self.body.to_vec());
        Capture::observed("", path, self.status, &self.headers, body)
    }
}
