//! Where the bytes of a table come from.

use std::{fs::File, io::Read};

/// The bytes of a table.
pub(super) struct TableSource<'a> {
    /// What was read of it.
    pub head: Vec<u8>,
    /// What follows the head.
    pub reader: Box<dyn Read + Send + 'a>,
    /// Whether the head is all of it.
    pub is_at_end: bool,
    /// The same as both, if it is a file by itself: it can be read at any place.
    pub file: Option<File>,
}
