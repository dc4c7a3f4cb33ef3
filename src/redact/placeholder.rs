//! Placeholders, numbered where different secrets must stay different.

use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
    ops::Range,
};

use super::unescaped::{Escapes, Unescaped};

/// Replaces a secret. Where several must stay different, the second becomes `REDACTED-2`, and so
/// on; nothing else is a placeholder.
pub const PLACEHOLDER: &str = "REDACTED";

pub(super) const REDACTED: &[u8] = PLACEHOLDER.as_bytes();

/// Replaces an integer, so that the JSON type stays.
const ZERO: &[u8] = b"0";
/// Replaces a number that is not an integer.
const FRACTION: &[u8] = b"0.5";

/// Replaces a number beyond the 64-bit integers.
const HUGE: &[u8] = b"1e300";
/// The smallest number above the 64-bit integers, 2⁶³.
const BEYOND_INTEGERS: f64 = 9_223_372_036_854_775_808.0;

/// A range of the source to be replaced.
#[derive(Clone, Debug)]
pub(super) struct Replacement {
    pub range: Range<usize>,
    pub instead: Instead,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Instead {
    /// `REDACTED`, or `REDACTED-2` and so on for secrets that must stay different.
    Placeholder(usize),
    Zero,
    Fraction,
    Huge,
}

impl Replacement {
    pub fn instead(&self) -> Cow<'static, [u8]> {
        match self.instead {
            Instead::Zero => Cow::Borrowed(ZERO),
            Instead::Fraction => Cow::Borrowed(FRACTION),
            Instead::Huge => Cow::Borrowed(HUGE),
            Instead::Placeholder(0 | 1) => Cow::Borrowed(REDACTED),
            Instead::Placeholder(number) => {
                [REDACTED, format!("-{number}").as_bytes()].concat().into()
            }
        }
    }
}

/// The placeholder of a number; `None` if it is one already.
pub(super) fn instead_of_number(text: &[u8]) -> Option<Instead> {
    let text = std::str::from_utf8(text).ok()?;
    let is_integer = text.parse::<i64>().is_ok();
    let (instead, placeholder) = match text.parse::<f64>() {
        Ok(value) if value.fract() != 0.0 => (Instead::Fraction, FRACTION),
        Ok(value) if !is_integer && !(-BEYOND_INTEGERS..BEYOND_INTEGERS).contains(&value) => {
            (Instead::Huge, HUGE)
        }
        _ => (Instead::Zero, ZERO),
    };
    (text.as_bytes() != placeholder).then_some(instead)
}

/// The number of a placeholder, if the text is exactly one; a mere prefix proves nothing.
pub(super) fn number(text: &[u8]) -> Option<usize> {
    let rest = text.strip_prefix(REDACTED)?;
    if rest.is_empty() {
        return Some(1);
    }
    let digits = std::str::from_utf8(rest.strip_prefix(b"-")?).ok()?;
    let number = digits.parse().ok()?;
    (number > 1 && digits == format!("{number}")).then_some(number)
}

pub(super) fn is_placeholder(text: &[u8]) -> bool {
    number(text).is_some()
}

/// Numbers secrets by their content.
#[derive(Default)]
pub(super) struct Numbers {
    of: HashMap<Vec<u8>, usize>,
    taken: HashSet<usize>,
    last: usize,
}

impl Numbers {
    /// An existing placeholder keeps its number.
    pub fn take(&mut self, number: usize) {
        self.taken.insert(number);
    }

    pub fn of(&mut self, secret: Vec<u8>) -> usize {
        let (taken, last) = (&self.taken, &mut self.last);
        let next = || {
            *last += 1;
            while taken.contains(last) {
                *last += 1;
            }
            *last
        };
        *self.of.entry(secret).or_insert_with(next)
    }
}

/// A member name, and the secrets in it.
pub(super) struct Name {
    pub range: Range<usize>,
    pub places: Range<usize>,
}

/// Numbers the secrets in member names, so that different names in an object stay different.
pub(super) fn tell_apart(body: &[u8], names: &[Name], places: &mut [Replacement]) {
    let plain = |text: &[u8]| Unescaped::of(text, Escapes::default()).bytes.into_owned();
    let said = |name: &Name, places: &[Replacement]| {
        let within = places[name.places.clone()].iter();
        let moved = within.map(|place| Replacement {
            range: place.range.start - name.range.start..place.range.end - name.range.start,
            instead: place.instead,
        });
        plain(&replaced(&body[name.range.clone()], moved))
    };
    let mut taken: HashMap<Vec<u8>, Vec<u8>> = HashMap::new();
    let mut tried: HashMap<Vec<u8>, usize> = HashMap::new();
    for has_places in [false, true] {
        for name in names {
            if name.places.is_empty() == has_places {
                continue;
            }
            let original = plain(&body[name.range.clone()]);
            let mut redacted = said(name, places);
            let first = redacted.clone();
            while taken.get(&redacted).is_some_and(|owner| *owner != original) && has_places {
                let number = tried.entry(first.clone()).or_insert(1);
                *number += 1;
                places[name.places.start].instead = Instead::Placeholder(*number);
                redacted = said(name, places);
            }
            taken.insert(redacted, original);
        }
    }
}

/// Replaces ranges of a text; the ranges are in order.
pub(super) fn replaced(
    text: &[u8],
    places: impl IntoIterator<Item = Replacement>,
) -> Cow<'_, [u8]> {
    let mut places = places.into_iter().peekable();
    if places.peek().is_none() {
        return Cow::Borrowed(text);
    }
    let mut out = Vec::with_capacity(text.len());
    let mut end = 0;
    for place in places {
        out.extend_from_slice(&text[end..place.range.start]);
        out.extend_from_slice(&place.instead());
        end = place.range.end;
    }
    out.extend_from_slice(&text[end..]);
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::{Numbers, Replacement, instead_of_number, number};

    #[test]
    fn only_the_exact_forms_are_placeholders() {
        assert_eq!(number(b"REDACTED"), Some(1));
        assert_eq!(number(b"REDACTED-12"), Some(12));
        for text in [
            "REDACTEDx",
            "REDACTED-",
            "REDACTED-1",
            "REDACTED-02",
            "REDACTED-+2",
            "REDACTED-2x",
            "redacted",
            "xREDACTED",
            "",
        ] {
            assert_eq!(number(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn a_number_keeps_its_json_type() {
        for (text, expected) in [
            ("7", "0"),
            ("-7.0", "0"),
            ("9223372036854775807", "0"),
            ("9223372036854775808", "1e300"),
            ("-1e20", "1e300"),
            ("-1.5", "0.5"),
        ] {
            let instead = instead_of_number(text.as_bytes()).unwrap();
            let place = Replacement {
                range: 0..text.len(),
                instead,
            };
            assert_eq!(*place.instead(), *expected.as_bytes(), "{text}");
            assert_eq!(instead_of_number(expected.as_bytes()), None);
        }
    }

    #[test]
    fn equal_secrets_have_one_number() {
        let mut numbers = Numbers::default();
        numbers.take(2);
        assert_eq!(
            ["a", "b", "a", "c"].map(|secret| numbers.of(secret.into())),
            [1, 3, 1, 4]
        );
    }
}
