//! Writes captures.

use super::{
    exchange::{Capture, Headers, Request},
    read::MAX_HEADERS,
    timestamp,
};
use crate::redact::{Redactor, is_identity_header, is_plain_header};

/// Headers that do not describe a body which is stored as the client saw it.
const OF_THE_TRANSFER: [&str; 2] = ["content-encoding", "transfer-encoding"];

const CONTENT_LENGTH: &str = "content-length";

impl Capture {
    /// The capture without its secrets; `secrets` are texts to be hidden besides, such as the key.
    ///
    /// Body, target, comments and the values of headers are [redacted](crate::redact::bytes). Headers
    /// whose names tell of a key, a token, a signature, credentials, a session or a cookie are left
    /// out, and so are those that say how the body was transferred: it is stored as it was read,
    /// and its `Content-Length` is that of the redacted body.
    ///
    /// # Examples
    ///
    /// ```
    /// use seedance_query::capture::Capture;
    ///
    /// let text = b"HTTP/1.1 302 Found\nSet-Cookie: s=1\nLocation: https://a.example/v?sig=c0ffee\n\n";
    /// let redacted = Capture::parse(text)?.redacted(&[]);
    /// assert_eq!(
    ///     redacted.to_bytes(),
    ///     b"HTTP/1.1 302 Found\nLocation: https://a.example/v?sig=REDACTED\n\n"
    /// );
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn redacted(&self, secrets: &[&str]) -> Self {
        self.without(&Redactor::knowing(secrets))
    }

    pub(super) fn without(&self, redactor: &Redactor) -> Self {
        let text = |text: &str| {
            let redacted = redactor.bytes(text.as_bytes());
            String::from_utf8_lossy(&redacted).into_owned()
        };
        let body = redactor.bytes(&self.body).into_owned();
        Self {
            label: self.label.as_deref().map(|label| text(&one_line(label))),
            note: self.note.as_deref().map(|note| text(&one_line(note))),
            time: self.time,
            request: self.request.as_ref().map(|request| Request {
                method: request.method.clone(),
                target: text(&request.target),
                headers: headers(&request.headers, redactor),
            }),
            status: self.status,
            headers: with_length(headers(&self.headers, redactor), body.len()),
            body,
            body_range: None,
        }
    }

    /// The capture as text, with whatever secrets it holds.
    ///
    /// [`Capture::parse`] reads the same capture from it. What no head can hold is left out: a
    /// header whose name or value has characters that none may have, and a request without a
    /// method in capitals or with a blank in its target. A line break in label or note becomes a
    /// blank. A `Content-Length` says how long the body is here, and is added where a part of the
    /// body could be taken for another head.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.body.len() + 1024);
        for (name, value) in [("label", &self.label), ("note", &self.note)] {
            if let Some(value) = value {
                let line = format!("# {name}: {}\n", one_line(value));
                out.extend_from_slice(line.as_bytes());
            }
        }
        if let Some(time) = self.time.and_then(timestamp::written) {
            out.extend_from_slice(format!("# time: {time}\n").as_bytes());
        }
        if let Some(request) = self.request.as_ref().filter(|request| is_writable(request)) {
            let line = format!("{} {} HTTP/1.1\n", request.method, request.target);
            out.extend_from_slice(line.as_bytes());
            write_headers(&mut out, &request.headers);
        }
        let reason = self.status.canonical_reason().unwrap_or_default();
        let line = format!("HTTP/1.1 {} {reason}\n", self.status.as_u16());
        out.extend_from_slice(line.as_bytes());
        let mut headers = with_length(self.headers.clone(), self.body.len());
        let has_length = headers.iter().any(|(name, _)| is_length(name));
        if !has_length && memchr::memmem::find(&self.body, b"HTTP/").is_some() {
            let length = self.body.len().to_string().into_bytes();
            headers.insert(0, ("Content-Length".to_owned(), length));
        }
        write_headers(&mut out, &headers);
        out.extend_from_slice(&self.body);
        out
    }
}

/// A comment as it can be written. It is redacted like this, too: a line break can hide a secret's
/// name.
fn one_line(comment: &str) -> String {
    let line = comment.replace(char::is_control, " ");
    line.trim().to_owned()
}

/// The headers that a capture may show.
fn headers(headers: &Headers, redactor: &Redactor) -> Headers {
    headers
        .iter()
        .filter(|(name, _)| is_shown(name, redactor))
        .map(|(name, value)| (name.clone(), redactor.bytes(value).into_owned()))
        .collect()
}

/// Whether a header describes the body, and neither tells a secret nor who asked. A gateway can
/// repeat a key in a name, too.
fn is_shown(name: &str, redactor: &Redactor) -> bool {
    let lower = name.to_ascii_lowercase();
    !OF_THE_TRANSFER.contains(&lower.as_str())
        && is_plain_header(&lower)
        && !(redactor.has_ids() && is_identity_header(&lower))
        && redactor.bytes(name.as_bytes()) == name.as_bytes()
}

fn is_length(name: &str) -> bool {
    name.eq_ignore_ascii_case(CONTENT_LENGTH)
}

/// The headers with the length of the body, if they tell one; it is told once.
fn with_length(headers: Headers, length: usize) -> Headers {
    let mut is_told = false;
    let once = |(name, value): (String, Vec<u8>)| {
        if !is_length(&name) {
            Some((name, value))
        } else if std::mem::replace(&mut is_told, true) {
            None
        } else {
            Some((name, length.to_string().into_bytes()))
        }
    };
    headers.into_iter().filter_map(once).collect()
}

fn write_headers(out: &mut Vec<u8>, headers: &Headers) {
    let written = headers.iter().filter(|(name, value)| {
        let is_name = !name.is_empty() && name.bytes().all(is_token);
        is_name && !value.iter().copied().any(is_no_text)
    });
    for (name, value) in written.take(MAX_HEADERS) {
        out.extend_from_slice(name.as_bytes());
        out.extend_from_slice(b": ");
        out.extend_from_slice(value.trim_ascii());
        out.push(b'\n');
    }
    out.push(b'\n');
}

fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

fn is_no_text(byte: u8) -> bool {
    byte.is_ascii_control() && byte != b'\t'
}

fn is_writable(request: &Request) -> bool {
    let is_method = |byte: u8| byte.is_ascii_uppercase();
    let is_target = |byte: u8| byte.is_ascii_graphic();
    !request.method.is_empty()
        && request.method.bytes().all(is_method)
        && !request.target.is_empty()
        && request.target.bytes().all(is_target)
}

#[cfg(test)]
mod tests {
    use http::StatusCode;

    use super::super::exchange::{Capture, Headers, Request};

    fn headers(headers: &[(&str, &[u8])]) -> Headers {
        let owned = |(name, value): &(&str, &[u8])| ((*name).to_owned(), value.to_vec());
        headers.iter().map(owned).collect()
    }

    #[test]
    fn leaves_out_what_no_head_can_hold() {
        let mut capture = Capture::new(
            StatusCode::OK,
            headers(&[
                ("X-A", b"1\r\nX-B: 2"),
                ("X C", b"3"),
                ("X-D", b"\xff\t4 "),
                ("content-length", b"1"),
                ("Content-Length", b"2"),
            ]),
            "{}\n",
        );
        capture.label = Some("a\nHTTP/1.1 500 \u{7}".to_owned());
        capture.request = Some(Request {
            method: "get".to_owned(),
            target: "/x y".to_owned(),
            headers: Vec::new(),
        });
        assert_eq!(
            capture.to_bytes(),
            b"# label: a HTTP/1.1 500\nHTTP/1.1 200 OK\nX-D: \xff\t4\ncontent-length: 3\n\n{}\n"
        );
    }

    #[test]
    fn a_body_is_not_taken_for_a_head() {
        let capture = Capture::new(StatusCode::BAD_GATEWAY, Vec::new(), "HTTP/1.1 200 OK\n\n{}");
        let read = Capture::parse(&capture.to_bytes()).unwrap();
        assert_eq!((read.status, read.body), (capture.status, capture.body));
    }

    #[test]
    fn drops_headers_that_are_secrets_or_of_the_transfer() {
        let shown = headers(&[("X-Request-Id", b"r1"), ("Content-Length", b"2")]);
        let hidden: &[(&str, &[u8])] = &[
            ("Authorization", b"Bearer x"),
            ("Set-Cookie", b"x"),
            ("X-Api-Key", b"x"),
            ("x-amz-security-token", b"x"),
            ("Content-Encoding", b"gzip"),
            ("transfer-encoding", b"chunked"),
        ];
        let all = [shown.clone(), headers(hidden)].concat();
        let mut capture = Capture::new(StatusCode::OK, all.clone(), "{}");
        capture.request = Some(Request {
            method: "GET".to_owned(),
            target: "/x?token=1".to_owned(),
            headers: headers(hidden),
        });
        let redacted = capture.redacted(&[]);
        assert_eq!(redacted.headers, shown);
        let request = redacted.request.unwrap();
        assert_eq!(request.target, "/x?token=REDACTED");
        assert_eq!(request.headers, Vec::new());
    }
}
