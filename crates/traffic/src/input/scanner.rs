//! Finds JSON values in a stream without parsing them.

use std::ops::Range;

use memchr::memchr2;

/// Deeper nesting is not followed on the way to an archive's entries.
const DEPTH: usize = 64;
/// Longer names and texts are none that is looked for.
const TOKEN: usize = 32;

/// Where the values are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Values {
    /// One after the other.
    Sequence,
    /// The items of an array.
    Array,
    /// The items of `log.entries` of an HTTP archive.
    Archive,
}

/// Goes through a stream piece by piece; only what is outside of values is understood.
#[derive(Debug)]
pub(super) struct Scanner {
    phase: Phase,
    /// The next byte to look at.
    at: usize,
    /// Where the value under way begins.
    start: Option<usize>,
    /// How many brackets of the value are open.
    depth: u64,
    text: Text,
    is_scalar: bool,
    /// What the archive says its version is.
    version: Option<String>,
    /// Whether the values are items of an array, which ends.
    has_end: bool,
}

/// Where the value under way has got to, as far as strings go.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Text {
    Outside,
    Inside,
    /// The next byte is the second one of an escape.
    Escape,
}

#[derive(Debug, PartialEq)]
enum Phase {
    Seeking(Seek),
    Values,
    Ended,
}

/// The way to the entries of an archive.
#[derive(Debug, Default, PartialEq)]
struct Seek {
    /// The brackets that are open.
    open: Vec<u8>,
    /// The last name in the outermost object, and in the one in it.
    names: [String; 2],
    is_name: bool,
    in_string: bool,
    is_escaped: bool,
    token: String,
    /// What `log.version` says.
    version: Option<String>,
}

/// How a stream ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// Well, as far as it was looked at.
    Whole,
    /// In the middle of a value, which was given all the same.
    WithinValue,
    /// Before the array did.
    WithinArray,
    /// Before there was an array.
    WithoutArray,
}

impl Scanner {
    pub fn new(values: Values) -> Self {
        let phase = match values {
            Values::Sequence => Phase::Values,
            Values::Array | Values::Archive => Phase::Seeking(Seek {
                // An array that stands alone is looked for as if it were in an archive.
                names: match values {
                    Values::Archive => <[String; 2]>::default(),
                    _ => ["log".to_owned(), "entries".to_owned()],
                },
                open: match values {
                    Values::Archive => Vec::new(),
                    _ => vec![b'{', b'{'],
                },
                ..Seek::default()
            }),
        };
        Self {
            phase,
            at: 0,
            start: None,
            depth: 0,
            text: Text::Outside,
            is_scalar: false,
            version: None,
            has_end: values != Values::Sequence,
        }
    }

    /// What the archive says its version is, if it does so before its entries.
    pub fn version(&self) -> Option<&str> {
        self.version.as_deref()
    }

    /// Finds the values that end in `read`, and tells how much of it is done with: the rest has to
    /// come again, with more behind it.
    pub fn scan(&mut self, read: &[u8], found: &mut Vec<Range<usize>>) -> usize {
        if let Phase::Seeking(seek) = &mut self.phase {
            match seek.entries(&read[self.at..]) {
                Some(length) => {
                    self.at += length;
                    self.version = seek.version.take();
                    self.phase = Phase::Values;
                }
                None => self.at = read.len(),
            }
        }
        while self.phase == Phase::Values && self.at < read.len() {
            if let Some(start) = self.start {
                let Some(end) = self.end_of_value(read) else {
                    self.at = read.len();
                    break;
                };
                found.push(start..end);
                self.start = None;
                self.at = end;
            } else {
                self.begin_value(read);
            }
        }
        if self.phase == Phase::Ended {
            self.at = read.len();
        }
        let done = self.start.unwrap_or(self.at);
        self.at -= done;
        self.start = self.start.map(|start| start - done);
        done
    }

    /// Ends the stream after `length` bytes that would have come again, with the value under way.
    pub fn end(&mut self, length: usize) -> (End, Option<Range<usize>>) {
        if let Some(start) = self.start.take() {
            let end = if self.is_scalar {
                End::Whole
            } else {
                End::WithinValue
            };
            return (end, Some(start..length));
        }
        let end = match self.phase {
            Phase::Seeking(_) => End::WithoutArray,
            Phase::Values if self.has_end => End::WithinArray,
            Phase::Values | Phase::Ended => End::Whole,
        };
        (end, None)
    }

    /// Skips what is between values.
    fn begin_value(&mut self, read: &[u8]) {
        let byte = read[self.at];
        match byte {
            b' ' | b'\n' | b'\r' | b'\t' => self.at += 1,
            b',' if self.has_end => self.at += 1,
            b']' if self.has_end => self.phase = Phase::Ended,
            _ => {
                self.start = Some(self.at);
                self.depth = 0;
                self.text = Text::Outside;
                self.is_scalar = !matches!(byte, b'{' | b'[' | b'"');
            }
        }
    }

    /// The end of the value under way, if it is here.
    fn end_of_value(&mut self, read: &[u8]) -> Option<usize> {
        if self.is_scalar {
            let is_end = |byte: &u8| matches!(byte, b' ' | b'\n' | b'\r' | b'\t' | b',' | b']');
            let length = read[self.at..].iter().position(is_end)?;
            // What cannot be the end of anything is a value of its own.
            return Some(self.at + length.max(usize::from(self.start == Some(self.at))));
        }
        let mut at = self.at;
        if self.text == Text::Escape {
            self.text = Text::Inside;
            at += 1;
        }
        loop {
            if self.text == Text::Inside {
                let found = at + memchr2(b'"', b'\\', &read[at..])?;
                if read[found] == b'\\' {
                    at = found + 2;
                    if at > read.len() {
                        self.text = Text::Escape;
                        return None;
                    }
                    continue;
                }
                self.text = Text::Outside;
                at = found + 1;
                if self.depth == 0 {
                    return Some(at);
                }
            }
            let is_structure = |byte: &u8| matches!(byte, b'"' | b'{' | b'}' | b'[' | b']');
            let found = at + read[at..].iter().position(is_structure)?;
            at = found + 1;
            match read[found] {
                b'"' => self.text = Text::Inside,
                b'{' | b'[' => self.depth += 1,
                _ => {
                    self.depth = self.depth.saturating_sub(1);
                    if self.depth == 0 {
                        return Some(at);
                    }
                }
            }
        }
    }
}

impl Seek {
    /// The length of what stands before the entries, if they begin here.
    fn entries(&mut self, read: &[u8]) -> Option<usize> {
        for (index, byte) in read.iter().enumerate() {
            if self.in_string {
                self.in_string(*byte);
                continue;
            }
            match byte {
                b'"' => {
                    self.in_string = true;
                    self.token.clear();
                }
                b'[' if self.open == *b"{{" && self.names == ["log", "entries"] => {
                    return Some(index + 1);
                }
                b'{' | b'[' if self.open.len() < DEPTH => {
                    self.open.push(*byte);
                    self.is_name = *byte == b'{';
                }
                b'}' | b']' => {
                    self.open.pop();
                    self.is_name = false;
                }
                b',' => self.is_name = self.open.last() == Some(&b'{'),
                b':' => self.is_name = false,
                _ => {}
            }
        }
        None
    }

    fn in_string(&mut self, byte: u8) {
        if self.is_escaped {
            self.is_escaped = false;
        } else if byte == b'\\' {
            self.is_escaped = true;
        } else if byte == b'"' {
            self.in_string = false;
            self.end_of_token();
        } else if self.token.len() < TOKEN {
            self.token.push(char::from(byte));
        }
    }

    fn end_of_token(&mut self) {
        let depth = self.open.len();
        if self.is_name && (1..=2).contains(&depth) {
            self.names[depth - 1].clone_from(&self.token);
        } else if self.open == *b"{{" && self.names == ["log", "version"] {
            self.version = Some(self.token.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{End, Scanner, Values};

    /// The values of a text that comes in pieces of this size.
    fn values(text: &str, kind: Values, size: usize) -> (Vec<String>, End) {
        let mut scanner = Scanner::new(kind);
        let (mut buffer, mut values) = (Vec::new(), Vec::new());
        let mut take = |buffer: &[u8], found: Vec<std::ops::Range<usize>>| {
            let texts = found.into_iter().map(|range| &buffer[range]);
            values.extend(texts.map(|text| String::from_utf8_lossy(text).into_owned()));
        };
        for piece in text.as_bytes().chunks(size) {
            buffer.extend_from_slice(piece);
            let mut found = Vec::new();
            let done = scanner.scan(&buffer, &mut found);
            take(&buffer, found);
            buffer.drain(..done);
        }
        let (end, value) = scanner.end(buffer.len());
        take(&buffer, value.into_iter().collect());
        (values, end)
    }

    fn check(text: &str, kind: Values, expected: &[&str], end: End) {
        for size in [1, 2, 3, 7, 1000] {
            let (found, ended) = values(text, kind, size);
            assert_eq!(
                (
                    found
                        .iter()
                        .map(String::as_str)
                        .collect::<Vec<_>>()
                        .as_slice(),
                    ended
                ),
                (expected, end),
                "{text} in pieces of {size}"
            );
        }
    }

    #[test]
    fn finds_values_in_a_row() {
        check(
            " {\"a\": \"}\\\"{\"}\n[1, [2]] \"x \\\\\" 17 nonsense\n",
            Values::Sequence,
            &[
                "{\"a\": \"}\\\"{\"}",
                "[1, [2]]",
                "\"x \\\\\"",
                "17",
                "nonsense",
            ],
            End::Whole,
        );
        check("", Values::Sequence, &[], End::Whole);
        check(
            "{\"a\": [",
            Values::Sequence,
            &["{\"a\": ["],
            End::WithinValue,
        );
    }

    #[test]
    fn finds_the_items_of_an_array() {
        check(
            "[{}, {\"b\":[]} , 5]",
            Values::Array,
            &["{}", "{\"b\":[]}", "5"],
            End::Whole,
        );
        check("[]", Values::Array, &[], End::Whole);
        check("[{}, {}", Values::Array, &["{}", "{}"], End::WithinArray);
        check(
            "[{}, {\"a",
            Values::Array,
            &["{}", "{\"a"],
            End::WithinValue,
        );
    }

    #[test]
    fn finds_the_entries_of_an_archive_wherever_they_stand() {
        let archive = r#"{"log": {"pages": [{"entries": [1]}], "version": "1.2",
            "creator": {"name": "entries", "log": {}}, "entries": [{"a": "[1]"}, {"b": 2}], "x": [3]}}"#;
        check(
            archive,
            Values::Archive,
            &[r#"{"a": "[1]"}"#, r#"{"b": 2}"#],
            End::Whole,
        );
        check(
            r#"{"log": {"version": "1.2"}}"#,
            Values::Archive,
            &[],
            End::WithoutArray,
        );
        let mut scanner = Scanner::new(Values::Archive);
        scanner.scan(archive.as_bytes(), &mut Vec::new());
        assert_eq!(scanner.version(), Some("1.2"));
    }
}
