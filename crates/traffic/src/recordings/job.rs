//! A part of an input, validated on any core.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
    sync::Arc,
};

use rayon::prelude::*;
use sha2::{Digest, Sha256};

use crate::{
    input::{Chunk, Decoded, InputError, Places, Skip, Stream, decode},
    limits::beyond_limits,
    timeline::{InputId, Position},
    validation::{Examined, Examiner},
};
use seedance_query::{model::Place, validate::coverage::Coverage};

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
    LeftOut(Arc<str>, BTreeMap<Skip, u64>),
}

/// What is wanted of each response and of each input.
#[derive(Clone, Copy)]
pub(super) struct Wanted {
    /// The states of tasks.
    pub states: bool,
    /// What tells inputs apart.
    pub content: bool,
}

/// The examined responses of a chunk, and its bytes.
pub(super) struct ChunkResult {
    /// The number of the input, unless this is about a directory.
    pub input: Option<u32>,
    /// The directory that something was left out of.
    pub left_out: Option<(Arc<str>, BTreeMap<Skip, u64>)>,
    /// A digest of each item, if that is wanted.
    pub content: Vec<InputId>,
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

/// Runs jobs on all cores; what came of them is in their order.
pub(super) fn run_all(jobs: Vec<Job>, wanted: Wanted, places: &Places) -> Vec<Vec<ChunkResult>> {
    let jobs = jobs.into_par_iter().with_max_len(1);
    jobs.map(|job| job.run(wanted, places)).collect()
}

impl Job {
    fn run(self, wanted: Wanted, places: &Places) -> Vec<ChunkResult> {
        let (input, origin) = (self.input, self.origin);
        match self.work {
            Work::Chunk(chunk) => vec![examine(chunk, input, &origin, wanted)],
            Work::InputError(error) => vec![only_error(&error, input, origin)],
            Work::LeftOut(directory, skipped) => vec![ChunkResult {
                left_out: Some((directory, skipped)),
                ..ChunkResult::of(None, origin)
            }],
            Work::File(path) => {
                let mut stream = match Stream::open_file(&path, places) {
                    Ok(stream) => stream,
                    Err(error) => {
                        let error = InputError::whole(error.to_string());
                        return vec![only_error(&error, input, origin)];
                    }
                };
                let chunks = std::iter::from_fn(|| stream.next());
                chunks
                    .map(|chunk| examine(chunk, input, &origin, wanted))
                    .collect()
            }
        }
    }
}

impl ChunkResult {
    fn of(input: Option<u32>, origin: Origin) -> Self {
        Self {
            input,
            left_out: None,
            content: Vec::new(),
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

fn only_error(error: &InputError, input: u32, origin: Origin) -> ChunkResult {
    let position = Position::new(input, error.place, error.line);
    ChunkResult {
        content: vec![digest_of_error(error)],
        found: vec![Err((position, error.message.clone()))],
        ..ChunkResult::of(Some(input), origin)
    }
}

/// What tells an input from others: its items with their places. It does not depend on how they were
/// read.
fn content(chunk: &Chunk) -> Vec<InputId> {
    let skipped = chunk.skipped.iter();
    let skipped = skipped.map(|skip| Sha256::digest(skip.reason()).into());
    let pieces = chunk.pieces.iter().map(|piece| {
        let mut hasher = Sha256::new();
        add_place(&mut hasher, piece.place, piece.line);
        hasher.update(piece.status.unwrap_or_default().to_be_bytes());
        hasher.update(&chunk.bytes[piece.range.clone()]);
        hasher.finalize().into()
    });
    let error = chunk.error.as_ref().map(digest_of_error);
    skipped.chain(pieces).chain(error).collect()
}

fn digest_of_error(error: &InputError) -> InputId {
    let mut hasher = Sha256::new();
    add_place(&mut hasher, error.place, error.line);
    hasher.update(&error.message);
    hasher.finalize().into()
}

fn add_place(hasher: &mut Sha256, place: Place, line: u64) {
    let item = match place {
        Place::Item(item) => item,
        _ => 0,
    };
    hasher.update(item.to_be_bytes());
    hasher.update(line.to_be_bytes());
}

/// Maximum number of things that a message names because they are not responses.
const MAX_SEEN: usize = 6;

fn examine(chunk: Chunk, input: u32, origin: &Origin, wanted: Wanted) -> ChunkResult {
    let mut coverage = Coverage::new();
    let mut examiner = Examiner {
        coverage: &mut coverage,
        wants_states: wanted.states,
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
    let content = if wanted.content {
        content(&chunk)
    } else {
        Vec::new()
    };
    ChunkResult {
        input: Some(input),
        left_out: None,
        content,
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
