//! From inputs to an output, on all cores, in the order of the inputs.

use std::{
    fs::File,
    io::{self, Read},
    mem,
    path::{Path, PathBuf},
    sync::Arc,
};

use rayon::prelude::*;

use super::{
    Output, Session, Summary,
    examine::{Examined, Examiner},
    input::{Chunk, Decoded, Fault, Files, Stream, decode},
    spot::Spot,
};
use seedance_query::validate::coverage::Coverage;

/// How much is looked at together; as much again is read and as much written meanwhile.
const BATCH: usize = 1 << 20;
/// A longer file is read piece by piece.
const SMALL: u64 = 256 << 10;

/// Checks everything below some paths.
///
/// A path is a file, a directory, or `-` for standard input. What a file holds is told by how it
/// begins: a body, an array or lines of bodies, a capture, an HTTP archive, any of them compressed
/// by gzip or zstd. How much memory it takes does not depend on how long an input is.
///
/// # Examples
///
/// ```
/// use seedance_traffic::{Check, Checked, Output, Session, Summary, Unreadable};
///
/// /// Prints one line a response.
/// struct Lines;
///
/// impl Output for Lines {
///     fn response(&mut self, checked: &Checked) -> std::io::Result<()> {
///         println!("{}: {}", checked.source, checked.report.verdict());
///         Ok(())
///     }
///
///     fn unreadable(&mut self, unreadable: &Unreadable) -> std::io::Result<()> {
///         println!("{}: {}", unreadable.source, unreadable.message);
///         Ok(())
///     }
///
///     fn end(&mut self, _: &Summary) -> std::io::Result<()> {
///         Ok(())
///     }
/// }
///
/// let summary = Check::new(["tests/captures".into()]).run(Session::new(), &mut Lines)?;
/// assert_eq!(summary.verdicts.violates, 0);
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct Check {
    paths: Vec<PathBuf>,
}

impl Check {
    /// What is to be checked, in this order.
    pub fn new(paths: impl IntoIterator<Item = PathBuf>) -> Self {
        Self {
            paths: paths.into_iter().collect(),
        }
    }

    /// Checks everything and gives what there is to say of all.
    ///
    /// # Errors
    ///
    /// If the output cannot be written; an input that cannot be read is part of the output.
    pub fn run(
        self,
        mut session: Session,
        output: &mut (dyn Output + Send),
    ) -> io::Result<Summary> {
        let wants_states = session.wants_states;
        let mut reader = Reader {
            files: Files::new(self.paths),
            stream: None,
            stdin_is_read: false,
        };
        let mut done = Vec::new();
        let mut batch = reader.batch(&mut session);
        // While one batch is looked at, the one before is written and the one behind is read.
        while !batch.is_empty() || !done.is_empty() {
            let work = mem::take(&mut batch);
            let finished = mem::take(&mut done);
            let ((written, next), looked_at) = rayon::join(
                || {
                    let written = absorb(finished, &mut session, output);
                    (written, reader.batch(&mut session))
                },
                || {
                    let jobs = work.into_par_iter().with_max_len(1);
                    jobs.map(|job| job.run(wants_states)).collect()
                },
            );
            written?;
            batch = next;
            done = looked_at;
        }
        let summary = session.summary();
        output.end(&summary)?;
        Ok(summary)
    }
}

/// Reads what is looked at next.
struct Reader {
    files: Files,
    /// The long input that is being read, and its number.
    stream: Option<(u32, Stream<'static>)>,
    stdin_is_read: bool,
}

impl Reader {
    fn batch(&mut self, session: &mut Session) -> Vec<Job> {
        let mut jobs = Vec::new();
        let mut size = 0;
        while size < BATCH {
            if let Some((input, stream)) = &mut self.stream {
                match stream.next() {
                    Some(chunk) => {
                        size += chunk.bytes.len();
                        jobs.push(Job {
                            input: *input,
                            work: Work::Chunk(chunk),
                        });
                    }
                    None => self.stream = None,
                }
                continue;
            }
            let Some(found) = self.files.next() else {
                break;
            };
            let (path, work) = match found {
                Ok(path) => {
                    let work = self.open(&path);
                    (path, work)
                }
                Err((path, message)) => (path, Err(message)),
            };
            let name: Arc<str> = if path == Path::new("-") {
                "standard input".into()
            } else {
                path.display().to_string().into()
            };
            let input = session.add_input(&name);
            match work {
                Ok(Opened::Stream(stream)) => self.stream = Some((input, stream)),
                Ok(Opened::Small(path, length)) => {
                    size += length;
                    let work = Work::File(path);
                    jobs.push(Job { input, work });
                }
                Err(message) => {
                    let work = Work::Fault(Fault::whole(message));
                    jobs.push(Job { input, work });
                }
            }
        }
        jobs
    }

    fn open(&mut self, path: &Path) -> Result<Opened, String> {
        let reader: Box<dyn Read + Send> = if path == Path::new("-") {
            if mem::replace(&mut self.stdin_is_read, true) {
                return Err("it was read already".to_owned());
            }
            Box::new(io::stdin())
        } else {
            let file = File::open(path).map_err(|error| error.to_string())?;
            let is_small = file
                .metadata()
                .is_ok_and(|file| file.is_file() && file.len() <= SMALL);
            if is_small {
                // What it costs to have it open counts as well.
                return Ok(Opened::Small(path.to_owned(), 8 << 10));
            }
            Box::new(file)
        };
        let stream = Stream::open(reader).map_err(|error| error.to_string())?;
        Ok(Opened::Stream(stream))
    }
}

enum Opened {
    Stream(Stream<'static>),
    /// To be read by whoever looks at it, and how much of a batch it takes.
    Small(PathBuf, usize),
}

/// Something to be looked at, of one input.
struct Job {
    input: u32,
    work: Work,
}

enum Work {
    Chunk(Chunk),
    File(PathBuf),
    Fault(Fault),
}

/// What was found in a chunk, with the bytes that it was found in.
struct LookedAt {
    bytes: Vec<u8>,
    found: Vec<Result<Examined, (Spot, String)>>,
    skipped: u64,
    coverage: Coverage,
}

impl Job {
    fn run(self, wants_states: bool) -> Vec<LookedAt> {
        let input = self.input;
        match self.work {
            Work::Chunk(chunk) => vec![look_at(chunk, input, wants_states)],
            Work::Fault(fault) => vec![nothing_but(fault, input)],
            Work::File(path) => {
                let opened = File::open(path).and_then(Stream::open);
                let mut stream = match opened {
                    Ok(stream) => stream,
                    Err(error) => {
                        return vec![nothing_but(Fault::whole(error.to_string()), input)];
                    }
                };
                let chunks = std::iter::from_fn(|| stream.next());
                chunks
                    .map(|chunk| look_at(chunk, input, wants_states))
                    .collect()
            }
        }
    }
}

fn nothing_but(fault: Fault, input: u32) -> LookedAt {
    LookedAt {
        bytes: Vec::new(),
        found: vec![Err((
            Spot::new(input, fault.place, fault.line),
            fault.message,
        ))],
        skipped: 0,
        coverage: Coverage::new(),
    }
}

fn look_at(chunk: Chunk, input: u32, wants_states: bool) -> LookedAt {
    let mut coverage = Coverage::new();
    let mut examiner = Examiner {
        coverage: &mut coverage,
        wants_states,
    };
    let mut found = Vec::with_capacity(chunk.len() + 1);
    let mut skipped = 0;
    decode(&chunk, |place, line, decoded| {
        let spot = Spot::new(input, place, line);
        match decoded {
            Decoded::Exchange(exchange, within) => {
                found.push(Ok(examiner.examine(exchange, spot, within)));
            }
            Decoded::Skipped => skipped += 1,
            Decoded::Unreadable(message) => found.push(Err((spot, message))),
        }
    });
    LookedAt {
        bytes: chunk.bytes,
        found,
        skipped,
        coverage,
    }
}

fn absorb(
    done: Vec<Vec<LookedAt>>,
    session: &mut Session,
    output: &mut (dyn Output + Send),
) -> io::Result<()> {
    let (wants_all, wants_whole) = (output.wants_all(), output.wants_whole());
    for looked_at in done.into_iter().flatten() {
        session.add_coverage(&looked_at.coverage);
        session.add_skipped(looked_at.skipped);
        for found in looked_at.found {
            match found {
                Ok(examined) => {
                    let wanted = wants_all || (wants_whole && examined.spot.is_whole());
                    let absorbed = session.absorb(examined, &looked_at.bytes, wanted);
                    if let Some(checked) = absorbed {
                        output.response(&checked)?;
                    }
                }
                Err((spot, message)) => {
                    output.unreadable(&session.add_unreadable(spot, message))?;
                }
            }
        }
    }
    Ok(())
}
