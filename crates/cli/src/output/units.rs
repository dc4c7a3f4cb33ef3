//! Numbers with their nouns and units.

use std::{fmt, time::Duration};

/// A number with its noun, in the plural where it has to be.
pub(crate) fn count<N: Copy + fmt::Display + PartialEq + From<u8>>(
    number: N,
    noun: &str,
) -> String {
    let is_one = number == N::from(1);
    format!("{number} {noun}{}", if is_one { "" } else { "s" })
}

/// A number with its digits in groups of three, and its noun.
pub(crate) fn grouped(number: u64, noun: &str) -> String {
    let plural = match (number, noun.strip_suffix('y')) {
        (1, _) => noun.to_owned(),
        (_, Some(stem)) => format!("{stem}ies"),
        (_, None) => format!("{noun}s"),
    };
    format!("{} {plural}", digits(number))
}

/// A number with its digits in groups of three.
pub(crate) fn digits(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() * 4 / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// A duration in whole seconds, such as `23h 59m 12s`.
pub(crate) fn span(time: Duration) -> String {
    let seconds = i64::try_from(time.as_secs()).unwrap_or(i64::MAX);
    format!("{:#}", jiff::SignedDuration::from_secs(seconds))
}

#[cfg(test)]
mod tests {
    use super::{digits, grouped};

    #[test]
    fn digits_are_in_groups_of_three() {
        for (number, text) in [
            (0, "0"),
            (999, "999"),
            (1_000, "1,000"),
            (1_234_567, "1,234,567"),
        ] {
            assert_eq!(digits(number), text);
        }
        assert_eq!(grouped(1, "HAR entry"), "1 HAR entry");
        assert_eq!(grouped(1_240, "line"), "1,240 lines");
        assert_eq!(grouped(2, "HAR entry"), "2 HAR entries");
    }
}
