//! Items of an input to exchanges.

use std::{borrow::Cow, ops::Range};

use super::{
    chunk::Chunk,
    decompress::{Compression, undo},
    exchange::{Exchange, unix_seconds},
    form::Form,
    har,
};
use seedance_query::{capture::Capture, model::Place};

/// What an item is.
pub(crate) enum Decoded<'a> {
    /// A response, and the range of its body in the chunk unless it had to be decoded.
    Exchange(Exchange<'a>, Option<Range<usize>>),
    /// An exchange of another operation.
    Skipped,
    /// Something that cannot be read.
    Unreadable(String),
}

/// Calls back for each item of a chunk, with its place and the line in which its body starts, and for
/// the error after them.
pub(crate) fn decode(chunk: &Chunk, mut each: impl FnMut(Place, u64, Decoded<'_>)) {
    for piece in &chunk.pieces {
        let bytes = &chunk.bytes[piece.range.clone()];
        let (place, line) = (piece.place, piece.line);
        match chunk.form {
            Form::Body | Form::Lines | Form::Bodies(_) => {
                let exchange = Exchange {
                    status: None,
                    time: None,
                    body: bytes,
                };
                each(
                    place,
                    line,
                    Decoded::Exchange(exchange, Some(piece.range.clone())),
                );
            }
            Form::Archive => match har::read(bytes) {
                Ok(None) => each(place, line, Decoded::Skipped),
                Ok(Some(recorded)) => {
                    let exchange = Exchange {
                        status: Some(recorded.status),
                        time: recorded.time,
                        body: &recorded.body,
                    };
                    each(place, line, Decoded::Exchange(exchange, None));
                }
                Err(message) => each(place, line, Decoded::Unreadable(message)),
            },
            Form::Capture => capture(bytes, |lines, decoded| each(place, line + lines, decoded)),
        }
    }
    if let Some(error) = &chunk.error {
        let message = error.message.clone();
        each(error.place, error.line, Decoded::Unreadable(message));
    }
}

/// Reads a capture; the callback gets the number of lines before its body.
fn capture(bytes: &[u8], each: impl FnOnce(u64, Decoded<'_>)) {
    let capture = match Capture::parse(bytes) {
        Ok(capture) => capture,
        Err(error) => return each(0, Decoded::Unreadable(error.to_string())),
    };
    let header = |wanted: &str| {
        let mut headers = capture.headers.iter();
        let (_, value) = headers.find(|(name, _)| name.eq_ignore_ascii_case(wanted))?;
        std::str::from_utf8(value).ok()
    };
    let time = header("date").and_then(|date| httpdate::parse_http_date(date.trim()).ok());
    let time = time.and_then(unix_seconds);
    let range = capture.body_range.clone().unwrap_or_default();
    let lines = memchr::memchr_iter(b'\n', &bytes[..range.start]).count() as u64;
    // `curl -i` prints a body in its content encoding.
    let encoding = header("content-encoding").and_then(Compression::named);
    let body = match encoding {
        None => Cow::Borrowed(capture.body.as_slice()),
        Some(_) => match undo(capture.body.clone(), encoding) {
            Ok(body) => Cow::Owned(body),
            Err(message) => return each(lines, Decoded::Unreadable(message)),
        },
    };
    let is_apart = matches!(&body, Cow::Owned(body) if *body != capture.body);
    let exchange = Exchange {
        status: Some(capture.status.as_u16()),
        time,
        body: &body,
    };
    each(
        lines,
        Decoded::Exchange(exchange, (!is_apart).then_some(range)),
    );
}
