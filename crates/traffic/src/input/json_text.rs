//! JSON texts as tools leave them: with a status after them, or cut off.

use super::exchange::http_status;

/// A JSON text without the HTTP status that `curl -w '%{http_code}'` prints right after it.
pub(super) fn without_status(bytes: &[u8]) -> (&[u8], Option<u16>) {
    let text = bytes.trim_ascii_end();
    let Some((body, digits)) = text.split_at_checked(text.len().saturating_sub(3)) else {
        return (bytes, None);
    };
    match std::str::from_utf8(digits).ok().and_then(http_status) {
        Some(status) if matches!(body.trim_ascii_end(), [.., b'}' | b']' | b'>']) => {
            (body, Some(status))
        }
        _ => (bytes, None),
    }
}

/// A text without what recorders put where they cut it off.
pub(super) fn without_mark(text: &[u8]) -> &[u8] {
    let marks = [
        "[truncated]",
        "(truncated)",
        "<truncated>",
        "...",
        "…",
        "\"",
    ];
    let mut text = text.trim_ascii_end();
    for mark in marks {
        text = text
            .strip_suffix(mark.as_bytes())
            .unwrap_or(text)
            .trim_ascii_end();
    }
    text
}

pub(super) fn is_json(text: &[u8]) -> bool {
    serde_json::from_slice::<serde::de::IgnoredAny>(text).is_ok()
}

/// Whether a JSON text ends before its value does.
pub(super) fn is_incomplete(text: &[u8]) -> bool {
    serde_json::from_slice::<serde::de::IgnoredAny>(text).is_err_and(|error| error.is_eof())
}
