//! A part of an input, validated on any core.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
    sync::Arc,
};

use crate::{
    input::{Chunk, Decoded, InputError, Places, Skip, Stream, decode},
    limits::beyond_limits,
    timeline::Position,
    validation::{Examined, Examiner},
};
use seedance_query::validate::coverage::Coverage;

/// A part of an input.
pub(super) struct Job {
    pub input: u32,
    pub origin: Origin,
    pub work: Work,
}

/// What the user named, for which something has to be found.
#[derive(Clone)]
pub(super) struct Origin {
    /// The number of the path.
    pub group: u32,
    /// The path.
    pub named: Arc<str>,
    /// Whether this is the input itself, rather than a file in a directory or an archive.
    pub is_named: bool,
}

pub(super) enum Work {
    Chunk(Chunk),
    File(PathBuf),
    InputError(InputError),
    /// Files in a directory that are not read.
    Skipped(BTreeMap<Skip, u64>),
}

/// The examined responses of a chunk, and its bytes.
pub(super) struct ChunkResult {
    pub bytes: Vec<u8>,
    pub found: Vec<Result<Examined, (Position, String)>>,
    pub skipped: BTreeMap<Skip, u64>,
    /// The number of responses by how they were recorded.
    pub recorded_as: BTreeMap<Cow<'static, str>, u64>,
    /// The number of items by their kind, such as lines.
    pub items: BTreeMap<&'static str, u64>,
    /// What is in items that are not responses.
    pub seen: BTreeSet<String>,
    pub origin: Origin,
    pub coverage: Coverage,
}

impl Job {
    pub fn run(self, wants_states: bool, places: &Places) -> Vec<ChunkResult> {
        let (input, origin) = (self.input, self.origin);
        match self.work {
            Work::Chunk(chunk) => vec![examine(chunk, input, &origin, wants_states)],
            Work::InputError(error) => vec![only_error(error, input, origin)],
            Work::Skipped(skipped) => vec![ChunkResult {
                skipped,
                ..ChunkResult::of(origin)
            }],
            Work::File(path) => {
                let mut stream = match Stream::open_file(&path, places) {
                    Ok(stream) => stream,
                    Err(error) => {
                        return vec![only_error(
                            InputError::whole(error.to_string()),
                            input,
                            origin,
                        )];
                    }
                };
                let chunks = std::iter::from_fn(|| stream.next());
                chunks
                    .map(|chunk| examine(chunk, input, &origin, wants_states))
                    .collect()
            }
        }
    }
}

impl ChunkResult {
    fn of(origin: Origin) -> Self {
        Self {
            bytes: Vec::new(),
            found: Vec::new(),
            skipped: BTreeMap::new(),
            recorded_as: BTreeMap::new(),
            items: BTreeMap::new(),
            seen: BTreeSet::new(),
            origin,
            coverage: Coverage::new(),
        }
    }
}

fn only_error(error: InputError, input: u32, origin: Origin) -> ChunkResult {
    let position = Position::new(input, error.place, error.line);
    ChunkResult {
        found: vec![Err((position, error.message))],
        ..ChunkResult::of(origin)
    }
}

/// Maximum number of things that a message names because they are not responses.
const MAX_SEEN: usize = 6;

fn examine(chunk: Chunk, input: u32, origin: &Origin, wants_states: bool) -> ChunkResult {
    let mut coverage = Coverage::new();
    let mut examiner = Examiner {
        coverage: &mut coverage,
        wants_states,
    };
    let mut found = Vec::with_capacity(chunk.len() + 1);
    let mut skipped = BTreeMap::new();
    let mut recorded_as = BTreeMap::new();
    let mut seen = BTreeSet::new();
    let mut count = 0;
    decode(&chunk, |place, line, decoded| {
        let position = Position::new(input, place, line);
        count += 1;
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
            Decoded::Skipped(skip, what) => {
                *skipped.entry(skip).or_default() += 1;
                if !what.is_empty() && seen.len() < MAX_SEEN {
                    seen.insert(what);
                }
            }
            // A directory can hold other files.
            Decoded::Refused(_) if !origin.is_named => {
                *skipped.entry(Skip::NotAResponse).or_default() += 1;
            }
            Decoded::Unreadable(message) | Decoded::Refused(message) => {
                found.push(Err((position, message)));
            }
        }
    });
    let items = chunk.count_of_items(count);
    ChunkResult {
        bytes: chunk.bytes,
        found,
        skipped,
        recorded_as,
        items: items.into_iter().collect(),
        seen,
        origin: origin.clone(),
        coverage,
    }
}
