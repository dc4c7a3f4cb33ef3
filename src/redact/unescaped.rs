//! An unescaped text, with a mapping back to the source.

use std::{borrow::Cow, ops::Range};

use super::escape::{backslashes, unescape};

/// A text with all escapes decoded.
///
/// JSON can be nested in JSON strings, so any number of backslashes before a letter is read as one
/// escape. That is wrong for text with literal backslashes, but no secret has any, and an escape is
/// never split.
pub(super) struct Unescaped<'a> {
    pub bytes: Cow<'a, [u8]>,
    source: &'a [u8],
    /// The boundaries of escapes: offsets in `bytes` and in the source.
    steps: Vec<(usize, usize)>,
}

/// Which escapes are decoded besides those of JSON strings and HTML.
#[derive(Clone, Copy, Default)]
pub(super) struct Escapes {
    /// `%6b`; in URLs only, where it can hide a separator of parameters.
    pub percent: bool,
    /// `~1` and `~0` of a JSON Pointer.
    pub pointer: bool,
}

/// The depth of nested strings at a quotation mark, from the number of its backslashes.
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

    /// Maps an offset in `bytes` to the source.
    pub fn source(&self, place: usize) -> usize {
        let (at, source) = self.steps[self.step(place)];
        source + (place - at)
    }

    /// The source of a range of `bytes`.
    pub fn raw(&self, range: Range<usize>) -> &'a [u8] {
        &self.source[self.source(range.start)..self.source(range.end)]
    }

    fn step(&self, place: usize) -> usize {
        self.steps
            .partition_point(|(at, _)| *at <= place)
            .saturating_sub(1)
    }

    /// The depth of the quotation mark at an offset.
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
            b'\\' => {
                let run = backslashes(&self.source[source..]);
                match self.source.get(source + run) {
                    Some(b'u') => depth_of_unicode(run),
                    _ => depth(run).max(1),
                }
            }
            b'&' => ENTITY,
            _ => 0,
        }
    }
}

/// A quotation mark is preceded by one backslash in a string, by three in a nested string, and so
/// on. An even number is literal backslashes before the end of a string.
fn depth(backslashes: usize) -> Depth {
    let (mut rest, mut depth) = (backslashes, 0);
    while rest % 2 == 1 && depth < ENTITY - 1 {
        rest /= 2;
        depth += 1;
    }
    depth
}

/// `\u0022` in a string has one backslash, in a nested string two, then four, and so on.
fn depth_of_unicode(backslashes: usize) -> Depth {
    let depth = backslashes.checked_ilog2().map_or(1, |log| log + 1);
    Depth::try_from(depth).unwrap_or(ENTITY - 1)
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
        let source = br#"" \" \\\" \\" \\\\\" \u0022 \\u0022 &quot;"#;
        let text = Unescaped::of(source, Escapes::default());
        let quotes = text
            .bytes
            .iter()
            .enumerate()
            .filter(|(_, byte)| **byte == b'"');
        let depths: Vec<_> = quotes.map(|(place, _)| text.depth(place)).collect();
        assert_eq!(depths, [0, 1, 2, 0, 1, 1, 2, ENTITY]);
    }
}
