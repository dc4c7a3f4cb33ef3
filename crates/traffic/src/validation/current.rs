//! The input that is being read.

use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::{accumulator::Accumulator, distinct::Occurrence};
use crate::timeline::{InputId, InputKey, InputKind, Position};

/// What is known of the input that is being read.
#[derive(Debug)]
pub(super) struct CurrentInput {
    pub number: u32,
    pub key: Arc<InputKey>,
    pub accumulator: Accumulator,
    /// The number of its items so far.
    pub ordinal: u64,
    content: Sha256,
}

impl CurrentInput {
    pub fn new(number: u32, key: InputKey) -> Self {
        Self {
            number,
            key: Arc::new(key),
            accumulator: Accumulator {
                inputs: 1,
                ..Accumulator::default()
            },
            ordinal: 0,
            content: Sha256::new(),
        }
    }

    /// Adds what was read, in order.
    pub fn read(&mut self, digests: &[InputId]) {
        for digest in digests {
            self.content.update(digest);
        }
    }

    /// Ends it: the input, its id, and what is known of it.
    pub fn end(self) -> (Arc<InputKey>, InputId, Accumulator) {
        let id = id(&self.key, &self.content.finalize());
        (self.key, id, self.accumulator)
    }

    pub fn occurrence(&self, position: Position) -> Occurrence {
        Occurrence {
            input: Arc::clone(&self.key),
            ordinal: self.ordinal,
            source: position.source(&self.key.name),
        }
    }
}

/// The id of an input: the SHA-256 of its name, its number among equal names and its content.
pub(super) fn id(key: &InputKey, content: &[u8]) -> InputId {
    let mut hasher = Sha256::new();
    let kind = match key.kind {
        InputKind::Read => 0,
        InputKind::Named => 1,
    };
    hasher.update((key.name.len() as u64).to_be_bytes());
    hasher.update(key.name.as_bytes());
    hasher.update([kind]);
    hasher.update(key.nth.to_be_bytes());
    hasher.update(content);
    hasher.finalize().into()
}
