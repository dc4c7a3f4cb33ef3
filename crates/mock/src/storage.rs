//! Where the videos are: pre-signed URLs, ranges, and all that goes wrong with downloads.

use http::{HeaderMap, header};

use super::{
    answer::Answer,
    call::Call,
    clock::http_date,
    connection::Ending,
    error_responses,
    fault::{Fault, Stage},
    instruction,
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

pub(super) fn answer(call: &Call<'_>) -> Answer {
    let state = call.state;
    if !call.is_get() && !call.is_head() {
        let message = "The method is not allowed against this resource.";
        return error(405, "MethodNotAllowed", message).header(header::ALLOW, "GET, HEAD");
    }
    // At one port this is the gateway's origin, which the key is for.
    if call.headers.contains_key(header::AUTHORIZATION) && !state.settings.one_port {
        let message = "A request is signed by its query or by a header, not by both.";
        return error(400, "InvalidArgument", message);
    }
    let Some(id) = task_id(call.path).filter(|_| GatewayState::is_stored(call.path)) else {
        return error(404, "NoSuchKey", "There is no such object.");
    };
    let mut faults = state.faults(&id);
    match instruction::faults(call.headers, &[Stage::Video]) {
        Ok(more) => faults.extend(more),
        Err(problem) => return error(400, "InvalidArgument", &problem),
    }
    if let Err(reason) = allow(call, &id, &faults) {
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
            let answer = video(state, call.path, call.headers, call.is_get(), &faults);
            let half = answer.length() / 2;
            answer.break_off(half, Ending::Reset)
        }
        None => redirected(call, &faults)
            .unwrap_or_else(|| video(state, call.path, call.headers, call.is_get(), &faults)),
    }
}

/// Whether the URL is good for this request, or why not.
fn allow(call: &Call<'_>, id: &TaskId, faults: &[Fault]) -> Result<(), &'static str> {
    let state = call.state;
    if call.query.is_empty() && faults.contains(&Fault::UnsignedUrl) {
        return Ok(());
    }
    let grant = state
        .signer
        .check(call.path, call.query, state.clock.wall())?;
    let is_refused = faults.contains(&Fault::UrlAlwaysRefused)
        || faults.contains(&Fault::UrlRefused) && grant.terms.serial == 0;
    if is_refused {
        return Err("The access key is no longer valid.");
    }
    // A redirected request was counted where it came from.
    if let Some(budget) = grant
        .terms
        .budget
        .filter(|_| call.origin == Origin::Storage)
        && state.count(&grant.signature) >= budget
    {
        state.with_task(id, Task::spend);
        return Err("The URL has been requested too many times.");
    }
    Ok(())
}

fn redirected(call: &Call<'_>, faults: &[Fault]) -> Option<Answer> {
    let target = if faults.contains(&Fault::RedirectLoop) {
        &call.addresses.storage
    } else if faults.contains(&Fault::Redirect) {
        &call.addresses.elsewhere
    } else {
        return None;
    };
    (call.origin == Origin::Storage).then(|| {
        let location = format!("{target}{}?{}", call.path, call.query);
        Answer::text(302, "text/plain", String::new()).header(header::LOCATION, location)
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
