//! From the bytes of a body to a report.
//!
//! ```text
//! bytes ──▶ ParsedBody ──▶ fast path ──▶ conforms, which most bodies do; otherwise
//!               │            JSON ──envelope──▶ kind ──schema──▶ two readings ─┐
//!               │                                └───rules────▶ what a schema  ├──▶ Report
//!               │                                               cannot say   ──┘
//!               └────────▶ locate ──▶ read_task ──▶ what a caller acts on ────────▶ TaskView
//! ```

mod check;
#[doc(hidden)]
pub mod coverage;
mod de;
mod decode;
mod deviation;
mod envelope;
mod fast_path;
mod generated;
mod http;
mod inspect;
mod locate;
mod malformed;
mod members;
mod nulls;
mod observer;
mod parse;
mod parsed_body;
mod read_task;
mod reason;
mod report;
mod rule;
mod rules;
mod schema;
mod spelling;
mod wire;

#[doc(hidden)]
pub use self::{
    check::{subject, validate_before},
    generated::documented,
    observer::Observer,
    parsed_body::ParsedBody,
    report::shorten,
    rules::{Facts, Upstream},
    schema::{Body, findings_of},
};
pub use self::{
    check::{validate, validate_exchange, validate_response},
    decode::decode,
    report::{Finding, Report, Verdict},
    rule::{Rule, Severity},
};
pub(crate) use self::{malformed::title, parse::parse, reason::Reason};

/// What a client must be able to rely on, as JSON Schema 2020-12.
pub const CONTRACT_SCHEMA: &str = generated::contract::RESPONSE_SCHEMA;
/// The contract and all that the documentation promises, as JSON Schema 2020-12.
pub const DOCUMENTATION_SCHEMA: &str = generated::documentation::RESPONSE_SCHEMA;
