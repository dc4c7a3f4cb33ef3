//! The API: the task query, and the gateway's content address.

use axum::body::{Body, to_bytes};
use http::{Method, header};

use super::{
    answer::Answer,
    body::{self, Links},
    body_faults,
    call::Call,
    connection::Ending,
    error_responses,
    fault::{Fault, Stage},
    state::GatewayState,
    storage,
    submit::submit,
    task::{Phase, Task},
    video::Video,
};
use seedance_query::{
    model::{TaskId, operation},
    validate::operations::SUBMIT_TASK,
};

/// The longest request that is read, as by the gateway.
const MAX_REQUEST_BYTES: usize = 64 << 20;

pub(super) async fn answer(call: &Call<'_>, body: Body) -> Answer {
    if call.path == SUBMIT_TASK.path() {
        return match to_bytes(body, MAX_REQUEST_BYTES).await {
            Ok(body) => submission(call, &body),
            Err(_) => error_responses::invalid_request("the request is too long, or broke off"),
        };
    }
    let queried = operation::QUERY.id_in(call.path);
    let is_query = queried.is_some();
    let Some(id) = queried.or_else(|| operation::CONTENT.id_in(call.path)) else {
        return error_responses::not_found();
    };
    if !call.is_get() && !call.is_head() {
        return error_responses::wrong_method("GET, HEAD");
    }
    if !call.state.has_right_key(call.headers) {
        return error_responses::unauthorized();
    }
    with_failures(call.state, || {
        if is_query {
            query(call, &id)
        } else {
            content(call, &id)
        }
    })
}

fn submission(call: &Call<'_>, body: &[u8]) -> Answer {
    if call.method != Method::POST {
        return error_responses::wrong_method("POST");
    }
    if !call.state.has_right_key(call.headers) {
        return error_responses::unauthorized();
    }
    with_failures(call.state, || submit(call, body))
}

/// The answer, or one of the failures that come at the wanted rate.
fn with_failures(state: &GatewayState, answer: impl FnOnce() -> Answer) -> Answer {
    match state.failure(6) {
        Some(0) => error_responses::unavailable(),
        Some(1) => error_responses::bad_gateway(),
        Some(2) => error_responses::rate_limited(state.settings.retry_after),
        Some(3) => Answer::none(Ending::Reset),
        Some(4) => error_responses::instead(Fault::Truncated, 0, answer),
        Some(_) => error_responses::instead(Fault::Empty, 0, answer),
        None => answer(),
    }
}

fn query(call: &Call<'_>, id: &TaskId) -> Answer {
    let state = call.state;
    let faults = state.faults(id);
    let now = state.clock.elapsed();
    let outcome = state.with_task(id, |task| {
        if call.is_get() {
            task.count_query();
        }
        let general = state.settings.faults.iter().copied();
        let general = general.filter(|fault| fault.stage() == Stage::Query);
        let hits: Vec<Fault> = general.chain(task.query_fault()).collect();
        let phase = task.phase(now);
        let links = links(call, task, phase, &faults);
        (hits, body::body(task, phase, &links))
    });
    let Some((hits, body)) = outcome else {
        return error_responses::unknown_task();
    };
    let fails = faults.contains(&Fault::ErrorWithTask) && body_faults::is_terminal(&body);
    let status = if fails { 500 } else { 200 };
    let answer = Answer::json_text(status, body_faults::render(body, &faults));
    hits.into_iter().fold(answer, |answer, fault| {
        error_responses::instead(fault, state.settings.retry_after, || answer)
    })
}

/// The current URLs of a task; none before it has ended.
fn links(call: &Call<'_>, task: &mut Task, phase: Phase, faults: &[Fault]) -> Links {
    if phase != Phase::Ended {
        return Links {
            result: String::new(),
            stored: String::new(),
            upstream: String::new(),
        };
    }
    let state = call.state;
    let expires = state.settings.url_valid_for.as_secs();
    let has = |fault| faults.contains(&fault);
    let terms = task.terms(state.clock.wall(), expires, state.budget(faults), has);
    let stored = |video| {
        let path = GatewayState::path(&task.id, task.base, video);
        let url = format!("{}{path}", call.addresses.storage);
        if has(Fault::UnsignedUrl) {
            url
        } else {
            format!("{url}?{}", state.signer.query(&path, &terms))
        }
    };
    let at_gateway = has(Fault::GatewayUrl) || has(Fault::GatewayUrlRedirect);
    let in_storage = stored(Video::Result);
    Links {
        result: if at_gateway {
            call.addresses.gateway.clone() + &operation::CONTENT.path_for(&task.id)
        } else {
            in_storage.clone()
        },
        stored: in_storage,
        upstream: stored(Video::Original),
    }
}

/// The video, served by the gateway itself.
fn content(call: &Call<'_>, id: &TaskId) -> Answer {
    let state = call.state;
    let faults = state.faults(id);
    let now = state.clock.elapsed();
    let url = state.with_task(id, |task| {
        let phase = task.phase(now);
        body::has_video(task, phase).then(|| links(call, task, phase, &faults).stored)
    });
    match url {
        None => error_responses::unknown_task(),
        Some(None) => error_responses::unfinished(),
        // Such gateways do so if the upstream gave no URL.
        Some(Some(_)) if faults.contains(&Fault::NoUrl) => error_responses::bad_gateway(),
        Some(Some(url)) if faults.contains(&Fault::GatewayUrlRedirect) => {
            Answer::text(302, "text/plain", String::new()).header(header::LOCATION, url)
        }
        Some(Some(_)) => storage::video(
            state,
            &state.video_path(id, Video::Result),
            call.headers,
            call.is_get(),
            &faults,
        ),
    }
}
