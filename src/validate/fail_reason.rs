//! Why a task has failed.

use serde_json::{Map, Value};

use super::{
    members::{member, text},
    reason::Reason,
    report::shown,
};
use crate::model::name;

/// Why a task has failed, and the code of that.
pub(super) fn fail_reason(
    row: &Map<String, Value>,
    upstream: Option<&Map<String, Value>>,
) -> (Option<String>, Option<String>) {
    let own = member(row, name::FAIL_REASON).and_then(text);
    let errors = [
        upstream.and_then(|upstream| member(upstream, name::ERROR)),
        member(row, name::ERROR),
    ];
    let in_error = |name: &str| {
        errors
            .iter()
            .flatten()
            .find_map(|error| member(error.as_object()?, name).and_then(text))
    };
    let message =
        in_error(name::MESSAGE).or_else(|| errors.iter().flatten().find_map(|error| text(error)));
    // Some gateways put the text where a URL belongs.
    let message = message.or_else(|| member(row, name::RESULT_URL).and_then(text));
    unwrapped(own, message, in_error(name::CODE))
}

/// A reason as a person reads it, taken out of the JSON that it may be wrapped in.
pub(super) fn unwrapped(
    own: Option<String>,
    message: Option<String>,
    code: Option<String>,
) -> (Option<String>, Option<String>) {
    let text = own.filter(|text| !text.trim().is_empty()).or(message);
    let reason = text.as_deref().map(Reason::of_text).unwrap_or_default();
    let code = code.or(reason.code).map(|code| shown(&code));
    (reason.message.or(text), code)
}
