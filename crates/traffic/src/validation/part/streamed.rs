//! JSON that is written as it is made: a part has many megabytes.

use std::{fmt, io};

use serde::{Serialize, Serializer};

/// Takes the pieces of JSON, each of which is text by itself, as they come.
pub(super) struct JsonText<'a, 'b>(pub &'a mut fmt::Formatter<'b>);

impl io::Write for JsonText<'_, '_> {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        let text = str::from_utf8(piece).map_err(io::Error::other)?;
        self.0.write_str(text).map_err(io::Error::other)?;
        Ok(piece.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A list whose elements are made as they are written.
pub(super) struct Each<I>(pub I);

impl<I: Iterator<Item: Serialize> + Clone> Serialize for Each<I> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.clone())
    }
}
