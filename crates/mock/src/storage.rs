//! Where the videos are: pre-signed URLs, ranges, and all that goes wrong with downloads.

use std::sync::Arc;

use axum::{
    extract::{ConnectInfo, Request, State},
    response::Response,
};
use http::{HeaderMap, Method, Uri, header};

use super::{
    answer::Answer,
    clock::http_date,
    connection::{ConnectionEnd, Ending},
    error_responses,
    fault::Fault,
    range::{Part, part},
    request_log::Origin,
    state::{GatewayState, task_id},
    task::Task,
};
use seedance_query::model::TaskId;

/// So many bytes come before a connection is reset.
const UNTIL_RESET: u64 = 64 * 1024;
/// The pace of a slow video, in bytes a second.
const SLOW: u64 = 64 * 1024;
/// A passing fault hits so many requests.
const PASSING: u32 = 2;

pub(super) async fn serve(
    State((state, origin)): State<(Arc<GatewayState>, Origin)>,
    ConnectInfo(connection_end): ConnectInfo<ConnectionEnd>,
    request: Request,
) -> Response {
    let (method, uri, headers) = (request.method(), request.uri(), request.headers());
    let entry = state.arrived(origin, method, uri, headers);
    let answer = answer(&state, origin, method, uri, headers);
    let date = http_date(state.clock.wall());
    answer.send(entry, connection_end, &date, method == Method::HEAD)
}

fn answer(
    state: &GatewayState,
    origin: Origin,
    method: &Method,
    uri: &Uri,
    headers: &HeaderMap,
) -> Answer {
    if !matches!(*method, Method::GET | Method::HEAD) {
        let message = "The method is not allowed against this resource.";
        return error(405, "MethodNotAllowed", message).header(header::ALLOW, "GET, HEAD");
    }
    if headers.contains_key(header::AUTHORIZATION) {
        let message = "A request is signed by its query or by a header, not by both.";
        return error(400, "InvalidArgument", message);
    }
    let path = uri.path();
    let Some(id) = task_id(path).filter(|_| !path.starts_with("/v1/")) else {
        return error(404, "NoSuchKey", "There is no such object.");
    };
    let faults = state.faults(&id);
    if let Err(reason) = allow(state, origin, &id, uri, &faults) {
        return error(403, "AccessDenied", reason);
    }
    match state.failure(3) {
        Some(0) => error(
            503,
            "ServiceUnavailable",
            "Reduce the rate of your requests.",
        ),
        Some(1) => Answer::none(Ending::Close),
        Some(_) => {
            let answer = video(state, path, headers, method == Method::GET, &faults);
            let half = answer.length() / 2;
            answer.break_off(half, Ending::Reset)
        }
        None => redirected(state, origin, uri, &faults)
            .unwrap_or_else(|| video(state, path, headers, method == Method::GET, &faults)),
    }
}

/// Whether the URL is good for this request, or why not.
fn allow(
    state: &GatewayState,
    origin: Origin,
    id: &TaskId,
    uri: &Uri,
    faults: &[Fault],
) -> Result<(), &'static str> {
    let query = uri.query().unwrap_or_default();
    if query.is_empty() && faults.contains(&Fault::UnsignedUrl) {
        return Ok(());
    }
    let grant = state.signer.check(uri.path(), query, state.clock.wall())?;
    let is_refused = faults.contains(&Fault::UrlAlwaysRefused)
        || faults.contains(&Fault::UrlRefused) && grant.terms.serial == 0;
    if is_refused {
        return Err("The access key is no longer valid.");
    }
    // A redirected request was counted where it came from.
    if let Some(budget) = grant.terms.budget.filter(|_| origin == Origin::Storage)
        && state.count(&grant.signature) >= budget
    {
        state.with_task(id, Task::spend);
        return Err("The URL has been requested too many times.");
    }
    Ok(())
}

fn redirected(state: &GatewayState, origin: Origin, uri: &Uri, faults: &[Fault]) -> Option<Answer> {
    let target = if faults.contains(&Fault::RedirectLoop) {
        &state.addresses.storage
    } else if faults.contains(&Fault::Redirect) {
        &state.addresses.elsewhere
    } else {
        return None;
    };
    (origin == Origin::Storage).then(|| {
        Answer::text(302, "text/plain", String::new())
            .header(header::LOCATION, format!("{target}{uri}"))
    })
}

/// The video at a path, or what comes in its place.
pub(super) fn video(
    state: &GatewayState,
    path: &str,
    headers: &HeaderMap,
    is_get: bool,
    faults: &[Fault],
) -> Answer {
    let has = |fault| faults.contains(&fault);
    let before = if is_get { state.count(path) } else { PASSING };
    if has(Fault::VideoUnavailable) && before < PASSING {
        return error(
            503,
            "ServiceUnavailable",
            "Reduce the rate of your requests.",
        );
    }
    if has(Fault::NotAVideo) {
        return error_responses::page(200, "Sign in");
    }
    if has(Fault::VideoTextXml) {
        return xml(
            200,
            "video/mp4",
            "InternalError",
            "The object cannot be read.",
        );
    }
    let is_first = before == 0;
    let mut answer = file(state, path, headers, is_first, faults);
    if has(Fault::ChangedMidway) && is_first {
        let half = answer.length() / 2;
        answer = answer.break_off(half, Ending::Reset);
    }
    if has(Fault::WrongLength) {
        answer = answer.overpromise(1000);
    }
    if has(Fault::ResetEach64k) {
        answer = answer.break_off(UNTIL_RESET, Ending::Reset);
    }
    if has(Fault::SlowVideo) {
        answer = answer.pace(SLOW);
    }
    match state.settings.bytes_per_second {
        Some(pace) => answer.pace(pace),
        None => answer,
    }
}

/// The file at a path, or the part of it that is asked for.
fn file(
    state: &GatewayState,
    path: &str,
    headers: &HeaderMap,
    is_first: bool,
    faults: &[Fault],
) -> Answer {
    let file = state.file(path, faults, is_first);
    let (length, tag) = (file.length(), file.tag().to_owned());
    let modified =
        http_date(state.started + i64::from(!is_first && faults.contains(&Fault::ChangedMidway)));
    let has_ranges = !faults.contains(&Fault::NoRanges);
    let part = if has_ranges {
        part(headers, length, &tag, &modified)
    } else {
        Part::Whole
    };
    let answer = match part {
        Part::Whole => Answer::video(200, file, 0, length),
        Part::Range(start, end) => Answer::video(206, file, start, end).header(
            header::CONTENT_RANGE,
            format!("bytes {start}-{}/{length}", end - 1),
        ),
        Part::Unsatisfiable => error(416, "InvalidRange", "The range starts behind the end.")
            .header(header::CONTENT_RANGE, format!("bytes */{length}")),
    };
    let answer = answer
        .header(header::ETAG, tag)
        .header(header::LAST_MODIFIED, modified);
    if has_ranges {
        answer.header(header::ACCEPT_RANGES, "bytes")
    } else {
        answer
    }
}

fn error(status: u16, code: &str, message: &str) -> Answer {
    xml(status, "application/xml", code, message)
}

fn xml(status: u16, content_type: &'static str, code: &str, message: &str) -> Answer {
    let text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <Error><Code>{code}</Code><Message>{message}</Message></Error>\n"
    );
    Answer::text(status, content_type, text)
}
