//! Where a response comes from.

use std::{fmt, sync::Arc};

use serde::{Serialize, Serializer};

/// Where a response was read from: an input, and which of its responses it is.
///
/// Prints, and serializes, as a person would name it: `get.http`, `polls.ndjson:17` for the
/// response in line 17, `session.har#3` for the third entry.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Source {
    /// What the user knows the input by, such as its path.
    pub input: Arc<str>,
    /// Which response of the input it is.
    pub place: Place,
    /// The line of the input in which the body begins, from 1. If the input is compressed, it is
    /// that of the text in it; if a body is a text within the input, that of the text.
    pub line: u64,
}

/// Which of the responses of an input one is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Place {
    /// The input is one response.
    Whole,
    /// The response that stands in this line, from 1.
    Line(u64),
    /// The response that is this item of an array, entry of an archive, row of a Parquet or Arrow table
    /// or value of many, from 1.
    Item(u64),
}

impl Source {
    /// An input that is one response.
    ///
    /// # Examples
    ///
    /// ```
    /// use seedance_query::Source;
    ///
    /// assert_eq!(Source::whole("get.http").to_string(), "get.http");
    /// ```
    #[must_use]
    pub fn whole(input: impl Into<Arc<str>>) -> Self {
        Self {
            input: input.into(),
            place: Place::Whole,
            line: 1,
        }
    }

    /// One of many responses of an input, and the line that its body begins in.
    #[must_use]
    pub fn at(input: impl Into<Arc<str>>, place: Place, line: u64) -> Self {
        Self {
            input: input.into(),
            place,
            line,
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.place {
            Place::Whole => f.write_str(&self.input),
            Place::Line(line) => write!(f, "{}:{line}", self.input),
            Place::Item(item) => write!(f, "{}#{item}", self.input),
        }
    }
}

impl Serialize for Source {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
