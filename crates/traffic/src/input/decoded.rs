//! What an item of an input is.

use std::{borrow::Cow, ops::Range};

use super::{exchange::Exchange, skip::Skip};

/// What an item is.
pub(crate) enum Decoded<'a> {
    Exchange {
        exchange: Exchange<'a>,
        /// The range of its body in the chunk, unless the body had to be decoded.
        within: Option<Range<usize>>,
        /// How it was recorded, such as `HAR entry` or `at .http.body`.
        recorded_as: Cow<'static, str>,
    },
    /// Why, and what it is: the names of its members, or what was requested.
    Skipped(Skip, String),
    /// Something that cannot be read.
    Unreadable(String),
    /// An input that is not a recording: what it is, and what to do.
    Refused(String),
}

impl Decoded<'_> {
    pub fn skipped(skip: Skip) -> Self {
        Self::Skipped(skip, String::new())
    }

    /// The same with the range counted from the start of the chunk.
    pub fn shifted(mut self, by: usize) -> Self {
        if let Self::Exchange {
            within: Some(range),
            ..
        } = &mut self
        {
            *range = range.start + by..range.end + by;
        }
        self
    }

    /// The same with a body that does not stand in the chunk.
    pub fn apart(mut self) -> Self {
        if let Self::Exchange { within, .. } = &mut self {
            *within = None;
        }
        self
    }
}
