//! A directory that exchanges are recorded in, one file each.

use std::{
    collections::HashMap,
    fs,
    io::{self, ErrorKind},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use super::{
    exchange::Capture,
    file::{Access, create, sync_directory},
    file_name::FileName,
};
use crate::redact::Redactor;

/// Records exchanges in a directory, each as a [`Capture`] in a file of its own.
///
/// A file is called after its task, a number and what the response was, so that a list in the order
/// of names is in the order of the polls: `ID-0001-pending.http`, `ID-0002-normal.http`,
/// `ID-0003-502.http`. The number goes on from what is there. No file is ever replaced, also if
/// several recorders, or processes, use one directory; each file is there whole or not at all.
///
/// Captures are [redacted](Capture::redacted), and byte for byte otherwise. Clones share the count.
///
/// # Examples
///
/// ```
/// use seedance_query::capture::{Capture, Recorder};
///
/// # let directory = tempfile::tempdir()?;
/// # let directory = directory.path();
/// let text = b"GET /v1/video/generations/t1 HTTP/1.1\n\nHTTP/1.1 502 Bad Gateway\n\nno answer";
/// let path = Recorder::new(directory)?.record(&Capture::parse(text)?, &[])?;
/// assert_eq!(path, directory.join("t1-0001-502.http"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Recorder {
    directory: Arc<Path>,
    has_ids: bool,
    is_redacted: bool,
    is_synced: bool,
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    /// The last number of each task.
    numbers: HashMap<String, u32>,
    recorded: u64,
    failed: u64,
    last_error: Option<String>,
    /// What may be lost yet if the power fails.
    unsynced: Vec<PathBuf>,
}

/// An exchange as a recorder writes it.
#[doc(hidden)]
pub struct PreparedCapture {
    name: FileName,
    /// The content of the file.
    pub bytes: Vec<u8>,
}

/// The most files that are remembered as not synced; the system has long written older ones.
const MAX_UNSYNCED: usize = 1 << 16;

impl Recorder {
    /// Records in this directory, which is made if it is missing.
    ///
    /// # Errors
    ///
    /// If it cannot be made or read.
    pub fn new(directory: impl AsRef<Path>) -> io::Result<Self> {
        let directory = directory.as_ref();
        fs::create_dir_all(directory)?;
        let mut numbers = HashMap::new();
        for entry in fs::read_dir(directory)? {
            let name = entry?.file_name();
            if let Some((task, number)) = name.to_str().and_then(FileName::parts) {
                let last = numbers.entry(task.to_owned()).or_insert(0);
                *last = number.max(*last);
            }
        }
        let state = State {
            numbers,
            ..State::default()
        };
        Ok(Self {
            directory: directory.into(),
            has_ids: true,
            is_redacted: true,
            is_synced: true,
            state: Arc::new(Mutex::new(state)),
        })
    }

    /// Whether it is taken out, too, who asked and for what: in members such as `user_id`,
    /// `channel_id`, `group` and `input` (the prompt) numbers become 0 and texts `REDACTED`, as do
    /// mail addresses and the upstream's endpoints wherever they are.
    #[must_use]
    pub fn redact_ids(mut self, are_redacted: bool) -> Self {
        self.has_ids = !are_redacted;
        self
    }

    /// Leaves bodies and targets as they are, with whatever signed URLs they have.
    ///
    /// The key is hidden all the same, and headers with a key, a token or a cookie are left out.
    /// Only the owner can read such files.
    #[must_use]
    pub fn unredacted(mut self, is_unredacted: bool) -> Self {
        self.is_redacted = !is_unredacted;
        self
    }

    /// Whether each file is safe from a power cut before [`record`](Self::record) returns, which it
    /// is unless this is told otherwise. Then [`flush`](Self::flush) is what makes it safe.
    #[must_use]
    pub fn sync_each(mut self, is_synced: bool) -> Self {
        self.is_synced = is_synced;
        self
    }

    /// The directory.
    #[must_use]
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// Records an exchange as it came, and says where. `secrets` are hidden wherever they are, the
    /// key among them.
    ///
    /// # Errors
    ///
    /// If it cannot be written. Then nothing of it is there.
    pub fn record(&self, capture: &Capture, secrets: &[&str]) -> io::Result<PathBuf> {
        self.write(&self.prepare(capture, secrets))
    }

    /// An exchange as it is to be written, so that it can be judged as it will be read.
    #[doc(hidden)]
    #[must_use]
    pub fn prepare(&self, capture: &Capture, secrets: &[&str]) -> PreparedCapture {
        let redactor = Redactor::knowing(secrets);
        let of_body = redactor
            .clone()
            .detects(self.is_redacted)
            .ids(self.is_redacted && !self.has_ids);
        PreparedCapture {
            name: FileName::of(capture, &redactor),
            bytes: capture.without(&of_body).to_bytes(),
        }
    }

    /// Writes what was prepared, and says where.
    ///
    /// # Errors
    ///
    /// If it cannot be written. Then nothing of it is there.
    #[doc(hidden)]
    pub fn write(&self, prepared: &PreparedCapture) -> io::Result<PathBuf> {
        let outcome = self.create(prepared);
        let mut state = self.lock();
        match &outcome {
            Ok(path) => {
                state.recorded += 1;
                if !self.is_synced && state.unsynced.len() < MAX_UNSYNCED {
                    state.unsynced.push(path.clone());
                }
            }
            Err(error) => {
                state.failed += 1;
                state.last_error = Some(error.to_string());
            }
        }
        outcome
    }

    fn create(&self, prepared: &PreparedCapture) -> io::Result<PathBuf> {
        let PreparedCapture { name, bytes } = prepared;
        let access = if self.is_redacted {
            Access::Default
        } else {
            Access::Private
        };
        loop {
            let number = {
                let mut state = self.lock();
                let last = state.numbers.entry(name.task.clone()).or_insert(0);
                *last = last
                    .checked_add(1)
                    .ok_or_else(|| io::Error::other("there are no more numbers"))?;
                *last
            };
            let path = self.directory.join(name.numbered(number));
            // Another process can have taken the name meanwhile.
            if create(&path, bytes, self.is_synced, access).map_err(|error| at(&path, &error))? {
                if self.is_synced {
                    sync_directory(&self.directory).map_err(|error| at(&path, &error))?;
                }
                return Ok(path);
            }
        }
    }

    /// Makes everything safe from a power cut that was recorded so far.
    ///
    /// # Errors
    ///
    /// If that cannot be had; what could not be synced is tried again by the next call.
    pub fn flush(&self) -> io::Result<()> {
        let unsynced = std::mem::take(&mut self.lock().unsynced);
        if unsynced.is_empty() {
            return Ok(());
        }
        let sync = |path: &PathBuf| {
            let outcome = fs::File::open(path).and_then(|file| file.sync_all());
            match outcome {
                // Whoever has moved it away takes care of it.
                Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
                outcome => outcome.map_err(|error| at(path, &error)),
            }
        };
        let outcome = unsynced
            .iter()
            .try_for_each(sync)
            .and_then(|()| sync_directory(&self.directory));
        if outcome.is_err() {
            self.lock().unsynced.extend(unsynced);
        }
        outcome
    }

    /// How many exchanges were recorded.
    #[must_use]
    pub fn recorded(&self) -> u64 {
        self.lock().recorded
    }

    /// How many exchanges could not be recorded.
    #[must_use]
    pub fn failed(&self) -> u64 {
        self.lock().failed
    }

    /// Why the last one of them could not.
    #[must_use]
    pub fn last_error(&self) -> Option<String> {
        self.lock().last_error.clone()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn at(path: &Path, error: &io::Error) -> io::Error {
    let message = format!("cannot write {}: {error}", path.display());
    io::Error::new(error.kind(), message)
}
