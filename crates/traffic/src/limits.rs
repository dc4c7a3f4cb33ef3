//! How much of an input or of the traffic is held in memory.
//!
//! A task has a few kilobytes; what is larger by a factor of a thousand is not one.

/// Maximum size of a body in bytes, decompressed; longer ones are not judged.
pub(crate) const MAX_BODY: usize = 4 << 20;
/// Maximum size of an item of an input: a line, an element of an array, an entry of an archive. In an
/// archive, a body takes up to twice its size.
pub(crate) const MAX_ITEM: usize = 8_000_000;
/// Maximum size of an input whose items are only found when all of it is read.
pub(crate) const MAX_WHOLE_INPUT: usize = 16_000_000;
/// Maximum number of values of a JSON text that is searched for responses or shown.
pub(crate) const MAX_JSON_VALUES: usize = 200_000;
/// Maximum number of bytes of decoded bodies that are kept for excerpts at a time, over all cores.
pub(crate) const MAX_KEPT_BODIES: usize = 8 << 20;
/// Maximum number of large bodies that are decompressed and judged at a time, over all cores.
pub(crate) const MAX_LARGE_BODIES: usize = 2;
/// What is decompressed without waiting for others.
pub(crate) const MAX_SMALL_BODY: usize = 256 << 10;
