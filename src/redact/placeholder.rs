//! The places of secrets, and what stands in for each.

use std::{borrow::Cow, collections::HashMap, ops::Range};

use super::text::Text;

/// What stands in the place of a secret.
pub(super) const REDACTED: &[u8] = b"REDACTED";

/// A secret, and which of several it is that cannot stand in for each other.
#[derive(Clone)]
pub(super) struct Place {
    pub range: Range<usize>,
    pub number: usize,
}

impl Place {
    pub fn instead(&self) -> Cow<'static, [u8]> {
        match self.number {
            0 | 1 => Cow::Borrowed(REDACTED),
            number => [REDACTED, format!("-{number}").as_bytes()].concat().into(),
        }
    }
}

pub(super) fn is_redacted(text: &[u8]) -> bool {
    text.strip_prefix(REDACTED).is_some_and(|rest| {
        let number = rest.strip_prefix(b"-").unwrap_or(b"1");
        rest.is_empty() || (!number.is_empty() && number.iter().all(u8::is_ascii_digit))
    })
}

/// Numbers the secrets in names of members: two names of an object that differ stay different.
pub(super) fn tell_apart(body: &[u8], names: &[Name], places: &mut [Place]) {
    let said = |name: &Name, places: &[Place]| {
        let within = places[name.places.clone()].iter();
        let moved = within.map(|place| {
            let range = place.range.start - name.range.start..place.range.end - name.range.start;
            (range, place.instead())
        });
        Text::of(&replaced(&body[name.range.clone()], moved)).bytes
    };
    let mut taken: HashMap<Vec<u8>, Vec<u8>> = HashMap::new();
    let mut tried: HashMap<Vec<u8>, usize> = HashMap::new();
    for has_places in [false, true] {
        for name in names {
            if name.places.is_empty() == has_places {
                continue;
            }
            let original = Text::of(&body[name.range.clone()]).bytes;
            let mut redacted = said(name, places);
            let first = redacted.clone();
            while taken.get(&redacted).is_some_and(|owner| *owner != original) && has_places {
                let number = tried.entry(first.clone()).or_insert(1);
                *number += 1;
                places[name.places.start].number = *number;
                redacted = said(name, places);
            }
            taken.insert(redacted, original);
        }
    }
}

/// The name of a member, and which of the places are in it.
pub(super) struct Name {
    pub range: Range<usize>,
    pub places: Range<usize>,
}

/// The text with other text in some places, which are in order.
pub(super) fn replaced(
    text: &[u8],
    places: impl IntoIterator<Item = (Range<usize>, Cow<'static, [u8]>)>,
) -> Cow<'_, [u8]> {
    let mut places = places.into_iter().peekable();
    if places.peek().is_none() {
        return Cow::Borrowed(text);
    }
    let mut out = Vec::with_capacity(text.len());
    let mut end = 0;
    for (place, instead) in places {
        out.extend_from_slice(&text[end..place.start]);
        out.extend_from_slice(&instead);
        end = place.end;
    }
    out.extend_from_slice(&text[end..]);
    Cow::Owned(out)
}
