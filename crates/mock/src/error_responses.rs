//! Error answers, and the faults that replace an answer.

use serde_json::{Value, json};

use super::{answer::Answer, connection::Ending, fault::Fault, names::similar, refusal::Refusal};
use seedance_query::model::{
    TaskId, name, operation,
    types::{CodeError, ErrorCode, ErrorObject, ObjectError},
};
use seedance_query::validate::operations::SUBMIT_TASK;

/// The code of what the upstream refuses.
const UPSTREAM: &str = "fail_to_fetch_task";
/// The code of an unknown task, and its message.
const NOT_EXIST: &str = "task_not_exist";

pub(super) fn unauthorized() -> Answer {
    let message = "The API key is missing or not valid.";
    object(
        401,
        Some("invalid_api_key"),
        message,
        "authentication_error",
    )
}

/// The answer for an unknown id; the documentation would have it be a 404. An id that is like a name
/// of this mock is asked for by a person, who is told the name.
pub(super) fn unknown_task(id: &TaskId) -> Answer {
    let message = match similar(id.as_str()) {
        Some(name) => {
            format!(
                "the mock has no task `{}`; did you mean `{name}`?",
                id.as_str()
            )
        }
        None => NOT_EXIST.to_owned(),
    };
    Answer::json(400, &code(NOT_EXIST, &message))
}

/// The answer to a request that cannot be submitted.
pub(super) fn invalid_request(message: &str) -> Answer {
    Answer::json(400, &code("invalid_request", message))
}

/// Why a submission is refused.
pub(super) fn refused(refusal: Refusal, model: &str, request_id: &str) -> Answer {
    let status = refusal.status();
    match refusal {
        Refusal::NoChannel => {
            let message = format!(
                "No available channel for model {model} under group default (distributor) \
                 (request id: {request_id})"
            );
            object(status, Some("model_not_found"), &message, "new_api_error")
        }
        Refusal::InsufficientQuota => {
            let message = "The balance does not suffice for what has to be reserved.";
            Answer::json(status, &code("insufficient_user_quota", message))
        }
        Refusal::Busy => {
            let message = "当前分组上游负载已饱和，请稍后再试";
            Answer::json(status, &code(UPSTREAM, message))
        }
        Refusal::InvalidParameter => {
            let message = format!("The parameter `{}` is not valid: 8k.", name::RESOLUTION);
            upstream_refuses("InvalidParameter", &message, name::RESOLUTION)
        }
        Refusal::SensitivePrompt => {
            let message = "The input text may contain sensitive information.";
            let at = format!("{}[0].{}", name::CONTENT, name::TEXT);
            upstream_refuses("InputTextSensitiveContentDetected", message, &at)
        }
    }
}

/// The upstream's refusal, whose JSON is text here.
pub(super) fn upstream_refuses(kind: &str, message: &str, at: &str) -> Answer {
    let inner = json!({name::ERROR: {
        name::CODE: kind,
        name::MESSAGE: message,
        name::PARAM: at,
        name::TYPE: "BadRequest",
    }});
    Answer::json(400, &code(UPSTREAM, &inner.to_string()))
}

/// What the gateway has, for who asks for something else.
pub(super) fn paths() -> String {
    let paths: Vec<_> = operation::operations()
        .map(operation::PathTemplate::as_str)
        .collect();
    format!("POST {} and GET {}", SUBMIT_TASK.path(), paths.join(", "))
}

pub(super) fn unfinished() -> Answer {
    let message = "The task has no video, or not yet.";
    object(
        400,
        Some("task_not_finished"),
        message,
        "invalid_request_error",
    )
}

pub(super) fn not_found() -> Answer {
    let message = format!(
        "There is nothing at this path; this gateway has {}.",
        paths()
    );
    object(404, Some("not_found"), &message, "invalid_request_error")
}

pub(super) fn wrong_method(allowed: &str) -> Answer {
    let message = "This method is not allowed here.";
    object(
        405,
        Some("method_not_allowed"),
        message,
        "invalid_request_error",
    )
    .header(http::header::ALLOW, allowed)
}

pub(super) fn rate_limited(retry_after: u64) -> Answer {
    let message = "Too many queries; slow down.";
    object(
        429,
        Some("rate_limit_exceeded"),
        message,
        "rate_limit_error",
    )
    .header(http::header::RETRY_AFTER, retry_after.to_string())
}

pub(super) fn unavailable() -> Answer {
    let message = "The gateway is being restarted.";
    object(503, Some("service_unavailable"), message, "server_error")
}

pub(super) fn bad_gateway() -> Answer {
    page(502, "502 Bad Gateway")
}

/// The answer with a fault of a query.
pub(super) fn instead(fault: Fault, retry_after: u64, answer: impl FnOnce() -> Answer) -> Answer {
    match fault {
        Fault::RateLimited => rate_limited(retry_after),
        Fault::ServerError => object(
            500,
            Some("internal_error"),
            "Something broke.",
            "server_error",
        ),
        Fault::Unavailable => unavailable(),
        Fault::BadGateway => bad_gateway(),
        Fault::Saturated => {
            let inner = code(
                "upstream_load_saturated",
                "The upstream is busy; ask again later.",
            );
            Answer::json(403, &code(UPSTREAM, &inner.to_string()))
        }
        Fault::Html => page(200, "Video console"),
        Fault::Empty => Answer::json_text(200, String::new()),
        Fault::Truncated => {
            let answer = answer();
            let half = answer.length() / 2;
            answer.break_off(half, Ending::Close)
        }
        Fault::TruncatedJson => {
            let mut text = code("success", "").to_string();
            text.truncate(text.len() / 2);
            Answer::json_text(200, text)
        }
        Fault::Slow => answer().trickle(),
        Fault::Reset => Answer::none(Ending::Reset),
        Fault::Unauthorized => unauthorized(),
        Fault::Withheld => Answer::json(451, &code(UPSTREAM, "This is not available here.")),
        Fault::UnknownAtFirst | Fault::TaskNotExist => {
            Answer::json(400, &code(NOT_EXIST, NOT_EXIST))
        }
        Fault::ErrorAsSuccess => Answer::json(200, &code(NOT_EXIST, NOT_EXIST)),
        Fault::ErrorCodeNumber => {
            let mut body = code("", "The query went wrong.");
            body[name::CODE] = json!(ErrorCode::Int64(400));
            Answer::json(400, &body)
        }
        Fault::ErrorMessageJson => Answer::json(400, &wrapped(1)),
        Fault::ErrorMessageJsonTwice => Answer::json(400, &wrapped(2)),
        Fault::ErrorWithoutEnvelope => Answer::json(
            500,
            &json!({"status": 500, "title": "Internal Server Error"}),
        ),
        // Faults of bodies and videos leave the rest of the answer alone.
        _ => answer(),
    }
}

/// Errors nested in the messages of errors, this deep.
fn wrapped(times: u32) -> Value {
    let message = format!("`{}` is too large.", name::SEED);
    let inner = json!({name::ERROR: {name::CODE: "InvalidParameter", name::MESSAGE: message}});
    (0..times).fold(inner, |inner, _| code(UPSTREAM, &inner.to_string()))
}

pub(super) fn code(code: &str, message: &str) -> Value {
    let mut error = CodeError::default();
    error.code = Some(ErrorCode::String(code.to_owned()));
    error.message = Some(message.into());
    let mut body = serde_json::to_value(error).unwrap_or_default();
    // Gateways write it, though it says nothing.
    body[name::DATA] = Value::Null;
    body
}

pub(super) fn object(status: u16, code: Option<&str>, message: &str, kind: &str) -> Answer {
    let mut inner = ErrorObject::default();
    inner.code = code.map(|code| ErrorCode::String(code.to_owned()));
    inner.message = Some(message.into());
    inner.type_ = Some(kind.to_owned());
    let mut error = ObjectError::default();
    error.error = Some(inner);
    Answer::json(status, &serde_json::to_value(error).unwrap_or_default())
}

/// An HTML page with nothing but its title.
pub(super) fn page(status: u16, title: &str) -> Answer {
    let html = format!(
        "<!doctype html>\n<html><head><title>{title}</title></head>\n\
         <body><h1>{title}</h1></body></html>\n"
    );
    Answer::text(status, "text/html; charset=utf-8", html)
}
