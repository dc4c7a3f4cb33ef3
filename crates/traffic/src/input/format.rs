//! The format of an input, recognised by its first bytes.

use serde::de::IgnoredAny;

use super::{fence, http_messages, scanner::Values, text_line};
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
}

impl Format {
    /// The format of an input that starts with `head`, which is all of it if `is_all`.
    ///
    /// # Errors
    ///
    /// What the input is instead of a recording, and what to do.
    pub fn of(head: &[u8], is_all: bool) -> Result<Self, String> {
        if let Some(refusal) = binary(head) {
            return Err(refusal);
        }
        if Capture::is_like(head) {
            return Ok(Self::Messages);
        }
        if http_messages::is_verbose(head) {
            return Ok(Self::Verbose);
        }
        let is_json = matches!(head.trim_ascii_start(), [b'{' | b'[' | b'"', ..]);
        if !is_json && fence::has_blocks(head) {
            return Ok(Self::CodeBlocks);
        }
        if has_lines(head, is_all) {
            return Ok(Self::Lines);
        }
        match head.trim_ascii_start() {
            [b'[', ..] => Ok(Self::Bodies(Values::Array)),
            [b'{', ..] if is_archive(head) => Ok(Self::Archive),
            [b'{', ..] if has_several(head, is_all) => Ok(Self::Bodies(Values::Sequence)),
            [b'{' | b'"', ..] | [] => Ok(Self::Body),
            text => text_format(text),
        }
    }
}

/// The format of text that is neither JSON nor HTTP.
fn text_format(head: &[u8]) -> Result<Format, String> {
    if head.starts_with(b"<") {
        return Err(
            "this is an HTML or XML document, not a recording; to validate it as a \
                    response, record it with its HTTP status (`curl -i`)"
                .to_owned(),
        );
    }
    let mut lines = head.split(|byte| *byte == b'\n');
    if lines.any(|line| !text_line::json(line).is_empty()) {
        return Ok(Format::Text);
    }
    Err(
        "this is text without JSON or HTTP messages, not a recording; record responses with \
         `curl -i`, the proxy or a browser's network log (HAR)"
            .to_owned(),
    )
}

/// Archives and compressed files that can hold recordings.
const ARCHIVES: [&str; 8] = ["zip", "tar", "xz", "bz2", "7z", "rar", "lz", "lz4"];

/// What a binary file is, and what to do with it.
fn binary(head: &[u8]) -> Option<String> {
    let kind = infer::get(head).filter(|kind| kind.matcher_type() != infer::MatcherType::Text);
    match kind {
        Some(kind) if ARCHIVES.contains(&kind.extension()) => Some(format!(
            "this is a {} archive, not a recording; extract it and validate the files in it",
            kind.extension()
        )),
        Some(kind) => Some(format!(
            "this is a file of type {}, not a recording",
            kind.mime_type()
        )),
        None if head.contains(&0) => Some("this is binary data, not a recording".to_owned()),
        None => None,
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

/// Whether a complete object is followed by more; one that is too long to tell may be.
fn has_several(head: &[u8], is_all: bool) -> bool {
    let mut values = serde_json::Deserializer::from_slice(head).into_iter::<IgnoredAny>();
    match values.next() {
        Some(Ok(_)) => !head[values.byte_offset()..].trim_ascii().is_empty(),
        _ => !is_all,
    }
}

#[cfg(test)]
mod tests {
    use super::{Format, Values};

    #[test]
    fn recognises_formats() {
        for (head, format) in [
            ("", Format::Body),
            ("{\"a\": 1}", Format::Body),
            ("\"{\\\"a\\\": 1}\"", Format::Body),
            ("{\n  \"a\": {}\n}\n", Format::Body),
            ("{\"a\": 1}\n{\"a\": 2}\n", Format::Lines),
            ("\n{\"a\": 1}\r\n\r\n{\"a\"\n", Format::Lines),
            ("{\"a\": \n{\"a\": 2}\n", Format::Lines),
            ("nonsense\n{\"a\": 2}\n", Format::Lines),
            ("{\n}\n{\n}", Format::Bodies(Values::Sequence)),
            ("{} {}", Format::Bodies(Values::Sequence)),
            ("[{}]", Format::Bodies(Values::Array)),
            ("[\n {},\n {}\n]", Format::Bodies(Values::Array)),
            (" {\"log\": {", Format::Archive),
            ("{\"logs\": 1}", Format::Body),
            ("HTTP/1.1 200 OK\n\n{}", Format::Messages),
            (
                "* Trying\n> GET / HTTP/1.1\n> \n< HTTP/1.1 200 OK\n",
                Format::Verbose,
            ),
            ("A note:\n\n```json\n{}\n```\n", Format::CodeBlocks),
            ("```json\n{}\n```\n", Format::CodeBlocks),
            ("12:00 INFO poll: {\"a\": 1}\n", Format::Text),
            ("data: {\"a\": 1}\n\n", Format::Text),
        ] {
            assert_eq!(Format::of(head.as_bytes(), true), Ok(format), "{head}");
        }
    }

    #[test]
    fn takes_long_objects_for_sequences() {
        let sequence = Ok(Format::Bodies(Values::Sequence));
        assert_eq!(Format::of(b"{\"a\": [1,", false), sequence);
        assert_eq!(
            Format::of(b"{\"a\": 1}\n{\"a\": [1,", false),
            Ok(Format::Lines)
        );
    }

    #[test]
    fn refuses_what_is_not_a_recording() {
        for (head, what) in [
            (&b"PK\x03\x04\x14\x00\x00\x00\x08\x00"[..], "a zip archive"),
            (b"\xfd7zXZ\x00\x00\x04", "a xz archive"),
            (b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00", "video/mp4"),
            (b"%PDF-1.7\n", "application/pdf"),
            (b"\x01\x02\x00\x03", "binary data"),
            (b"<!doctype html>", "HTML or XML"),
            (b"id,status\n1,SUCCESS\n", "text without JSON"),
        ] {
            let refusal = Format::of(head, true).unwrap_err();
            assert!(refusal.contains(what), "{refusal}");
        }
    }
}
