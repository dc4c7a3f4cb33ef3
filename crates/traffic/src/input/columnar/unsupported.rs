//! What is said of tables without the feature `parquet`.

use std::{convert::Infallible, fs::File, io::Read, marker::PhantomData};

use super::{container::Container, problem::Problem};
use crate::input::{chunk::Chunk, record::Places};

/// No table can be read.
pub(in crate::input) struct TableFile<'a>(Infallible, PhantomData<&'a ()>);

impl TableFile<'_> {
    /// Says what to do about it.
    pub fn open(
        container: Container,
        _: Vec<u8>,
        _: Box<dyn Read + Send + '_>,
        _: bool,
        _: Option<File>,
        _: &Places,
    ) -> Result<Self, Problem> {
        Err(Problem::unreadable(format!(
            "this is {}, which this build does not read; build it with `cargo install --path \
             crates/cli --features parquet`, or turn the file into lines of JSON and validate those: \
             {}",
            container.name(),
            container.conversion()
        )))
    }

    pub fn next(&mut self) -> Option<Chunk> {
        match self.0 {}
    }
}

/// Whether a panic of this thread would be caught; no decoder of tables is there to panic.
pub fn is_panic_caught() -> bool {
    false
}
