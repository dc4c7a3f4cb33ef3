//! A text with its escapes undone, and the way back.

use std::borrow::Cow;

use super::escape::{backslashes, unescape};

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
