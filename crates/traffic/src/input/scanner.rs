//! Finds JSON values in a stream without parsing them.

use std::ops::Range;

use memchr::memchr2;

use super::archive_path::ArchivePath;

/// Where the values are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Values {
    /// One after the other.
    Sequence,
    /// The items of an array.
    Array,
    /// The items of `log.entries` of an HTTP archive.
    Archive,
}

/// Scans a stream piece by piece, without looking into values more than needed to find their ends.
#[derive(Debug)]
pub(super) struct Scanner {
    phase: Phase,
    /// The next byte to look at.
    at: usize,
    /// Where the current value starts.
    start: Option<usize>,
    /// The number of open brackets of the value.
    depth: u64,
    text: Text,
    is_scalar: bool,
    /// The version that the archive states.
    version: Option<String>,
    /// Whether the values are items of an array, which has an end.
    has_end: bool,
}

/// The position relative to strings.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Text {
    Outside,
    Inside,
    /// The next byte is the second of an escape sequence.
    Escape,
}

#[derive(Debug, PartialEq)]
enum Phase {
    Seeking(ArchivePath),
    Values,
    Ended,
}

/// How a stream ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// Complete.
    Whole,
    /// In the middle of a value, which is returned nevertheless.
    WithinValue,
    /// Before the end of the array.
    WithinArray,
    /// Before the array.
    WithoutArray,
}

impl Scanner {
    pub fn new(values: Values) -> Self {
        let phase = match values {
            Values::Sequence => Phase::Values,
            // A bare array is found as if it were in an archive.
            Values::Array => Phase::Seeking(ArchivePath::at_entries()),
            Values::Archive => Phase::Seeking(ArchivePath::default()),
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

    /// The version that the archive states before its entries, if any.
    pub fn version(&self) -> Option<&str> {
        self.version.as_deref()
    }

    /// Finds the values that end in `read`; returns the number of bytes that are done. The rest has to
    /// be passed again, followed by more.
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

    /// Ends the stream after `length` remaining bytes; returns the unfinished value.
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

    /// Skips separators between values.
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

    /// The end of the current value, if it is in `read`.
    fn end_of_value(&mut self, read: &[u8]) -> Option<usize> {
        if self.is_scalar {
            let is_end = |byte: &u8| matches!(byte, b' ' | b'\n' | b'\r' | b'\t' | b',' | b']');
            let length = read[self.at..].iter().position(is_end)?;
            // A stray delimiter is a value by itself.
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
