//! From the thread that reads a live input to the one that validates it.

use std::{
    collections::VecDeque,
    io::{self, Read},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

/// Maximum number of bytes that were read and not validated yet.
const MAX_WAITING: usize = 1 << 20;
/// What arrives without such a pause is looked at as one when the format is recognised: a body that is
/// piped in is not taken for the first line of a log.
const OPENING_PAUSE: Duration = Duration::from_millis(500);

/// What a live input has delivered and nobody has taken yet.
#[derive(Debug, Default)]
pub(crate) struct Pipe {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    parts: VecDeque<Part>,
    /// The number of bytes in the parts.
    waiting: usize,
    end: End,
    pauses: Pauses,
    /// Whether the last pause was told; then something is waited for.
    has_paused: bool,
}

#[derive(Debug, Default)]
struct End {
    /// Whether nothing follows.
    is_there: bool,
    is_stopped: bool,
    /// Whether it is there as soon as it is stopped.
    comes_at_once: bool,
}

#[derive(Debug)]
pub(super) enum Part {
    Bytes(Vec<u8>),
    /// The file ended; what follows is another one.
    EndOfFile,
    Broken(io::Error),
}

/// Whether a reader is told that nothing has arrived for a while.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Pauses {
    #[default]
    AfterAWhile,
    AtOnce,
    /// A decoder stands between, which would take a pause for an error.
    Never,
}

impl State {
    fn is_silent(&mut self) -> bool {
        self.parts.is_empty() && !self.end.is_there
    }
}

impl Pipe {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends the input; what has arrived is still validated.
    pub fn stop(&self) {
        let mut state = self.lock();
        state.end.is_stopped = true;
        state.end.is_there |= state.end.comes_at_once;
        drop(state);
        self.changed.notify_all();
    }

    /// The reading thread does not notice that it is stopped, as it waits for the input.
    pub(super) fn ends_when_stopped(&self) {
        let mut state = self.lock();
        state.end.comes_at_once = true;
        state.end.is_there |= state.end.is_stopped;
    }

    pub fn is_stopped(&self) -> bool {
        self.lock().end.is_stopped
    }

    /// Every gap from now on is a pause.
    pub fn pause_at_once(&self) {
        let mut state = self.lock();
        state.pauses = Pauses::AtOnce;
        state.has_paused = false;
    }

    pub fn never_pause(&self) {
        self.lock().pauses = Pauses::Never;
    }

    /// Waits until there is something to read; false if nothing follows.
    pub fn has_more(&self) -> bool {
        let state = self.changed.wait_while(self.lock(), State::is_silent);
        let state = state.unwrap_or_else(PoisonError::into_inner);
        !state.parts.is_empty()
    }

    /// Adds a part once there is room for it; false if nobody wants more.
    pub(super) fn send(&self, part: Part) -> bool {
        let is_full = |state: &mut State| state.waiting >= MAX_WAITING && !state.end.is_there;
        let state = self.changed.wait_while(self.lock(), is_full);
        let mut state = state.unwrap_or_else(PoisonError::into_inner);
        if state.end.is_there {
            return false;
        }
        if let Part::Bytes(bytes) = &part {
            state.waiting += bytes.len();
        }
        state.parts.push_back(part);
        self.changed.notify_all();
        true
    }

    /// Nothing follows.
    pub(super) fn end(&self) {
        self.lock().end.is_there = true;
        self.changed.notify_all();
    }

    /// Waits a moment for whoever may stop the input; true if that happened.
    pub(super) fn is_stopped_within(&self, moment: Duration) -> bool {
        let is_wanted = |state: &mut State| !state.end.is_stopped;
        let waited = self
            .changed
            .wait_timeout_while(self.lock(), moment, is_wanted);
        let (state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        state.end.is_stopped
    }

    /// The next part, or none at the end.
    ///
    /// # Errors
    ///
    /// [`io::ErrorKind::WouldBlock`] for a pause, once until something arrives.
    fn receive(&self) -> io::Result<Option<Part>> {
        let state = self.lock();
        let pauses = if state.has_paused {
            Pauses::Never
        } else {
            state.pauses
        };
        let mut state = match pauses {
            Pauses::AtOnce => state,
            Pauses::AfterAWhile => {
                let waited =
                    self.changed
                        .wait_timeout_while(state, OPENING_PAUSE, State::is_silent);
                waited.unwrap_or_else(PoisonError::into_inner).0
            }
            Pauses::Never => {
                let waited = self.changed.wait_while(state, State::is_silent);
                waited.unwrap_or_else(PoisonError::into_inner)
            }
        };
        state.has_paused = state.is_silent();
        if state.has_paused {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        let part = state.parts.pop_front();
        if let Some(Part::Bytes(bytes)) = &part {
            state.waiting -= bytes.len();
            self.changed.notify_all();
        }
        Ok(part)
    }
}

/// Reads one file of a live input.
pub(crate) struct LiveReader {
    pipe: Arc<Pipe>,
    rest: io::Cursor<Vec<u8>>,
    is_at_end: bool,
}

impl LiveReader {
    /// Reads the next file; pauses are told after a while.
    pub fn new(pipe: Arc<Pipe>) -> Self {
        let mut state = pipe.lock();
        state.pauses = Pauses::AfterAWhile;
        state.has_paused = false;
        drop(state);
        Self {
            pipe,
            rest: io::Cursor::default(),
            is_at_end: false,
        }
    }

    pub fn pipe(&self) -> &Arc<Pipe> {
        &self.pipe
    }
}

impl Read for LiveReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let read = self.rest.read(buffer)?;
            if read > 0 || buffer.is_empty() || self.is_at_end {
                return Ok(read);
            }
            match self.pipe.receive()? {
                Some(Part::Bytes(bytes)) => self.rest = io::Cursor::new(bytes),
                Some(Part::EndOfFile) | None => self.is_at_end = true,
                Some(Part::Broken(error)) => {
                    self.is_at_end = true;
                    return Err(error);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{
        io::{ErrorKind, Read},
        sync::Arc,
    };

    use super::{LiveReader, Part, Pipe};

    #[test]
    fn a_pause_is_told_once_and_what_arrived_before_a_stop_is_read() {
        let pipe = Arc::new(Pipe::default());
        pipe.ends_when_stopped();
        let mut reader = LiveReader::new(Arc::clone(&pipe));
        pipe.pause_at_once();
        let mut text = Vec::new();
        assert!(pipe.send(Part::Bytes(b"one".to_vec())));
        let pause = reader.read_to_end(&mut text).unwrap_err();
        assert_eq!(
            (pause.kind(), &text[..]),
            (ErrorKind::WouldBlock, &b"one"[..])
        );
        assert!(pipe.send(Part::Bytes(b" two".to_vec())));
        pipe.stop();
        assert!(!pipe.send(Part::Bytes(b" three".to_vec())));
        reader.read_to_end(&mut text).unwrap();
        assert_eq!(text, b"one two");
        assert!(!pipe.has_more());
    }

    #[test]
    fn each_file_has_a_reader_of_its_own() {
        let pipe = Arc::new(Pipe::default());
        for part in ["one", "two"] {
            assert!(pipe.send(Part::Bytes(part.into())));
            assert!(pipe.send(Part::EndOfFile));
        }
        pipe.end();
        for expected in ["one", "two", ""] {
            let mut text = String::new();
            let mut reader = LiveReader::new(Arc::clone(&pipe));
            assert_eq!(pipe.has_more(), !expected.is_empty());
            reader.read_to_string(&mut text).unwrap();
            assert_eq!(text, expected);
        }
    }
}
