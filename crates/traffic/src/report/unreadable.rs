//! An item that could not be read.

use schemars::JsonSchema;
use serde::Serialize;

use seedance_query::model::Source;

/// An input, or a part of one, that no response could be read from; the rest of the input is read
/// where that is possible.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct Unreadable {
    /// Where it stands.
    pub source: Source,
    /// Why, in one sentence.
    pub message: String,
}
