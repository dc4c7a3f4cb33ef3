//! Reads inputs batch by batch.

use std::{
    fs::File,
    io::{self, Read},
    mem,
    path::{Path, PathBuf},
    sync::Arc,
};

use super::job::{Job, Origin, Work};
use crate::{
    input::{Files, InputError, Places, Stream, is_bundled},
    validation::Session,
};

/// Target size of a batch in bytes; while one batch is validated, the next one is read.
const BATCH: usize = 1 << 20;
/// Maximum size of a file that is read by the worker that validates it; larger ones are streamed.
const MAX_SMALL_FILE: u64 = 64 << 10;

/// Reads the next batch.
pub(super) struct Reader {
    files: Files,
    /// The long input that is being read.
    stream: Option<Current>,
    stdin_is_read: bool,
    places: Arc<Places>,
}

struct Current {
    name: Arc<str>,
    input: u32,
    origin: Origin,
    /// The member of an archive that is being read.
    member: Option<Arc<str>>,
    stream: Stream<'static>,
}

impl Reader {
    pub fn new(paths: Vec<PathBuf>, places: Arc<Places>) -> Self {
        Self {
            files: Files::new(paths),
            stream: None,
            stdin_is_read: false,
            places,
        }
    }

    pub fn batch(&mut self, session: &mut Session) -> Vec<Job> {
        let mut jobs = Vec::new();
        let mut size = 0;
        while size < BATCH {
            if let Some(current) = &mut self.stream {
                match current.stream.next() {
                    Some(chunk) => {
                        size += chunk.weight();
                        jobs.push(current.job(chunk, session));
                    }
                    None => self.stream = None,
                }
                continue;
            }
            let found = self.files.next();
            let skipped = self.files.take_skipped();
            let group = self.files.group();
            let origin = |named: &Path, is_named| Origin {
                group,
                named: shown(named),
                is_named,
            };
            let (path, origin, work) = match found {
                None if skipped.is_empty() => break,
                None => {
                    jobs.push(Job {
                        input: 0,
                        origin: origin(Path::new(""), false),
                        work: Work::Skipped(skipped),
                    });
                    continue;
                }
                Some(found) => {
                    let (path, origin, opened) = match found {
                        Ok(found) => {
                            let work = self.open(&found.path);
                            let origin = origin(&found.named, found.is_named);
                            (found.path, origin, work)
                        }
                        Err((path, message)) => (path.clone(), origin(&path, true), Err(message)),
                    };
                    if !skipped.is_empty() {
                        jobs.push(Job {
                            input: 0,
                            origin: origin.clone(),
                            work: Work::Skipped(skipped),
                        });
                    }
                    (path, origin, opened)
                }
            };
            let name = shown(&path);
            let input = session.add_input(&name);
            match work {
                Ok(Opened::Stream(stream)) => {
                    self.stream = Some(Current {
                        name,
                        input,
                        origin,
                        member: None,
                        stream: *stream,
                    });
                }
                Ok(Opened::Small(path, length)) => {
                    size += length;
                    let work = Work::File(path);
                    jobs.push(Job {
                        input,
                        origin,
                        work,
                    });
                }
                Err(message) => {
                    let work = Work::InputError(InputError::whole(message));
                    jobs.push(Job {
                        input,
                        origin,
                        work,
                    });
                }
            }
        }
        jobs
    }

    fn open(&mut self, path: &Path) -> Result<Opened, String> {
        let reader: Box<dyn Read + Send> = if path == Path::new("-") {
            if mem::replace(&mut self.stdin_is_read, true) {
                return Err("standard input was already read".to_owned());
            }
            Box::new(io::stdin())
        } else {
            let mut file = File::open(path).map_err(|error| error.to_string())?;
            let is_small = file
                .metadata()
                .is_ok_and(|file| file.is_file() && file.len() <= MAX_SMALL_FILE);
            // More can come out of an archive than its length tells.
            if is_small && !is_bundled(&mut file, path) {
                // The cost of opening it counts as well.
                return Ok(Opened::Small(path.to_owned(), 8 << 10));
            }
            let stream =
                Stream::open_file(path, &self.places).map_err(|error| error.to_string())?;
            return Ok(Opened::Stream(Box::new(stream)));
        };
        let stream = Stream::open(reader, &self.places).map_err(|error| error.to_string())?;
        Ok(Opened::Stream(Box::new(stream)))
    }
}

impl Current {
    fn job(&mut self, chunk: crate::input::Chunk, session: &mut Session) -> Job {
        if chunk.member.is_some() && chunk.member != self.member {
            self.member.clone_from(&chunk.member);
            let member = chunk.member.as_deref().unwrap_or_default();
            self.input = session.add_input(&format!("{}/{member}", self.name).into());
        }
        let origin = Origin {
            is_named: self.origin.is_named && chunk.member.is_none(),
            ..self.origin.clone()
        };
        Job {
            input: self.input,
            origin,
            work: Work::Chunk(chunk),
        }
    }
}

fn shown(path: &Path) -> Arc<str> {
    if path == Path::new("-") {
        "standard input".into()
    } else {
        path.display().to_string().into()
    }
}

enum Opened {
    Stream(Box<Stream<'static>>),
    /// Read by the worker that validates it, and its share of a batch in bytes.
    Small(PathBuf, usize),
}
