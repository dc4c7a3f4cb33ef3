//! Errors of the gateway itself; most name the request.

use http::header;
use seedance_query::redact;

use super::{
    super::{
        answer::Answer,
        call::Call,
        error_responses::{object, paths},
    },
    paths::{TOKEN_LOG, submissions},
};

/// What the gateway calls its own errors.
const KIND: &str = "new_api_error";
/// What it calls those of requests.
const INVALID: &str = "invalid_request_error";

/// An error that names the request.
pub(crate) fn error(call: &Call<'_>, status: u16, code: &str, message: &str) -> Answer {
    let message = format!("{message} (request id: {})", call.request_id);
    object(status, Some(code), &message, KIND)
}

pub(crate) fn unauthorized(call: &Call<'_>) -> Answer {
    let message = if call.headers.contains_key(header::AUTHORIZATION) {
        "Invalid token"
    } else {
        "Token not provided"
    };
    error(call, 401, "", message)
}

pub(crate) fn no_json(call: &Call<'_>) -> Answer {
    error(call, 400, "", "Invalid request: invalid JSON request body")
}

pub(crate) fn no_model(call: &Call<'_>) -> Answer {
    let message = "Model name not specified, model name cannot be empty";
    error(call, 400, "", message)
}

/// Also for a method that a path does not have, `HEAD` among them.
pub(crate) fn no_such_path(call: &Call<'_>) -> Answer {
    let [_, (video, _), (list, _)] = submissions();
    let message = format!(
        "Invalid URL ({} {}); this gateway has {}, POST {video} and {list}, and GET {}",
        call.method,
        redact::text(call.path),
        paths(),
        TOKEN_LOG
    );
    object(404, Some(""), &message, INVALID)
}

/// An error of a content address: it names neither a code nor the request.
pub(crate) fn content(status: u16, message: &str) -> Answer {
    object(status, None, message, INVALID)
}
