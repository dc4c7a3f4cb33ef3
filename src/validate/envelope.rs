//! What kind of body this is, told by its members alone.

use serde_json::{Map, Value};

/// What a JSON body turns out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
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

pub(crate) fn kind(value: &Value) -> Kind {
    let Value::Object(body) = value else {
        return Kind::Other;
    };
    let data = body.get("data");
    let has_task = data
        .and_then(Value::as_object)
        .is_some_and(looks_like_a_task);
    if body.get("error").is_some_and(Value::is_object) && !has_task && !body.contains_key("id") {
        return Kind::Error;
    }
    if let Some(code) = body.get("code") {
        let has_status = data.is_some_and(|data| data.get("status").is_some());
        return if has_status || code == "success" {
            Kind::Response
        } else {
            Kind::Error
        };
    }
    let has_text = |name: &str| body.get(name).is_some_and(Value::is_string);
    if has_text("object") {
        return Kind::OtherOperation;
    }
    if has_text("task_id") {
        return Kind::BareTask;
    }
    if has_text("status") && (has_text("id") || has_text("model")) {
        return Kind::Upstream;
    }
    if has_task {
        Kind::Response
    } else if body.contains_key("message") {
        Kind::Error
    } else {
        Kind::Other
    }
}

fn looks_like_a_task(object: &Map<String, Value>) -> bool {
    object.contains_key("status") || object.contains_key("task_id")
}
