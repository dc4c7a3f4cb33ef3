//! A part of an input, validated on any core.

use std::{fs::File, path::PathBuf};

use crate::{
    input::{Chunk, Decoded, InputError, Stream, decode},
    timeline::Position,
    validation::{Examined, Examiner},
};
use seedance_query::validate::coverage::Coverage;

/// A part of an input.
pub(super) struct Job {
    pub input: u32,
    pub work: Work,
}

pub(super) enum Work {
    Chunk(Chunk),
    File(PathBuf),
    InputError(InputError),
}

/// The examined responses of a chunk, and its bytes.
pub(super) struct ChunkResult {
    pub bytes: Vec<u8>,
    pub found: Vec<Result<Examined, (Position, String)>>,
    pub skipped: u64,
    pub coverage: Coverage,
}

impl Job {
    pub fn run(self, wants_states: bool) -> Vec<ChunkResult> {
        let input = self.input;
        match self.work {
            Work::Chunk(chunk) => vec![examine(chunk, input, wants_states)],
            Work::InputError(error) => vec![only_error(error, input)],
            Work::File(path) => {
                let opened = File::open(path).and_then(Stream::open);
                let mut stream = match opened {
                    Ok(stream) => stream,
                    Err(error) => {
                        return vec![only_error(InputError::whole(error.to_string()), input)];
                    }
                };
                let chunks = std::iter::from_fn(|| stream.next());
                chunks
                    .map(|chunk| examine(chunk, input, wants_states))
                    .collect()
            }
        }
    }
}

fn only_error(error: InputError, input: u32) -> ChunkResult {
    ChunkResult {
        bytes: Vec::new(),
        found: vec![Err((
            Position::new(input, error.place, error.line),
            error.message,
        ))],
        skipped: 0,
        coverage: Coverage::new(),
    }
}

fn examine(chunk: Chunk, input: u32, wants_states: bool) -> ChunkResult {
    let mut coverage = Coverage::new();
    let mut examiner = Examiner {
        coverage: &mut coverage,
        wants_states,
    };
    let mut found = Vec::with_capacity(chunk.len() + 1);
    let mut skipped = 0;
    decode(&chunk, |place, line, decoded| {
        let position = Position::new(input, place, line);
        match decoded {
            Decoded::Exchange(exchange, within) => {
                found.push(Ok(examiner.examine(exchange, position, within)));
            }
            Decoded::Skipped => skipped += 1,
            Decoded::Unreadable(message) => found.push(Err((position, message))),
        }
    });
    ChunkResult {
        bytes: chunk.bytes,
        found,
        skipped,
        coverage,
    }
}
