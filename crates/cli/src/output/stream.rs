//! Lines on standard output and standard error.

use std::{
    borrow::Cow,
    fmt,
    io::{self, Write},
};

use seedance_query::redact::{terminal, terminal_json};

/// Prints on standard error why something was not done.
pub(crate) fn complain(message: &str) {
    say(&format!("seedance-query: {message}"));
}

/// Prints a line on standard error; if that fails, there is nobody to tell.
pub(crate) fn say(line: &str) {
    let _ = writeln!(anstream::stderr(), "{}", terminal(line));
}

/// Prints a line on standard output, if it is still read.
pub(crate) fn print(line: &dyn fmt::Display) -> io::Result<()> {
    is_read(writeln!(
        io::stdout().lock(),
        "{}",
        shown(&line.to_string())
    ))
    .map(|_| ())
}

/// A text or JSON without control characters: servers and files say what is in it.
fn shown(text: &str) -> Cow<'_, str> {
    if text.starts_with(['{', '[']) {
        terminal_json(text)
    } else {
        terminal(text)
    }
}

/// A writer that goes on without a reader: what is counted then still decides the exit status.
pub(crate) struct WhileRead<W> {
    out: W,
    is_read: bool,
}

impl<W> WhileRead<W> {
    pub fn new(out: W) -> Self {
        Self { out, is_read: true }
    }
}

impl<W: Write> Write for WhileRead<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if !self.is_read {
            return Ok(bytes.len());
        }
        match self.out.write(bytes) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                self.is_read = false;
                Ok(bytes.len())
            }
            written => written,
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.is_read = self.is_read && is_read(self.out.flush())?;
        Ok(())
    }
}

/// Whether output was read: a closed pipe is neither a failure nor a success.
pub(crate) fn is_read(outcome: io::Result<()>) -> io::Result<bool> {
    match outcome {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(false),
        Err(error) => Err(error),
    }
}
