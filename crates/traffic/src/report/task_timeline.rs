//! The states that a task went through.

use schemars::JsonSchema;
use serde::Serialize;

use seedance_query::{model::Source, validate::Rule};

/// The states of one task, as far as its polls show them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TaskTimeline {
    /// The task.
    pub task_id: String,
    /// The states in order; polls in a row with the same status are one state.
    pub observed: Vec<ObservedState>,
}

/// A state that one or more polls in a row found a task in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct ObservedState {
    /// The status.
    pub status: String,
    /// The progress that the last of these polls reported.
    pub progress: Option<String>,
    /// The number of polls in a row with this status.
    pub polls: u64,
    /// When the status was first seen, in Unix seconds, if that was recorded.
    pub since: Option<i64>,
    /// Seconds until the next status was seen, or until this one was seen last.
    pub seconds: Option<i64>,
    /// Where it was first seen.
    pub first: Source,
    /// The rules that these polls broke in comparison with earlier ones.
    pub rules: Vec<Rule>,
}
