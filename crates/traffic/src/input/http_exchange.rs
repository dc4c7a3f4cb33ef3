//! One exchange of HTTP messages.

use super::{
    decoded::Decoded,
    exchange::unix_seconds,
    recorded_http::{self, RecordedHttp, is_of_this_machine},
};
use seedance_query::capture::{Capture, Request};

/// Reads an exchange; the callback gets the number of lines before its body.
pub(crate) fn read(bytes: &[u8], each: impl FnOnce(u64, Decoded<'_>)) {
    let capture = match Capture::parse(bytes) {
        Ok(capture) => capture,
        Err(error) => return each(0, Decoded::Unreadable(error.to_string())),
    };
    let range = capture.body_range.clone().unwrap_or_default();
    let lines = memchr::memchr_iter(b'\n', &bytes[..range.start]).count() as u64;
    let request = capture.request.as_ref();
    let is_local = request.is_some_and(is_local);
    recorded_http::read(
        &RecordedHttp {
            method: request.map(|request| request.method.clone()),
            target: request.map(|request| request.target.clone()),
            status: capture.status.as_u16(),
            headers: &capture.headers,
            time: capture.time.and_then(unix_seconds),
            body: Some(&capture.body),
            form: "HTTP message".into(),
        },
        |mut decoded, is_as_recorded| {
            if let Decoded::Exchange {
                within, exchange, ..
            } = &mut decoded
            {
                exchange.is_local = is_local;
                *within = is_as_recorded.then_some(range);
            }
            each(lines, decoded);
        },
    );
}

/// Whether a request goes to a gateway on this machine.
fn is_local(request: &Request) -> bool {
    let host = request
        .headers
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case("host"));
    match host {
        Some((_, host)) => {
            is_of_this_machine(&format!("http://{}/", String::from_utf8_lossy(host).trim()))
        }
        None => is_of_this_machine(&request.target),
    }
}
