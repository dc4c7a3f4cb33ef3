//! Where a response stands, small enough to be kept for each task.

use crate::source::{Place, Source};

/// A place in one of the inputs, which are known by their number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Spot {
    pub input: u32,
    kind: Kind,
    line: u64,
    /// Of an item; a later one than can be counted is the last one.
    item: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Whole,
    Line,
    Item,
}

impl Spot {
    pub fn new(input: u32, place: Place, line: u64) -> Self {
        let (kind, item) = match place {
            Place::Whole => (Kind::Whole, 0),
            Place::Line(_) => (Kind::Line, 0),
            Place::Item(item) => (Kind::Item, u32::try_from(item).unwrap_or(u32::MAX)),
        };
        Self {
            input,
            kind,
            line,
            item,
        }
    }

    /// Whether it is an input of its own.
    pub fn is_whole(self) -> bool {
        self.kind == Kind::Whole
    }

    /// The place with the name of its input.
    pub fn source(self, inputs: &Inputs) -> Source {
        let place = match self.kind {
            Kind::Whole => Place::Whole,
            Kind::Line => Place::Line(self.line),
            Kind::Item => Place::Item(u64::from(self.item)),
        };
        Source::at(inputs.name(self.input), place, self.line)
    }
}

/// The names of the inputs.
#[derive(Debug, Default)]
pub(crate) struct Inputs {
    names: Vec<std::sync::Arc<str>>,
}

impl Inputs {
    /// The number of an input; one that comes again right away keeps its number.
    pub fn add(&mut self, name: &std::sync::Arc<str>) -> u32 {
        if self.names.last() != Some(name) {
            self.names.push(std::sync::Arc::clone(name));
        }
        u32::try_from(self.names.len() - 1).unwrap_or(u32::MAX)
    }

    fn name(&self, input: u32) -> std::sync::Arc<str> {
        let known = usize::try_from(input)
            .ok()
            .and_then(|input| self.names.get(input));
        known.map_or_else(|| "an input".into(), std::sync::Arc::clone)
    }

    pub fn len(&self) -> usize {
        self.names.len()
    }
}
