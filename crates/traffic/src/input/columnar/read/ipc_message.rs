//! A message of Arrow IPC: what it describes, and the sizes that it tells.

use arrow_ipc::{Message, MessageHeader, RecordBatch, root_as_message};

use super::super::container::CONTINUATION;

/// Maximum size of a batch, also when it is decompressed: all of it has to be in memory.
pub(super) const MAX_BATCH: usize = 256 << 20;

/// The message in a description, which begins with its length.
pub(super) fn message(description: &[u8]) -> Result<Message<'_>, String> {
    let start = if description.starts_with(&CONTINUATION) {
        8
    } else {
        4
    };
    let message = description.get(start..).unwrap_or_default();
    root_as_message(message).map_err(damaged)
}

/// Checks the places and sizes of the buffers in a body, which the decoder takes as they are told.
pub(super) fn check(message: &Message<'_>, body: &[u8]) -> Result<(), String> {
    let header = match message.header_type() {
        MessageHeader::RecordBatch => message.header_as_record_batch(),
        MessageHeader::DictionaryBatch => message
            .header_as_dictionary_batch()
            .and_then(|dictionary| dictionary.data()),
        _ => None,
    };
    header.map_or(Ok(()), |header| check_buffers(header, body))
}

fn check_buffers(header: RecordBatch<'_>, body: &[u8]) -> Result<(), String> {
    let is_compressed = header.compression().is_some();
    let mut decompressed = 0_usize;
    for buffer in header.buffers().iter().flatten() {
        let range = usize::try_from(buffer.offset())
            .ok()
            .zip(usize::try_from(buffer.length()).ok());
        let bytes = range
            .and_then(|(start, length)| body.get(start..start.checked_add(length)?))
            .ok_or_else(|| damaged("a buffer is outside of its batch"))?;
        // A compressed one begins with its size, or with -1 if it is as it was.
        let size = bytes.first_chunk().filter(|_| is_compressed);
        let size = size.map_or(0, |size| i64::from_le_bytes(*size).max(0));
        decompressed = decompressed.saturating_add(usize::try_from(size).unwrap_or(usize::MAX));
    }
    if decompressed > MAX_BATCH {
        return Err(too_large());
    }
    Ok(())
}

pub(super) fn damaged(error: impl std::fmt::Display) -> String {
    format!("this Arrow data is damaged: {error}")
}

pub(super) fn too_large() -> String {
    format!(
        "a record batch of this Arrow data has more than {} MB; write smaller ones, such as with \
         pyarrow's `max_chunksize`",
        MAX_BATCH / 1_000_000
    )
}
