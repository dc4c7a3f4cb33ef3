//! A text with its escapes undone, and the way back.

use std::borrow::Cow;

/// A text as it reads, however it is escaped.
///
/// JSON can stand in a JSON text, and that in another: any number of backslashes before a letter
/// is read as one escape. That is wrong for a text which really has backslashes in it, but no
/// secret has, and an escape is never torn apart.
pub(super) struct Unescaped<'a> {
    pub bytes: Cow<'a, [u8]>,
    source: &'a [u8],
    /// Where an escape begins or ends: in `bytes`, and in the source.
    steps: Vec<(usize, usize)>,
}

/// Which escapes are undone besides those of strings and of HTML.
#[derive(Clone, Copy, Default)]
pub(super) struct Escapes {
    /// `%6b`: in a URL only, since there it hides what separates parameters.
    pub percent: bool,
    /// `~1` and `~0` of a JSON Pointer.
    pub pointer: bool,
}

/// How a quotation mark is written: as many backslashes as a string so deep within strings has.
pub(super) type Depth = u8;

/// The depth of `&quot;`.
pub(super) const ENTITY: Depth = u8::MAX;

impl<'a> Unescaped<'a> {
    pub fn of(source: &'a [u8], escapes: Escapes) -> Self {
        let is_escape = |byte: u8| {
            matches!(byte, b'\\' | b'&')
                || (escapes.percent && byte == b'%')
                || (escapes.pointer && byte == b'~')
        };
        let Some(first) = source.iter().position(|byte| is_escape(*byte)) else {
            return Self {
                bytes: Cow::Borrowed(source),
                source,
                steps: vec![(0, 0)],
            };
        };
        let mut bytes = Vec::with_capacity(source.len());
        bytes.extend_from_slice(&source[..first]);
        let mut steps = vec![(0, 0)];
        let mut at = first;
        while at < source.len() {
            let decoded = if is_escape(source[at]) {
                unescape(&source[at..])
            } else {
                None
            };
            let Some((length, plain)) = decoded else {
                bytes.push(source[at]);
                at += 1;
                continue;
            };
            if steps.last() != Some(&(bytes.len(), at)) {
                steps.push((bytes.len(), at));
            }
            plain.add_to(&mut bytes);
            at += length;
            steps.push((bytes.len(), at));
        }
        Self {
            bytes: bytes.into(),
            source,
            steps,
        }
    }

    /// From a place in `bytes` to the place in the source.
    pub fn source(&self, place: usize) -> usize {
        let (at, source) = self.steps[self.step(place)];
        source + (place - at)
    }

    fn step(&self, place: usize) -> usize {
        self.steps
            .partition_point(|(at, _)| *at <= place)
            .saturating_sub(1)
    }

    /// How the quotation mark at a place is written.
    pub fn depth(&self, place: usize) -> Depth {
        let step = self.step(place);
        let (at, source) = self.steps[step];
        let is_escape = at == place
            && self
                .steps
                .get(step + 1)
                .is_some_and(|next| next.0 == at + 1);
        if !is_escape {
            return 0;
        }
        match self.source[source] {
            b'\\' => depth(backslashes(&self.source[source..])).max(1),
            b'&' => ENTITY,
            _ => 0,
        }
    }
}

/// A quotation mark has one backslash before it in a string, three in a string within a string,
/// and so on. With an even number, backslashes stand before a string's end.
fn depth(backslashes: usize) -> Depth {
    let (mut rest, mut depth) = (backslashes, 0);
    while rest % 2 == 1 && depth < ENTITY - 1 {
        rest /= 2;
        depth += 1;
    }
    depth
}

pub(super) fn backslashes(text: &[u8]) -> usize {
    text.iter().take_while(|byte| **byte == b'\\').count()
}

/// What an escape stands for.
#[derive(Clone, Copy)]
pub(super) enum Plain {
    Byte(u8),
    Character(char),
    /// Half of a pair, which is no character.
    Surrogate,
}

impl Plain {
    fn add_to(self, bytes: &mut Vec<u8>) {
        match self {
            Self::Byte(byte) => bytes.push(byte),
            Self::Character(character) => {
                bytes.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
            }
            Self::Surrogate => bytes.extend_from_slice("\u{fffd}".as_bytes()),
        }
    }
}

/// The escape at the beginning of a text: how long it is, and what it stands for.
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

/// The character of `uXXXX`, or of two of them, and its length.
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

/// An entity of HTML, also if its ampersand is one.
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

/// A byte of a URL, also if its percent sign is encoded, and that again.
fn percent(text: &[u8]) -> Option<(usize, Plain)> {
    let mut at = 1;
    while text[at..].starts_with(b"25") && hex(text, at + 2, 2).is_some() {
        at += 2;
    }
    let byte = u8::try_from(hex(text, at, 2)?).ok()?;
    Some((at + 2, Plain::Byte(byte)))
}

#[cfg(test)]
mod tests {
    use super::{ENTITY, Escapes, Unescaped};

    const ALL: Escapes = Escapes {
        percent: true,
        pointer: true,
    };

    #[test]
    fn undoes_escapes_and_knows_where_they_were() {
        for (source, plain) in [
            (r"a\/b\u0026c", "a/b&c"),
            (r"\\\/\\u0041\ud83d\ude00", "/A\u{1f600}"),
            (r"\ud800x", "\u{fffd}x"),
            (
                "&amp;&amp;amp;&lt;&#x6b;&#107;&amp;#107;&bad;&#;",
                "&&<kkk&bad;&#;",
            ),
            ("%41%2541%252541%zz%2", "AAA%zz%2"),
            ("~0~1~2", "~/~2"),
            (r"\x6b\xzz\d", r"k\xzz\d"),
        ] {
            let text = Unescaped::of(source.as_bytes(), ALL);
            assert_eq!(String::from_utf8_lossy(&text.bytes), plain, "{source}");
            assert_eq!(text.source(text.bytes.len()), source.len());
        }
        let text = Unescaped::of(br"a\u0041b", ALL);
        assert_eq!([0, 1, 2, 3].map(|place| text.source(place)), [0, 1, 7, 8]);
    }

    #[test]
    fn quotation_marks_tell_how_deep_they_are() {
        let source = br#"" \" \\\" \\" \\\\\" \u0022 &quot;"#;
        let text = Unescaped::of(source, Escapes::default());
        let quotes = text
            .bytes
            .iter()
            .enumerate()
            .filter(|(_, byte)| **byte == b'"');
        let depths: Vec<_> = quotes.map(|(place, _)| text.depth(place)).collect();
        assert_eq!(depths, [0, 1, 2, 0, 1, 1, ENTITY]);
    }
}
