//! Characters that XML does not allow, or that are not seen, by their code points.

use std::borrow::Cow;

use seedance_query::redact::terminal;

/// A text for XML: what acts on a terminal, and what XML does not allow, is replaced by its code
/// point, such as `\u{7}`.
pub(super) fn xml(text: &str) -> Cow<'_, str> {
    let is_forbidden = |c: char| matches!(c, '\u{fffe}' | '\u{ffff}');
    let shown = terminal(text);
    if !shown.contains(is_forbidden) {
        return shown;
    }
    let mut escaped = String::with_capacity(shown.len());
    for c in shown.chars() {
        if is_forbidden(c) {
            escaped.extend(c.escape_unicode());
        } else {
            escaped.push(c);
        }
    }
    Cow::Owned(escaped)
}

#[cfg(test)]
mod tests {
    use super::xml;

    #[test]
    fn only_what_is_forbidden_is_named() {
        let text = "a\tö\u{1f600}\u{7}\u{ffff}\u{202e}\n";
        assert_eq!(xml(text), "a\tö\u{1f600}\\u{7}\\u{ffff}\\u{202e}\n");
        assert_eq!(xml("plain"), "plain");
    }
}
