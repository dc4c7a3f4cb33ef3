//! One exchange of HTTP messages.

use std::borrow::Cow;

use super::{
    classify::{Item, classify},
    decoded::Decoded,
    decompress::{Compression, undo},
    exchange::{Exchange, unix_seconds},
    skip::Skip,
};
use seedance_query::{capture::Capture, model::operation};

/// Media types of bodies that are not text.
const BINARY: [&str; 4] = ["video/", "audio/", "image/", "application/octet-stream"];

/// Reads an exchange; the callback gets the number of lines before its body.
pub(super) fn read(bytes: &[u8], each: impl FnOnce(u64, Decoded<'_>)) {
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
    let media_type = header("content-type").unwrap_or_default();
    if BINARY.iter().any(|binary| media_type.starts_with(binary)) {
        return each(0, Decoded::Skipped(Skip::BinaryBody));
    }
    if capture.status.as_u16() == 304 && capture.body.trim_ascii().is_empty() {
        return each(0, Decoded::Skipped(Skip::NoBody));
    }
    let range = capture.body_range.clone().unwrap_or_default();
    let lines = memchr::memchr_iter(b'\n', &bytes[..range.start]).count() as u64;
    // `curl -i` prints a body in its content encoding.
    let encoding = header("content-encoding").and_then(Compression::named);
    let mut turn = None;
    let body = match encoding {
        None => Cow::Borrowed(capture.body.as_slice()),
        Some(_) => match undo(capture.body.clone(), encoding) {
            Ok(decoded) => {
                turn = decoded.turn;
                Cow::Owned(decoded.bytes)
            }
            Err(message) => return each(lines, Decoded::Unreadable(message)),
        },
    };
    // Sister operations tell of the same task.
    let is_other = capture.request.as_ref().is_some_and(|request| {
        let is_query = operation::QUERY.id_below(&request.target).is_some();
        request.method != "GET" || !(is_query || is_about_a_task(&body))
    });
    if is_other {
        return each(lines, Decoded::Skipped(Skip::OtherOperation));
    }
    let is_apart = matches!(&body, Cow::Owned(body) if *body != capture.body);
    let request = capture.request.as_ref();
    let asked_for = request.and_then(|request| operation::QUERY.id_below(&request.target));
    let exchange = Exchange {
        status: Some(capture.status.as_u16()),
        time,
        body: &body,
        asked_for: asked_for.as_ref().map(seedance_query::TaskId::as_str),
    };
    each(
        lines,
        Decoded::Exchange {
            exchange,
            within: (!is_apart).then_some(range),
            recorded_as: "HTTP message".into(),
        },
    );
    drop(turn);
}

fn is_about_a_task(body: &[u8]) -> bool {
    body.trim_ascii_start().starts_with(b"{") && classify(body) == Item::Response
}
