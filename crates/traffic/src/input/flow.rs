//! Flows of mitmproxy.

use std::{borrow::Cow, ops::Range};

use super::{
    decoded::Decoded,
    recorded_http::{self, RecordedHttp},
    skip::Skip,
    tnetstring::{Value, parse, whole_length},
};

/// The flows that end in some bytes, and the number of bytes that are done.
pub(super) fn split(rest: &[u8], found: &mut Vec<Range<usize>>) -> usize {
    let mut start = 0;
    while let Ok(Some(length)) = whole_length(&rest[start..]) {
        let Some(end) = start.checked_add(length).filter(|end| *end <= rest.len()) else {
            break;
        };
        found.push(start..end);
        start = end;
    }
    start
}

/// Reads a flow.
pub(super) fn read(bytes: &[u8], each: impl FnOnce(Decoded<'_>)) {
    let Some(flow) = parse(bytes) else {
        return each(Decoded::Unreadable(
            "the recording is cut off in the middle of this flow, or it is not one of mitmproxy"
                .to_owned(),
        ));
    };
    let request = flow.get("request");
    let (Some(request), Some("http")) = (request, flow.get("type").and_then(Value::text)) else {
        return each(Decoded::skipped(Skip::OtherOperation));
    };
    let text = |value: &Value<'_>, name: &str| {
        let bytes = value.get(name).and_then(Value::bytes)?;
        Some(String::from_utf8_lossy(bytes).into_owned())
    };
    let Some(response) = flow
        .get("response")
        .filter(|response| **response != Value::Null)
    else {
        return each(Decoded::skipped(Skip::Aborted));
    };
    let status = response.get("status_code").and_then(Value::number);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "it is a status"
    )]
    let Some(status) = status
        .filter(|status| (100.0..1000.0).contains(status))
        .map(|status| status as u16)
    else {
        return each(Decoded::Unreadable(
            "this flow has no HTTP status".to_owned(),
        ));
    };
    let headers = response.get("headers").map_or(&[][..], Value::items).iter();
    let headers: Vec<(String, Vec<u8>)> = headers
        .filter_map(|header| match header.items() {
            [name, value] => {
                let name = String::from_utf8_lossy(name.bytes()?).into_owned();
                Some((name, value.bytes()?.to_vec()))
            }
            _ => None,
        })
        .collect();
    let started = request.get("timestamp_start").and_then(Value::number);
    #[expect(clippy::cast_possible_truncation, reason = "it is cut off to seconds")]
    let time = started
        .filter(|time| (0.0..1e12).contains(time))
        .map(|time| time as i64);
    let content = response.get("content").and_then(Value::bytes);
    recorded_http::read(
        &RecordedHttp {
            method: text(request, "method"),
            target: text(request, "path"),
            status,
            headers: &headers,
            time,
            body: content,
            form: Cow::Borrowed("flow"),
        },
        |decoded, _| each(decoded),
    );
}
