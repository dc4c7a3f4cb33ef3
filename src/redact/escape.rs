//! Escapes of JSON strings, HTML, URLs and JSON Pointers, one at a time.

pub(super) fn backslashes(text: &[u8]) -> usize {
    text.iter().take_while(|byte| **byte == b'\\').count()
}

/// The meaning of an escape.
#[derive(Clone, Copy)]
pub(super) enum Plain {
    Byte(u8),
    Character(char),
    /// A lone surrogate.
    Surrogate,
}

impl Plain {
    pub fn add_to(self, bytes: &mut Vec<u8>) {
        match self {
            Self::Byte(byte) => bytes.push(byte),
            Self::Character(character) => {
                bytes.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
            }
            Self::Surrogate => bytes.extend_from_slice("\u{fffd}".as_bytes()),
        }
    }
}

/// The escape at the beginning of a text: its length and its meaning.
pub(super) fn unescape(text: &[u8]) -> Option<(usize, Plain)> {
    match text.first()? {
        b'\\' => Some(backslash(text)),
        b'&' => entity(text),
        b'%' => percent(text),
        b'~' => match text.get(1)? {
            b'0' => Some((2, Plain::Byte(b'~'))),
            b'1' => Some((2, Plain::Byte(b'/'))),
            _ => None,
        },
        _ => None,
    }
}

fn backslash(text: &[u8]) -> (usize, Plain) {
    let run = backslashes(text);
    let rest = &text[run..];
    let simple = |byte| (run + 1, Plain::Byte(byte));
    match rest.first() {
        Some(b'n') => simple(b'\n'),
        Some(b'r') => simple(b'\r'),
        Some(b't') => simple(b'\t'),
        Some(b'b') => simple(0x08),
        Some(b'f') => simple(0x0c),
        Some(b'/') => simple(b'/'),
        Some(byte @ (b'"' | b'\'')) if run % 2 == 1 => simple(*byte),
        Some(b'x') => match hex(rest, 1, 2).and_then(char::from_u32) {
            Some(character) => (run + 3, Plain::Character(character)),
            None => (run, Plain::Byte(b'\\')),
        },
        Some(b'u') => match character(rest) {
            Some((length, plain)) => (run + length, plain),
            None => (run, Plain::Byte(b'\\')),
        },
        _ => (run, Plain::Byte(b'\\')),
    }
}

fn hex(text: &[u8], from: usize, length: usize) -> Option<u32> {
    let digits = std::str::from_utf8(text.get(from..from + length)?).ok()?;
    let is_hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_hex.then(|| u32::from_str_radix(digits, 16).ok())?
}

/// The character of `uXXXX` or of a surrogate pair, and the length of the escape.
fn character(rest: &[u8]) -> Option<(usize, Plain)> {
    let first = u16::try_from(hex(rest, 1, 4)?).ok()?;
    let run = backslashes(&rest[5..]);
    let next = &rest[5 + run..];
    let second = (run > 0 && next.first() == Some(&b'u'))
        .then(|| hex(next, 1, 4).and_then(|unit| u16::try_from(unit).ok()))
        .flatten();
    let mut decoded = char::decode_utf16([Some(first), second].into_iter().flatten());
    Some(match decoded.next()? {
        Ok(character) if character.len_utf16() == 2 => (5 + run + 5, Plain::Character(character)),
        Ok(character) => (5, Plain::Character(character)),
        Err(_) => (5, Plain::Surrogate),
    })
}

/// An HTML entity; its ampersand may itself be written as an entity.
fn entity(text: &[u8]) -> Option<(usize, Plain)> {
    const NAMES: [(&[u8], u8); 9] = [
        (b"quot;", b'"'),
        (b"apos;", b'\''),
        (b"lt;", b'<'),
        (b"gt;", b'>'),
        (b"sol;", b'/'),
        (b"colon;", b':'),
        (b"equals;", b'='),
        (b"quest;", b'?'),
        (b"commat;", b'@'),
    ];
    const AMP: &[u8] = b"amp;";
    let mut at = 1;
    while text[at..].starts_with(AMP) {
        at += AMP.len();
    }
    let rest = &text[at..];
    let named = NAMES.iter().find(|(name, _)| rest.starts_with(name));
    if let Some((name, byte)) = named {
        return Some((at + name.len(), Plain::Byte(*byte)));
    }
    if let Some(digits) = rest.strip_prefix(b"#") {
        let is_hex = digits
            .first()
            .is_some_and(|byte| byte.eq_ignore_ascii_case(&b'x'));
        let digits = &digits[usize::from(is_hex)..];
        let length = digits
            .iter()
            .take(8)
            .take_while(|byte| byte.is_ascii_hexdigit())
            .count();
        let number = std::str::from_utf8(&digits[..length]).ok();
        let number = number.and_then(|n| u32::from_str_radix(n, if is_hex { 16 } else { 10 }).ok());
        let character = number.and_then(char::from_u32);
        if let (Some(character), Some(b';')) = (character, digits.get(length)) {
            let length = at + 1 + usize::from(is_hex) + length + 1;
            return Some((length, Plain::Character(character)));
        }
    }
    (at > 1).then_some((at, Plain::Byte(b'&')))
}

/// A percent-encoded byte; its percent sign may itself be encoded, any number of times.
fn percent(text: &[u8]) -> Option<(usize, Plain)> {
    let mut at = 1;
    while text[at..].starts_with(b"25") && hex(text, at + 2, 2).is_some() {
        at += 2;
    }
    let byte = u8::try_from(hex(text, at, 2)?).ok()?;
    Some((at + 2, Plain::Byte(byte)))
}
