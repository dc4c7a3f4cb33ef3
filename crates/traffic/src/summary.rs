//! What many responses have in common.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Snippet, Unreadable};
use seedance_query::{
    model::Source,
    validate::{Finding, Rule, Severity},
};

/// Counts over all that was checked, and each distinct finding once.
///
/// Its size depends on how much is different, not on how much there is.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct Summary {
    /// How many inputs were read, such as files.
    pub inputs: u64,
    /// How many responses were checked.
    pub responses: u64,
    /// How many recorded exchanges are of other operations, and so were passed over.
    pub skipped: u64,
    /// How many tasks the responses are of.
    pub tasks: u64,
    /// How many responses have each verdict.
    pub verdicts: Verdicts,
    /// How many findings have each severity.
    pub severities: Severities,
    /// How many responses have each shape; `none` where it cannot be told.
    pub shapes: Vec<Count>,
    /// How often each rule found something, errors first; rules that found nothing are left out.
    pub rules: Vec<RuleCount>,
    /// Each distinct finding once, errors first, then the most frequent.
    pub drifts: Vec<Drift>,
    /// How many distinct findings are not listed, because there are too many.
    pub more_drifts: u64,
    /// How often each documented field was there, in the order of the spec.
    pub fields: Vec<FieldCount>,
    /// The documented values of each set, and those seen.
    pub values: Vec<ValueSet>,
    /// The lives of tasks, if they were asked for.
    pub lives: Vec<Life>,
    /// What could not be read; the first of them.
    pub unreadable: Vec<Unreadable>,
    /// How many things could not be read.
    pub unreadable_count: u64,
    /// What the baseline knows and no response has any more.
    pub stale: Vec<Stale>,
    /// How many findings were ignored or known.
    pub ignored: u64,
}

/// How many responses have each verdict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[allow(missing_docs, reason = "the names say it")]
pub struct Verdicts {
    pub conforms: u64,
    pub drifts: u64,
    pub violates: u64,
}

/// How many findings have each severity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[allow(missing_docs, reason = "the names say it")]
pub struct Severities {
    pub errors: u64,
    pub warnings: u64,
    pub infos: u64,
}

/// A name or a value, and how often it was there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[allow(missing_docs, reason = "the names say it")]
pub struct Count {
    pub name: String,
    pub count: u64,
}

/// A rule, and how often it found something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[allow(missing_docs, reason = "the names say it")]
pub struct RuleCount {
    pub rule: Rule,
    pub severity: Severity,
    pub count: u64,
}

/// A finding that is the same wherever it comes up: a rule, a place in a body, and a value where
/// that is what was not expected.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct Drift {
    /// What was found.
    pub rule: Rule,
    /// How bad it is.
    pub severity: Severity,
    /// The JSON Pointer to it, `*` for the index of an array.
    pub pointer: String,
    /// The value that is not documented, of rules for which it makes a difference.
    pub value: Option<String>,
    /// How often it came up.
    pub count: u64,
    /// Where it came up first.
    pub first: Source,
    /// Where it came up last.
    pub last: Source,
    /// The finding as it came up first.
    pub example: Finding,
    /// The lines around it, if they can be shown.
    pub snippet: Option<Snippet>,
    /// The YAML that would add it to the spec, if that is what it takes.
    pub yaml: Option<String>,
}

/// A documented field, and in how many responses it was there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[allow(missing_docs, reason = "the names say it")]
pub struct FieldCount {
    pub pointer: String,
    pub count: u64,
}

/// A field with a documented set of values, and how often each was seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ValueSet {
    /// The field.
    pub pointer: String,
    /// The documented values; a count of 0 means never seen.
    pub documented: Vec<Count>,
    /// The values that are not documented.
    pub undocumented: Vec<Count>,
}

/// The life of a task, as far as its polls tell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Life {
    /// The task.
    pub task_id: String,
    /// What was seen of it, each state once, in order.
    pub observed: Vec<Observed>,
}

/// A state that a task was seen in by one or more polls in a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct Observed {
    /// The status.
    pub status: String,
    /// The progress of the last of these polls.
    pub progress: Option<String>,
    /// How many polls in a row saw this status.
    pub polls: u64,
    /// When it was first seen, in Unix seconds, if that was recorded.
    pub since: Option<i64>,
    /// How many seconds later the next status was seen, or this one last.
    pub seconds: Option<i64>,
    /// Where it was first seen.
    pub first: Source,
    /// The rules that found something in these polls in comparison with earlier ones.
    pub rules: Vec<Rule>,
}

/// A line of the baseline that nothing answers to any more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "the names say it")]
pub struct Stale {
    pub rule: String,
    pub pointer: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}
