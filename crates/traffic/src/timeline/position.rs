//! The position of a response, small enough to be kept for each task.

use std::{collections::VecDeque, sync::Arc};

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
    pub fn source(self, inputs: &Inputs) -> Source {
        let place = match self.kind {
            PositionKind::Whole => Place::Whole,
            PositionKind::Line => Place::Line(self.line),
            PositionKind::Item => Place::Item(u64::from(self.item)),
        };
        Source::at(inputs.name(self.input), place, self.line)
    }
}

/// Maximum number of names kept; the oldest are forgotten.
const MAX_INPUT_NAMES: usize = 1 << 16;

/// The names of the inputs.
#[derive(Debug, Default)]
pub(crate) struct Inputs {
    names: VecDeque<Arc<str>>,
    /// The number of inputs, forgotten ones included.
    count: u32,
}

impl Inputs {
    /// The number of an input; the same name again right away keeps its number.
    pub fn add(&mut self, name: &Arc<str>) -> u32 {
        if self.names.back() != Some(name) {
            if self.names.len() == MAX_INPUT_NAMES {
                self.names.pop_front();
            }
            self.names.push_back(Arc::clone(name));
            self.count = self.count.wrapping_add(1);
        }
        self.count.wrapping_sub(1)
    }

    fn name(&self, input: u32) -> Arc<str> {
        let from_last = self.count.wrapping_sub(1).wrapping_sub(input) as usize;
        let index = self.names.len().checked_sub(1 + from_last);
        let known = index.and_then(|index| self.names.get(index));
        known.map_or_else(|| "an earlier input".into(), Arc::clone)
    }

    /// The number of inputs.
    pub fn count(&self) -> u64 {
        u64::from(self.count)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{Inputs, MAX_INPUT_NAMES};

    #[test]
    fn keeps_the_names_of_the_last_inputs() {
        let mut inputs = Inputs::default();
        let name = |index: usize| Arc::<str>::from(index.to_string());
        for index in 0..MAX_INPUT_NAMES + 10 {
            let number = inputs.add(&name(index));
            assert_eq!(
                (inputs.add(&name(index)), inputs.name(number)),
                (number, name(index))
            );
        }
        assert_eq!(inputs.count(), MAX_INPUT_NAMES as u64 + 10);
        assert_eq!(
            (inputs.name(10), &*inputs.name(9)),
            (name(10), "an earlier input")
        );
    }
}
