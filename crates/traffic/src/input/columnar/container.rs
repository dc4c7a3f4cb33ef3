//! Which columnar format an input has, by its first bytes.

/// A format that holds a table column by column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::input) enum Container {
    Parquet,
    /// A Parquet file whose metadata is encrypted.
    EncryptedParquet,
    /// An Arrow IPC file, which is Feather V2.
    ArrowFile,
    /// An Arrow IPC stream.
    ArrowStream,
    /// The format of Feather before it was Arrow's.
    FeatherV1,
}

/// What stands before each message of an Arrow IPC stream, and its length in bytes.
pub(super) const CONTINUATION: [u8; 4] = [0xff; 4];
/// Maximum length of the message with the schema.
const MAX_SCHEMA: usize = 16 << 20;
/// The number of a schema among the kinds of messages.
const SCHEMA: u8 = 1;

impl Container {
    pub fn of(head: &[u8]) -> Option<Self> {
        if head.starts_with(b"PAR1") {
            Some(Self::Parquet)
        } else if head.starts_with(b"PARE") {
            Some(Self::EncryptedParquet)
        } else if head.starts_with(b"ARROW1") {
            Some(Self::ArrowFile)
        } else if head.starts_with(b"FEA1") {
            Some(Self::FeatherV1)
        } else {
            starts_with_schema(head).then_some(Self::ArrowStream)
        }
    }

    /// How it is called in a message.
    pub fn name(self) -> &'static str {
        match self {
            Self::Parquet => "a Parquet file",
            Self::EncryptedParquet => "an encrypted Parquet file",
            Self::ArrowFile => "an Arrow file",
            Self::ArrowStream => "an Arrow stream",
            Self::FeatherV1 => "a Feather file of version 1",
        }
    }

    /// A command that turns it into lines of JSON.
    pub fn conversion(self) -> &'static str {
        match self {
            Self::Parquet => "duckdb -c \"COPY (FROM 'FILE') TO 'FILE.ndjson'\"",
            Self::EncryptedParquet => {
                "duckdb -c \"PRAGMA add_parquet_key('k', 'KEY'); COPY (FROM read_parquet('FILE', \
                 encryption_config = {footer_key: 'k'})) TO 'FILE.ndjson'\""
            }
            Self::ArrowFile => {
                "python -c \"import polars; polars.read_ipc('FILE').write_ndjson('FILE.ndjson')\""
            }
            Self::ArrowStream => {
                "python -c \"import polars; polars.read_ipc_stream('FILE').write_ndjson('FILE.ndjson')\""
            }
            Self::FeatherV1 => {
                "python -c \"import pandas; pandas.read_feather('FILE').to_json('FILE.ndjson', orient='records', lines=True)\""
            }
        }
    }
}

/// Whether bytes start with a message of an Arrow IPC stream that holds a schema.
fn starts_with_schema(head: &[u8]) -> bool {
    let message = || {
        let rest = head.strip_prefix(&CONTINUATION)?;
        let (length, message) = rest.split_first_chunk()?;
        let length = usize::try_from(i32::from_le_bytes(*length)).ok()?;
        (length > 0 && length.is_multiple_of(8) && length <= MAX_SCHEMA).then_some(message)
    };
    message().and_then(kind_of_message) == Some(SCHEMA)
}

/// The second field of the table at the root of a FlatBuffers message.
fn kind_of_message(message: &[u8]) -> Option<u8> {
    let four = |at: usize| Some(*message.get(at..)?.first_chunk::<4>()?);
    let two = |at: usize| Some(*message.get(at..)?.first_chunk::<2>()?);
    let table = usize::try_from(u32::from_le_bytes(four(0)?)).ok()?;
    let fields = i64::try_from(table).ok()? - i64::from(i32::from_le_bytes(four(table)?));
    let fields = usize::try_from(fields).ok()?;
    let has_second = u16::from_le_bytes(two(fields)?) >= 8;
    let second = usize::from(u16::from_le_bytes(two(fields + 6)?));
    (has_second && second > 0).then(|| message.get(table + second).copied())?
}

#[cfg(test)]
mod tests {
    use super::Container;

    #[test]
    fn other_bytes_are_no_stream() {
        for head in [
            &b"\xff\xff\xff\xff"[..],
            b"\xff\xff\xff\xff\x10\0\0\0",
            b"\xff\xff\xff\xff\x10\0\0\0\xff\xff\xff\x7f",
            b"\xff\xff\xff\xff\x10\0\0\0\x04\0\0\0\xff\xff\xff\xff\0\0\0\0",
            b"\xff\xff\xff\xff\x10\0\0\0\x04\0\0\0\x04\0\0\0\x04\0\0\0",
            b"PAR",
            b"",
        ] {
            assert_eq!(Container::of(head), None, "{head:?}");
        }
    }
}
