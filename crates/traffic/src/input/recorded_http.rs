//! A recorded HTTP response: which operation it belongs to, and its body as it was meant.

use std::borrow::Cow;

use super::{
    decoded::Decoded,
    decompress::{Compression, undo},
    exchange::{Exchange, unix_seconds},
    record::is_about_a_task,
    skip::Skip,
};
use seedance_query::{
    model::url::is_loopback,
    validate::operations::{Content, Operation},
};
use url::Url;

/// Media types of bodies that are not text.
const BINARY: [&str; 4] = ["video/", "audio/", "image/", "application/octet-stream"];

/// Whether bodies of a media type are not looked into.
pub(crate) fn is_binary_type(media_type: &str) -> bool {
    BINARY.iter().any(|binary| media_type.starts_with(binary))
}

/// A response and what is known of its request.
pub(super) struct RecordedHttp<'a> {
    pub method: Option<String>,
    /// The path or URL that was requested.
    pub target: Option<String>,
    pub status: u16,
    pub headers: &'a [(String, Vec<u8>)],
    /// In Unix seconds, if the recorder noted it.
    pub time: Option<i64>,
    /// None if it was not recorded.
    pub body: Option<&'a [u8]>,
    /// How it was recorded.
    pub form: Cow<'static, str>,
}

impl RecordedHttp<'_> {
    /// What was requested, without ids and secrets.
    fn operation(&self) -> String {
        operation_of(self.method.as_deref(), self.target.as_deref())
    }
}

/// A method and the path of a URL, for people.
pub(super) fn operation_of(method: Option<&str>, target: Option<&str>) -> String {
    let target = target.unwrap_or_default();
    let target = target.split(['?', '#']).next().unwrap_or_default();
    let path = match target.split_once("://") {
        Some((_, rest)) => rest.find('/').map_or("/", |start| &rest[start..]),
        None => target,
    };
    let text = format!("{} {path}", method.unwrap_or_default());
    seedance_query::validate::shorten(&seedance_query::redact::text(text.trim()))
}

/// Whether a URL is one of a gateway on this machine, whose own URLs are of this machine, too.
pub(super) fn is_of_this_machine(url: &str) -> bool {
    Url::parse(url).is_ok_and(|url| is_loopback(&url))
}

/// Tells what a response is; the callback also gets whether the body is as it was recorded.
pub(super) fn read(recorded: &RecordedHttp<'_>, each: impl FnOnce(Decoded<'_>, bool)) {
    let header = |wanted: &str| {
        let mut headers = recorded.headers.iter();
        let (_, value) = headers.find(|(name, _)| name.eq_ignore_ascii_case(wanted))?;
        std::str::from_utf8(value).ok()
    };
    let date = || {
        let date = httpdate::parse_http_date(header("date")?.trim()).ok()?;
        unix_seconds(date)
    };
    let target = recorded.target.as_deref();
    let method = recorded.method.as_deref().unwrap_or("GET");
    let asked = target.and_then(|target| Operation::of_target(method, target));
    let (operation, asked_for) = asked.unzip();
    let asked_for = asked_for.flatten();
    let is_other = |is_about_a_task: &dyn Fn() -> bool| {
        operation.is_none() && (method != "GET" || (target.is_some() && !is_about_a_task()))
    };
    let is_empty = recorded
        .body
        .is_none_or(|body| body.trim_ascii().is_empty());
    if let Some(skip) = operation.and_then(|asked| without_json(asked, recorded.status, is_empty)) {
        return each(Decoded::skipped(skip), true);
    }
    let Some(bytes) = recorded.body else {
        if is_other(&|| false) {
            each(
                Decoded::Skipped(Skip::OtherOperation, recorded.operation()),
                true,
            );
        } else {
            each(
                Decoded::Unreadable("the body of the response was not recorded".to_owned()),
                true,
            );
        }
        return;
    };
    let media_type = header("content-type").unwrap_or_default();
    if is_binary_type(media_type) {
        return each(Decoded::skipped(Skip::BinaryBody), true);
    }
    if recorded.status == 304 && bytes.trim_ascii().is_empty() {
        return each(Decoded::skipped(Skip::NoBody), true);
    }
    let body = match decoded(bytes, &header, media_type) {
        Ok(body) => body,
        Err(message) => return each(Decoded::Unreadable(message), true),
    };
    // Sister operations tell of the same task.
    if is_other(&|| is_about_a_task(&body.bytes)) {
        return each(
            Decoded::Skipped(Skip::OtherOperation, recorded.operation()),
            true,
        );
    }
    if let Some(message) = cut_off(bytes, &header) {
        return each(Decoded::Unreadable(message), true);
    }
    let is_as_recorded = matches!(body.bytes, Cow::Borrowed(_));
    let exchange = Exchange {
        status: Some(recorded.status),
        time: recorded.time.or_else(date),
        body: &body.bytes,
        operation,
        asked_for: asked_for.as_ref().map(seedance_query::TaskId::as_str),
        is_local: target.is_some_and(is_of_this_machine),
    };
    each(
        Decoded::Exchange {
            exchange,
            within: None,
            recorded_as: recorded.form.clone(),
        },
        is_as_recorded,
    );
}

/// Why a response has nothing to validate, where the operation answers with a video or with nothing.
pub(super) fn without_json(operation: &Operation, status: u16, is_empty: bool) -> Option<Skip> {
    match operation.content(status)? {
        Content::Other(_) => Some(Skip::BinaryBody),
        Content::Nothing if is_empty => Some(Skip::NoBody),
        _ => None,
    }
}

/// A body without its encodings, and the right to hold it if it is large.
struct Plain<'a> {
    bytes: Cow<'a, [u8]>,
    _turn: Option<super::turn::Turn>,
}

fn decoded<'a, 'h>(
    bytes: &'a [u8],
    header: &impl Fn(&str) -> Option<&'h str>,
    media_type: &str,
) -> Result<Plain<'a>, String> {
    let mut plain = Plain {
        bytes: Cow::Borrowed(bytes),
        _turn: None,
    };
    let is_chunked =
        header("transfer-encoding").is_some_and(|coding| coding.eq_ignore_ascii_case("chunked"));
    if let Some(joined) = is_chunked.then(|| dechunked(bytes)).flatten() {
        plain.bytes = Cow::Owned(joined);
    }
    let encoding = header("content-encoding").and_then(Compression::named);
    if encoding.is_some() {
        let before = plain.bytes.to_vec();
        let decoded = undo(before, encoding)?;
        if decoded.bytes != *plain.bytes {
            plain = Plain {
                bytes: Cow::Owned(decoded.bytes),
                _turn: decoded.turn,
            };
        }
    }
    if let Some(text) = in_utf8(&plain.bytes, media_type) {
        plain.bytes = Cow::Owned(text);
    }
    Ok(plain)
}

/// A body in UTF-8, if its media type names another encoding, such as GBK.
fn in_utf8(body: &[u8], media_type: &str) -> Option<Vec<u8>> {
    let (_, label) = media_type.split_once("charset=")?;
    let label = label
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .trim_matches('"');
    let encoding = encoding_rs::Encoding::for_label(label.as_bytes())?;
    // Many name an encoding and send UTF-8.
    if encoding == encoding_rs::UTF_8 || std::str::from_utf8(body).is_ok() {
        return None;
    }
    let (text, _, is_broken) = encoding.decode(body);
    (!is_broken).then(|| text.into_owned().into_bytes())
}

/// The content of chunks; none if these are not chunks, because the recorder has joined them.
fn dechunked(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut joined = Vec::new();
    let mut rest = bytes;
    loop {
        let end = memchr::memchr(b'\n', rest)?;
        let size = std::str::from_utf8(&rest[..end]).ok()?.trim_end();
        let size = size.split(';').next().unwrap_or_default();
        let size = usize::from_str_radix(size, 16).ok()?;
        rest = &rest[end + 1..];
        if size == 0 {
            return Some(joined);
        }
        joined.extend_from_slice(rest.get(..size)?);
        rest = rest.get(size..)?;
        rest = rest
            .strip_prefix(b"\r\n")
            .or_else(|| rest.strip_prefix(b"\n"))?;
    }
}

/// Why a body is not judged that is shorter than announced and ends in the middle of its JSON.
fn cut_off<'h>(bytes: &[u8], header: &impl Fn(&str) -> Option<&'h str>) -> Option<String> {
    let length: usize = header("content-length")?.trim().parse().ok()?;
    let is_encoded = header("content-encoding").is_some();
    let is_incomplete = || {
        let parsed: Result<serde::de::IgnoredAny, _> = serde_json::from_slice(bytes);
        parsed.is_err_and(|error| error.is_eof())
    };
    (bytes.len() < length && !is_encoded && is_incomplete()).then(|| {
        format!(
            "the recording is cut off: {} of {length} bytes of the body are there; the response itself may be sound",
            bytes.len()
        )
    })
}

#[cfg(test)]
mod tests {
    use super::{dechunked, in_utf8};

    #[test]
    fn chunks_are_joined() {
        assert_eq!(dechunked(b"2\r\n{}\r\n0\r\n\r\n").unwrap(), b"{}");
        assert_eq!(dechunked(b"1;x=y\n{\n1\n}\n0\n\n").unwrap(), b"{}");
        for text in ["{}", "", "2\r\n{", "ffffffffffffffff\r\n{", "{\n1\n}"] {
            assert_eq!(dechunked(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn other_encodings_become_utf_8() {
        let gbk = b"{\"m\":\"\xc8\xce\xce\xf1\"}";
        let text = in_utf8(gbk, "application/json; charset=GBK").unwrap();
        assert_eq!(String::from_utf8(text).unwrap(), "{\"m\":\"任务\"}");
        assert_eq!(in_utf8(gbk, "application/json"), None);
        assert_eq!(in_utf8("任务".as_bytes(), "text/plain; charset=gbk"), None);
    }
}
