//! Known secrets, such as the API key, in every encoding in which they can be echoed.

use std::ops::Range;

use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};
use memchr::memmem;

use super::{
    placeholder::REDACTED,
    tokens::MIN_KEY,
    unescaped::{Escapes, Unescaped},
};

/// The prefix of an API key; some gateways echo a key without it.
const PREFIX: &str = "sk-";

/// Shorter pieces of base64 also occur in ordinary words.
const MIN_BASE64: usize = 8;

/// Marks the end of a shortened text, such as an excerpt; a secret may be cut off just before it.
const CUT_OFF: &str = "…";
/// Shorter prefixes of a secret also occur in ordinary words.
const MIN_PART: usize = 4;

const ESCAPES: Escapes = Escapes {
    percent: true,
    pointer: true,
};

/// A text that is a secret wherever it occurs.
#[derive(Clone)]
pub(super) struct Known {
    /// The texts in lower case, as hosts and header names are. Short ones match whole words only.
    texts: Vec<Vec<u8>>,
    /// The base64 form of the text, on its own and inside the base64 of a longer text.
    encoded: Vec<Vec<u8>>,
}

impl Known {
    /// `None` if the text is empty or the placeholder.
    pub fn new(secret: &str) -> Option<Self> {
        let bare = secret.strip_prefix(PREFIX).filter(|bare| !bare.is_empty());
        let texts = [Some(secret), bare].into_iter().flatten();
        let texts = texts.map(|text| {
            Unescaped::of(text.as_bytes(), ESCAPES)
                .bytes
                .to_ascii_lowercase()
        });
        let mut texts: Vec<_> = texts.collect();
        let placeholder = REDACTED.to_ascii_lowercase();
        texts.retain(|text| !text.is_empty() && memmem::find(&placeholder, text).is_none());
        let encoded = if texts.is_empty() {
            Vec::new()
        } else {
            encoded(secret.as_bytes())
        };
        (!texts.is_empty()).then_some(Self { texts, encoded })
    }
}

/// The base64 forms of a text at each of the three possible offsets.
fn encoded(secret: &[u8]) -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    for before in 0..3_usize {
        let padded = [&vec![0; before][..], secret].concat();
        let whole = STANDARD_NO_PAD.encode(&padded).into_bytes();
        // Characters that also encode neighbouring bytes are dropped.
        let first = (before * 8).div_ceil(6);
        let last = padded.len() * 8 / 6;
        let inner = &whole[first.min(last)..last];
        if inner.len() >= MIN_BASE64 {
            all.push(inner.to_vec());
        }
        if before == 0 && inner.len() < MIN_BASE64 && whole.len() >= MIN_BASE64 / 2 {
            all.push(whole);
        }
    }
    let url_safe = |text: &Vec<u8>| {
        let safe = |byte: &u8| match byte {
            b'+' => b'-',
            b'/' => b'_',
            byte => *byte,
        };
        text.iter().map(safe).collect::<Vec<u8>>()
    };
    let safe: Vec<_> = all
        .iter()
        .map(url_safe)
        .filter(|text| !all.contains(text))
        .collect();
    all.extend(safe);
    all
}

/// The places of known secrets in a source.
pub(super) fn find(source: &[u8], known: &[Known], found: &mut Vec<Range<usize>>) {
    if known.is_empty() {
        return;
    }
    let text = Unescaped::of(source, ESCAPES);
    let lower = text.bytes.to_ascii_lowercase();
    let mut add = |range: Range<usize>| {
        found.push(text.source(range.start)..text.source(range.end));
    };
    for secret in known.iter().flat_map(|known| &known.texts) {
        let is_short = secret.len() < MIN_KEY;
        for at in memmem::find_iter(&lower, secret) {
            let range = at..at + secret.len();
            if !is_short || stands_alone(&lower, &range, |byte| byte.is_ascii_alphanumeric()) {
                add(range);
            }
        }
        for end in memmem::find_iter(&lower, CUT_OFF.as_bytes()) {
            let is_there = |length: &usize| lower[..end].ends_with(&secret[..*length]);
            if let Some(length) = (MIN_PART..secret.len()).rev().find(is_there) {
                add(end - length..end);
            }
        }
    }
    for secret in known.iter().flat_map(|known| &known.encoded) {
        let is_part =
            |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'_' | b'=');
        let mut from = 0;
        while let Some(at) = memmem::find(&text.bytes[from..], secret) {
            let range = from + at..from + at + secret.len();
            from = range.end;
            if secret.len() < MIN_BASE64 {
                if stands_alone(&text.bytes, &range, is_part) {
                    add(range);
                }
                continue;
            }
            // The neighbouring characters encode its first and last bits.
            let before = text.bytes[..range.start]
                .iter()
                .rev()
                .take_while(|byte| is_part(**byte))
                .count();
            let after = text.bytes[range.end..]
                .iter()
                .take_while(|byte| is_part(**byte))
                .count();
            from = range.end + after;
            add(range.start - before..from);
        }
    }
}

/// Whether a match is a whole word.
fn stands_alone(text: &[u8], place: &Range<usize>, is_part: impl Fn(u8) -> bool) -> bool {
    let before = text[..place.start].last();
    let mut neighbours = before.into_iter().chain(text.get(place.end));
    !neighbours.any(|byte| is_part(*byte))
}

#[cfg(test)]
mod tests {
    use base64::{Engine as _, engine::general_purpose::STANDARD};

    use super::super::redactor::Redactor;

    #[test]
    fn a_key_is_found_in_every_form() {
        let key = "sk-Plain/Key+0123";
        let redactor = Redactor::new().secret(key);
        let escaped = |escape: fn(u8) -> String| key.bytes().map(escape).collect::<String>();
        let percent = escaped(|byte| format!("%{byte:02x}"));
        let entity = escaped(|byte| format!("&#x{byte:x};"));
        let unicode = escaped(|byte| format!("\\u{byte:04X}"));
        let mut forms = vec![
            key.to_owned(),
            key.to_ascii_lowercase(),
            key[3..].to_owned(),
            key.replace('/', "%2F"),
            key.replace('/', "~1"),
            key.replace('/', "\\/"),
            percent.replace('%', "%25"),
            percent,
            entity.replace('&', "&amp;"),
            entity,
            unicode.replace('\\', "\\\\\\"),
            unicode,
        ];
        for before in ["", "u", "u:", "u:p"] {
            let encoded = STANDARD.encode(format!("{before}{key}"));
            forms.push(encoded.replace('+', "-").replace('/', "_"));
            forms.push(encoded);
        }
        for form in forms {
            let redacted = redactor.text(&form).into_owned();
            assert!(
                redacted == "REDACTED" || redacted == "sk-REDACTED",
                "{form}: {redacted}"
            );
            let body = format!("{{\"message\":\"no ({form}) here\"}}");
            let redacted = String::from_utf8(redactor.bytes(body.as_bytes()).into_owned()).unwrap();
            assert!(
                redacted.starts_with("{\"message\":\"no (")
                    && redacted.ends_with("REDACTED) here\"}"),
                "{redacted}"
            );
        }
    }

    #[test]
    fn a_key_that_is_cut_off_is_found() {
        let key = "Plain/Key+0123";
        let redactor = Redactor::new().secret(key);
        for length in 4..key.len() {
            for cut in [&key[..length], &key[..length].replace('/', "%2F")] {
                let text = format!("\"no {cut}…\" is no status");
                assert_eq!(redactor.text(&text), "\"no REDACTED…\" is no status");
            }
        }
        assert_eq!(redactor.text("the plan…, the Pla…"), "the plan…, the Pla…");
    }

    #[test]
    fn a_short_key_is_a_word() {
        let redactor = Redactor::new().secret("k7");
        assert_eq!(
            redactor.text("k7 ak7 k71 (K7)"),
            "REDACTED ak7 k71 (REDACTED)"
        );
        let redactor = Redactor::new().secret("").secret("REDACTED").secret("dact");
        assert_eq!(redactor.text("dact, REDACTED"), "dact, REDACTED");
    }
}
