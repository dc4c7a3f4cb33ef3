//! Entries of HTTP archives (HAR 1.2), as browsers and proxies export them.

use std::borrow::Cow;

use base64::{Engine, engine::general_purpose::STANDARD};
use serde::Deserialize;

use super::{
    archive::Attachments,
    decompress::{Compression, Decompressed, undo},
    recorded_http::{is_of_this_machine, operation_of, without_json},
    skip::Skip,
    turn::Turn,
};
use seedance_query::{TaskId, validate::operations::Operation};

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
    /// Below 0 in recordings of aborted requests by some tools.
    status: i32,
    #[serde(borrow, default)]
    headers: Vec<Header<'a>>,
    #[serde(borrow, default)]
    content: Option<Content<'a>>,
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
    #[serde(default)]
    size: Option<f64>,
    /// The file that holds the text.
    #[serde(borrow, default, rename = "_file", alias = "_sha1")]
    file: Option<Cow<'a, str>>,
}

/// What an entry holds.
pub(super) enum Outcome<'a> {
    Response(HarResponse<'a>),
    Skipped(Skip),
    /// Another one, with what was requested.
    OtherOperation(String),
}

/// A recorded response to the task query.
pub(super) struct HarResponse<'a> {
    pub status: u16,
    /// In Unix seconds.
    pub time: Option<i64>,
    pub body: Cow<'a, [u8]>,
    /// What was asked, and for which task.
    pub asked: Option<(&'static Operation, Option<TaskId>)>,
    /// Whether the gateway is on this machine.
    pub is_local: bool,
    /// Until it is handled, if its body is large.
    pub _turn: Option<Turn>,
}

/// Reads an entry.
pub(super) fn read<'a>(entry: &'a [u8], attachments: &Attachments) -> Result<Outcome<'a>, String> {
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
    let asked = Operation::of_target(&entry.request.method, &entry.request.url);
    let Some((operation, _)) = asked else {
        let what = operation_of(Some(&entry.request.method), Some(&entry.request.url));
        return Ok(Outcome::OtherOperation(what));
    };
    let is_local = is_of_this_machine(&entry.request.url);
    let Ok(status @ 1..) = u16::try_from(entry.response.status) else {
        return Ok(Outcome::Skipped(Skip::Aborted));
    };
    let content = entry.response.content.unwrap_or_default();
    let is_empty = content.text.as_deref().is_none_or(str::is_empty);
    let has_nothing = is_empty && content.file.is_none();
    if status == 304 && has_nothing {
        return Ok(Outcome::Skipped(Skip::NoBody));
    }
    if let Some(skip) = without_json(operation, status, has_nothing) {
        return Ok(Outcome::Skipped(skip));
    }
    let size = content.size.unwrap_or_default();
    if let (Some(file), true) = (&content.file, is_empty) {
        let bytes = attachments.read(file)?;
        let decoded = decoded(bytes, &entry.response.headers)?;
        return Ok(Outcome::Response(HarResponse {
            status,
            time: time(entry.started.as_deref()),
            body: Cow::Owned(decoded.bytes),
            asked,
            is_local,
            _turn: decoded.turn,
        }));
    }
    let text = match content.text {
        Some(text) if text.is_empty() && size > 0.0 => {
            return Err(format!(
                "the body of the response was not recorded: {size} bytes are announced, and the text is empty"
            ));
        }
        Some(text) => text,
        None => return Err("the body of the response was not recorded".to_owned()),
    };
    if content.encoding.as_deref().is_none_or(str::is_empty) && is_cut_off(&text, size) {
        return Err(format!(
            "the recorder cut this body off: {} of {size} bytes are there; the response itself may be sound",
            text.len()
        ));
    }
    let mut turn = None;
    let body = match content.encoding {
        Some(encoding) if encoding.eq_ignore_ascii_case("base64") => {
            match STANDARD.decode(text.as_bytes()) {
                Ok(bytes) => {
                    let decoded = decoded(bytes, &entry.response.headers)?;
                    turn = decoded.turn;
                    Cow::Owned(decoded.bytes)
                }
                // Firefox names the encoding for bodies that it stores as text.
                Err(_) if text.trim_start().starts_with(['{', '[', '<']) => bytes(text),
                Err(error) => {
                    return Err(format!("the body of the response is not base64: {error}"));
                }
            }
        }
        Some(encoding) if !encoding.is_empty() => {
            let encoding =
                seedance_query::validate::shorten(&seedance_query::redact::text(&encoding));
            return Err(format!(
                "the body of the response is encoded as `{encoding}`, not as base64"
            ));
        }
        _ => bytes(text),
    };
    Ok(Outcome::Response(HarResponse {
        status,
        time: time(entry.started.as_deref()),
        body,
        asked,
        is_local,
        _turn: turn,
    }))
}

fn time(started: Option<&str>) -> Option<i64> {
    let time: jiff::Timestamp = started?.parse().ok()?;
    Some(time.as_second())
}

/// Whether a text is shorter than announced and ends in the middle of its JSON.
#[expect(clippy::cast_precision_loss, reason = "a body is shorter than that")]
fn is_cut_off(text: &str, size: f64) -> bool {
    let is_incomplete = || {
        let parsed: Result<serde::de::IgnoredAny, _> = serde_json::from_str(text);
        parsed.is_err_and(|error| error.is_eof())
    };
    (text.len() as f64) < size && is_incomplete()
}

/// Without the position within the entry, which does not help to find it.
fn reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let reason = text.split(" at line ").next().unwrap_or_default();
    seedance_query::redact::text(reason).into_owned()
}

fn bytes(text: Cow<'_, str>) -> Cow<'_, [u8]> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.as_bytes()),
        Cow::Owned(text) => Cow::Owned(text.into_bytes()),
    }
}

/// Some recorders keep a body in its content encoding.
fn decoded(bytes: Vec<u8>, headers: &[Header<'_>]) -> Result<Decompressed, String> {
    let encoding = headers
        .iter()
        .find(|header| header.name.eq_ignore_ascii_case("content-encoding"))
        .and_then(|header| Compression::named(&header.value));
    undo(bytes, encoding)
}
