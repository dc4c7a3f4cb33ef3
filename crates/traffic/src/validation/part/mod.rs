//! A summary as a value that can be stored and merged.
//!
//! It is a map from the identity of each input to what is known of it, and the polls of each task by
//! input. Merging is the union of both: associative, commutative, and idempotent for each input.

mod invalid;
mod part_builder;
mod part_text;
mod read;
mod read_tasks;
mod read_values;
mod records;
mod streamed;
mod summary_part;
mod write;
mod write_tasks;
mod write_values;

pub(super) use self::part_builder::PartBuilder;
pub use self::{
    invalid::{InvalidPart, PartMismatch},
    part_text::part_schema,
    summary_part::SummaryPart,
};
