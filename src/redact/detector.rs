//! Finds every secret in a text, and its placeholder.

use std::ops::Range;

use super::{
    escape::{Plain, unescape},
    identity,
    json::{Strings, is_json},
    known::{self, Known},
    members,
    nesting::Nesting,
    placeholder::{
        Instead, Name, Numbers, REDACTED, Replacement, instead_of_number, is_placeholder, number,
        tell_apart,
    },
    secret::{Secret, SecretKind},
    tokens,
    unescaped::{Escapes, Unescaped},
    urls::{self, Extent},
};

/// Which secrets to look for.
#[derive(Clone, Copy)]
pub(super) struct Detector<'a> {
    pub known: &'a [Known],
    /// Whether everything that looks like a secret is hidden.
    pub detects: bool,
    /// Whether what identifies the caller is hidden as well.
    pub ids: bool,
    pub extent: Extent,
    /// Whether the text is a JSON Pointer.
    pub is_pointer: bool,
}

/// A secret in the source.
struct Hit {
    range: Range<usize>,
    kind: HitKind,
}

#[derive(Clone, PartialEq, Eq)]
enum HitKind {
    Text,
    /// What distinguishes it from other secrets.
    Distinct(Vec<u8>),
    Number,
}

/// Quick test whether a text can contain a secret at all; most texts cannot.
fn can_hold_secrets(text: &[u8]) -> bool {
    let tells = |(at, byte): (usize, &u8)| match byte {
        b':' | b'=' | b'>' | b'/' | b'\\' | b'&' | b'?' => true,
        _ => tokens::may_begin(text, at),
    };
    text.iter().enumerate().any(tells)
}

impl Detector<'_> {
    /// The places of the secrets, in order.
    pub fn places(&self, body: &[u8]) -> Vec<Replacement> {
        let detects = (self.detects && can_hold_secrets(body)) || self.ids;
        if !detects && self.known.is_empty() {
            return Vec::new();
        }
        let is_json = is_json(body);
        let mut hits = Vec::new();
        if detects {
            self.detect(body, is_json, &mut hits);
        }
        let mut found = Vec::new();
        known::find(body, self.known, &mut found);
        hits.extend(found.into_iter().map(|range| Hit {
            range,
            kind: HitKind::Distinct(Vec::new()),
        }));
        let hits = merged(body, hits);
        let mut places = Self::numbered(body, is_json, hits);
        if is_json && !places.is_empty() {
            let names = names(body, &places);
            tell_apart(body, &names, &mut places);
        }
        places
    }

    fn detect(&self, body: &[u8], is_json: bool, hits: &mut Vec<Hit>) {
        let escapes = Escapes {
            pointer: self.is_pointer,
            ..Escapes::default()
        };
        let text = Unescaped::of(body, escapes);
        let mut found: Vec<Secret> = Vec::new();
        if self.detects {
            let queries = urls::find(&text, self.extent, &mut found);
            tokens::find(&text, is_json, &mut found);
            members::find(&text, is_json, self.ids, &queries, &mut found);
        }
        if self.ids {
            identity::find(&text.bytes, &mut found);
        }
        found.sort_by_key(|secret| secret.range.start);
        let mut nesting = Nesting::new(&text, is_json);
        hits.extend(found.into_iter().map(|secret| Hit {
            range: text.source(secret.range.start)
                ..text.source(secret.range.end.min(nesting.end(secret.range.start))),
            kind: match secret.kind {
                SecretKind::Text => HitKind::Text,
                SecretKind::Number => HitKind::Number,
                SecretKind::Distinct(range) => HitKind::Distinct(text.bytes[range].to_vec()),
            },
        }));
    }

    /// The placeholder of each, within the strings of a JSON text.
    fn numbered(body: &[u8], is_json: bool, hits: Vec<Hit>) -> Vec<Replacement> {
        let mut pieces = Vec::with_capacity(hits.len());
        let mut strings = Strings::of(body);
        let mut string = None;
        for hit in hits {
            let range = if is_json {
                while string
                    .as_ref()
                    .is_none_or(|it: &Range<usize>| it.end < hit.range.start)
                {
                    string = strings.next();
                    if string.is_none() {
                        break;
                    }
                }
                match &string {
                    Some(string) if string.start <= hit.range.start => {
                        hit.range.start..hit.range.end.min(string.end)
                    }
                    // What is outside of strings is a number.
                    _ if hit.kind == HitKind::Number => hit.range,
                    _ => continue,
                }
            } else {
                hit.range
            };
            if hit.kind == HitKind::Number {
                if instead_of_number(&body[range.clone()]).is_some() {
                    pieces.push((range, HitKind::Number));
                }
                continue;
            }
            split(body, range, |piece| pieces.push((piece, hit.kind.clone())));
        }
        let mut numbers = Numbers::default();
        for (range, kind) in &pieces {
            if let (HitKind::Distinct(_), Some(number)) = (kind, number(&body[range.clone()])) {
                numbers.take(number);
            }
        }
        pieces.retain(|(range, _)| !is_placeholder(&body[range.clone()]));
        let place = |(range, kind): (Range<usize>, HitKind)| Replacement {
            instead: match kind {
                HitKind::Number => instead_of_number(&body[range.clone()]).unwrap_or(Instead::Zero),
                HitKind::Text => Instead::Placeholder(1),
                HitKind::Distinct(what) => Instead::Placeholder(numbers.of(what)),
            },
            range,
        };
        pieces.into_iter().map(place).collect()
    }
}

/// Merges secrets that overlap or touch.
fn merged(body: &[u8], mut hits: Vec<Hit>) -> Vec<Hit> {
    hits.sort_unstable_by_key(|hit| (hit.range.start, hit.range.end));
    let mut merged: Vec<Hit> = Vec::with_capacity(hits.len());
    for hit in hits {
        match merged.last_mut() {
            Some(last) if hit.range.start <= last.range.end => {
                let is_within = hit.range.end <= last.range.end;
                last.range.end = last.range.end.max(hit.range.end);
                if last.kind == HitKind::Number
                    || (is_within && matches!(hit.kind, HitKind::Number))
                {
                    last.kind = HitKind::Text;
                }
                if !is_within || matches!(hit.kind, HitKind::Distinct(_)) {
                    last.kind = match (&last.kind, &hit.kind) {
                        (HitKind::Text, HitKind::Text | HitKind::Number) => HitKind::Text,
                        _ => HitKind::Distinct(body[last.range.clone()].to_vec()),
                    };
                }
            }
            _ => merged.push(hit),
        }
    }
    merged
}

/// Splits a secret around what must be kept because the verdict depends on it: control characters,
/// bytes that are not UTF-8, and lone surrogates.
fn split(body: &[u8], range: Range<usize>, mut add: impl FnMut(Range<usize>)) {
    let mut start = range.start;
    let mut add = |piece: Range<usize>| {
        let text = &body[piece.clone()];
        let blanks = text.len() - text.trim_ascii_start().len();
        let start = piece.start + blanks;
        let piece = start..start + text.trim_ascii().len();
        if !piece.is_empty() {
            add(piece);
        }
    };
    let mut at = range.start;
    for chunk in body[range.clone()].utf8_chunks() {
        let end = at + chunk.valid().len();
        while at < end {
            let (length, stays) = match unescape_control(&body[at..end]) {
                Some(length) => (length, true),
                None => (escape_length(&body[at..end]), false),
            };
            if stays {
                add(start..at);
                start = at + length;
            }
            at += length;
        }
        if !chunk.invalid().is_empty() {
            add(start..at);
            at += chunk.invalid().len();
            start = at;
        }
    }
    add(start..range.end);
}

fn unescape_control(text: &[u8]) -> Option<usize> {
    if text[0].is_ascii_control() {
        return Some(1);
    }
    if text[0] != b'\\' {
        return None;
    }
    let (length, plain) = unescape(text)?;
    let stays = match plain {
        Plain::Byte(byte) => byte.is_ascii_control(),
        Plain::Character(character) => character.is_ascii_control(),
        Plain::Surrogate => true,
    };
    stays.then_some(length)
}

fn escape_length(text: &[u8]) -> usize {
    match text[0] {
        b'\\' => unescape(text).map_or(1, |(length, _)| length),
        _ => 1,
    }
}

/// Member names that contain a secret, or look like it.
fn names(body: &[u8], places: &[Replacement]) -> Vec<Name> {
    let strings = Strings::of(body);
    let mut names = Vec::new();
    let mut next = 0;
    for string in Strings::of(body) {
        while places
            .get(next)
            .is_some_and(|place| place.range.start < string.start)
        {
            next += 1;
        }
        let first = next;
        while places
            .get(next)
            .is_some_and(|place| place.range.end <= string.end)
        {
            next += 1;
        }
        let text = &body[string.clone()];
        let is_told = first < next || memchr::memmem::find(text, REDACTED).is_some();
        if is_told && strings.is_name(&string) {
            names.push(Name {
                range: string,
                places: first..next,
            });
        }
    }
    names
}
