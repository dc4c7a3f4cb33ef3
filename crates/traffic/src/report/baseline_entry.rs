//! An entry of a baseline.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A distinct finding that a baseline lists as known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BaselineEntry {
    /// The id of the rule.
    pub rule: String,
    /// The JSON Pointer of the finding, `*` for the index of an array.
    pub pointer: String,
    /// The undocumented value, of rules that tell findings apart by it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}
