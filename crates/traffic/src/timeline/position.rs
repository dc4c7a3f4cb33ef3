//! The position of a response, small enough to be kept for each task.

use std::sync::Arc;

use seedance_query::model::{Place, Source};

/// A place in an input, which is known by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Position {
    pub input: u32,
    kind: PositionKind,
    line: u64,
    /// The number of the item, capped.
    item: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum PositionKind {
    Whole,
    Line,
    Item,
}

impl Position {
    pub fn new(input: u32, place: Place, line: u64) -> Self {
        let (kind, item) = match place {
            Place::Line(_) => (PositionKind::Line, 0),
            Place::Item(item) => (PositionKind::Item, u32::try_from(item).unwrap_or(u32::MAX)),
            _ => (PositionKind::Whole, 0),
        };
        Self {
            input,
            kind,
            line,
            item,
        }
    }

    /// Whether the response is an input of its own.
    pub fn is_whole(self) -> bool {
        self.kind == PositionKind::Whole
    }

    /// The place with the name of its input.
    pub fn source(self, input: &Arc<str>) -> Source {
        let place = match self.kind {
            PositionKind::Whole => Place::Whole,
            PositionKind::Line => Place::Line(self.line),
            PositionKind::Item => Place::Item(u64::from(self.item)),
        };
        Source::at(Arc::clone(input), place, self.line)
    }
}
