//! Template filters for numbers and texts.

use minijinja::{Environment, Error, HtmlEscape, Output, State, Value, escape_formatter};

use seedance_query::redact::terminal;

pub(super) fn add_to(templates: &mut Environment<'_>) {
    templates.set_formatter(visible);
    templates.add_filter("number", number);
    templates.add_filter("plural", plural);
    templates.add_filter("share", share);
    templates.add_filter("words", words);
}

/// Escapes a value, invisible characters first.
fn visible(out: &mut Output, state: &mut State, value: &Value) -> Result<(), Error> {
    match value.as_str() {
        Some(text) if !value.is_safe() => {
            escape_formatter(out, state, &Value::from(terminal(text).as_ref()))
        }
        _ => escape_formatter(out, state, value),
    }
}

/// A number with its digits in groups of three.
pub(super) fn number(number: u64) -> String {
    let digits = number.to_string();
    if digits.len() < 4 {
        return digits;
    }
    let first = (digits.len() - 1) % 3 + 1;
    let mut grouped = digits[..first].to_owned();
    for at in (first..digits.len()).step_by(3) {
        grouped.push(',');
        grouped.push_str(&digits[at..at + 3]);
    }
    grouped
}

/// A number with its noun.
fn plural(count: u64, noun: &str) -> String {
    match count {
        1 => format!("1 {noun}"),
        count => format!("{} {noun}s", number(count)),
    }
}

/// A part in percent of a whole; only nothing is 0, and only all is 100.
fn share(part: u64, whole: u64) -> f64 {
    #[allow(clippy::cast_precision_loss, reason = "a bar is not that precise")]
    let percent = part as f64 * 100.0 / whole.max(1) as f64;
    match part {
        0 => 0.0,
        part if part == whole => 100.0,
        _ => (percent * 10.0).round().clamp(5.0, 995.0) / 10.0,
    }
}

/// A sentence with its words in backquotes as code.
fn words(text: &str) -> Value {
    let text = terminal(text);
    let parts = text.split('`');
    if parts.clone().count().is_multiple_of(2) {
        return Value::from_safe_string(HtmlEscape(&text).to_string());
    }
    let html = parts.enumerate().map(|(index, part)| match index % 2 {
        0 => HtmlEscape(part).to_string(),
        _ => format!("<code>{}</code>", HtmlEscape(part)),
    });
    Value::from_safe_string(html.collect())
}

#[cfg(test)]
mod tests {
    use super::{number, plural, share, words};

    #[test]
    fn groups_thousands() {
        for (given, expected) in [
            (0, "0"),
            (999, "999"),
            (9_999, "9,999"),
            (10_000, "10,000"),
            (123_456, "123,456"),
            (1_234_567, "1,234,567"),
        ] {
            assert_eq!(number(given), expected);
        }
        assert_eq!(plural(1, "task"), "1 task");
        assert_eq!(plural(0, "task"), "0 tasks");
    }

    #[test]
    fn small_shares_are_not_zero() {
        let shares = [
            (0, 0),
            (0, 9),
            (9, 9),
            (1, 3),
            (1, 1 << 40),
            ((1 << 40) - 1, 1 << 40),
        ];
        let shares = shares.map(|(part, whole)| share(part, whole).to_string());
        assert_eq!(shares, ["0", "0", "100", "33.3", "0.5", "99.5"]);
    }

    #[test]
    fn text_never_becomes_markup() {
        assert_eq!(words("a `<b>` c").to_string(), "a <code>&lt;b&gt;</code> c");
        assert_eq!(
            words("a\u{202e}`<b> c\u{0}").to_string(),
            "a\\u{202e}`&lt;b&gt; c\\u{0}"
        );
    }
}
