//! Reads inputs batch by batch.

use std::{
    collections::BTreeMap,
    fs::File,
    mem,
    path::{Path, PathBuf},
    sync::Arc,
};

use super::job::{Job, Origin, Work};
use crate::{
    input::{
        Files, InputError, LiveReader, Pipe, Places, Skip, Stream, follow, is_bundled,
        read_standard_input,
    },
    limits::BATCH,
    validation::Session,
};

/// Maximum size of a file that is read by the worker that validates it; larger ones are streamed.
const MAX_SMALL_FILE: u64 = 64 << 10;

/// Reads the next batch.
pub(super) struct Reader {
    files: Files,
    /// The long input that is being read.
    stream: Option<Current>,
    /// The input that still grows, from when it is found until it ends.
    live: Option<Live>,
    stdin_is_read: bool,
    follows: bool,
    pipe: Arc<Pipe>,
    places: Arc<Places>,
}

/// An input that still grows: one file after the other, if it is replaced.
struct Live {
    path: PathBuf,
    name: Arc<str>,
    input: u32,
    origin: Origin,
    is_started: bool,
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
    pub fn new(paths: Vec<PathBuf>, places: Arc<Places>, pipe: Arc<Pipe>, follows: bool) -> Self {
        Self {
            files: Files::new(paths),
            stream: None,
            live: None,
            stdin_is_read: false,
            follows,
            pipe,
            places,
        }
    }

    /// Whether the next batch may have to be waited for.
    pub fn is_live(&self) -> bool {
        self.live.is_some()
    }

    /// The next part of the inputs; of one that still grows, what has arrived.
    pub fn batch(&mut self, session: &mut Session) -> Vec<Job> {
        let mut jobs = Vec::new();
        let mut size = 0;
        while size < BATCH {
            if let Some(current) = &mut self.stream {
                match current.stream.next() {
                    Some(chunk) => {
                        size += chunk.weight();
                        jobs.push(current.job(chunk, session));
                        if current.stream.has_paused() {
                            break;
                        }
                    }
                    None => self.stream = None,
                }
                continue;
            }
            if let Some(live) = self.live.take() {
                if live.is_started && !jobs.is_empty() {
                    self.live = Some(live);
                    break;
                }
                jobs.extend(self.next_file(live));
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
            let (path, origin, found) = match found {
                None if skipped.is_empty() => break,
                None => {
                    jobs.extend(left_out(skipped, &origin(Path::new(""), false)));
                    continue;
                }
                Some(found) => {
                    let (path, origin, found) = match found {
                        Ok(found) => {
                            let origin = origin(&found.named, found.is_named);
                            (found.path, origin, Ok(()))
                        }
                        Err((path, message)) => (path.clone(), origin(&path, true), Err(message)),
                    };
                    jobs.extend(left_out(skipped, &origin));
                    (path, origin, found)
                }
            };
            let name = shown(&path);
            let input = match session.inputs().add_file(&name) {
                Some(input) => input,
                // A file that is given twice counts once; standard input is refused.
                None if path != Path::new("-") => continue,
                None => session.inputs().add(&name),
            };
            match found.and_then(|()| self.open(&path)) {
                Ok(Opened::Live) => {
                    self.live = Some(Live {
                        path,
                        name,
                        input,
                        origin,
                        is_started: false,
                    });
                    // What was found before is reported before anything is waited for.
                    break;
                }
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

    /// Opens the next file of an input that still grows, once there is one.
    fn next_file(&mut self, mut live: Live) -> Option<Job> {
        if mem::replace(&mut live.is_started, true) && !self.pipe.has_more() {
            return None;
        }
        let reader = LiveReader::new(Arc::clone(&self.pipe));
        match Stream::open_live(reader, &live.path, &self.places) {
            Ok(stream) => {
                self.stream = Some(Current {
                    name: Arc::clone(&live.name),
                    input: live.input,
                    origin: live.origin.clone(),
                    member: None,
                    stream,
                });
                self.live = Some(live);
                None
            }
            Err(error) => Some(Job {
                input: live.input,
                origin: live.origin,
                work: Work::InputError(InputError::whole(error.to_string())),
            }),
        }
    }

    fn open(&mut self, path: &Path) -> Result<Opened, String> {
        if path == Path::new("-") {
            if mem::replace(&mut self.stdin_is_read, true) {
                return Err("standard input was already read".to_owned());
            }
            read_standard_input(&self.pipe);
            return Ok(Opened::Live);
        }
        if self.follows {
            return follow(path, &self.pipe).map(|()| Opened::Live);
        }
        let mut file = File::open(path).map_err(|error| error.to_string())?;
        let is_small = file
            .metadata()
            .is_ok_and(|file| file.is_file() && file.len() <= MAX_SMALL_FILE);
        // More can come out of an archive than its length tells.
        if is_small && !is_bundled(&mut file, path) {
            // The cost of opening it counts as well.
            return Ok(Opened::Small(path.to_owned(), 8 << 10));
        }
        let stream = Stream::open_file(path, &self.places).map_err(|error| error.to_string())?;
        Ok(Opened::Stream(Box::new(stream)))
    }
}

impl Current {
    fn job(&mut self, chunk: crate::input::Chunk, session: &mut Session) -> Job {
        if chunk.member.is_some() && chunk.member != self.member {
            self.member.clone_from(&chunk.member);
            let member = chunk.member.as_deref().unwrap_or_default();
            self.input = session
                .inputs()
                .add(&format!("{}/{member}", self.name).into());
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

/// What was left out of directories.
fn left_out(
    skipped: BTreeMap<PathBuf, BTreeMap<Skip, u64>>,
    origin: &Origin,
) -> impl Iterator<Item = Job> {
    let origin = origin.clone();
    skipped.into_iter().map(move |(directory, skipped)| Job {
        input: 0,
        origin: origin.clone(),
        work: Work::LeftOut(shown(&directory), skipped),
    })
}

fn shown(path: &Path) -> Arc<str> {
    if path == Path::new("-") {
        "standard input".into()
    } else {
        path.display().to_string().into()
    }
}

enum Opened {
    /// It still grows.
    Live,
    Stream(Box<Stream<'static>>),
    /// Read by the worker that validates it, and its share of a batch in bytes.
    Small(PathBuf, usize),
}
