//! The API: the task query, and the gateway's content address.

use axum::body::{Body, to_bytes};
use http::{Method, header};

use super::{
    answer::Answer,
    body, body_faults,
    call::Call,
    error_responses,
    failures::with_failures,
    family::Family,
    fault::{Fault, Stage},
    instruction,
    links::links,
    new_api,
    query::{Form, Queried, query},
    storage,
    submit::submit,
    video::Video,
};
use seedance_query::{
    model::{TaskId, operation},
    validate::operations::SUBMIT_TASK,
};

/// The longest request that is read, as by the gateway.
const MAX_REQUEST_BYTES: usize = 64 << 20;

pub(super) async fn answer(call: &Call<'_>, body: Body) -> Answer {
    match call.state.settings.family {
        Family::Documented => documented(call, body).await,
        Family::NewApi => new_api::api::answer(call, body).await,
    }
}

async fn documented(call: &Call<'_>, body: Body) -> Answer {
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
            query(call, &id, &ROW)
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

/// The documented form, which every fault is a departure from.
const ROW: Form = Form {
    body: row,
    fits: |_, _| true,
};

/// The documented body.
fn row(queried: &Queried<'_>) -> (u16, String) {
    let faults = queried.faults;
    let body = body::body(queried.task, queried.phase, queried.links);
    let fails = faults.contains(&Fault::ErrorWithTask) && body_faults::is_terminal(&body);
    let status = if fails { 500 } else { 200 };
    (status, body_faults::render(body, faults))
}

/// The video, served by the gateway itself.
fn content(call: &Call<'_>, id: &TaskId) -> Answer {
    let state = call.state;
    let mut faults = state.faults(id);
    match instruction::faults(call.headers, &[Stage::Video]) {
        Ok(more) => faults.extend(more),
        Err(problem) => return error_responses::invalid_request(&problem),
    }
    let now = state.clock.elapsed();
    let url = state.with_task(id, |task| {
        let phase = task.phase(now);
        body::has_video(task, phase).then(|| links(call, task, phase, &faults).stored)
    });
    match url {
        None => error_responses::unknown_task(id),
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
