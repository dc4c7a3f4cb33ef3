//! The inputs by name, and the order of inputs that does not depend on the order of reading.

use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
};

use super::poll::hash;

/// The SHA-256 of what was read of an input, and of its name.
pub(crate) type InputId = [u8; 32];

/// What is known by a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum InputKind {
    /// Something that was read.
    Read,
    /// What the user named, as a whole: what was left out of a directory, or that nothing is in it.
    Named,
}

/// An input. Inputs are in the order of their names, whatever order they are read in.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct InputKey {
    pub name: Arc<str>,
    pub kind: InputKind,
    /// The number of inputs before it in the same run that have the same name, such as in an archive.
    pub nth: u32,
    /// In a part of a summary, since inputs of other runs can have the same name.
    pub id: Option<InputId>,
}

impl InputKey {
    pub fn new(name: Arc<str>, kind: InputKind, nth: u32) -> Self {
        Self {
            name,
            kind,
            nth,
            id: None,
        }
    }
}

/// Maximum number of names kept; the oldest are forgotten. Inputs are read ahead by less than that.
const MAX_INPUT_NAMES: usize = 1 << 16;

/// The names of the inputs by number.
#[derive(Debug, Default)]
pub(crate) struct Inputs {
    names: VecDeque<(Arc<str>, u32)>,
    /// The number of inputs, forgotten ones included.
    count: u32,
    /// The number of inputs by the hash of their name.
    by_name: HashMap<u64, u32>,
}

impl Inputs {
    /// The number of an input; the same name again right away keeps its number.
    pub fn add(&mut self, name: &Arc<str>) -> u32 {
        if self.names.back().is_none_or(|(last, _)| last != name) {
            if self.names.len() == MAX_INPUT_NAMES {
                self.names.pop_front();
            }
            let same = self.by_name.entry(hash(name)).or_default();
            self.names.push_back((Arc::clone(name), *same));
            *same += 1;
            self.count = self.count.wrapping_add(1);
        }
        self.count.wrapping_sub(1)
    }

    /// Whether an input has had this name.
    pub fn has(&self, name: &str) -> bool {
        self.by_name.contains_key(&hash(name))
    }

    /// The input with a number.
    pub fn key(&self, input: u32) -> InputKey {
        let from_last = self.count.wrapping_sub(1).wrapping_sub(input) as usize;
        let index = self.names.len().checked_sub(1 + from_last);
        let known = index.and_then(|index| self.names.get(index));
        let (name, nth) = known.map_or_else(
            || ("an earlier input".into(), 0),
            |(name, nth)| (Arc::clone(name), *nth),
        );
        InputKey::new(name, InputKind::Read, nth)
    }

    /// The number of inputs.
    pub fn count(&self) -> u32 {
        self.count
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
                (inputs.add(&name(index)), inputs.key(number).name),
                (number, name(index))
            );
        }
        assert_eq!(inputs.count() as usize, MAX_INPUT_NAMES + 10);
        assert_eq!(
            (inputs.key(10).name, &*inputs.key(9).name),
            (name(10), "an earlier input")
        );
    }

    #[test]
    fn equal_names_are_numbered() {
        let mut inputs = Inputs::default();
        let numbers = ["a", "a", "b", "a"].map(|name| inputs.add(&Arc::from(name)));
        assert_eq!(numbers, [0, 0, 1, 2]);
        assert_eq!([0, 1, 2].map(|number| inputs.key(number).nth), [0, 0, 1]);
        assert!(inputs.key(0) < inputs.key(2) && inputs.key(2) < inputs.key(1));
        assert!(inputs.has("b") && !inputs.has("c"));
    }
}
