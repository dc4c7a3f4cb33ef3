//! Reads inputs batch by batch.

use std::{
    fs::File,
    io::{self, Read, Seek},
    mem,
    path::{Path, PathBuf},
    sync::Arc,
};

use super::job::{Job, Work};
use crate::{
    input::{Compression, Files, Found, InputError, Stream},
    validation::Session,
};

/// Target size of a batch in bytes; while one batch is validated, the next one is read.
const BATCH: usize = 1 << 20;
/// Maximum size of a file that is read by the worker that validates it; larger ones are streamed.
const MAX_SMALL_FILE: u64 = 64 << 10;

/// Reads the next batch.
pub(super) struct Reader {
    files: Files,
    /// The long input that is being read, its number, and whether the user named it.
    stream: Option<(u32, bool, Stream<'static>)>,
    stdin_is_read: bool,
}

impl Reader {
    pub fn new(paths: Vec<PathBuf>) -> Self {
        Self {
            files: Files::new(paths),
            stream: None,
            stdin_is_read: false,
        }
    }

    pub fn batch(&mut self, session: &mut Session) -> Vec<Job> {
        let mut jobs = Vec::new();
        let mut size = 0;
        while size < BATCH {
            if let Some((input, is_named, stream)) = &mut self.stream {
                match stream.next() {
                    Some(chunk) => {
                        size += chunk.weight();
                        jobs.push(Job {
                            input: *input,
                            is_named: *is_named,
                            work: Work::Chunk(chunk),
                        });
                    }
                    None => self.stream = None,
                }
                continue;
            }
            let found = self.files.next();
            for (skip, count) in self.files.take_skipped() {
                session.add_skipped(skip, count);
            }
            let Some(found) = found else {
                break;
            };
            let (path, is_named, work) = match found {
                Ok(Found { path, is_named }) => {
                    let work = self.open(&path);
                    (path, is_named, work)
                }
                Err((path, message)) => (path, true, Err(message)),
            };
            let name: Arc<str> = if path == Path::new("-") {
                "standard input".into()
            } else {
                path.display().to_string().into()
            };
            let input = session.add_input(&name);
            match work {
                Ok(Opened::Stream(stream)) => self.stream = Some((input, is_named, stream)),
                Ok(Opened::Small(path, length)) => {
                    size += length;
                    let work = Work::File(path);
                    jobs.push(Job {
                        input,
                        is_named,
                        work,
                    });
                }
                Err(message) => {
                    let work = Work::InputError(InputError::whole(message));
                    jobs.push(Job {
                        input,
                        is_named,
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
            if is_small && !is_compressed(&mut file) {
                // The cost of opening it counts as well.
                return Ok(Opened::Small(path.to_owned(), 8 << 10));
            }
            Box::new(file)
        };
        let stream = Stream::open(reader).map_err(|error| error.to_string())?;
        Ok(Opened::Stream(stream))
    }
}

/// Whether more can come out of a file than its length tells.
fn is_compressed(file: &mut File) -> bool {
    let mut head = [0; 4];
    let is_read = file.read(&mut head).is_ok();
    // What cannot be read is reported by whoever reads all of it.
    is_read && file.rewind().is_ok() && Compression::of(&head).is_some()
}

enum Opened {
    Stream(Stream<'static>),
    /// Read by the worker that validates it, and its share of a batch in bytes.
    Small(PathBuf, usize),
}
