//! Compressed inputs and bodies, with limits on what comes out.

use std::{
    io::{self, Read},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use super::turn::Turn;
use crate::limits::{MAX_BODY, MAX_SMALL_BODY};

/// This much may come out of any input, however short it is.
const MAX_UNCHECKED: u64 = 64_000_000;
/// Maximum ratio of output to input beyond that; recorded traffic stays far below.
const MAX_RATIO: u64 = 200;

/// The compression of a stream or a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Compression {
    Gzip,
    Zstd,
    Brotli,
}

impl Compression {
    /// By the magic bytes; Brotli has none.
    pub fn of(head: &[u8]) -> Option<Self> {
        match head {
            [0x1f, 0x8b, ..] => Some(Self::Gzip),
            [0x28, 0xb5, 0x2f, 0xfd, ..] => Some(Self::Zstd),
            _ => None,
        }
    }

    /// The one that a `Content-Encoding` names, if it is a single known one.
    pub fn named(encoding: &str) -> Option<Self> {
        let is = |name: &str| encoding.trim().eq_ignore_ascii_case(name);
        if is("gzip") || is("x-gzip") {
            Some(Self::Gzip)
        } else if is("zstd") {
            Some(Self::Zstd)
        } else if is("br") {
            Some(Self::Brotli)
        } else {
            None
        }
    }

    /// Decompresses a stream; fails on damaged data and on decompression bombs.
    pub fn reader<'a>(
        self,
        reader: impl Read + Send + 'a,
    ) -> io::Result<Box<dyn Read + Send + 'a>> {
        let taken = Arc::new(AtomicU64::new(0));
        let counted = Counted {
            reader,
            taken: Arc::clone(&taken),
        };
        let reader: Box<dyn Read + Send> = match self {
            Self::Gzip => Box::new(flate2::read::MultiGzDecoder::new(counted)),
            Self::Zstd => Box::new(
                ruzstd::decoding::StreamingDecoder::new(counted).map_err(io::Error::other)?,
            ),
            Self::Brotli => Box::new(brotli_decompressor::Decompressor::new(counted, 4096)),
        };
        Ok(Box::new(Guarded {
            reader,
            taken,
            given: 0,
        }))
    }

    /// Decompresses a body of at most `longest` bytes; a large one is decompressed in turn.
    pub fn decode(self, body: &[u8], longest: usize) -> io::Result<Decompressed> {
        let mut reader = self.reader(body)?;
        let mut bytes = Vec::new();
        let small = longest.min(MAX_SMALL_BODY);
        reader.by_ref().take(small as u64).read_to_end(&mut bytes)?;
        if bytes.len() < small {
            return Ok(Decompressed { bytes, turn: None });
        }
        let turn = Turn::wait();
        let rest = (longest - small) as u64 + 1;
        reader.take(rest).read_to_end(&mut bytes)?;
        if bytes.len() > longest {
            let message = format!("it decompresses to more than {} MB", longest / 1_000_000);
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, message));
        }
        let turn = Some(turn);
        Ok(Decompressed { bytes, turn })
    }
}

/// A body that was decompressed.
pub(crate) struct Decompressed {
    pub bytes: Vec<u8>,
    /// Until it is handled, if it is large.
    pub turn: Option<Turn>,
}

/// Decodes a content encoding, unless the recorder has already done so.
pub(super) fn undo(bytes: Vec<u8>, encoding: Option<Compression>) -> Result<Decompressed, String> {
    let is_text = bytes
        .trim_ascii_start()
        .first()
        .is_none_or(|byte| matches!(byte, b'{' | b'[' | b'<'));
    let compression = match Compression::of(&bytes) {
        None if is_text => None,
        None => encoding.filter(|encoding| *encoding == Compression::Brotli),
        found => found,
    };
    match compression {
        None => Ok(Decompressed { bytes, turn: None }),
        Some(compression) => compression
            .decode(&bytes, MAX_BODY)
            .map_err(|error| format!("the body of the response cannot be decompressed: {error}")),
    }
}

/// Counts the input.
struct Counted<R> {
    reader: R,
    taken: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buffer)?;
        self.taken.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

/// Stops when the output is out of proportion to the input.
struct Guarded<R> {
    reader: R,
    taken: Arc<AtomicU64>,
    given: u64,
}

impl<R: Read> Read for Guarded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let taken = self.taken.load(Ordering::Relaxed);
        if self.given > MAX_UNCHECKED && self.given > MAX_RATIO * taken {
            let message = format!(
                "it decompresses to more than {MAX_RATIO} times its size; \
                 stopped after {} MB",
                self.given / 1_000_000
            );
            return Err(io::Error::new(io::ErrorKind::InvalidData, message));
        }
        let read = self.reader.read(buffer)?;
        self.given += read as u64;
        Ok(read)
    }
}
