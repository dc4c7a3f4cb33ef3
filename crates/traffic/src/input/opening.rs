//! The beginning of an input: decompressed, in UTF-8, and with its format recognised.

use std::{
    io::{self, Read},
    mem,
};

use encoding_rs_io::DecodeReaderBytesBuilder;

use super::{decompress::Compression, format::Format};

/// How many bytes are read before the format is decided.
const HEAD: usize = 64 << 10;

/// An input of which the head was read.
pub(super) struct Opening<'a> {
    /// What follows the head.
    pub reader: Box<dyn Read + Send + 'a>,
    pub head: Vec<u8>,
    /// Whether the head is the whole input.
    pub is_at_end: bool,
    /// The format, or what the input is instead of a recording.
    pub recognised: Result<Format, String>,
}

impl<'a> Opening<'a> {
    pub fn of(reader: impl Read + Send + 'a) -> io::Result<Self> {
        let mut reader: Box<dyn Read + Send> = Box::new(reader);
        let mut head = Vec::new();
        let mut is_at_end = fill(&mut reader, &mut head, HEAD)?;
        if let Some(compression) = Compression::of(&head) {
            let before = io::Cursor::new(mem::take(&mut head));
            reader = compression.reader(before.chain(reader))?;
            is_at_end = fill(&mut reader, &mut head, HEAD)?;
        }
        if has_byte_order_mark(&head) {
            let before = io::Cursor::new(mem::take(&mut head));
            let decoder = DecodeReaderBytesBuilder::new()
                .utf8_passthru(true)
                .strip_bom(true)
                .build(before.chain(reader));
            reader = Box::new(decoder);
            is_at_end = fill(&mut reader, &mut head, HEAD)?;
        }
        let recognised = Format::of(&head, is_at_end);
        Ok(Self {
            reader,
            head,
            is_at_end,
            recognised,
        })
    }
}

/// Whether bytes start with the byte order mark of UTF-8 or UTF-16.
fn has_byte_order_mark(bytes: &[u8]) -> bool {
    let marks = [&b"\xef\xbb\xbf"[..], b"\xff\xfe", b"\xfe\xff"];
    marks.iter().any(|mark| bytes.starts_with(mark))
}

/// Reads until the buffer holds `wanted` bytes; returns whether the input has ended.
pub(super) fn fill(reader: &mut dyn Read, buffer: &mut Vec<u8>, wanted: usize) -> io::Result<bool> {
    let missing = wanted.saturating_sub(buffer.len());
    // Spare capacity, so that the end of the input is noticed without growing.
    buffer.reserve_exact(missing + 32);
    let read = reader.take(missing as u64).read_to_end(buffer)?;
    Ok(read < missing)
}
