//! The format of an input, recognised by its first bytes.

use std::path::Path;

use serde::de::IgnoredAny;

use super::{
    csv::Table,
    curl_trace,
    exchange::http_status,
    fence, http_messages,
    record::{Item, LineJson, Places, classify, json},
    refusal::{binary, other_notation},
    scanner::Values,
    tnetstring,
};
use seedance_query::capture::Capture;

/// The format of an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// One body.
    Body,
    /// HTTP messages as text: responses, with or without their requests.
    Messages,
    /// The output of `curl -v`.
    Verbose,
    /// The output of `curl --trace` or `curl --trace-ascii`.
    Trace,
    /// A body in each line.
    Lines,
    /// Several bodies.
    Bodies(Values),
    /// The entries of an HTTP archive.
    Archive,
    /// Text with Markdown code blocks.
    CodeBlocks,
    /// Text with JSON in its lines, such as a log.
    Text,
    /// Text with JSON that spans lines.
    Document,
    /// A table with a body in a column.
    Table,
    /// The bodies of a column, one after the other.
    Cells,
    /// Flows of mitmproxy.
    Flows,
    /// YAML, such as a cassette.
    Yaml,
}

impl Format {
    /// How the items of an input of this format are called.
    pub fn unit(self) -> &'static str {
        match self {
            Self::Body => "input",
            Self::Messages | Self::Verbose | Self::Trace => "HTTP message",
            Self::Lines | Self::Text => "line",
            Self::Bodies(_) => "JSON value",
            Self::Archive => "HAR entry",
            Self::CodeBlocks => "code block",
            Self::Document => "text",
            Self::Table | Self::Cells => "row",
            Self::Flows => "flow",
            Self::Yaml => "YAML document",
        }
    }
}

/// What an input was recognised as.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Recognised {
    pub format: Format,
    pub table: Option<Table>,
}

impl From<Format> for Recognised {
    fn from(format: Format) -> Self {
        Self {
            format,
            table: None,
        }
    }
}

impl Recognised {
    /// The format of an input with this name that starts with `head`, which is all of it if `is_all`.
    ///
    /// # Errors
    ///
    /// What the input is instead of a recording, and what to do.
    pub fn of(head: &[u8], is_all: bool, name: &str, places: &Places) -> Result<Self, String> {
        if tnetstring::is_dict(head) {
            return Ok(Format::Flows.into());
        }
        if Capture::is_like(head) {
            return Ok(Format::Messages.into());
        }
        if let Some(refusal) = binary(head) {
            return Err(refusal);
        }
        if curl_trace::is_trace(head) {
            return Ok(Format::Trace.into());
        }
        if http_messages::is_verbose(head) {
            return Ok(Format::Verbose.into());
        }
        let is_json = matches!(head.trim_ascii_start(), [b'{' | b'[' | b'"', ..]);
        if !is_json && fence::has_blocks(head) {
            return Ok(Format::CodeBlocks.into());
        }
        if !is_yaml(head, name) && has_lines(head, is_all) {
            return Ok(Format::Lines.into());
        }
        match head.trim_ascii_start() {
            [b'[', rest @ ..] if is_words(rest) => text_format(head, is_all, name, places),
            [b'[', ..] => Ok(Format::Bodies(Values::Array).into()),
            [b'{', ..] if is_archive(head) => Ok(Format::Archive.into()),
            [b'{' | b'"', ..] => Ok(after_first(head, is_all).into()),
            [] => Ok(Format::Body.into()),
            _ => text_format(head, is_all, name, places),
        }
    }
}

/// Whether a bracket belongs to a text such as `[INFO] poll`, not to an array.
fn is_words(after_bracket: &[u8]) -> bool {
    let start = after_bracket.trim_ascii_start();
    start.first().is_some_and(u8::is_ascii_alphabetic)
        && ![&b"true"[..], b"false", b"null"]
            .iter()
            .any(|word| start.starts_with(word))
}

/// The format of text that is neither JSON nor HTTP.
fn text_format(
    head: &[u8],
    is_all: bool,
    name: &str,
    places: &Places,
) -> Result<Recognised, String> {
    if let Some(found) = Table::of(head, is_all, places)
        && (found.is_ok() || places.column.is_some())
    {
        return found.map(|table| Recognised {
            format: Format::Table,
            table: Some(table),
        });
    }
    if is_yaml(head, name) {
        return Ok(Format::Yaml.into());
    }
    if has_response_in_line(head, places) {
        return Ok(Format::Text.into());
    }
    let across_lines = json(head, MAX_SAMPLED);
    if across_lines.iter().any(|found| {
        let text = &head[found.range.clone()];
        text.contains(&b'\n')
            && (has_response(text, places) || (found.is_cut_off() && !is_all && text.len() > 256))
    }) {
        return Ok(Format::Document.into());
    }
    if head.starts_with(b"<") {
        return Err(
            "this is an HTML or XML document, not a recording; to validate it as a \
                    response, record it with its HTTP status (`curl -i`)"
                .to_owned(),
        );
    }
    if let Some(Err(refusal)) = Table::of(head, is_all, places) {
        return Err(refusal);
    }
    if let Some(refusal) = other_notation(head) {
        return Err(refusal);
    }
    if !is_all || in_lines(head).any(|(text, found)| found.is_cut_off() || text.len() > 2) {
        return Ok(Format::Text.into());
    }
    Err(
        "this is text without JSON or HTTP messages, not a recording; record responses with \
         `curl -i`, the proxy or a browser's network log (HAR)"
            .to_owned(),
    )
}

/// Maximum number of starts of JSON values that are tried in a text.
const MAX_SAMPLED: usize = 1_000;

/// The JSON values in the lines of a text.
fn in_lines(text: &[u8]) -> impl Iterator<Item = (&[u8], LineJson)> {
    text.split(|byte| *byte == b'\n').flat_map(|line| {
        json(line, MAX_SAMPLED)
            .into_iter()
            .map(move |found| (&line[found.range.clone()], found))
    })
}

/// Whether a line has a response in it, or what may be one at the place that was told.
pub(super) fn has_response_in_line(text: &[u8], places: &Places) -> bool {
    let is_told = places.body.is_some();
    in_lines(text)
        .any(|(text, found)| !found.is_cut_off() && (is_told || has_response(text, places)))
}

fn has_response(text: &[u8], places: &Places) -> bool {
    match classify(text, places) {
        Item::Response => text.starts_with(b"{") && text.len() > 2,
        Item::Embedded(_) => true,
        Item::Foreign(_) => false,
    }
}

/// Whether a text is YAML with values within values.
fn is_yaml(head: &[u8], name: &str) -> bool {
    let extension = Path::new(name)
        .extension()
        .and_then(|extension| extension.to_str());
    if matches!(extension, Some("yaml" | "yml")) {
        return !matches!(head.trim_ascii_start(), [b'{' | b'[', ..]);
    }
    let mut lines = head
        .split(|byte| *byte == b'\n')
        .map(<[u8]>::trim_ascii_end)
        .filter(|line| !line.is_empty() && !line.starts_with(b"#"));
    let Some(first) = lines.next() else {
        return false;
    };
    let is_key = |line: &[u8]| {
        line.strip_suffix(b":").is_some_and(|name| {
            !name.is_empty()
                && name
                    .iter()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(byte))
        })
    };
    let is_inner = |line: &[u8]| line.starts_with(b"- ") || line.starts_with(b" ");
    match first {
        b"---" => lines
            .next()
            .is_some_and(|line| is_key(line) || line.starts_with(b"- ") || line.contains(&b':')),
        first => is_key(first) && lines.next().is_some_and(is_inner),
    }
}

/// Whether the first or the second of several lines is an object by itself. (The first one may be
/// broken.)
fn has_lines(head: &[u8], is_all: bool) -> bool {
    let mut lines = head
        .split_inclusive(|byte| *byte == b'\n')
        .filter(|line| !line.trim_ascii().is_empty());
    let (Some(first), Some(second)) = (lines.next(), lines.next()) else {
        return false;
    };
    let is_whole = |line: &[u8]| is_all || line.ends_with(b"\n");
    // Items of a formatted array are objects in their lines, too, but indented.
    let is_object = |line: &[u8]| line.starts_with(b"{") && is_json(line);
    is_object(first) || (is_whole(second) && is_object(second))
}

fn is_json(text: &[u8]) -> bool {
    serde_json::from_slice::<IgnoredAny>(text).is_ok()
}

/// Whether the first member is `log`, as in an HTTP archive.
fn is_archive(head: &[u8]) -> bool {
    let rest = head.trim_ascii_start().strip_prefix(b"{");
    let rest = rest.and_then(|rest| rest.trim_ascii_start().strip_prefix(b"\"log\""));
    rest.is_some_and(|rest| rest.trim_ascii_start().starts_with(b":"))
}

/// The format of what starts with a JSON value: it may be followed by others, by an HTTP status, or by
/// words. One that is too long to tell may be a sequence.
fn after_first(head: &[u8], is_all: bool) -> Format {
    let mut values = serde_json::Deserializer::from_slice(head).into_iter::<IgnoredAny>();
    match values.next() {
        Some(Ok(_)) => {
            let rest = head[values.byte_offset()..].trim_ascii();
            let is_status = std::str::from_utf8(rest).is_ok_and(|rest| http_status(rest).is_some());
            match rest {
                [] => Format::Body,
                _ if is_status => Format::Bodies(Values::Sequence),
                [b'{' | b'[' | b'"' | b'0'..=b'9', ..] => Format::Bodies(Values::Sequence),
                _ => Format::Document,
            }
        }
        _ if is_all => Format::Body,
        _ => Format::Bodies(Values::Sequence),
    }
}
