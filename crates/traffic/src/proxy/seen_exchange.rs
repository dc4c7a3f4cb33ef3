//! An exchange of another server, validated as the proxy validates its own.

use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, header};

use super::{
    exchange_head::ExchangeHead,
    metrics::Unvalidated,
    observed::{ExchangeOutcome, ObservedExchange},
};
use crate::{
    input::{Decoded, Skip, is_binary_type, read_http_exchange},
    limits::beyond_limits,
    validation::Session,
};
use seedance_query::{
    model::{Place, Source},
    validate::operations::Operation,
};

/// What a server has answered.
pub enum SeenBody {
    /// All of the body; empty if it is not text.
    Whole(Bytes),
    /// Less than was announced.
    CutOff,
    /// The connection was ended instead, and why.
    NoResponse(&'static str),
}

/// An exchange that another server has seen, secrets included.
pub struct SeenExchange {
    /// The heads; their status has no meaning without a response.
    pub head: ExchangeHead,
    /// The body.
    pub body: SeenBody,
}

impl SeenExchange {
    /// Validates it, as the exchange of this number.
    #[must_use]
    pub fn validate(self, session: &Arc<Mutex<Session>>, number: u64) -> ObservedExchange {
        let Self { head, body } = self;
        let secrets = head.secrets();
        let secrets: Vec<&str> = secrets.iter().map(|secret| &**secret).collect();
        let path = head.target.split('?').next().unwrap_or_default();
        let is_read = may_tell_of_a_task(&head.method, path);
        let outcome = match (not_judged(is_read, &head.headers), body) {
            (_, SeenBody::NoResponse(why)) => ExchangeOutcome::NoResponse(why.to_owned()),
            (Some(skip), _) => ExchangeOutcome::Unvalidated(skip.name()),
            (None, SeenBody::CutOff) => ExchangeOutcome::Unvalidated(Unvalidated::CutOff.name()),
            (None, SeenBody::Whole(body)) if beyond_limits(&body).is_some() => {
                ExchangeOutcome::Unvalidated(Unvalidated::TooLong.name())
            }
            (None, SeenBody::Whole(body)) => judged(&head, &secrets, &body, session, number),
        };
        ObservedExchange::new(&head, &secrets, outcome, session)
    }
}

fn judged(
    head: &ExchangeHead,
    secrets: &[&str],
    body: &[u8],
    session: &Mutex<Session>,
    number: u64,
) -> ExchangeOutcome {
    let host = head.request_headers.get(header::HOST).cloned();
    let host = host.unwrap_or_else(|| HeaderValue::from_static("localhost"));
    let capture = head.capture("the gateway of ", &host, body.to_vec());
    let mut outcome = ExchangeOutcome::Unvalidated(Unvalidated::Unreadable.name());
    read_http_exchange(&capture.redacted(secrets).to_bytes(), |lines, read| {
        outcome = match read {
            Decoded::Exchange { exchange, .. } => {
                let source = Source::at("response", Place::Item(number), lines + 1);
                let mut session = session.lock().unwrap_or_else(PoisonError::into_inner);
                let response = session.validate_exchange(source, exchange);
                ExchangeOutcome::Validated(Box::new(response))
            }
            Decoded::Skipped(skip, _) => ExchangeOutcome::Unvalidated(skip.name()),
            Decoded::Unreadable(_) | Decoded::Refused(_) => return,
        };
    });
    outcome
}

/// Why an exchange is not judged, as far as its heads say: whether the request
/// [may tell](may_tell_of_a_task) of a task, and the headers of the response.
pub(super) fn not_judged(may_tell: bool, headers: &HeaderMap) -> Option<Skip> {
    if !may_tell {
        Some(Skip::OtherOperation)
    } else if is_binary(headers) {
        Some(Skip::BinaryBody)
    } else {
        None
    }
}

/// Only what is read, and a submission, tells of a task.
pub(super) fn may_tell_of_a_task(method: &Method, path: &str) -> bool {
    *method == Method::GET || Operation::of_target(method.as_str(), path).is_some()
}

/// Whether a body is a video or the like, of which no copy is made.
fn is_binary(headers: &HeaderMap) -> bool {
    let media_type = headers.get(header::CONTENT_TYPE);
    let media_type = media_type.and_then(|value| value.to_str().ok());
    media_type.is_some_and(is_binary_type)
}
