//! A text with its escapes undone, and the way back.

/// What a text says, however it is escaped.
///
/// JSON can stand in a JSON text, and that in another: any number of backslashes before a letter
/// is read as one escape. That is wrong for a text which really has backslashes in it, but no
/// secret has, and an escape is never torn apart.
pub(super) struct Text {
    pub bytes: Vec<u8>,
    /// Where an escape begins or ends: in `bytes`, and in the source.
    steps: Vec<(usize, usize)>,
}

impl Text {
    pub fn of(source: &[u8]) -> Self {
        let mut text = Self {
            bytes: Vec::with_capacity(source.len()),
            steps: vec![(0, 0)],
        };
        let mut at = 0;
        while at < source.len() {
            let run = source[at..]
                .iter()
                .take_while(|byte| **byte == b'\\')
                .count();
            if run == 0 {
                text.bytes.push(source[at]);
                at += 1;
                continue;
            }
            text.steps.push((text.bytes.len(), at));
            at += run;
            at += text.unescape(&source[at..]);
            text.steps.push((text.bytes.len(), at));
        }
        text
    }

    /// Adds what follows backslashes, and tells how much of it is part of the escape.
    fn unescape(&mut self, rest: &[u8]) -> usize {
        let plain = match rest.first() {
            Some(b'n' | b'r' | b't' | b'b' | b'f') => b'\n',
            Some(byte @ (b'/' | b'"' | b'\'')) => *byte,
            Some(b'u') => {
                if let Some((character, length)) = character(rest) {
                    let mut utf8 = [0; 4];
                    self.bytes
                        .extend_from_slice(character.encode_utf8(&mut utf8).as_bytes());
                    return length;
                }
                self.bytes.push(b'\\');
                return 0;
            }
            _ => {
                self.bytes.push(b'\\');
                return 0;
            }
        };
        self.bytes.push(plain);
        1
    }

    /// From a place in `bytes` to the place in the source; to be asked in order.
    pub fn source(&self) -> impl FnMut(usize) -> usize {
        let mut step = 0;
        move |place| {
            while self.steps.get(step + 1).is_some_and(|next| next.0 <= place) {
                step += 1;
            }
            let (at, source) = self.steps[step];
            source + (place - at)
        }
    }
}

/// The character of `uXXXX`, or of two of them, and its length.
fn character(rest: &[u8]) -> Option<(char, usize)> {
    let unit = |digits: &[u8]| {
        let digits = std::str::from_utf8(digits.get(1..5)?).ok()?;
        let is_hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        is_hex.then(|| u16::from_str_radix(digits, 16).ok())?
    };
    let first = unit(rest)?;
    let run = rest[5..].iter().take_while(|byte| **byte == b'\\').count();
    let next = &rest[5 + run..];
    let second = (run > 0 && next.first() == Some(&b'u'))
        .then(|| unit(next))
        .flatten();
    let mut decoded = char::decode_utf16([Some(first), second].into_iter().flatten());
    match decoded.next()? {
        Ok(character) if character.len_utf16() == 2 => Some((character, 5 + run + 5)),
        Ok(character) => Some((character, 5)),
        // Half of a pair is no character.
        Err(_) => Some((char::REPLACEMENT_CHARACTER, 5)),
    }
}

/// Whether a text is JSON.
pub(super) fn is_json(body: &[u8]) -> bool {
    serde_json::from_slice::<serde::de::IgnoredAny>(body).is_ok()
}

/// The length of a JSON string up to its closing quote.
pub(super) fn string_length(rest: &[u8]) -> usize {
    let mut is_escaped = false;
    rest.iter()
        .position(|byte| match byte {
            _ if is_escaped => {
                is_escaped = false;
                false
            }
            b'\\' => {
                is_escaped = true;
                false
            }
            byte => *byte == b'"',
        })
        .unwrap_or(rest.len())
}
