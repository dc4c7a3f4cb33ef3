//! Characters that cannot be written, or must not, by their names.

use std::borrow::Cow;

/// A text with the code point, such as `\u{7}`, of each character that must not be in it.
pub(super) fn named(text: &str, is_forbidden: fn(char) -> bool) -> Cow<'_, str> {
    if !text.contains(is_forbidden) {
        return Cow::Borrowed(text);
    }
    let mut named = String::with_capacity(text.len());
    for c in text.chars() {
        if is_forbidden(c) {
            named.extend(c.escape_unicode());
        } else {
            named.push(c);
        }
    }
    Cow::Owned(named)
}

/// Whether no XML document can have a character.
pub(super) fn is_no_xml(c: char) -> bool {
    match c {
        '\t' | '\n' | '\r' => false,
        '\u{fffe}' | '\u{ffff}' => true,
        c => c < ' ',
    }
}

/// Whether a character shows nothing of its own, or changes the order in which others are shown.
pub(super) fn is_invisible(c: char) -> bool {
    let is_direction = matches!(
        c,
        '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}'
    );
    is_direction || (c.is_control() && !matches!(c, '\t' | '\n'))
}

#[cfg(test)]
mod tests {
    use super::{is_invisible, is_no_xml, named};

    #[test]
    fn only_what_is_forbidden_is_named() {
        let text = "a\tö\u{1f600}\u{7}\u{ffff}\u{202e}";
        assert_eq!(
            named(text, is_no_xml),
            "a\tö\u{1f600}\\u{7}\\u{ffff}\u{202e}"
        );
        assert_eq!(
            named(text, is_invisible),
            "a\tö\u{1f600}\\u{7}\u{ffff}\\u{202e}"
        );
        assert_eq!(named("plain", is_invisible), "plain");
    }
}
