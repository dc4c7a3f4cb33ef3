//! Threads that read live inputs.

use std::{
    io::{self, Read},
    path::Path,
    sync::Arc,
    thread,
    time::Duration,
};

use super::{
    growing::Growing,
    pipe::{Part, Pipe},
};

/// How much is read at a time.
const READ: usize = 64 << 10;
/// How often a file that is followed is looked at.
const LOOK: Duration = Duration::from_millis(100);

/// Reads standard input until it ends.
pub(crate) fn read_standard_input(pipe: &Arc<Pipe>) {
    let pipe = Arc::clone(pipe);
    pipe.ends_when_stopped();
    thread::spawn(move || {
        let mut stdin = io::stdin().lock();
        let mut buffer = vec![0; READ];
        loop {
            match stdin.read(&mut buffer) {
                Ok(0) => break,
                Ok(read) => {
                    if !pipe.send(Part::Bytes(buffer[..read].to_vec())) {
                        break;
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    pipe.send(Part::Broken(not_a_pause(error)));
                    break;
                }
            }
        }
        pipe.end();
    });
}

/// Reads a file from its start and what is appended to it, until the pipe is stopped. If it is replaced
/// or written anew, the new one is read from its start.
///
/// # Errors
///
/// If it cannot be opened, or is not a regular file.
pub(crate) fn follow(path: &Path, pipe: &Arc<Pipe>) -> Result<(), String> {
    let growing = Growing::open(path).map_err(|error| error.to_string())?;
    if !growing.is_regular().map_err(|error| error.to_string())? {
        return Err(
            "this is not a regular file, which could be followed; pass it on standard input"
                .to_owned(),
        );
    }
    let (path, pipe) = (path.to_owned(), Arc::clone(pipe));
    thread::spawn(move || {
        if let Err(error) = feed(growing, &path, &pipe) {
            pipe.send(Part::Broken(not_a_pause(error)));
        }
        pipe.end();
    });
    Ok(())
}

fn feed(mut growing: Growing, path: &Path, pipe: &Pipe) -> io::Result<()> {
    let mut buffer = vec![0; READ];
    let mut is_last = false;
    loop {
        // What was appended before the file was replaced is read before the new one.
        let is_replaced = growing.is_replaced(path);
        let is_rewritten = growing.is_rewritten()?;
        if is_rewritten {
            growing.start_over()?;
            if !pipe.send(Part::EndOfFile) {
                return Ok(());
            }
        }
        let mut left = if is_last {
            growing.remaining()?
        } else {
            u64::MAX
        };
        while left > 0 {
            match growing.read(&mut buffer) {
                Ok(0) => break,
                Ok(read) => {
                    left = left.saturating_sub(read as u64);
                    if !pipe.send(Part::Bytes(buffer[..read].to_vec())) {
                        return Ok(());
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        if is_replaced {
            // It may be gone again; then the next one is waited for.
            if let Ok(next) = Growing::open(path) {
                growing = next;
                if !pipe.send(Part::EndOfFile) {
                    return Ok(());
                }
                continue;
            }
        }
        if is_last {
            return Ok(());
        }
        // What was appended before the stop is read.
        is_last = pipe.is_stopped_within(LOOK);
    }
}

/// An error that the reader does not take for a pause.
fn not_a_pause(error: io::Error) -> io::Error {
    if error.kind() == io::ErrorKind::WouldBlock {
        io::Error::other(error)
    } else {
        error
    }
}
