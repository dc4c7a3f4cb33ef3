//! How much of an answer is read: a task has a few kilobytes and some sixty values.

/// The longest body that is read unless told otherwise, in bytes: 4 MiB.
pub const MAX_BODY_BYTES: usize = 4 << 20;

/// The most values that a JSON text may have, since each of two bytes (`[]`) takes thirty or more in
/// memory; an object counts as [`VALUES_OF_AN_OBJECT`].
pub(super) const MAX_VALUES: usize = 100_000;

/// What an object counts, since its map has room for eleven members at once.
pub(super) const VALUES_OF_AN_OBJECT: usize = 10;
