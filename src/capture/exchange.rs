//! An exchange as it is kept.

use std::{fmt, ops::Range, time::SystemTime};

use http::{HeaderMap, StatusCode};

use crate::redact;

/// Headers in their order; the values are bytes, since nothing promises that they are text.
pub type Headers = Vec<(String, Vec<u8>)>;

/// A recorded exchange.
///
/// Two captures are equal if they say the same, wherever it stood.
///
/// # Examples
///
/// ```
/// use seedance_query::capture::Capture;
///
/// let mut capture = Capture::new(http::StatusCode::OK, Vec::new(), "{}");
/// capture.label = Some("observed".to_owned());
/// assert_eq!(capture.to_bytes(), b"# label: observed\nHTTP/1.1 200 OK\n\n{}");
/// assert_eq!(Capture::parse(&capture.to_bytes())?, capture);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Capture {
    /// Where the capture comes from: `documented`, `observed`, `reconstructed`, or what its author
    /// wrote.
    pub label: Option<String>,
    /// A sentence about it.
    pub note: Option<String>,
    /// When the response came, if that was noted.
    pub time: Option<SystemTime>,
    /// The request, if it was recorded.
    pub request: Option<Request>,
    /// The HTTP status of the response.
    pub status: StatusCode,
    /// The headers of the response.
    pub headers: Headers,
    /// The body of the response.
    pub body: Vec<u8>,
    /// Where the body stands in the text that was read; none if the capture was made.
    pub body_range: Option<Range<usize>>,
}

/// The head of a request.
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    /// The method, `GET` for this API.
    pub method: String,
    /// The path, or the whole URL.
    pub target: String,
    /// The headers.
    pub headers: Headers,
}

impl Capture {
    /// A capture of a response alone; label, note and request are fields to be set.
    #[must_use]
    pub fn new(status: StatusCode, headers: Headers, body: impl Into<Vec<u8>>) -> Self {
        Self {
            label: None,
            note: None,
            time: None,
            request: None,
            status,
            headers,
            body: body.into(),
            body_range: None,
        }
    }

    /// The answer to a query as it came, with its secrets; `part` of this program has seen it. Of
    /// the request it is the target that tells one from another.
    #[doc(hidden)]
    #[must_use]
    pub fn observed(
        part: &str,
        target: String,
        status: StatusCode,
        headers: &HeaderMap,
        body: Vec<u8>,
    ) -> Self {
        const WRITER: &str = concat!(env!("CARGO_PKG_NAME"), " ", env!("CARGO_PKG_VERSION"));
        let headers = headers
            .iter()
            .map(|(name, value)| (name.as_str().to_owned(), value.as_bytes().to_vec()));
        let mut capture = Self::new(status, headers.collect(), body);
        capture.label = Some("observed".to_owned());
        capture.note = Some(format!("Recorded by {part}{WRITER}."));
        capture.request = Some(Request {
            method: "GET".to_owned(),
            target,
            headers: Vec::new(),
        });
        capture
    }
}

impl PartialEq for Capture {
    fn eq(&self, other: &Self) -> bool {
        self.label == other.label
            && self.note == other.note
            && self.time == other.time
            && self.request == other.request
            && self.status == other.status
            && self.headers == other.headers
            && self.body == other.body
    }
}

impl Eq for Capture {}

/// The names of headers; their values can be secrets.
fn names(headers: &Headers) -> Vec<&str> {
    headers.iter().map(|(name, _)| name.as_str()).collect()
}

impl fmt::Debug for Capture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Capture")
            .field("label", &self.label)
            .field("request", &self.request)
            .field("status", &self.status)
            .field("headers", &names(&self.headers))
            .field("body", &format_args!("{} bytes", self.body.len()))
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("method", &self.method)
            .field("target", &redact::text(&self.target))
            .field("headers", &names(&self.headers))
            .finish()
    }
}
