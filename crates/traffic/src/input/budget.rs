//! How much may come out of an archive in proportion to its size.

use std::{
    io::{self, Read},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

/// This much may come out of any input, however short it is.
const MAX_UNCHECKED: u64 = 64_000_000;
/// Maximum ratio of output to input beyond that; recorded traffic stays far below.
const MAX_RATIO: u64 = 200;

/// Whether more comes out of a compressed input than recorded traffic allows for.
pub(super) fn is_out_of_proportion(taken: u64, given: u64) -> bool {
    given > MAX_UNCHECKED && given > MAX_RATIO.saturating_mul(taken)
}

/// What was taken from a compressed input, and what came out; members of an archive share one.
#[derive(Clone, Debug, Default)]
pub(super) struct Budget {
    taken: Arc<AtomicU64>,
    given: Arc<AtomicU64>,
}

impl Budget {
    /// Counts what is read of the compressed input.
    pub fn taking<R>(&self, reader: R) -> Taking<R> {
        Taking {
            reader,
            taken: Arc::clone(&self.taken),
        }
    }

    /// Counts what comes out, and stops when it is out of proportion.
    pub fn giving<R>(&self, reader: R) -> Giving<R> {
        Giving {
            reader,
            budget: self.clone(),
        }
    }

    /// The number of bytes that were taken.
    pub fn taken(&self) -> u64 {
        self.taken.load(Ordering::Relaxed)
    }
}

pub(super) struct Taking<R> {
    reader: R,
    taken: Arc<AtomicU64>,
}

impl<R: Read> Read for Taking<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buffer)?;
        self.taken.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

pub(super) struct Giving<R> {
    reader: R,
    budget: Budget,
}

impl<R: Read> Read for Giving<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let given = self.budget.given.load(Ordering::Relaxed);
        if is_out_of_proportion(self.budget.taken(), given) {
            let message = format!(
                "it decompresses to more than {MAX_RATIO} times its size; \
                 stopped after {} MB",
                given / 1_000_000
            );
            return Err(io::Error::new(io::ErrorKind::InvalidData, message));
        }
        let read = self.reader.read(buffer)?;
        self.budget.given.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}
