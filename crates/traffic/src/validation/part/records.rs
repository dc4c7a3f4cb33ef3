//! A stored part: the JSON of each of its members, in this order.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::report::{BaselineEntry, Snippet};

/// A count by name.
pub(super) type ByName = BTreeMap<String, u64>;

/// Written, its long lists are made one record after the other.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Part")]
pub(super) struct PartRecord<Inputs = Vec<InputRecord>, Tasks = TasksRecord> {
    /// The version of this format.
    pub summary_part: u32,
    /// The version of the program whose rules made it.
    pub program: String,
    /// The SHA-256 of the OpenAPI document that the responses were validated against.
    pub document: String,
    /// The options that decide on findings.
    pub options: OptionsRecord,
    /// The distinct counts of inputs.
    pub counts: Vec<CountsRecord>,
    /// The inputs by name.
    pub inputs: Inputs,
    /// The tasks.
    pub tasks: Tasks,
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Options")]
pub(super) struct OptionsRecord {
    /// Ignored rules, each with a JSON Pointer after `@` if it is ignored there only.
    pub ignore: Vec<String>,
    /// The known findings; null without a baseline.
    pub baseline: Option<Vec<BaselineEntry>>,
    /// Options that tell how inputs are read.
    pub reading: Vec<String>,
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Counts")]
pub(super) struct CountsRecord {
    /// Number of responses.
    pub responses: u64,
    /// Number of responses that conform, drift and violate, without what other inputs show.
    pub verdicts: [u64; 3],
    /// The same by the hour in which they were recorded, by its start in Unix seconds.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub hours: BTreeMap<i64, [u64; 3]>,
    /// Number of responses by shape.
    pub shapes: ByName,
    /// Number of responses by form.
    pub forms: ByName,
    /// Number of findings by rule.
    pub rules: ByName,
    /// Number of skipped items by reason.
    pub skipped: ByName,
    /// Number of responses by how they were recorded.
    pub recorded_as: ByName,
    /// Number of items by kind.
    pub items: ByName,
    /// Number of items that could not be read.
    pub unreadable: u64,
    /// Number of findings that were ignored or known.
    pub ignored: u64,
    /// Number of responses by documented field, by its JSON Pointer.
    pub fields: ByName,
    /// The same by documented value of a field.
    pub values: BTreeMap<String, ByName>,
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Input")]
pub(super) struct InputRecord {
    /// Its name, such as its path.
    pub name: String,
    /// The SHA-256 of its name and of what was read of it.
    pub id: String,
    /// Whether it stands for what the user named as a whole, such as for what was left out of a directory.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub whole: bool,
    /// The number of inputs of the same name before it in one run.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub nth: u32,
    /// The index of its counts.
    pub counts: usize,
    /// Its distinct findings.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<FindingRecord>,
    /// The first items that could not be read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unreadable: Vec<UnreadableRecord>,
    /// The findings of the baseline that have occurred.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub known: Vec<BaselineEntry>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes references")]
fn is_zero(number: &u32) -> bool {
    *number == 0
}

/// A place in an input.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "At")]
pub(super) struct AtRecord {
    /// The number of the item in its input.
    pub n: u64,
    pub place: PlaceRecord,
    /// The line in which the body begins.
    pub line: u64,
}

/// The place of an earlier poll in the same input.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Earlier")]
pub(super) struct EarlierRecord {
    pub place: PlaceRecord,
    /// The line in which the body begins.
    pub line: u64,
}

/// Which response of an input: all of it, that in a line, or an item by its number.
#[derive(Clone, Copy, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "Place")]
pub(super) enum PlaceRecord {
    Whole,
    Line,
    Item(u64),
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Finding")]
pub(super) struct FindingRecord {
    pub rule: String,
    /// The JSON Pointer, `*` for the index of an array.
    pub pointer: String,
    /// The undocumented value, of rules that tell findings apart by it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// How often it occurred.
    pub count: u64,
    pub first: AtRecord,
    pub last: AtRecord,
    /// Number of responses with it, by form.
    pub forms: ByName,
    /// The hash of its wording, if it was worded alike wherever it occurred, but for numbers and values.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wording: Option<String>,
    /// The first occurrence, unless an input before this one has the same finding.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub example: Option<ExampleRecord>,
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Example")]
pub(super) struct ExampleRecord {
    pub pointer: String,
    pub message: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub related: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub found: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spec: Option<String>,
    /// What an undocumented member would belong to in the document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub object: Option<String>,
    /// The poll before, in the same input.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub earlier: Option<EarlierRecord>,
    /// The lines around it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub snippet: Option<Snippet>,
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Unreadable")]
pub(super) struct UnreadableRecord {
    pub at: AtRecord,
    pub message: String,
}

/// The tasks, by hashes of their ids.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Tasks")]
pub(super) struct TasksRecord<Hashes = Vec<String>, Polls = Vec<TaskRecord>> {
    /// The smallest hashes of all tasks, which their number is estimated from if there are more.
    pub hashes: Hashes,
    /// The smallest hash that is not in `hashes` because there are too many; null if all are.
    pub hashes_below: Option<String>,
    /// The tasks whose polls are kept.
    pub polls: Polls,
    /// The smallest hash of a task whose polls are not kept because there are too many.
    pub polls_below: Option<String>,
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Task")]
pub(super) struct TaskRecord {
    /// The hash of the id.
    pub task: String,
    pub id: Option<String>,
    /// By input, then in the order of their polls.
    pub spans: Vec<SpanRecord>,
}

/// Polls in a row, within an input, that told the same.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Span")]
pub(super) struct SpanRecord {
    /// The index of the input.
    pub input: usize,
    pub polls: u64,
    pub first: PollRecord,
    /// The last one, if there are several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last: Option<PollRecord>,
    pub told: ToldRecord,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<TextRecord>,
}

/// When and where a poll was made.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Poll")]
pub(super) struct PollRecord {
    pub at: AtRecord,
    /// When the response was received, in Unix seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recorded: Option<i64>,
    /// When the task last changed, according to the response.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated: Option<i64>,
    /// The verdict, without what other inputs show.
    pub verdict: VerdictRecord,
}

#[derive(Clone, Copy, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "Verdict")]
pub(super) enum VerdictRecord {
    Conforms,
    Drifts,
    Violates,
}

/// What a poll told, as far as polls are compared. Undocumented values are hashes after `#`.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Told")]
pub(super) struct ToldRecord {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub action: Option<String>,
    /// In percent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub progress: Option<f32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub submit_time: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start_time: Option<i64>,
    /// A hash.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upstream_id: Option<String>,
    /// The hash of the URL of the video, without its query.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result_url: Option<String>,
}

/// What a timeline shows.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Text")]
pub(super) struct TextRecord {
    pub status: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub progress: Option<String>,
    /// When it was first and last seen, in Unix seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<(i64, i64)>,
    /// The rules that these polls broke in comparison with earlier ones of the input.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<String>,
}
