//! Reads some bytes, or what there is.

use std::io::{self, Read};

/// Reads until the buffer holds `wanted` bytes; returns whether the input has ended.
pub(super) fn fill(reader: &mut dyn Read, buffer: &mut Vec<u8>, wanted: usize) -> io::Result<bool> {
    let missing = wanted.saturating_sub(buffer.len());
    // Spare capacity, so that the end of the input is noticed without growing.
    buffer.reserve_exact(missing + 32);
    let read = reader.take(missing as u64).read_to_end(buffer)?;
    Ok(read < missing)
}
