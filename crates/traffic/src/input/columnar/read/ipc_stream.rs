//! The record batches of an Arrow IPC stream.

use std::{
    io::{self, Read},
    sync::Arc,
};

use arrow_array::RecordBatch;
use arrow_buffer::Buffer;
use arrow_ipc::{convert::try_fb_to_schema, reader::StreamDecoder};
use arrow_schema::{Fields, SchemaRef};

use super::{
    super::container::CONTINUATION,
    ipc_message::{MAX_BATCH, check, damaged, message, too_large},
};

/// Maximum length of what describes a batch.
const MAX_DESCRIPTION: usize = 16 << 20;

/// Reads one batch after the other.
pub(super) struct IpcStream<'a> {
    reader: Box<dyn Read + Send + 'a>,
    decoder: StreamDecoder,
    schema: SchemaRef,
    is_over: bool,
}

/// A message and its body.
struct Received {
    /// With its length, as the decoder reads it.
    description: Vec<u8>,
    body: Vec<u8>,
}

impl<'a> IpcStream<'a> {
    /// Reads the schema.
    pub fn open(mut reader: Box<dyn Read + Send + 'a>) -> Result<Self, String> {
        let missing = "this Arrow stream does not begin with a schema";
        let first = receive(&mut reader)?.ok_or(missing)?;
        let schema = message(&first.description)?;
        let schema = schema.header_as_schema().ok_or(missing)?;
        let schema = Arc::new(try_fb_to_schema(schema).map_err(damaged)?);
        let mut stream = Self {
            reader,
            decoder: StreamDecoder::new(),
            schema,
            is_over: false,
        };
        stream.decode(first)?;
        Ok(stream)
    }

    pub fn fields(&self) -> &Fields {
        self.schema.fields()
    }

    fn read(&mut self) -> Result<Option<RecordBatch>, String> {
        loop {
            let Some(received) = receive(&mut self.reader)? else {
                return match self.reader.read(&mut [0]).map_err(|error| broken(&error))? {
                    0 => Ok(None),
                    _ => Err(
                        "more follows the end of this Arrow stream, which is not read; validate it as an \
                         input of its own"
                            .to_owned(),
                    ),
                };
            };
            if let Some(batch) = self.decode(received)? {
                return Ok(Some(batch));
            }
        }
    }

    fn decode(&mut self, received: Received) -> Result<Option<RecordBatch>, String> {
        check(&message(&received.description)?, &received.body)?;
        let mut found = None;
        for part in [received.description, received.body] {
            let mut part = Buffer::from_vec(part);
            while !part.is_empty() {
                found = self.decoder.decode(&mut part).map_err(damaged)?.or(found);
            }
        }
        Ok(found)
    }
}

impl Iterator for IpcStream<'_> {
    type Item = Result<RecordBatch, String>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.is_over {
            return None;
        }
        let batch = self.read();
        self.is_over = !matches!(batch, Ok(Some(_)));
        batch.transpose()
    }
}

/// Reads the next message; none at the mark of the end.
fn receive(reader: &mut dyn Read) -> Result<Option<Received>, String> {
    let mut description = vec![0; 4];
    reader
        .read_exact(&mut description)
        .map_err(|error| cut_off(&error))?;
    let mut length = [0; 4];
    length.copy_from_slice(&description);
    if length == CONTINUATION {
        reader
            .read_exact(&mut length)
            .map_err(|error| cut_off(&error))?;
        description.extend_from_slice(&length);
    }
    let length = usize::try_from(i32::from_le_bytes(length)).unwrap_or(usize::MAX);
    if length == 0 {
        return Ok(None);
    }
    if length > MAX_DESCRIPTION {
        return Err(damaged("a message is longer than it can be"));
    }
    read_exactly(reader, length, &mut description)?;
    let body_length = message(&description)?.bodyLength();
    let body_length = usize::try_from(body_length).unwrap_or(usize::MAX);
    if body_length > MAX_BATCH {
        return Err(too_large());
    }
    let mut body = Vec::new();
    read_exactly(reader, body_length, &mut body)?;
    Ok(Some(Received { description, body }))
}

fn read_exactly(reader: &mut dyn Read, length: usize, into: &mut Vec<u8>) -> Result<(), String> {
    let read = reader.take(length as u64).read_to_end(into);
    if read.map_err(|error| broken(&error))? < length {
        return Err(cut_off(&io::ErrorKind::UnexpectedEof.into()));
    }
    Ok(())
}

fn cut_off(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => {
            "this Arrow stream is cut off: the mark of its end is missing".to_owned()
        }
        _ => broken(error),
    }
}

fn broken(error: &io::Error) -> String {
    format!("the input breaks off here: {error}")
}
