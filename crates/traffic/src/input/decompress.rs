//! Compressed inputs and bodies, with limits on what comes out.

use std::io::{self, Read};

use super::{budget::Budget, turn::Turn};
use crate::limits::{MAX_BODY, MAX_SMALL_BODY};

/// Maximum memory that a decoder may take for what came out before, in KiB.
const MAX_WINDOW: u32 = 24 << 10;

/// The compression of a stream or a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Compression {
    Gzip,
    Zstd,
    Brotli,
    Xz,
    Bzip2,
    /// Without a frame, as in a zip archive.
    Deflate,
}

impl Compression {
    /// By the magic bytes; Brotli has none.
    pub fn of(head: &[u8]) -> Option<Self> {
        match head {
            [0x1f, 0x8b, ..] => Some(Self::Gzip),
            [0x28, 0xb5, 0x2f, 0xfd, ..] => Some(Self::Zstd),
            [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => Some(Self::Xz),
            [
                b'B',
                b'Z',
                b'h',
                b'1'..=b'9',
                0x31,
                0x41,
                0x59,
                0x26,
                0x53,
                0x59,
                ..,
            ] => Some(Self::Bzip2),
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
        let budget = Budget::default();
        let reader = self.unguarded(budget.taking(reader))?;
        Ok(Box::new(budget.giving(reader)))
    }

    /// Decompresses a stream without a limit on what comes out.
    pub(super) fn unguarded<'a>(
        self,
        reader: impl Read + Send + 'a,
    ) -> io::Result<Box<dyn Read + Send + 'a>> {
        Ok(match self {
            Self::Gzip => Box::new(flate2::read::MultiGzDecoder::new(reader)),
            Self::Zstd => {
                Box::new(ruzstd::decoding::StreamingDecoder::new(reader).map_err(io::Error::other)?)
            }
            Self::Brotli => Box::new(brotli_decompressor::Decompressor::new(reader, 4096)),
            Self::Xz => Box::new(lzma_rust2::XzReader::new_mem_limit(
                reader, true, MAX_WINDOW,
            )),
            Self::Bzip2 => Box::new(bzip2::read::MultiBzDecoder::new(reader)),
            Self::Deflate => Box::new(flate2::read::DeflateDecoder::new(reader)),
        })
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
