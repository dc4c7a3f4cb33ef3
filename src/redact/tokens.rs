//! Secrets recognised by their form: API keys, tokens, private keys.

use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};

use super::{nesting::Nesting, secret::Secret, unescaped::Unescaped};

/// Minimum length of a key.
pub(super) const MIN_KEY: usize = 8;

/// The prefix of an API key, which is kept.
const API_KEY: &[u8] = b"sk-";

/// Prefixes of access keys, and the number of letters and digits after each.
const ACCESS_KEYS: [(&[u8], usize, usize); 8] = [
    (b"AKIA", 16, 16),
    (b"ASIA", 16, 16),
    (b"LTAI", 12, 26),
    (b"AKID", 28, 32),
    (b"AKLT", 20, 60),
    (b"AKTP", 20, 60),
    (b"AIza", 35, 35),
    (b"ghp_", 36, 36),
];

const JWT: &[u8] = b"eyJ";
const PEM: &[u8] = b"-----BEGIN ";
const PEM_END: &[u8] = b"-----END";
const DASHES: &[u8] = b"-----";
const PRIVATE_KEY: &[u8] = b"PRIVATE KEY";

const BEARER: &[u8] = b"bearer";
const BASIC: &[u8] = b"basic";

/// Quick test whether such a secret can begin here.
pub(super) fn may_begin(text: &[u8], at: usize) -> bool {
    let rest = &text[at..];
    match rest[0] {
        b's' => rest.starts_with(API_KEY),
        b'e' => rest.starts_with(JWT),
        b'-' => rest.starts_with(PEM),
        b'A' | b'L' | b'g' => ACCESS_KEYS
            .iter()
            .any(|(prefix, ..)| rest.starts_with(prefix)),
        b'b' | b'B' => is_scheme(rest, BEARER) || is_scheme(rest, BASIC),
        _ => false,
    }
}

fn is_scheme(text: &[u8], scheme: &[u8]) -> bool {
    text.get(..scheme.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(scheme))
}

pub(super) fn find(text: &Unescaped<'_>, is_json: bool, found: &mut Vec<Secret>) {
    let mut nesting = Nesting::new(text, is_json);
    let text = &*text.bytes;
    let mut at = 0;
    // Skips the whole run, no part of which is a token: keeps the time linear.
    let mut no_jwt = 0;
    while at < text.len() {
        if !may_begin(text, at) {
            at += 1;
            continue;
        }
        let rest = &text[at..];
        let is_inside = text[..at].last().is_some_and(u8::is_ascii_alphanumeric);
        let place = match rest[0] {
            b'e' if at < no_jwt => None,
            b'e' => {
                no_jwt = at + length(rest, is_base64url);
                jwt(rest)
            }
            b'-' => private_key(&text[at..nesting.end(at)]),
            b's' if !is_inside => api_key(rest),
            b'b' | b'B' => credentials(rest),
            _ if !is_inside => access_key(rest),
            _ => None,
        };
        match place {
            Some((start, end)) => {
                found.push(Secret::text(at + start..at + end));
                at += end;
            }
            None => at += 1,
        }
    }
}

type Found = Option<(usize, usize)>;

fn length(text: &[u8], is_part: impl Fn(u8) -> bool) -> usize {
    text.iter().take_while(|byte| is_part(**byte)).count()
}

fn is_base64url(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')
}

fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_' | b'=')
}

fn api_key(text: &[u8]) -> Found {
    let length = length(&text[API_KEY.len()..], is_base64url);
    (length >= MIN_KEY).then_some((API_KEY.len(), API_KEY.len() + length))
}

/// Whether a text contains an API key.
pub(super) fn has_api_key(text: &[u8]) -> bool {
    memchr::memmem::find_iter(text, API_KEY).any(|at| {
        let is_inside = text[..at].last().is_some_and(u8::is_ascii_alphanumeric);
        !is_inside && api_key(&text[at..]).is_some()
    })
}

fn access_key(text: &[u8]) -> Found {
    ACCESS_KEYS.iter().find_map(|(prefix, min, max)| {
        let rest = text.strip_prefix(*prefix)?;
        let length = length(&rest[..rest.len().min(max + 1)], is_base64url);
        (*min..=*max)
            .contains(&length)
            .then_some((0, prefix.len() + length))
    })
}

/// A JSON Web Token: three or more parts, the first of which is a JSON object.
fn jwt(text: &[u8]) -> Found {
    /// The shortest header that names an algorithm has ten characters.
    const MIN_HEADER: usize = 10;
    let header = length(text, is_base64url);
    let rest = &text[header..];
    let payload = length(rest.strip_prefix(b".")?, is_base64url);
    if header < MIN_HEADER || payload < 2 {
        return None;
    }
    let rest = &rest[1 + payload..];
    let signature = length(rest.strip_prefix(b".")?, |byte| {
        is_base64url(byte) || byte == b'.'
    });
    // A trailing full stop belongs to the sentence.
    let length = header + 1 + payload + 1 + signature;
    let end = length
        - text[..length]
            .iter()
            .rev()
            .take_while(|byte| **byte == b'.')
            .count();
    Some((0, end))
}

/// The contents of a PEM private key, also if its end is missing.
fn private_key(text: &[u8]) -> Found {
    const MAX_LABEL: usize = 64;
    let label = &text[PEM.len()..text.len().min(PEM.len() + MAX_LABEL)];
    let length = memchr::memmem::find(label, DASHES)?;
    memchr::memmem::find(&label[..length], PRIVATE_KEY)?;
    let start = PEM.len() + length + DASHES.len();
    let end = memchr::memmem::find(&text[start..], PEM_END).map_or(text.len(), |end| start + end);
    let is_there = text[start..end]
        .iter()
        .any(|byte| !byte.is_ascii_whitespace());
    is_there.then_some((start, end))
}

/// The credentials after an authentication scheme.
fn credentials(text: &[u8]) -> Found {
    let is_bearer = is_scheme(text, BEARER);
    let name = if is_bearer { BEARER.len() } else { BASIC.len() };
    let blanks = length(&text[name..], |byte| matches!(byte, b' ' | b'\t'));
    let start = name + blanks;
    let rest = &text[start..];
    let is_word = |byte: u8| !byte.is_ascii_whitespace() && !b"\"'<>`".contains(&byte);
    if blanks == 0 {
        return None;
    }
    if is_bearer {
        let length = length(rest, is_word);
        let is_key = length >= MIN_KEY && memchr::memmem::find(&rest[..length], b"://").is_none();
        return is_key.then_some((start, start + length));
    }
    // "Basic" is also a word; credentials decode to `user:password`.
    let length = length(rest, is_base64);
    let plain = rest[..length].trim_ascii_end();
    let padding = plain.iter().rev().take_while(|byte| **byte == b'=').count();
    let plain = STANDARD_NO_PAD
        .decode(&plain[..plain.len() - padding])
        .ok()?;
    plain.contains(&b':').then_some((start, start + length))
}

#[cfg(test)]
mod tests {
    use super::super::render::bytes;

    #[test]
    fn knows_keys_and_tokens_by_their_looks() {
        let pem = "-----BEGIN RSA PRIVATE KEY-----\nMIIE\nabc=\n-----END RSA PRIVATE KEY-----";
        for (text, redacted) in [
            ("key sk-live-51Hsecret given", "key sk-REDACTED given"),
            ("Bearer abcd1234efgh.", "Bearer REDACTED"),
            ("basic dXNlcjpwYXNz!", "basic REDACTED!"),
            (
                "Basic authentication, bearer of news",
                "Basic authentication, bearer of news",
            ),
            (
                "a eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln. b",
                "a REDACTED. b",
            ),
            ("AKIAIOSFODNN7EXAMPLE is", "REDACTED is"),
            ("LTAI5tAbCdEfGhIjKlMnOpQr,", "REDACTED,"),
            (
                "asyntask_AKIAabcdefghijklmnopqrstuvwxyz01",
                "asyntask_AKIAabcdefghijklmnopqrstuvwxyz01",
            ),
            (
                pem,
                "-----BEGIN RSA PRIVATE KEY-----\nREDACTED\nREDACTED\n-----END RSA PRIVATE KEY-----",
            ),
            (
                r#"{"m":"-----BEGIN PRIVATE KEY-----\nMIIE","n":"x"}"#,
                r#"{"m":"-----BEGIN PRIVATE KEY-----\nREDACTED","n":"x"}"#,
            ),
            (
                r#"{"m":"-----BEGIN PRIVATE KEY-----MIIE","n":"sk-live-51Hsecret"}"#,
                r#"{"m":"-----BEGIN PRIVATE KEY-----REDACTED","n":"sk-REDACTED"}"#,
            ),
            (
                r#"{"m":"{\"a\":\"-----BEGIN PRIVATE KEY-----MIIE\",\"b\":\"x\"}"}"#,
                r#"{"m":"{\"a\":\"-----BEGIN PRIVATE KEY-----REDACTED\",\"b\":\"x\"}"}"#,
            ),
        ] {
            for text in [text, redacted] {
                assert_eq!(
                    String::from_utf8_lossy(&bytes(text.as_bytes(), &[])),
                    redacted
                );
            }
        }
    }
}
