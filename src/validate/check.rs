//! The calls that check a body.

use serde_json::Value;

use super::{
    body::Body,
    envelope::{EnvelopeKind, kind},
    http,
    inspect::{enveloped, is_other_form},
    report::Report,
    validator::Validator,
};
use crate::model::json::parse;

/// Checks a body against the contract and its documentation.
///
/// Any bytes are fine: what cannot be read is a finding as well, and so is a body of more than
/// [`MAX_BODY_BYTES`](crate::MAX_BODY_BYTES), unless a [`Validator`] allows it. Time is linear in the length of
/// the body and the stack is bounded, however deep it nests. A body that is as documented costs
/// less than parsing it into a `serde_json::Value`; a report is built only for what is found.
///
/// # Examples
///
/// ```
/// use seedance_query::{Rule, Shape, Verdict, validate};
///
/// let report = validate(br#"{"code":"success","message":"","data":{"task_id":"t1",
///     "status":"FAILURE","fail_reason":"content policy","result_url":"https://a.example/v.mp4"}}"#);
/// assert_eq!(report.shape(), Some(Shape::Failure));
/// assert_eq!(report.verdict(), Verdict::Violates);
/// assert_eq!(report.findings()[0].rule, Rule::FailureWithResultUrl);
/// assert_eq!(report.findings()[0].pointer, "/data/result_url");
/// ```
#[must_use]
pub fn validate(body: &[u8]) -> Report {
    Validator::new().validate(body)
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
    Validator::new().status(status).validate(body)
}

/// Checks a whole response to a request whose path or URL is known, such as a recorded one.
///
/// That is [`validate_response`], and an answer about another task than the one that the request
/// asked for is an error, too.
///
/// # Examples
///
/// ```
/// use seedance_query::{Rule, validate_exchange};
///
/// let body = br#"{"code":"success","message":"","data":{"task_id":"task_b","status":"QUEUED"}}"#;
/// let report = validate_exchange("/v1/video/generations/task_a", 200, body);
/// assert_eq!(report.findings()[0].rule, Rule::OtherTask);
/// assert_eq!(report.findings()[0].pointer, "/data/task_id");
/// ```
#[must_use]
pub fn validate_exchange(target: &str, status: u16, body: &[u8]) -> Report {
    Validator::new()
        .status(status)
        .target(target)
        .validate(body)
}

/// Which body a response means to be, and its value as the readings look at it; none where no
/// document says anything of it.
#[doc(hidden)]
#[must_use]
pub fn subject(status: Option<u16>, body: &[u8]) -> Option<(Body, Value)> {
    let parsed = parse(body).ok().map(|parsed| parsed.value);
    // What has to be put right first is not what the document speaks of.
    if parsed.as_ref().is_some_and(is_other_form) {
        return None;
    }
    let kind = parsed.as_ref().map(kind);
    match (kind, parsed) {
        (Some(EnvelopeKind::Response), Some(value)) => Some((Body::Response, value)),
        (Some(EnvelopeKind::BareTask), Some(task)) => Some((Body::Response, enveloped(&task))),
        (Some(EnvelopeKind::Error), Some(value)) => Some((Body::Error, value)),
        (None | Some(EnvelopeKind::Other), _)
            if status.is_some_and(|status| !http::is_success(status)) =>
        {
            let text = String::from_utf8_lossy(body).into_owned();
            Some((Body::Error, Value::String(text)))
        }
        _ => None,
    }
}
