//! The record batches of an Arrow IPC file, which its footer lists.

use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_buffer::Buffer;
use arrow_ipc::{
    Block, convert::try_fb_to_schema, reader::FileDecoder, reader::read_footer_length,
    root_as_footer,
};
use arrow_schema::{Fields, SchemaRef};
use parquet::file::reader::Length;

use super::{
    ipc_message::{MAX_BATCH, check, damaged, message, too_large},
    seekable::Seekable,
};

/// What stands at both ends of a file.
const MAGIC: &[u8; 6] = b"ARROW1";

/// Reads one batch after the other.
pub(super) struct IpcFile {
    source: Seekable,
    decoder: FileDecoder,
    schema: SchemaRef,
    blocks: std::vec::IntoIter<Block>,
}

impl IpcFile {
    /// Reads the footer and the dictionaries.
    pub fn open(source: Seekable) -> Result<Self, String> {
        let Some(end) = source.last::<10>().filter(|end| end.ends_with(MAGIC)) else {
            return Err(
                "this Arrow file is cut off: its footer is missing; nothing can be read without it"
                    .to_owned(),
            );
        };
        let length = read_footer_length(end).map_err(damaged)?;
        let start = source.len().checked_sub(10 + length as u64);
        let footer = start
            .and_then(|start| source.bytes(start, length))
            .ok_or_else(|| damaged("the footer is longer than the file"))?;
        let footer = root_as_footer(&footer).map_err(damaged)?;
        let schema = footer
            .schema()
            .filter(|schema| schema.endianness().equals_to_target_endianness())
            .ok_or_else(|| damaged("there is no schema for this machine in it"))?;
        let schema = Arc::new(try_fb_to_schema(schema).map_err(damaged)?);
        let blocks: Vec<Block> = footer.recordBatches().iter().flatten().copied().collect();
        let mut file = Self {
            source,
            decoder: FileDecoder::new(Arc::clone(&schema), footer.version()),
            schema,
            blocks: blocks.into_iter(),
        };
        for block in footer.dictionaries().iter().flatten() {
            let buffer = file.block(block)?;
            file.decoder
                .read_dictionary(block, &buffer)
                .map_err(damaged)?;
        }
        Ok(file)
    }

    pub fn fields(&self) -> &Fields {
        self.schema.fields()
    }

    /// The bytes of a message and its body.
    fn block(&self, block: &Block) -> Result<Buffer, String> {
        let size = |size: i64| usize::try_from(size).unwrap_or(usize::MAX);
        let (description, body) = (
            size(block.metaDataLength().into()),
            size(block.bodyLength()),
        );
        let length = description.saturating_add(body);
        if length > MAX_BATCH {
            return Err(too_large());
        }
        let start = u64::try_from(block.offset()).unwrap_or(u64::MAX);
        let bytes = self
            .source
            .bytes(start, length)
            .ok_or_else(|| damaged("a batch is outside of the file"))?;
        let (description, body) = bytes.split_at(description);
        check(&message(description)?, body)?;
        Ok(Buffer::from(bytes))
    }
}

impl Iterator for IpcFile {
    type Item = Result<RecordBatch, String>;

    fn next(&mut self) -> Option<Self::Item> {
        let block = self.blocks.next()?;
        let batch = self.block(&block).and_then(|buffer| {
            let batch = self.decoder.read_record_batch(&block, &buffer);
            batch.map_err(damaged)
        });
        batch.transpose().or_else(|| self.next())
    }
}
