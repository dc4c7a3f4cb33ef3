//! What is reported, as plain data.

mod baseline_entry;
mod common_finding;
mod document_coverage;
mod fingerprint;
mod output;
mod snippet;
mod source_map;
mod summary;
mod task_timeline;
mod unreadable;
mod validated_response;

pub use self::{
    baseline_entry::BaselineEntry,
    common_finding::CommonFinding,
    document_coverage::{DocumentCoverage, Share},
    fingerprint::Fingerprint,
    output::Output,
    snippet::Snippet,
    source_map::SourceMap,
    summary::{
        Count, DistinctFinding, FieldCount, HourCount, RuleCount, Severities, Summary, ValueSet,
        Verdicts,
    },
    task_timeline::{ObservedState, TaskTimeline},
    unreadable::Unreadable,
    validated_response::ValidatedResponse,
};
pub(crate) use self::{
    common_finding::{has_same_wording, wording_of},
    source_map::MAX_SHOWN_BODY,
};
