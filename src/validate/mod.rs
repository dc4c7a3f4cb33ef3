//! From the bytes of a body to a report.
//!
//! ```text
//! bytes ──▶ ParsedBody ──▶ fast path ──▶ conforms, which most bodies do; otherwise
//!               │            JSON ──envelope──▶ kind ──schema──▶ two readings ─┐
//!               │                                └───rules────▶ what a schema  ├──▶ Report
//!               │                                               cannot say   ──┘
//!               │            (and once more with values that stand elsewhere put right: one_message)
//!               └────────▶ locate ──▶ read_task ──▶ what a caller acts on ────────▶ TaskView
//! ```

mod body;
mod body_schema;
mod check;
#[doc(hidden)]
pub mod coverage;
mod de;
mod decode;
mod deviation;
mod displaced;
#[doc(hidden)]
pub mod documented;
mod documented_places;
mod envelope;
mod explanation;
mod facts;
mod fail_reason;
mod fast_path;
mod field;
mod foreign_names;
mod http;
mod http_status;
mod inspect;
mod json_members;
mod locate;
mod malformed;
mod members;
mod nulls;
mod observer;
mod one_message;
pub mod operations;
mod parsed_body;
mod read_documented;
mod read_task;
mod readings;
mod reason;
mod report;
mod request_limits;
mod rule;
mod rules;
mod schema;
mod similar_name;
mod spec_place;
mod spelling;
mod type_names;
mod validator;
mod wire;

#[doc(hidden)]
pub use self::{
    body::Body,
    check::subject,
    facts::{Facts, Upstream},
    observer::Observer,
    parsed_body::ParsedBody,
    report::shorten,
    schema::findings_of,
};
pub use self::{
    check::{validate, validate_exchange, validate_response},
    decode::decode,
    report::{Finding, Report, Verdict},
    rule::{Rule, Severity},
    validator::Validator,
};
pub(crate) use self::{malformed::title, reason::Reason};

/// What a client must be able to rely on, as JSON Schema 2020-12.
pub use self::readings::contract::RESPONSE_SCHEMA as CONTRACT_SCHEMA;
/// The contract and all that the documentation promises, as JSON Schema 2020-12.
pub use self::readings::documentation::RESPONSE_SCHEMA as DOCUMENTATION_SCHEMA;
