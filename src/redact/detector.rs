//! The secrets in a text whose escapes are undone.

use std::ops::Range;

/// How much of a URL is a secret.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Extent {
    /// The values of its parameters, but for those that are known to be harmless.
    Value,
    /// Its query as a whole, so that it is short.
    Query,
}

/// Parameters whose values are no secrets, in lower case: how and how long a URL is signed.
const HARMLESS: [&str; 4] = [
    "expires",
    "x-oss-date",
    "x-oss-expires",
    "x-oss-signature-version",
];
/// The same of the stores whose parameters have a common prefix.
const HARMLESS_OF_A_STORE: [&str; 6] = [
    "algorithm",
    "date",
    "expires",
    "signedheaders",
    "max-requests",
    "process",
];
const STORES: [&str; 2] = ["x-tos-", "x-amz-"];

/// How the names of secrets end, in lower case and without `-` and `_`.
const SECRET: [&str; 9] = [
    "signature",
    "credential",
    "token",
    "secret",
    "password",
    "apikey",
    "accesskey",
    "accesskeyid",
    "secretkey",
];

const SCHEME_END: &[u8] = b"://";

/// A longer name or value is not what it seems.
const LONGEST_NAME: usize = 40;
const LONGEST_VALUE: usize = 128;

/// A shorter word is no key.
pub(super) const KEY: usize = 8;

/// Whether there is anything in a text that a secret is told by: most texts have nothing of it.
pub(super) fn can_hold_secrets(text: &[u8]) -> bool {
    let ends_with = |end: usize, word: &[u8]| {
        let start = end.saturating_sub(word.len());
        text[start..end].eq_ignore_ascii_case(word)
    };
    text.iter().enumerate().any(|(at, byte)| match byte {
        // Of a scheme, of a signing parameter.
        b':' | b'=' | b'\\' => true,
        b'-' => ends_with(at, b"sk"),
        b'r' | b'R' => ends_with(at + 1, b"bearer"),
        _ => false,
    })
}

/// The places of the secrets; they can overlap.
pub(super) fn secrets(text: &[u8], extent: Extent) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut after_bearer = false;
    let mut start = 0;
    for word in text.split(|byte| is_delimiter(*byte)) {
        if !word.is_empty() {
            if after_bearer && word.len() >= KEY && find(word, SCHEME_END).is_none() {
                found.push(start..start + word.len());
            } else {
                in_word(word, start, extent, &mut found);
            }
            after_bearer = ends_with(word, b"bearer");
        }
        start += word.len() + 1;
    }
    found
}

/// Whether a member or a parameter of this name is a secret.
pub(super) fn is_secret(name: &[u8]) -> bool {
    if name.len() > LONGEST_NAME {
        return false;
    }
    let name = String::from_utf8_lossy(name).to_ascii_lowercase();
    let name = name.replace(['-', '_'], "");
    SECRET.iter().any(|end| name.ends_with(end))
}

/// What no URL has in it as it stands. Control characters stay where they are, because a text
/// with one is no URL, with or without its secrets.
fn is_delimiter(byte: u8) -> bool {
    byte <= b' ' || matches!(byte, 0x7f | b'"' | b'\'' | b'<' | b'>' | b'`')
}

fn ends_with(word: &[u8], end: &[u8]) -> bool {
    let start = word.len().saturating_sub(end.len());
    word[start..].eq_ignore_ascii_case(end)
}

fn in_word(word: &[u8], at: usize, extent: Extent, found: &mut Vec<Range<usize>>) {
    let mut scheme = find(word, SCHEME_END);
    // Before a scheme it is the query of a relative URL only if it looks like one.
    let head = &word[..scheme.unwrap_or(word.len())];
    let parameters = head
        .iter()
        .position(|byte| *byte == b'?')
        .filter(|start| head[*start..].contains(&b'='));
    let mut path = parameters.unwrap_or(word.len());
    let mut is_first = true;
    // A word can hold several URLs; in the parameters of one, another is a value.
    while let Some(before) = scheme.filter(|scheme| *scheme < path) {
        let start = before + SCHEME_END.len();
        let host = start + credentials(authority(&word[start..]), at + start, found);
        // Looked for once unless it was in what turns out to be a password: the time is linear.
        if std::mem::take(&mut is_first) || path < host {
            path = first_parameter(&word[host..]).map_or(word.len(), |start| host + start);
        }
        scheme = find(&word[host..], SCHEME_END).map(|start| host + start);
    }
    in_path(&word[..path], at, found);
    let mut start = path + 1;
    if extent == Extent::Query && !is_first {
        if start < word.len() {
            found.push(at + start..at + word.len());
        }
    } else if let Some(query) = word.get(start..) {
        for parameter in query.split(|byte| matches!(byte, b'&' | b'?' | b'#')) {
            in_parameter(parameter, at + start, found);
            start += parameter.len() + 1;
        }
    }
}

/// Where the path of a URL ends. A semicolon begins parameters, too, and so does an ampersand that
/// has lost its question mark.
fn first_parameter(url: &[u8]) -> Option<usize> {
    url.iter()
        .position(|byte| matches!(byte, b'?' | b'#' | b';' | b'&'))
}

fn authority(url: &[u8]) -> &[u8] {
    let end = url
        .iter()
        .position(|byte| matches!(byte, b'/' | b'?' | b'#' | b'\\'));
    &url[..end.unwrap_or(url.len())]
}

/// User and password each, so that an empty one stays empty. Tells where the host begins.
fn credentials(authority: &[u8], at: usize, found: &mut Vec<Range<usize>>) -> usize {
    let Some(end) = authority.iter().rposition(|byte| *byte == b'@') else {
        return 0;
    };
    let colon = authority[..end]
        .iter()
        .position(|byte| *byte == b':')
        .unwrap_or(end);
    for place in [0..colon, colon + 1..end] {
        if place.start < place.end {
            found.push(at + place.start..at + place.end);
        }
    }
    end + 1
}

/// Keys, and signing parameters that stand in no query.
fn in_path(path: &[u8], at: usize, found: &mut Vec<Range<usize>>) {
    let mut from = 0;
    while let Some(key) = api_key(&path[from..]) {
        found.push(at + from + key.start..at + from + key.end);
        from += key.end;
    }
    let mut start = 0;
    for piece in path.split(|byte| *byte == b'&') {
        let mut from = 0;
        while let Some(length) = piece[from..].iter().position(|byte| *byte == b'=') {
            let equals = from + length;
            let name = piece[from..equals]
                .rsplit(|byte| !is_name(*byte))
                .next()
                .unwrap_or_default();
            if is_secret(name) && equals + 1 < piece.len() {
                found.push(at + start + equals + 1..at + start + piece.len());
                break;
            }
            from = equals + 1;
        }
        start += piece.len() + 1;
    }
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.')
}

/// One parameter of a query or a fragment.
fn in_parameter(parameter: &[u8], at: usize, found: &mut Vec<Range<usize>>) {
    // In HTML an ampersand is `&amp;`.
    let entity = if parameter.starts_with(b"amp;") { 4 } else { 0 };
    let equals = parameter.iter().position(|byte| *byte == b'=');
    let secret = match equals.filter(|equals| is_plain(&parameter[entity..*equals])) {
        Some(equals) => {
            let (name, value) = (&parameter[entity..equals], &parameter[equals + 1..]);
            if is_harmless(name, value) {
                return;
            }
            // The end of base64 looks like an empty value, and what comes before like a name.
            if value.iter().all(|byte| *byte == b'=') {
                entity
            } else {
                equals + 1
            }
        }
        None => entity,
    };
    if secret < parameter.len() {
        found.push(at + secret..at + parameter.len());
    }
}

/// Whether this can be the name of a parameter, and no secret.
fn is_plain(name: &[u8]) -> bool {
    (1..=LONGEST_NAME).contains(&name.len())
        && name.iter().all(|byte| is_name(*byte))
        && api_key(name).is_none()
}

/// Whether a parameter can stay; its value may not hide another parameter.
fn is_harmless(name: &[u8], value: &[u8]) -> bool {
    let lower = String::from_utf8_lossy(name).to_ascii_lowercase();
    let of_a_store = STORES.iter().find_map(|store| lower.strip_prefix(store));
    let is_known = HARMLESS.contains(&lower.as_str())
        || of_a_store.is_some_and(|name| HARMLESS_OF_A_STORE.contains(&name));
    let is_plain = |byte: &u8| is_name(*byte) || matches!(byte, b':' | b'+' | b';' | b',' | b'/');
    // Semicolons, slashes and commas are often encoded.
    let mut pieces = value.split(|byte| *byte == b'%');
    let first = pieces.next().unwrap_or_default();
    let is_encoded = |piece: &[u8]| {
        piece.get(..2).is_some_and(|code| {
            [b"3b", b"2f", b"2c"]
                .iter()
                .any(|known| code.eq_ignore_ascii_case(*known))
        }) && piece[2..].iter().all(is_plain)
    };
    is_known
        && value.len() <= LONGEST_VALUE
        && first.iter().all(is_plain)
        && pieces.all(is_encoded)
        && find(value, b"//").is_none()
        && api_key(value).is_none()
}

/// The secret part of the first API key in a text: what follows its prefix.
fn api_key(text: &[u8]) -> Option<Range<usize>> {
    const PREFIX: &[u8] = b"sk-";
    let is_key = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let mut from = 0;
    while let Some(found) = find(&text[from..], PREFIX) {
        let starts_a_token = !text[..from + found]
            .last()
            .is_some_and(u8::is_ascii_alphanumeric);
        let start = from + found + PREFIX.len();
        let rest = &text[start..];
        let length = rest.iter().take_while(|byte| is_key(byte)).count();
        if starts_a_token && length >= KEY {
            return Some(start..start + length);
        }
        from = start;
    }
    None
}

/// Where one text begins in another.
pub(super) fn find(text: &[u8], part: &[u8]) -> Option<usize> {
    text.windows(part.len()).position(|window| window == part)
}
