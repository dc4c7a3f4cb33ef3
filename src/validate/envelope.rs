//! What kind of body this is, told by its members alone.

use serde_json::{Map, Value};

use super::foreign_names;
use crate::model::name;

/// What a JSON body turns out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EnvelopeKind {
    /// A task in its envelope, perhaps a damaged one.
    Response,
    /// A task without an envelope.
    BareTask,
    /// The upstream's own task object.
    Upstream,
    /// The answer to a submit, or to another operation of a gateway.
    OtherOperation,
    /// An error in one of the two JSON envelopes.
    Error,
    /// Nothing of the kind.
    Other,
}

pub(crate) fn kind(value: &Value) -> EnvelopeKind {
    let Value::Object(body) = value else {
        return EnvelopeKind::Other;
    };
    let data = body.get(name::DATA);
    let has_task = data
        .and_then(Value::as_object)
        .is_some_and(looks_like_a_task);
    if body.get(name::ERROR).is_some_and(Value::is_object)
        && !has_task
        && !body.contains_key(name::ID)
    {
        return EnvelopeKind::Error;
    }
    if let Some(code) = body.get(name::CODE) {
        let has_status = data.is_some_and(|data| data.get(name::STATUS).is_some());
        return if has_status || code == "success" {
            EnvelopeKind::Response
        } else {
            EnvelopeKind::Error
        };
    }
    let has_text = |name: &str| body.get(name).is_some_and(Value::is_string);
    if has_text(foreign_names::KIND) {
        return EnvelopeKind::OtherOperation;
    }
    if has_text(name::TASK_ID) {
        return EnvelopeKind::BareTask;
    }
    if has_text(name::STATUS) && (has_text(name::ID) || has_text(name::MODEL)) {
        return EnvelopeKind::Upstream;
    }
    if has_task {
        EnvelopeKind::Response
    } else if body.contains_key(name::MESSAGE) {
        EnvelopeKind::Error
    } else {
        EnvelopeKind::Other
    }
}

fn looks_like_a_task(object: &Map<String, Value>) -> bool {
    object.contains_key(name::STATUS) || object.contains_key(name::TASK_ID)
}
