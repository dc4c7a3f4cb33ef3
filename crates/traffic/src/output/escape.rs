//! Characters that must not be written, by their code points.

use std::borrow::Cow;

/// A text with each forbidden character replaced by its code point, such as `\u{7}`.
pub(super) fn escaped(text: &str, is_forbidden: fn(char) -> bool) -> Cow<'_, str> {
    if !text.contains(is_forbidden) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if is_forbidden(c) {
            escaped.extend(c.escape_unicode());
        } else {
            escaped.push(c);
        }
    }
    Cow::Owned(escaped)
}

/// Whether a character is not allowed in XML.
pub(super) fn is_not_xml(c: char) -> bool {
    match c {
        '\t' | '\n' | '\r' => false,
        '\u{fffe}' | '\u{ffff}' => true,
        c => c < ' ',
    }
}

/// Whether a character is invisible or changes the direction of text.
pub(super) fn is_invisible(c: char) -> bool {
    let is_direction = matches!(
        c,
        '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}'
    );
    is_direction || (c.is_control() && !matches!(c, '\t' | '\n'))
}

#[cfg(test)]
mod tests {
    use super::{escaped, is_invisible, is_not_xml};

    #[test]
    fn only_what_is_forbidden_is_named() {
        let text = "a\tö\u{1f600}\u{7}\u{ffff}\u{202e}";
        assert_eq!(
            escaped(text, is_not_xml),
            "a\tö\u{1f600}\\u{7}\\u{ffff}\u{202e}"
        );
        assert_eq!(
            escaped(text, is_invisible),
            "a\tö\u{1f600}\\u{7}\u{ffff}\\u{202e}"
        );
        assert_eq!(escaped("plain", is_invisible), "plain");
    }
}
