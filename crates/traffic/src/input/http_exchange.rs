//! One exchange of HTTP messages.

use super::{
    decoded::Decoded,
    recorded_http::{self, RecordedHttp},
};
use seedance_query::capture::Capture;

/// Reads an exchange; the callback gets the number of lines before its body.
pub(super) fn read(bytes: &[u8], each: impl FnOnce(u64, Decoded<'_>)) {
    let capture = match Capture::parse(bytes) {
        Ok(capture) => capture,
        Err(error) => return each(0, Decoded::Unreadable(error.to_string())),
    };
    let range = capture.body_range.clone().unwrap_or_default();
    let lines = memchr::memchr_iter(b'\n', &bytes[..range.start]).count() as u64;
    let request = capture.request.as_ref();
    recorded_http::read(
        &RecordedHttp {
            method: request.map(|request| request.method.clone()),
            target: request.map(|request| request.target.clone()),
            status: capture.status.as_u16(),
            headers: &capture.headers,
            time: None,
            body: Some(&capture.body),
            form: "HTTP message".into(),
        },
        |mut decoded, is_as_recorded| {
            if let Decoded::Exchange { within, .. } = &mut decoded
                && is_as_recorded
            {
                *within = Some(range);
            }
            each(lines, decoded);
        },
    );
}
