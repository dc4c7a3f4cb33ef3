//! From the bytes of a body to a report.
//!
//! ```text
//! bytes ──accept──▶ conforms, which most bodies do; otherwise
//! bytes ──parse──▶ JSON ──envelope──▶ kind ──schema──▶ two readings ─┐
//!                                       └───rules────▶ what a schema ├──▶ Report
//!                                                      cannot say  ──┘
//! ```

#[doc(hidden)]
pub mod coverage;
pub(crate) mod de;
pub(crate) mod decode;
mod envelope;
mod fast_path;
mod generated;
mod http;
mod malformed;
mod observer;
mod parse;
mod reason;
mod report;
mod rule;
mod rules;
mod schema;
mod wire;

use serde_json::Value;

use self::{envelope::Kind, parse::Parsed};
use crate::model::Shape;

pub use self::{
    decode::decode,
    report::{Finding, Report, Verdict},
    rule::{Rule, Severity},
};
pub(crate) use self::{fast_path::accept, malformed::title, parse::parse, reason::Reason};
#[doc(hidden)]
pub use self::{
    generated::documented,
    observer::Observer,
    report::shorten,
    rules::{Facts, Upstream},
    schema::{Body, findings_of},
};

/// What a client must be able to rely on, as JSON Schema 2020-12.
pub const CONTRACT_SCHEMA: &str = generated::contract::RESPONSE_SCHEMA;
/// The contract and all that the documentation promises, as JSON Schema 2020-12.
pub const DOCUMENTATION_SCHEMA: &str = generated::documentation::RESPONSE_SCHEMA;

/// Checks a body against the contract and its documentation.
///
/// Any bytes are fine: what cannot be read is a finding as well. Time is linear in the length of
/// the body and the stack is bounded, however deep it nests. A body that is as documented costs
/// less than parsing it into a `serde_json::Value`; a report is built only for what is found.
///
/// # Examples
///
/// ```
/// use seedance_query::{Rule, Shape, Verdict, validate};
///
/// let report = validate(br#"{"code":"success","message":"","data":{"task_id":"t1",
///     "status":"FAILURE","fail_reason":"content policy","result_url":"content policy"}}"#);
/// assert_eq!(report.shape(), Some(Shape::Failure));
/// assert_eq!(report.verdict(), Verdict::Violates);
/// assert_eq!(report.findings()[0].rule, Rule::FailureWithResultUrl);
/// assert_eq!(report.findings()[0].pointer, "/data/result_url");
/// ```
#[must_use]
pub fn validate(body: &[u8]) -> Report {
    validate_before(None, body, &mut ())
}

/// Checks a body, and its HTTP status if that is known, while a observer looks on.
#[doc(hidden)]
pub fn validate_before(status: Option<u16>, body: &[u8], observer: &mut impl Observer) -> Report {
    let report = match status {
        Some(status) if !http::is_success(status) => examine_failure(status, body, observer),
        _ => {
            fast_path::judge(body, observer).unwrap_or_else(|| examine(body, parse(body), observer))
        }
    };
    let Some(status) = status else { return report };
    let more = http::status_findings(status, report.shape(), report.findings());
    report.with(more)
}

/// Says what is wrong with a body, once it is parsed.
fn examine(
    body: &[u8],
    parsed: Result<Parsed, serde_json::Error>,
    observer: &mut impl Observer,
) -> Report {
    match parsed {
        Err(error) => Report::new(None, vec![malformed::finding(body, &error)]),
        Ok(parsed) => {
            observer.json(&parsed.value);
            let (shape, mut findings) = inspect(&parsed.value, observer);
            if parsed.has_duplicate_keys {
                findings.extend(malformed::duplicate_keys(body));
            }
            Report::new(shape, findings)
        }
    }
}

/// Checks a whole response: its HTTP status and its body.
///
/// The status decides what a body that is not JSON means: the error page of a proxy is a known
/// form of error, the same page with status 200 is not. It is also compared with what the body
/// says and with the documented codes.
///
/// # Examples
///
/// ```
/// use seedance_query::{Shape, Verdict, validate_response};
///
/// let report = validate_response(502, b"<html><title>502 Bad Gateway</title></html>");
/// assert_eq!(report.shape(), Some(Shape::Error));
/// assert_eq!(report.verdict(), Verdict::Drifts);
/// ```
#[must_use]
pub fn validate_response(status: u16, body: &[u8]) -> Report {
    validate_before(Some(status), body, &mut ())
}

/// Says what is wrong with the body of a response that is no success: it may be no JSON at all.
fn examine_failure(status: u16, body: &[u8], observer: &mut impl Observer) -> Report {
    let parsed = parse(body);
    let kind = parsed
        .as_ref()
        .ok()
        .map(|parsed| envelope::kind(&parsed.value));
    if let None | Some(Kind::Other) = kind
        && let Some(finding) = http::foreign_error(status, body)
    {
        return Report::new(Some(Shape::Error), vec![finding]);
    }
    examine(body, parsed, observer)
}

/// Which body a response means to be, and its value as the readings look at it; none where no
/// document says anything of it.
#[doc(hidden)]
#[must_use]
pub fn subject(status: Option<u16>, body: &[u8]) -> Option<(Body, Value)> {
    let parsed = parse(body).ok().map(|parsed| parsed.value);
    let kind = parsed.as_ref().map(envelope::kind);
    match (kind, parsed) {
        (Some(Kind::Response), Some(value)) => Some((Body::Response, value)),
        (Some(Kind::BareTask), Some(task)) => Some((Body::Response, enveloped(&task))),
        (Some(Kind::Error), Some(value)) => Some((Body::Error, value)),
        (None | Some(Kind::Other), _) if status.is_some_and(|status| !http::is_success(status)) => {
            let text = String::from_utf8_lossy(body).into_owned();
            Some((Body::Error, Value::String(text)))
        }
        _ => None,
    }
}

/// The URL that most likely gives the video, wherever a body has it; failed tasks have none.
pub(crate) fn usable_url(body: &[u8]) -> Option<String> {
    let value = parse(body).ok()?.value;
    let row = match envelope::kind(&value) {
        Kind::Response => value.get("data")?.as_object()?,
        Kind::BareTask => value.as_object()?,
        _ => return None,
    };
    if Shape::of_task(row) == Some(Shape::Failure) {
        return None;
    }
    rules::url::best_url(row).map(str::to_owned)
}

/// Everything about a body that is JSON, but for its text.
fn inspect(value: &Value, observer: &mut impl Observer) -> (Option<Shape>, Vec<Finding>) {
    match envelope::kind(value) {
        Kind::Response => inspect_response(value, observer),
        Kind::Error => inspect_error(value),
        Kind::BareTask => inspect_bare_task(value, observer),
        Kind::Upstream => (None, vec![malformed::upstream()]),
        Kind::OtherOperation => (None, vec![malformed::other_operation()]),
        Kind::Other => (None, vec![malformed::no_envelope(value)]),
    }
}

fn inspect_response(value: &Value, observer: &mut impl Observer) -> (Option<Shape>, Vec<Finding>) {
    let mut outcome = rules::Outcome::default();
    let mut shape = None;
    match value.get("data") {
        Some(Value::Object(task)) => {
            shape = Shape::of_task(task);
            rules::check_row(task, shape, &mut outcome, observer);
        }
        None | Some(Value::Null) => outcome.add(malformed::no_task()),
        Some(_) => {}
    }
    if !Body::Response.is_documented(value) {
        outcome.add_schema_findings(schema::findings(Body::Response, value));
    }
    (shape, outcome.finish(Body::Response, shape))
}

fn inspect_error(value: &Value) -> (Option<Shape>, Vec<Finding>) {
    let mut outcome = rules::Outcome::default();
    rules::error::check(value, &mut outcome);
    if !Body::Error.is_documented(value) {
        outcome.add_schema_findings(schema::findings(Body::Error, value));
    }
    let shape = Some(Shape::Error);
    (shape, outcome.finish(Body::Error, shape))
}

/// A task without its envelope is one fault; what is in it is checked as if the envelope were there.
fn inspect_bare_task(value: &Value, observer: &mut impl Observer) -> (Option<Shape>, Vec<Finding>) {
    let (shape, mut findings) = inspect_response(&enveloped(value), observer);
    for finding in &mut findings {
        if let Some(pointer) = finding.pointer.strip_prefix("/data") {
            finding.pointer = pointer.to_owned();
        }
    }
    findings.push(malformed::bare_task());
    (shape, findings)
}

fn enveloped(task: &Value) -> Value {
    serde_json::json!({ "code": "success", "message": "", "data": task })
}
