//! Entries of HTTP archives (HAR 1.2), as browsers and proxies export them.

use std::borrow::Cow;

use base64::{Engine, engine::general_purpose::STANDARD};
use serde::Deserialize;

use super::decompress::{Compression, undo};
use seedance_query::model::operation;

/// The members of an entry that are read.
#[derive(Deserialize)]
struct Entry<'a> {
    #[serde(rename = "startedDateTime", borrow, default)]
    started: Option<Cow<'a, str>>,
    #[serde(borrow)]
    request: Request<'a>,
    #[serde(borrow)]
    response: Response<'a>,
}

#[derive(Deserialize)]
struct Request<'a> {
    #[serde(borrow)]
    method: Cow<'a, str>,
    #[serde(borrow)]
    url: Cow<'a, str>,
}

#[derive(Deserialize)]
struct Response<'a> {
    status: u16,
    #[serde(borrow, default)]
    headers: Vec<Header<'a>>,
    #[serde(borrow, default)]
    content: Content<'a>,
}

#[derive(Deserialize)]
struct Header<'a> {
    #[serde(borrow)]
    name: Cow<'a, str>,
    #[serde(borrow)]
    value: Cow<'a, str>,
}

#[derive(Default, Deserialize)]
struct Content<'a> {
    #[serde(borrow, default)]
    text: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    encoding: Option<Cow<'a, str>>,
}

/// A recorded response to the task query.
pub(super) struct HarResponse<'a> {
    pub status: u16,
    /// In Unix seconds.
    pub time: Option<i64>,
    pub body: Cow<'a, [u8]>,
}

/// Reads an entry; none if it belongs to another operation.
pub(super) fn read(entry: &[u8]) -> Result<Option<HarResponse<'_>>, String> {
    let entry: Entry<'_> = serde_json::from_slice(entry).map_err(|error| {
        if error.is_eof() {
            "the archive is cut off in the middle of this entry".to_owned()
        } else {
            format!(
                "this is not an entry of an HTTP archive: {}",
                reason(&error)
            )
        }
    })?;
    if !is_query(&entry.request.method, &entry.request.url) {
        return Ok(None);
    }
    if entry.response.status == 0 {
        return Err("the request was aborted: there is no response".to_owned());
    }
    let Some(text) = entry.response.content.text else {
        return Err("the body of the response was not recorded".to_owned());
    };
    let time = entry.started.and_then(|time| {
        let time: Result<jiff::Timestamp, _> = time.parse();
        time.ok().map(jiff::Timestamp::as_second)
    });
    let body = match entry.response.content.encoding {
        Some(encoding) if encoding.eq_ignore_ascii_case("base64") => {
            let bytes = STANDARD
                .decode(text.as_bytes())
                .map_err(|error| format!("the body of the response is not base64: {error}"))?;
            Cow::Owned(decoded(bytes, &entry.response.headers)?)
        }
        Some(encoding) if !encoding.is_empty() => {
            let encoding =
                seedance_query::validate::shorten(&seedance_query::redact::text(&encoding));
            return Err(format!(
                "the body of the response is encoded as `{encoding}`, not as base64"
            ));
        }
        _ => match text {
            Cow::Borrowed(text) => Cow::Borrowed(text.as_bytes()),
            Cow::Owned(text) => Cow::Owned(text.into_bytes()),
        },
    };
    Ok(Some(HarResponse {
        status: entry.response.status,
        time,
        body,
    }))
}

/// Without the position within the entry, which does not help to find it.
fn reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let reason = text.split(" at line ").next().unwrap_or_default();
    seedance_query::redact::text(reason).into_owned()
}

/// Whether a request is a task query, below any base URL.
fn is_query(method: &str, url: &str) -> bool {
    method == "GET" && operation::QUERY.id_below(url).is_some()
}

/// Some recorders keep a body in its content encoding.
fn decoded(bytes: Vec<u8>, headers: &[Header<'_>]) -> Result<Vec<u8>, String> {
    let encoding = headers
        .iter()
        .find(|header| header.name.eq_ignore_ascii_case("content-encoding"))
        .and_then(|header| Compression::named(&header.value));
    undo(bytes, encoding)
}

#[cfg(test)]
mod tests {
    use super::is_query;

    #[test]
    fn recognises_the_operation_below_any_base_url() {
        for (method, url, is) in [
            ("GET", "https://a.example/v1/video/generations/t1", true),
            (
                "GET",
                "https://a.example/x/v1/video/generations/t1?verbose=1",
                true,
            ),
            ("POST", "https://a.example/v1/video/generations/t1", false),
            ("GET", "https://a.example/v1/video/generations", false),
            ("GET", "https://a.example/v1/video/generations/", false),
            (
                "GET",
                "https://a.example/v1/video/generations/t1/content",
                false,
            ),
            ("GET", "https://a.example/v1/video/other/t1", false),
        ] {
            assert_eq!(is_query(method, url), is, "{method} {url}");
        }
    }
}
