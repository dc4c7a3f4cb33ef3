//! How an input is cut into items.

use std::ops::Range;

use super::{
    csv::RowEnds,
    fence, flow,
    format::Format,
    http_messages,
    scanner::{End, Scanner, Values},
};
use crate::limits::{MAX_CONVERTED_INPUT, MAX_ITEM, MAX_WHOLE_INPUT};
use seedance_query::{redact, validate::shorten};

pub(super) enum Splitter {
    /// When all of it is read, up to a limit.
    Whole(usize),
    /// How many bytes are known to hold no end of a line.
    Lines(usize),
    Values(Box<Scanner>),
    /// Rows of a table.
    Rows(RowEnds),
    /// Flows, each with its length before it.
    Flows,
}

impl Splitter {
    pub fn of(format: Format) -> Self {
        match format {
            Format::Body
            | Format::Messages
            | Format::Verbose
            | Format::CodeBlocks
            | Format::Cells => Self::Whole(MAX_WHOLE_INPUT),
            Format::Trace | Format::Yaml | Format::Document => Self::Whole(MAX_CONVERTED_INPUT),
            Format::Lines | Format::Text => Self::Lines(0),
            Format::Table => Self::Rows(RowEnds::default()),
            Format::Flows => Self::Flows,
            Format::Bodies(values) => Self::Values(Box::new(Scanner::new(values))),
            Format::Archive => Self::Values(Box::new(Scanner::new(Values::Archive))),
        }
    }

    /// Maximum number of bytes that are read in search of the end of an item.
    pub fn longest(&self) -> usize {
        match self {
            Self::Whole(longest) => *longest,
            _ => MAX_ITEM,
        }
    }

    /// Adds the item that has no end when all is read; tells where the text ended.
    pub fn end(
        &mut self,
        format: Format,
        rest: &[u8],
        found: &mut Vec<Range<usize>>,
        done: usize,
    ) -> End {
        let length = rest.len();
        match self {
            Self::Whole(_) => match format {
                Format::Messages => found.extend(http_messages::split(rest)),
                Format::CodeBlocks => found.extend(fence::blocks(rest)),
                _ => found.push(0..length),
            },
            Self::Lines(_) => {
                let start = found.last().map_or(0, |line| line.end + 1);
                found.push(start.min(length)..length);
            }
            Self::Rows(rows) => {
                let start = found.last().map_or(0, |row| row.end + 1).max(done);
                if rows.has_header() {
                    found.push(start.min(length)..length);
                }
            }
            Self::Flows => {
                if done < length {
                    found.push(done..length);
                }
            }
            Self::Values(scanner) => {
                let (end, value) = scanner.end(length - done);
                found.extend(value.map(|value| value.start + done..value.end + done));
                return end;
            }
        }
        End::Whole
    }

    /// The version of an HTTP archive, if it is none that is known.
    pub fn foreign_version(&self) -> Option<String> {
        let Self::Values(scanner) = self else {
            return None;
        };
        let version = scanner
            .version()
            .filter(|version| !version.starts_with("1."))?;
        Some(shorten(&redact::text(version)))
    }

    /// Gives the last item back, unless it is a status: one may follow it.
    pub fn puts_back(&mut self, rest: &[u8], last: &Range<usize>) -> bool {
        let is_status = super::record::status_line(&rest[last.clone()]).is_some();
        match self {
            Self::Lines(looked_at) if !is_status => {
                *looked_at = last.end - last.start;
                true
            }
            _ => false,
        }
    }

    /// The items that end in `rest`, and the number of bytes that are done.
    pub fn split(&mut self, rest: &[u8]) -> (Vec<Range<usize>>, usize) {
        let mut found = Vec::new();
        let done = match self {
            Self::Whole(_) => 0,
            Self::Lines(looked_at) => {
                let mut start = 0;
                for end in memchr::memchr_iter(b'\n', &rest[*looked_at..]) {
                    let end = *looked_at + end;
                    found.push(start..end);
                    start = end + 1;
                }
                *looked_at = rest.len() - start;
                start
            }
            Self::Values(scanner) => scanner.scan(rest, &mut found),
            Self::Rows(rows) => rows.split(rest, &mut found),
            Self::Flows => flow::split(rest, &mut found),
        };
        (found, done)
    }
}
