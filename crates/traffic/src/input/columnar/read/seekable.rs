//! A table that is read at any place.

use std::{fs::File, io::Read, sync::Arc};

use bytes::Bytes;
use parquet::{
    errors::Result,
    file::reader::{ChunkReader, Length},
};

use super::{
    super::{container::Container, problem::Problem},
    table_source::TableSource,
};
use crate::{input::fill::fill, limits::MAX_WHOLE_INPUT};

/// A file, or what is in memory of an input that is none.
#[derive(Clone)]
pub(super) enum Seekable {
    File(Arc<File>),
    Bytes(Bytes),
}

impl Seekable {
    /// Reads an input to its end that is not a file by itself.
    pub fn of(
        mut source: TableSource<'_>,
        container: Container,
    ) -> std::result::Result<Self, Problem> {
        if let Some(file) = source.file {
            return Ok(Self::File(Arc::new(file)));
        }
        let is_whole = source.is_at_end
            || fill(&mut source.reader, &mut source.head, MAX_WHOLE_INPUT).map_err(|error| {
                Problem::unreadable(format!("the input breaks off here: {error}"))
            })?;
        if !is_whole {
            return Err(Problem::unreadable(format!(
                "{} that is not a file by itself is read up to {} MB, because it begins at its end; \
                 extract it or save it to a file, and validate that",
                container.name(),
                MAX_WHOLE_INPUT / 1_000_000
            )));
        }
        Ok(Self::Bytes(source.head.into()))
    }

    /// Its last bytes; none if there are fewer.
    pub fn last<const N: usize>(&self) -> Option<[u8; N]> {
        let start = self.len().checked_sub(N as u64)?;
        let bytes = self.get_bytes(start, N).ok()?;
        bytes.first_chunk().copied()
    }

    /// Some of its bytes; none if it is shorter.
    pub fn bytes(&self, start: u64, length: usize) -> Option<Bytes> {
        let end = start.checked_add(length as u64)?;
        (end <= self.len())
            .then(|| self.get_bytes(start, length).ok())
            .flatten()
    }
}

impl Length for Seekable {
    fn len(&self) -> u64 {
        match self {
            Self::File(file) => file.len(),
            Self::Bytes(bytes) => bytes.len() as u64,
        }
    }
}

impl ChunkReader for Seekable {
    type T = Box<dyn Read>;

    fn get_read(&self, start: u64) -> Result<Self::T> {
        Ok(match self {
            Self::File(file) => Box::new(file.get_read(start)?),
            Self::Bytes(bytes) => Box::new(bytes.get_read(start)?),
        })
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes> {
        match self {
            Self::File(file) => file.get_bytes(start, length),
            Self::Bytes(bytes) => bytes.get_bytes(start, length),
        }
    }
}
