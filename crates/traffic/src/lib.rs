//! Recorded and live traffic of the task query, validated and reported.
//!
//! ```text
//! input ──▶ exchanges ──validation──▶ findings ──timeline──▶ findings across polls
//!                                        │
//!                  output ◀──report──────┘
//! ```
//!
//! | module | holds |
//! | --- | --- |
//! | `input` | files and streams of any known format to exchanges |
//! | `report` | plain data: a validated response, the summary, where a value stands |
//! | `timeline` | the polls of a task, compared |
//! | `validation` | a [`Session`]: one response after the other, filtered and counted |
//! | `recordings` | inputs through a session to an output, on all cores |
//! | [`output`] | the formats of reports |
//! | [`proxy`] | the same validation of live traffic |

mod input;
mod limits;
pub mod output;
pub mod proxy;
mod recordings;
mod report;
mod strict_json;
mod timeline;
mod validation;

#[doc(hidden)]
pub use self::{input::is_panic_caught, recordings::exchanges_in, report::Fingerprint};
pub use self::{
    input::{InvalidPlace, Place, Places},
    recordings::{ColumnRecording, RecordedResponse, Recordings, Stop, exchanges},
    report::{
        BaselineEntry, CommonFinding, Count, DistinctFinding, DocumentCoverage, FieldCount,
        HourCount, ObservedState, Output, RuleCount, Severities, Share, Snippet, SourceMap,
        Summary, TaskTimeline, Unreadable, ValidatedResponse, ValueSet, Verdicts,
    },
    validation::{
        Baseline, Ignore, InvalidBaseline, InvalidIgnore, InvalidPart, PartMismatch, Session,
        SummaryPart, UnknownRule, part_schema, rule_of,
    },
};
