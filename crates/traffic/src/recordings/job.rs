//! A part of an input, validated on any core.

use std::{borrow::Cow, collections::BTreeMap, fs::File, path::PathBuf};

use crate::{
    input::{Chunk, Decoded, InputError, Skip, Stream, decode},
    limits::beyond_limits,
    timeline::Position,
    validation::{Examined, Examiner},
};
use seedance_query::validate::coverage::Coverage;

/// A part of an input.
pub(super) struct Job {
    pub input: u32,
    /// Whether the user named the input, rather than a directory above it.
    pub is_named: bool,
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
    pub skipped: BTreeMap<Skip, u64>,
    /// The number of responses by how they were recorded.
    pub recorded_as: BTreeMap<Cow<'static, str>, u64>,
    pub input: u32,
    pub is_named: bool,
    pub coverage: Coverage,
}

impl Job {
    pub fn run(self, wants_states: bool) -> Vec<ChunkResult> {
        let (input, is_named) = (self.input, self.is_named);
        match self.work {
            Work::Chunk(chunk) => vec![examine(chunk, input, is_named, wants_states)],
            Work::InputError(error) => vec![only_error(error, input, is_named)],
            Work::File(path) => {
                let opened = File::open(path).and_then(Stream::open);
                let mut stream = match opened {
                    Ok(stream) => stream,
                    Err(error) => {
                        return vec![only_error(
                            InputError::whole(error.to_string()),
                            input,
                            is_named,
                        )];
                    }
                };
                let chunks = std::iter::from_fn(|| stream.next());
                chunks
                    .map(|chunk| examine(chunk, input, is_named, wants_states))
                    .collect()
            }
        }
    }
}

fn only_error(error: InputError, input: u32, is_named: bool) -> ChunkResult {
    ChunkResult {
        bytes: Vec::new(),
        found: vec![Err((
            Position::new(input, error.place, error.line),
            error.message,
        ))],
        skipped: BTreeMap::new(),
        recorded_as: BTreeMap::new(),
        input,
        is_named,
        coverage: Coverage::new(),
    }
}

fn examine(chunk: Chunk, input: u32, is_named: bool, wants_states: bool) -> ChunkResult {
    let mut coverage = Coverage::new();
    let mut examiner = Examiner {
        coverage: &mut coverage,
        wants_states,
    };
    let mut found = Vec::with_capacity(chunk.len() + 1);
    let mut skipped = BTreeMap::new();
    let mut recorded_as = BTreeMap::new();
    decode(&chunk, |place, line, decoded| {
        let position = Position::new(input, place, line);
        match decoded {
            Decoded::Exchange {
                exchange,
                within,
                recorded_as: form,
            } => {
                if let Some(message) = beyond_limits(exchange.body) {
                    found.push(Err((position, message)));
                    return;
                }
                *recorded_as.entry(form).or_default() += 1;
                found.push(Ok(examiner.examine(exchange, position, within)));
            }
            Decoded::Skipped(skip) => *skipped.entry(skip).or_default() += 1,
            // A directory can hold other files.
            Decoded::Refused(_) if !is_named => {
                *skipped.entry(Skip::NotAResponse).or_default() += 1;
            }
            Decoded::Unreadable(message) | Decoded::Refused(message) => {
                found.push(Err((position, message)));
            }
        }
    });
    ChunkResult {
        bytes: chunk.bytes,
        found,
        skipped,
        recorded_as,
        input,
        is_named,
        coverage,
    }
}
