//! How much of an input or of the traffic is held in memory.
//!
//! A task has a few kilobytes; what is larger by a factor of a thousand is not one.

/// Maximum size of a body in bytes, decompressed; longer ones are not judged.
pub(crate) const MAX_BODY: usize = seedance_query::MAX_BODY_BYTES;
/// Maximum number of values of a body; of one with more, each costs more memory than its text.
pub(crate) const MAX_BODY_VALUES: usize = 50_000;
/// Maximum size of an item of an input: a line, an element of an array, an entry of an archive. In an
/// archive, a body takes up to twice its size.
pub(crate) const MAX_ITEM: usize = 8_000_000;
/// Maximum number of files that are read of an archive.
pub(crate) const MAX_MEMBERS: usize = 10_000;
/// How many bytes of an input are collected before they are passed on.
pub(crate) const CHUNK: usize = 128 << 10;
/// How many bytes are collected before they are validated on all cores.
pub(crate) const BATCH: usize = 512 << 10;
/// Maximum number of items that are judged in one go.
pub(crate) const MAX_ITEMS_OF_CHUNK: usize = 1_000;
/// Maximum size of an input whose items are only found when all of it is read.
pub(crate) const MAX_WHOLE_INPUT: usize = 16_000_000;
/// The same of one that is converted before it is searched.
pub(crate) const MAX_CONVERTED_INPUT: usize = 2_000_000;
/// Maximum number of values of a JSON text that is searched for responses or shown.
pub(crate) const MAX_JSON_VALUES: usize = 200_000;
/// Maximum number of bytes of decoded bodies that are kept for excerpts at a time, over all cores.
pub(crate) const MAX_KEPT_BODIES: usize = 8 << 20;
/// Maximum number of large bodies that are decompressed and judged at a time, over all cores.
pub(crate) const MAX_LARGE_BODIES: usize = 2;
/// What is decompressed without waiting for others.
pub(crate) const MAX_SMALL_BODY: usize = 256 << 10;

/// Why a body is not judged, if it is too large.
pub(crate) fn beyond_limits(body: &[u8]) -> Option<String> {
    if body.len() > MAX_BODY {
        let limit = MAX_BODY / 1_000_000;
        return Some(format!(
            "this body is longer than {limit} MB; a task has a few kilobytes"
        ));
    }
    has_more_values(body, MAX_BODY_VALUES).then(|| {
        format!("this body has more than {MAX_BODY_VALUES} values; a task has less than a hundred")
    })
}

/// Whether a JSON text may have more values than this.
///
/// Each but the first follows a bracket, a comma or a colon. A string can have these, too, so that
/// this counts too many: with limits this high, only in a text that is no recording.
pub(crate) fn has_more_values(text: &[u8], limit: usize) -> bool {
    let before_value = |byte: &&u8| matches!(**byte, b'[' | b'{' | b',' | b':');
    text.len() > limit && text.iter().filter(before_value).count() > limit
}

#[cfg(test)]
mod tests {
    use super::{MAX_BODY, MAX_BODY_VALUES, beyond_limits};

    #[test]
    fn long_bodies_and_those_with_many_values_are_not_judged() {
        let array = |values: usize| format!("[{}1]", "1,".repeat(values - 2));
        let said = |body: String| beyond_limits(body.as_bytes());
        assert_eq!(said(array(MAX_BODY_VALUES)), None);
        assert_eq!(
            said(array(MAX_BODY_VALUES + 10)).unwrap(),
            "this body has more than 50000 values; a task has less than a hundred"
        );
        assert_eq!(said("x".repeat(MAX_BODY)), None);
        assert_eq!(
            said("x".repeat(MAX_BODY + 1)).unwrap(),
            "this body is longer than 4 MB; a task has a few kilobytes"
        );
    }
}
