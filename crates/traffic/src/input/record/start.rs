//! How a response starts.

use super::documented_names::NAMES;

/// Whether the first two members are documented ones of the envelope: the common case, which needs
/// no parsing.
pub(in crate::input) fn is_started_response(text: &[u8]) -> bool {
    fn member(text: &[u8]) -> Option<&[u8]> {
        let rest = text.trim_ascii_start().strip_prefix(b"\"")?;
        let name = &rest[..rest.iter().position(|byte| *byte == b'"')?];
        let name = std::str::from_utf8(name).ok()?;
        NAMES
            .envelope
            .contains(name)
            .then(|| &rest[name.len() + 1..])
    }
    let second = || {
        let first = text.trim_ascii_start().strip_prefix(b"{")?;
        let value = member(first)?;
        // A scalar without escapes; anything else is parsed.
        let scalar = value
            .trim_ascii_start()
            .strip_prefix(b":")?
            .trim_ascii_start();
        let end = match scalar.strip_prefix(b"\"") {
            Some(string) => {
                2 + string
                    .iter()
                    .position(|byte| matches!(byte, b'"' | b'\\'))?
            }
            None => scalar.iter().position(|byte| *byte == b',')?,
        };
        member(scalar[end..].trim_ascii_start().strip_prefix(b",")?)
    };
    second().is_some()
}
