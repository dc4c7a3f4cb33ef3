//! Counts over many responses, and each distinct finding once.

use schemars::JsonSchema;
use serde::Serialize;

use super::{
    baseline_entry::BaselineEntry, document_coverage::DocumentCoverage, snippet::Snippet,
    task_timeline::TaskTimeline, unreadable::Unreadable,
};
use seedance_query::{
    model::Source,
    validate::{Finding, Rule, Severity},
};

/// Counts over all validated responses, and each distinct finding once.
///
/// Its size grows with the number of distinct findings, not with the number of responses.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct Summary {
    /// Number of inputs read, such as files.
    pub inputs: u64,
    /// Number of responses validated.
    pub responses: u64,
    /// Number of recorded exchanges that belong to other operations and were skipped.
    pub skipped: u64,
    /// Number of items that were skipped, by reason; other operations included.
    pub skipped_by_reason: Vec<Count>,
    /// Number of responses by how they were recorded, such as `HAR entry` or `at .http.body`.
    pub recorded_as: Vec<Count>,
    /// Number of items that were looked at, by kind, such as `line` or `HAR entry`.
    pub items: Vec<Count>,
    /// Number of tasks that the responses are about; an estimate if there are more than 65,536.
    pub tasks: u64,
    /// Number of these whose polls were compared within each input only, because there are too many to
    /// be compared across inputs.
    pub tasks_left_out: u64,
    /// Number of responses by verdict.
    pub verdicts: Verdicts,
    /// Number of responses by verdict in each hour in which some were recorded; the latest 5,000 hours,
    /// in order.
    pub hours: Vec<HourCount>,
    /// Number of findings by severity.
    pub severities: Severities,
    /// Number of responses by shape; `none` where the shape is unknown.
    pub shapes: Vec<Count>,
    /// Number of responses by form, such as `enveloped`; `error` or `none` where they tell of no task.
    pub forms: Vec<Count>,
    /// Number of findings by rule, errors first, then the most frequent, without rules that found
    /// nothing.
    pub rules: Vec<RuleCount>,
    /// Each distinct finding once, errors first, then the most frequent.
    pub drifts: Vec<DistinctFinding>,
    /// Number of findings that are not listed, because there are too many distinct ones.
    pub more_drifts: u64,
    /// Number of responses with each documented field, in the order of the spec.
    pub fields: Vec<FieldCount>,
    /// The documented values of each set, and the values seen.
    pub values: Vec<ValueSet>,
    /// How much of the document the responses exercise.
    pub coverage: DocumentCoverage,
    /// The timelines of tasks, if requested.
    pub lives: Vec<TaskTimeline>,
    /// The first items that could not be read.
    pub unreadable: Vec<Unreadable>,
    /// Number of items that could not be read.
    pub unreadable_count: u64,
    /// Stale baseline entries: known findings that no longer occur.
    pub stale: Vec<BaselineEntry>,
    /// Number of findings that were ignored or known.
    pub ignored: u64,
}

impl Summary {
    /// The coverage that the counts amount to.
    pub(crate) fn document_coverage(&self) -> DocumentCoverage {
        let values = self.values.iter().flat_map(|set| &set.documented);
        let shapes = self.shapes.iter().filter(|shape| shape.count > 0);
        DocumentCoverage::of(
            self.fields.iter().map(|field| field.count),
            values.map(|value| value.count),
            shapes.map(|shape| shape.name.as_str()),
            self.rules.len(),
        )
    }
}

/// Number of responses by verdict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[allow(missing_docs, reason = "the names say it")]
pub struct Verdicts {
    pub conforms: u64,
    pub drifts: u64,
    pub violates: u64,
}

/// Number of responses that were recorded within an hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct HourCount {
    /// Its start, in Unix seconds.
    pub start: i64,
    /// By verdict.
    pub verdicts: Verdicts,
}

/// Number of findings by severity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[allow(missing_docs, reason = "the names say it")]
pub struct Severities {
    pub errors: u64,
    pub warnings: u64,
    pub infos: u64,
}

/// A name or a value, and how often it occurred.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[allow(missing_docs, reason = "the names say it")]
pub struct Count {
    pub name: String,
    pub count: u64,
}

/// A rule, and its number of findings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[allow(missing_docs, reason = "the names say it")]
pub struct RuleCount {
    pub rule: Rule,
    pub severity: Severity,
    pub count: u64,
}

/// A finding that is the same wherever it occurs: a rule, a JSON Pointer and, for rules about
/// values, the value.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct DistinctFinding {
    /// The rule.
    pub rule: Rule,
    /// Its severity.
    pub severity: Severity,
    /// The JSON Pointer to it, `*` for the index of an array.
    pub pointer: String,
    /// The undocumented value, of rules that tell findings apart by it.
    pub value: Option<String>,
    /// How often it occurred.
    pub count: u64,
    /// Number of responses with it by form.
    pub forms: Vec<Count>,
    /// Whether it was worded alike wherever it occurred, but for numbers and values.
    pub is_uniform: bool,
    /// Where it occurred first.
    pub first: Source,
    /// Where it occurred last.
    pub last: Source,
    /// The finding as it occurred first.
    pub example: Finding,
    /// The lines around it, if they can be shown.
    pub snippet: Option<Snippet>,
    /// The YAML that documents it in the spec, if an addition to the spec resolves it.
    pub yaml: Option<String>,
}

/// A documented field, and the number of responses that have it.
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
    /// The undocumented values seen.
    pub undocumented: Vec<Count>,
}
