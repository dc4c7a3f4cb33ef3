//! The format of an input, recognised by its first bytes.

use serde::de::IgnoredAny;

use super::scanner::Values;
use seedance_query::capture::Capture;

/// The format of an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// One body.
    Body,
    /// A request and a response as text.
    Capture,
    /// A body in each line.
    Lines,
    /// Several bodies.
    Bodies(Values),
    /// The entries of an HTTP archive.
    Archive,
}

impl Form {
    /// The format of an input that starts with `head`, which is all of it if `is_all`.
    pub fn of(head: &[u8], is_all: bool) -> Self {
        if Capture::is_like(head) {
            return Self::Capture;
        }
        if has_lines(head, is_all) {
            return Self::Lines;
        }
        match head.trim_ascii_start() {
            [b'[', ..] => Self::Bodies(Values::Array),
            [b'{', ..] if is_archive(head) => Self::Archive,
            [b'{', ..] if has_several(head, is_all) => Self::Bodies(Values::Sequence),
            _ => Self::Body,
        }
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
    use super::{Form, Values};

    #[test]
    fn recognises_formats() {
        for (head, form) in [
            ("", Form::Body),
            ("<html>", Form::Body),
            ("{\"a\": 1}", Form::Body),
            ("{\n  \"a\": {}\n}\n", Form::Body),
            ("{\"a\": 1}\n{\"a\": 2}\n", Form::Lines),
            ("\n{\"a\": 1}\r\n\r\n{\"a\"\n", Form::Lines),
            ("{\"a\": \n{\"a\": 2}\n", Form::Lines),
            ("nonsense\n{\"a\": 2}\n", Form::Lines),
            ("{\n}\n{\n}", Form::Bodies(Values::Sequence)),
            ("{} {}", Form::Bodies(Values::Sequence)),
            ("[{}]", Form::Bodies(Values::Array)),
            ("[\n {},\n {}\n]", Form::Bodies(Values::Array)),
            (" {\"log\": {", Form::Archive),
            ("{\"logs\": 1}", Form::Body),
            ("HTTP/1.1 200 OK\n\n{}", Form::Capture),
        ] {
            assert_eq!(Form::of(head.as_bytes(), true), form, "{head}");
        }
    }

    #[test]
    fn takes_long_objects_for_sequences() {
        assert_eq!(
            Form::of(b"{\"a\": [1,", false),
            Form::Bodies(Values::Sequence)
        );
        assert_eq!(Form::of(b"{\"a\": 1}\n{\"a\": [1,", false), Form::Lines);
    }
}
