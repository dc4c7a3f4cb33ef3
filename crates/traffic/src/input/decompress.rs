//! Compressed inputs and bodies, never more of them than they can be meant to hold.

use std::{
    io::{self, Read},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use super::LONGEST_BODY;

/// So much may come out of any input, however little goes in.
const SURE: u64 = 64 << 20;
/// No recorded traffic becomes that many times smaller.
const RATIO: u64 = 200;

/// How a stream or a body is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Compression {
    Gzip,
    Zstd,
    Brotli,
}

impl Compression {
    /// What the first bytes tell; Brotli has none that do.
    pub fn of(head: &[u8]) -> Option<Self> {
        match head {
            [0x1f, 0x8b, ..] => Some(Self::Gzip),
            [0x28, 0xb5, 0x2f, 0xfd, ..] => Some(Self::Zstd),
            _ => None,
        }
    }

    /// What a `Content-Encoding` names, if it is a single one that is known.
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

    /// Reads what was compressed; an error tells of damage, and of data that is made to burst.
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

    /// A body as it was before it was compressed, unless it is longer than `longest`.
    pub fn decode(self, body: &[u8], longest: usize) -> io::Result<Vec<u8>> {
        let mut out = Vec::new();
        let limit = longest as u64 + 1;
        self.reader(body)?.take(limit).read_to_end(&mut out)?;
        if out.len() > longest {
            let message = format!("it is longer than {} MiB once decompressed", longest >> 20);
            return Err(io::Error::new(io::ErrorKind::InvalidData, message));
        }
        Ok(out)
    }
}

/// Undoes a content encoding, unless the recorder has done so already.
pub(super) fn undo(bytes: Vec<u8>, encoding: Option<Compression>) -> Result<Vec<u8>, String> {
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
        None => Ok(bytes),
        Some(compression) => compression
            .decode(&bytes, LONGEST_BODY)
            .map_err(|error| format!("the body of the response cannot be decompressed: {error}")),
    }
}

/// Counts what goes in.
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

/// Stops when what comes out is out of all proportion.
struct Guarded<R> {
    reader: R,
    taken: Arc<AtomicU64>,
    given: u64,
}

impl<R: Read> Read for Guarded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let taken = self.taken.load(Ordering::Relaxed);
        if self.given > SURE && self.given > RATIO * taken {
            let message = format!(
                "it becomes more than {RATIO} times as long when it is decompressed; \
                 stopped after {} MiB",
                self.given >> 20
            );
            return Err(io::Error::new(io::ErrorKind::InvalidData, message));
        }
        let read = self.reader.read(buffer)?;
        self.given += read as u64;
        Ok(read)
    }
}
