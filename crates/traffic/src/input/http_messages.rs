//! Several HTTP messages in one text, as `curl -i` and `curl -v` print them.

use std::ops::Range;

use memchr::memmem;

/// Methods that a request line can start with.
const METHODS: [&[u8]; 8] = [
    b"GET", b"POST", b"PUT", b"PATCH", b"DELETE", b"HEAD", b"OPTIONS", b"CONNECT",
];

/// Splits a text into exchanges: each has one response, with its request and comments before it.
///
/// The heads of interim responses, redirects and proxies stay with the response that follows them.
pub(super) fn split(text: &[u8]) -> Vec<Range<usize>> {
    let mut starts = vec![0];
    let mut state = State::Before;
    // The start of the comments right before the current line.
    let mut comments = None;
    let mut at = 0;
    // Where the body ends by its `Content-Length`: what stands before is no message.
    let mut body_end = 0;
    let mut length = None;
    while at < text.len() {
        let start = at;
        let line = if at < body_end {
            line_at(&text[at..body_end], false)
        } else {
            line_at(&text[at..], true)
        };
        at += line.len();
        let is_blank = line.trim_ascii().is_empty();
        state = match state {
            State::Before if is_response_line(line) => State::Head(is_interim(line)),
            State::Before => State::Before,
            State::Head(is_interim) if is_blank => {
                body_end = length
                    .take()
                    .map_or(0, |length| stated_end(text, at, length));
                State::Body {
                    is_empty: true,
                    is_interim,
                }
            }
            State::Head(is_interim) => {
                length = length.or(content_length(line));
                State::Head(is_interim)
            }
            State::Body {
                is_empty,
                is_interim,
            } => {
                let is_body = start < body_end;
                let is_response = !is_body && is_response_line(line);
                if is_response && is_empty && is_interim {
                    State::Head(self::is_interim(line))
                } else if is_response || (!is_body && is_request_line(line)) {
                    starts.push(comments.unwrap_or(start));
                    if is_response {
                        State::Head(self::is_interim(line))
                    } else {
                        State::Before
                    }
                } else {
                    State::Body {
                        is_empty: is_empty && is_blank,
                        is_interim,
                    }
                }
            }
        };
        let is_comment = line.starts_with(b"#");
        comments = comments
            .or(is_comment.then_some(start))
            .filter(|_| is_comment || is_blank);
    }
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    starts
        .iter()
        .zip(ends)
        .map(|(start, end)| *start..end)
        .collect()
}

/// The line at the beginning of a text; a response right after a body without a line end is one, too.
fn line_at(text: &[u8], may_be_a_body: bool) -> &[u8] {
    let end = memchr::memchr(b'\n', text).map_or(text.len(), |end| end + 1);
    let line = &text[..end];
    if !may_be_a_body {
        return line;
    }
    let next = memmem::find_iter(line, b"HTTP/").find(|at| {
        *at > 0
            && matches!(line[at - 1], b'}' | b']' | b'>' | b'"')
            && is_response_line(&line[*at..])
    });
    &line[..next.unwrap_or(end)]
}

fn content_length(line: &[u8]) -> Option<usize> {
    let colon = memchr::memchr(b':', line)?;
    let is_it = line[..colon]
        .trim_ascii()
        .eq_ignore_ascii_case(b"content-length");
    is_it.then(|| {
        std::str::from_utf8(&line[colon + 1..])
            .ok()?
            .trim()
            .parse()
            .ok()
    })?
}

/// Where a body of a stated length ends, if a message or nothing follows there; otherwise it was
/// reformatted, and 0.
fn stated_end(text: &[u8], start: usize, length: usize) -> usize {
    let end = start.saturating_add(length);
    let fits = text.get(end..).is_some_and(|rest| {
        let rest = rest.trim_ascii_start();
        let line = line_at(rest, false);
        rest.is_empty() || rest.starts_with(b"#") || is_response_line(line) || is_request_line(line)
    });
    if fits { end } else { 0 }
}

enum State {
    Before,
    /// In the head of a response; whether another one may follow for the same request.
    Head(bool),
    Body {
        is_empty: bool,
        is_interim: bool,
    },
}

/// Whether a line starts a response, such as `HTTP/1.1 200 OK`.
pub(super) fn is_response_line(line: &[u8]) -> bool {
    status_of(line).is_some()
}

fn status_of(line: &[u8]) -> Option<&[u8]> {
    let rest = line.strip_prefix(b"HTTP/")?;
    let space = rest.iter().position(|byte| *byte == b' ')?;
    let is_version = rest[..space]
        .iter()
        .all(|byte| byte.is_ascii_digit() || *byte == b'.');
    let status = rest.get(space + 1..space + 4)?;
    (is_version && status.iter().all(u8::is_ascii_digit)).then_some(status)
}

/// Whether the response of a line can be followed by another one: 1xx, a redirect, or the response
/// of a proxy to `CONNECT`.
fn is_interim(line: &[u8]) -> bool {
    match status_of(line) {
        Some(b"304") | None => false,
        Some([b'1' | b'3', ..]) => true,
        Some(_) => memmem::find(line, b"onnection established").is_some(),
    }
}

fn is_request_line(line: &[u8]) -> bool {
    let mut words = line.trim_ascii_end().split(|byte| *byte == b' ');
    words.next().is_some_and(|method| METHODS.contains(&method))
        && words.next().is_some()
        && words
            .next()
            .is_some_and(|version| version.starts_with(b"HTTP/"))
}

/// Whether a text is the output of `curl -v`.
pub(super) fn is_verbose(head: &[u8]) -> bool {
    let first = head.trim_ascii_start();
    let has_response = || memmem::find(head, b"\n< HTTP/").is_some();
    first.starts_with(b"< HTTP/")
        || ((first.starts_with(b"* ") || first.starts_with(b"> ")) && has_response())
}

/// The messages of `curl -v` as text, without the remarks of curl.
pub(super) fn from_verbose(text: &[u8]) -> Vec<u8> {
    let mut messages = Vec::with_capacity(text.len());
    for line in text.split_inclusive(|byte| *byte == b'\n') {
        let is_data = |line: &[u8]| {
            (line.starts_with(b"{ [") || line.starts_with(b"} ["))
                && line.trim_ascii_end().ends_with(b" bytes data]")
        };
        let head = [&b"> "[..], b"< ", b">", b"<"]
            .iter()
            .find_map(|mark| line.strip_prefix(*mark))
            // A body of HTML starts with the same character.
            .filter(|_| !is_markup(line));
        match head {
            // In the form of HTTP/1.1, from HTTP/2 on as well.
            Some(head) => match head.trim_ascii_end().strip_suffix(b" HTTP/2") {
                Some(request) => messages.extend([request, b" HTTP/1.1\n"].concat()),
                None => messages.extend_from_slice(head),
            },
            None if line.starts_with(b"* ") || is_data(line) => {}
            None => {
                // A body without a line end is followed by a remark on the same line.
                let end = memmem::find(line, b"* Connection #").unwrap_or(line.len());
                messages.extend_from_slice(&line[..end]);
                if end < line.len() {
                    messages.push(b'\n');
                }
            }
        }
    }
    messages
}

fn is_markup(line: &[u8]) -> bool {
    line.starts_with(b"<") && line.get(1).is_some_and(|next| !next.is_ascii_whitespace())
}

#[cfg(test)]
mod tests {
    use super::{from_verbose, is_verbose, split};

    fn parts(text: &str) -> Vec<&str> {
        let ranges = split(text.as_bytes()).into_iter();
        ranges.map(|range| &text[range]).collect()
    }

    #[test]
    fn each_response_is_a_part() {
        let first = "HTTP/2 200 \na: b\n\n{\"a\":1}\n";
        let second = "# label: observed\nGET /x HTTP/1.1\n\nHTTP/1.1 429 Too Many Requests\n\n";
        let third = "HTTP/1.1 200 OK\n\n{\"b\":\n2}";
        let text = [first, second, third].concat();
        assert_eq!(parts(&text), [first, second, third]);
        assert_eq!(parts(first), [first]);
    }

    #[test]
    fn bodies_without_a_line_end_and_with_messages_in_them() {
        let first = "HTTP/1.1 200 OK\n\n{\"a\":1}";
        let second =
            "HTTP/1.1 200 OK\ncontent-length: 31\n\n{\"a\":\n\"\nHTTP/1.1 500 Oops\n\n{}\"}";
        let third = "HTTP/1.1 404 Not Found\n\n<html>";
        assert_eq!(
            parts(&[first, second, third].concat()),
            [first, second, third]
        );
    }

    #[test]
    fn interim_responses_stay_with_the_final_one() {
        let text = "HTTP/1.1 200 Connection established\n\nHTTP/1.1 100 Continue\n\n\
                    HTTP/1.1 302 Found\nlocation: /y\n\nHTTP/1.1 200 OK\n\n{}";
        assert_eq!(parts(text), [text]);
    }

    #[test]
    fn remarks_of_curl_are_removed() {
        let text = "* Connected to g.example\n> GET /x HTTP/2\n> Host: g.example\n> \n\
                    < HTTP/2 200 \n< a: b\n< \n{ [5 bytes data]\n{\"a\":1}* Connection #0 left\n";
        assert!(is_verbose(text.as_bytes()));
        let expected = "GET /x HTTP/1.1\nHost: g.example\n\nHTTP/2 200 \na: b\n\n{\"a\":1}\n";
        assert_eq!(
            String::from_utf8(from_verbose(text.as_bytes())).unwrap(),
            expected
        );
        assert!(!is_verbose(b"* a list\n* of notes\n"));
        assert!(!is_verbose(b"<html>"));
    }
}
