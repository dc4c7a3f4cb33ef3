//! Reads captures.

use std::{borrow::Cow, time::SystemTime};

use http::StatusCode;

use super::{
    error::CaptureError,
    exchange::{Capture, Headers, Request},
    timestamp,
};

/// At most this many headers of a message are read.
pub(super) const MAX_HEADERS: usize = 128;

impl Capture {
    /// Whether bytes look like a capture rather than like a body alone.
    ///
    /// # Examples
    ///
    /// ```
    /// use seedance_query::capture::Capture;
    ///
    /// assert!(Capture::is_like(b"HTTP/1.1 200 OK\r\n\r\n{}"));
    /// assert!(!Capture::is_like(br#"{"code":"success"}"#));
    /// ```
    #[must_use]
    pub fn is_like(bytes: &[u8]) -> bool {
        let line = first_line(&bytes[comments(bytes).end..]);
        line.starts_with(b"HTTP/") || is_request_line(line)
    }

    /// Reads a capture.
    ///
    /// # Errors
    ///
    /// If one of the two heads is not HTTP/1.1, or the response is missing.
    ///
    /// # Examples
    ///
    /// ```
    /// use seedance_query::{capture::Capture, validate_response};
    ///
    /// let text = "# label: observed\nHTTP/1.1 404 Not Found\n\n\
    ///     {\"code\":\"task_not_exist\",\"message\":\"no such task\",\"data\":null}";
    /// let capture = Capture::parse(text.as_bytes())?;
    /// assert_eq!(capture.label.as_deref(), Some("observed"));
    /// let report = validate_response(capture.status.as_u16(), &capture.body);
    /// assert!(report.findings().is_empty());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn parse(bytes: &[u8]) -> Result<Self, CaptureError> {
        let Comments {
            end: mut at,
            label,
            note,
            time,
        } = comments(bytes);
        let mut request = None;
        if is_request_line(first_line(&bytes[at..])) {
            let (head, end) = request_head(bytes, at)?;
            request = Some(head);
            at = end;
        }
        let (mut status, mut headers, mut start) = response_head(bytes, at)?;
        // curl prints the heads of interim responses, proxies and redirects too; the last counts.
        let mut end = stated_end(bytes, start, &headers);
        while end.is_none() && bytes[start..].starts_with(b"HTTP/") {
            (status, headers, start) = response_head(bytes, start)?;
            end = stated_end(bytes, start, &headers);
        }
        let body_range = start..end.unwrap_or(bytes.len());
        Ok(Self {
            label,
            note,
            time,
            request,
            status,
            headers,
            body: bytes[body_range.clone()].to_vec(),
            body_range: Some(body_range),
        })
    }
}

/// Where the body ends by its `Content-Length`, if that fits.
fn stated_end(bytes: &[u8], start: usize, headers: &Headers) -> Option<usize> {
    let length: usize = headers
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .and_then(|(_, value)| std::str::from_utf8(value).ok()?.trim().parse().ok())?;
    // A reformatted body is longer than it was; an editor adds a line end.
    start.checked_add(length).filter(|end| {
        bytes
            .get(*end..)
            .is_some_and(|rest| rest.trim_ascii().is_empty())
    })
}

fn first_line(bytes: &[u8]) -> &[u8] {
    bytes
        .split(|byte| *byte == b'\n')
        .next()
        .unwrap_or_default()
}

fn is_request_line(line: &[u8]) -> bool {
    let mut words = line.trim_ascii_end().split(|byte| *byte == b' ');
    let method = words.next().unwrap_or_default();
    !method.is_empty()
        && method.iter().all(u8::is_ascii_uppercase)
        && words.next().is_some_and(|target| !target.is_empty())
        && words
            .next()
            .is_some_and(|version| version.starts_with(b"HTTP/"))
}

/// What the comments at the top say, and where they end.
#[derive(Default)]
struct Comments {
    end: usize,
    label: Option<String>,
    note: Option<String>,
    time: Option<SystemTime>,
}

fn comments(bytes: &[u8]) -> Comments {
    let mut comments = Comments::default();
    let mut at = 0;
    while at < bytes.len() {
        let line = first_line(&bytes[at..]);
        let text = String::from_utf8_lossy(line.trim_ascii());
        if !text.is_empty() && !text.starts_with('#') {
            break;
        }
        let mut parts = text.trim_start_matches('#').splitn(2, ':').map(str::trim);
        match (parts.next(), parts.next()) {
            (Some("label"), Some(value)) => comments.label = Some(value.to_owned()),
            (Some("note"), Some(value)) => comments.note = Some(value.to_owned()),
            (Some("time"), Some(value)) => comments.time = timestamp::read(value),
            _ => {}
        }
        at = (at + line.len() + 1).min(bytes.len());
    }
    comments.end = at;
    comments
}

fn fault(bytes: &[u8], at: usize, message: impl Into<String>) -> CaptureError {
    let before = &bytes[..at.min(bytes.len())];
    CaptureError::new(before.split(|byte| *byte == b'\n').count(), message)
}

fn owned(headers: &[httparse::Header<'_>]) -> Headers {
    let owned = |header: &httparse::Header<'_>| (header.name.to_owned(), header.value.to_vec());
    headers.iter().map(owned).collect()
}

fn request_head(bytes: &[u8], at: usize) -> Result<(Request, usize), CaptureError> {
    let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
    let mut head = httparse::Request::new(&mut headers);
    match head.parse(&bytes[at..]) {
        Ok(httparse::Status::Complete(length)) => Ok((
            Request {
                method: head.method.unwrap_or_default().to_owned(),
                target: head.path.unwrap_or_default().to_owned(),
                headers: owned(head.headers),
            },
            at + length,
        )),
        Ok(httparse::Status::Partial) => Err(fault(
            bytes,
            at,
            "expected an empty line and a response after the request",
        )),
        Err(error) => Err(fault(
            bytes,
            at,
            format!("the request is not HTTP/1.1: {error}"),
        )),
    }
}

fn response_head(bytes: &[u8], at: usize) -> Result<(StatusCode, Headers, usize), CaptureError> {
    let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
    let mut head = httparse::Response::new(&mut headers);
    // From HTTP/2 on, heads are binary; what tools print of them is the same but for the version.
    let major = bytes[at..]
        .strip_prefix(b"HTTP/")
        .and_then(|rest| rest.first());
    let printed = match (major, bytes.get(at + "HTTP/2".len())) {
        (Some(b'2' | b'3'), Some(b' ')) => "HTTP/2".len(),
        _ => 0,
    };
    let (text, added) = if printed > 0 {
        let text = [b"HTTP/1.1", &bytes[at + printed..]].concat();
        (Cow::Owned(text), "HTTP/1.1".len() - printed)
    } else {
        (Cow::Borrowed(&bytes[at..]), 0)
    };
    match head.parse(&text) {
        Ok(httparse::Status::Complete(length)) => {
            let status = StatusCode::from_u16(head.code.unwrap_or_default())
                .map_err(|error| fault(bytes, at, error.to_string()))?;
            Ok((status, owned(head.headers), at + length - added))
        }
        Ok(httparse::Status::Partial) => Err(fault(
            bytes,
            at,
            "expected a response: `HTTP/1.1 200 OK`, its headers, an empty line and the body",
        )),
        Err(error) => Err(fault(
            bytes,
            at,
            format!("the response is not HTTP/1.1: {error}"),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::Capture;

    #[test]
    fn reads_both_heads_and_the_body_byte_for_byte() {
        let text = b"# label: observed\r\n# note: two: colons\n\nGET /v1/x HTTP/1.1\r\nHost: a.example\r\n\r\n\
            HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\n\r\n<p>\xff</p>\n";
        let capture = Capture::parse(text).unwrap();
        assert_eq!(capture.label.as_deref(), Some("observed"));
        assert_eq!(capture.note.as_deref(), Some("two: colons"));
        assert_eq!(capture.request.unwrap().target, "/v1/x");
        assert_eq!(capture.status, 502);
        assert_eq!(capture.body, b"<p>\xff</p>\n");
        assert_eq!(&text[capture.body_range.unwrap()], b"<p>\xff</p>\n");
    }

    #[test]
    fn believes_a_content_length_that_fits() {
        let capture = Capture::parse(b"HTTP/1.1 200 OK\nContent-Length: 2\n\n{}\n").unwrap();
        assert_eq!(capture.body, b"{}");
        for length in ["99", "1", "-1", "18446744073709551615"] {
            let text = format!("HTTP/1.1 200 OK\nContent-Length: {length}\n\n{{}}");
            assert_eq!(Capture::parse(text.as_bytes()).unwrap().body, b"{}");
        }
    }

    #[test]
    fn reads_what_curl_prints() {
        let text = b"HTTP/1.1 200 Connection established\r\n\r\nHTTP/2 100 \r\n\r\n\
            HTTP/2 404 \r\ncontent-length: 2\r\nx-secret: hush\r\n\r\n{}\n";
        let capture = Capture::parse(text).unwrap();
        assert_eq!(
            (capture.status.as_u16(), capture.body.as_slice()),
            (404, &b"{}"[..])
        );
        assert_eq!(&text[capture.body_range.clone().unwrap()], b"{}");
        assert!(!format!("{capture:?}").contains("hush"));
    }

    #[test]
    fn says_what_is_missing_and_where() {
        for (text, message) in [
            ("# only\n", "line 2: expected a response"),
            (
                "GET /x HTTP/1.1\nHost: a\n\n",
                "line 4: expected a response",
            ),
            (
                "GET /x HTTP/1.1\nHost: a\n",
                "line 1: expected an empty line and a response after the request",
            ),
            ("\nHTTP/1.1 abc\n\n", "line 2: the response is not HTTP/1.1"),
        ] {
            let error = Capture::parse(text.as_bytes()).unwrap_err().to_string();
            assert!(error.starts_with(message), "{error}");
        }
    }

    #[test]
    fn a_body_alone_is_no_capture() {
        assert!(!Capture::is_like(b"<html>"));
        assert!(!Capture::is_like(b""));
        assert!(!Capture::is_like(b"{\"a\": \"GET /x HTTP/1.1\"}"));
    }
}
