//! Untrusted text on a terminal.

use std::{borrow::Cow, fmt::Write as _};

/// Escapes control and bidirectional characters, so that text from a server or a file cannot move
/// the cursor, set the title or change the reading order.
///
/// Line ends and tabs are kept. Escapes have Rust's form, such as `\u{1b}`.
///
/// # Examples
///
/// ```
/// use seedance_query::redact::terminal;
///
/// assert_eq!(terminal("\u{1b}[2Jgone\u{202e}4pm"), r"\u{1b}[2Jgone\u{202e}4pm");
/// assert_eq!(terminal("two\n\tlines"), "two\n\tlines");
/// ```
#[must_use]
pub fn terminal(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        if is_hidden(character) {
            let _ = write!(out, "\\u{{{:x}}}", u32::from(character));
        } else {
            out.push(character);
        }
    }
    Cow::Owned(out)
}

/// The same for JSON, whose value does not change.
///
/// # Examples
///
/// ```
/// use seedance_query::redact::terminal_json;
///
/// assert_eq!(terminal_json("{\"a\":\"x\u{202e}y\"}"), r#"{"a":"x\u202ey"}"#);
/// ```
#[must_use]
pub fn terminal_json(json: &str) -> Cow<'_, str> {
    if !json.chars().any(is_hidden) {
        return Cow::Borrowed(json);
    }
    let mut out = String::with_capacity(json.len() + 16);
    for character in json.chars() {
        if character == '\r' {
            // Unescaped, it is outside of strings, where any white space will do.
            out.push(' ');
        } else if is_hidden(character) {
            for unit in character.encode_utf16(&mut [0; 2]) {
                let _ = write!(out, "\\u{unit:04x}");
            }
        } else {
            out.push(character);
        }
    }
    Cow::Owned(out)
}

/// Whether a character has an effect other than being visible.
fn is_hidden(character: char) -> bool {
    match character {
        '\n' | '\t' => false,
        // Bidirectional marks, embeddings, overrides and isolates; Unicode line separators;
        // zero-width characters; tags.
        '\u{61c}'
        | '\u{200e}'
        | '\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2066}'..='\u{2069}'
        | '\u{2028}'
        | '\u{2029}'
        | '\u{200b}'
        | '\u{feff}'
        | '\u{e0000}'..='\u{e007f}' => true,
        character => character.is_control(),
    }
}

#[cfg(test)]
mod tests {
    use super::{is_hidden, terminal, terminal_json};

    #[test]
    fn nothing_that_acts_is_left() {
        for range in [0..=0x2fff, 0xe000..=0xffff, 0xe0000..=0xe00ff] {
            for character in range.filter_map(char::from_u32) {
                let text = format!("a{character}b");
                let shown = terminal(&text);
                assert!(!shown.chars().any(is_hidden), "{character:?}");
                let is_kept = matches!(character, '\n' | '\t') || !character.is_control();
                assert!(is_kept || shown.starts_with("a\\u{"), "{shown}");
            }
        }
        for sequence in [
            "\u{1b}]0;title\u{7}",
            "\u{9b}31m",
            "\r",
            "\u{8}",
            "\u{7f}",
            "\u{202e}",
        ] {
            assert_ne!(terminal(sequence), sequence);
        }
    }

    #[test]
    fn json_says_the_same() {
        let value = serde_json::json!({ "a\u{202e}": "\u{9b}\u{e0041}\u{7f}\n\u{1b}é" });
        let text = value.to_string();
        let shown = terminal_json(&text);
        assert_ne!(shown, text);
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(&shown).unwrap(),
            value
        );
        assert_eq!(terminal_json("{\r\n}"), "{ \n}");
    }
}
