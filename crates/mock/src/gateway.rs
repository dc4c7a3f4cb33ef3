//! The API: the query, and the gateway's own way to a video.

use std::sync::Arc;

use axum::{
    extract::{ConnectInfo, Request, State},
    response::Response,
};
use http::{HeaderMap, Method, header};

use super::{
    answer::Answer,
    body::{self, Links},
    clock::http_date,
    connection::{Ending, Line},
    drift,
    fault::{Fault, Stage},
    hub::{Hub, task_id},
    log::Origin,
    refusal, storage,
    task::{Moment, Task},
    video::Video,
};
use seedance_query::model::TaskId;

pub(super) async fn serve(
    State(hub): State<Arc<Hub>>,
    ConnectInfo(line): ConnectInfo<Line>,
    request: Request,
) -> Response {
    let (method, uri, headers) = (request.method(), request.uri(), request.headers());
    let entry = hub.arrived(Origin::Gateway, method, uri, headers);
    let answer = answer(&hub, method, uri.path(), headers);
    let date = http_date(hub.clock.wall());
    answer.send(entry, line, &date, method == Method::HEAD)
}

fn answer(hub: &Hub, method: &Method, path: &str, headers: &HeaderMap) -> Answer {
    let is_query = path.starts_with("/v1/video/generations/");
    let Some(id) = task_id(path).filter(|_| is_query || path.starts_with("/v1/videos/")) else {
        return refusal::not_found();
    };
    if method != Method::GET {
        return refusal::wrong_method();
    }
    if !hub.has_right_key(headers) {
        return refusal::unauthorized();
    }
    let answer = || {
        if is_query {
            query(hub, &id)
        } else {
            content(hub, &id, headers)
        }
    };
    match hub.failure(6) {
        Some(0) => refusal::unavailable(),
        Some(1) => refusal::bad_gateway(),
        Some(2) => refusal::rate_limited(hub.settings.retry_after),
        Some(3) => Answer::none(Ending::Reset),
        Some(4) => refusal::instead(Fault::Truncated, 0, answer),
        Some(_) => refusal::instead(Fault::Empty, 0, answer),
        None => answer(),
    }
}

fn query(hub: &Hub, id: &TaskId) -> Answer {
    let faults = hub.faults(id);
    let now = hub.clock.elapsed();
    let outcome = hub.with_task(id, |task| {
        task.count_query();
        let general = hub.settings.faults.iter().copied();
        let general = general.filter(|fault| fault.stage() == Stage::Query);
        let hits: Vec<Fault> = general.chain(task.query_fault()).collect();
        let moment = task.moment(now);
        let links = links(hub, task, moment, &faults);
        (hits, body::body(task, moment, &links))
    });
    let Some((hits, body)) = outcome else {
        return refusal::unknown_task();
    };
    let fails = faults.contains(&Fault::ErrorWithTask) && drift::is_terminal(&body);
    let status = if fails { 500 } else { 200 };
    let answer = Answer::json_text(status, drift::render(body, &faults));
    hits.into_iter().fold(answer, |answer, fault| {
        refusal::instead(fault, hub.settings.retry_after, || answer)
    })
}

/// The URLs that a task gives now; before its end there are none.
fn links(hub: &Hub, task: &mut Task, moment: Moment, faults: &[Fault]) -> Links {
    if moment != Moment::Ended {
        return Links {
            result: String::new(),
            stored: String::new(),
            upstream: String::new(),
        };
    }
    let expires = hub.settings.url_valid_for.as_secs();
    let has = |fault| faults.contains(&fault);
    let terms = task.terms(hub.clock.wall(), expires, hub.budget(faults), has);
    let stored = |video| {
        let path = Hub::path(&task.id, video);
        let url = format!("{}{path}", hub.addresses.storage);
        if has(Fault::UnsignedUrl) {
            url
        } else {
            format!("{url}?{}", hub.signer.query(&path, &terms))
        }
    };
    let at_gateway = has(Fault::GatewayUrl) || has(Fault::GatewayUrlRedirect);
    let in_storage = stored(Video::Result);
    Links {
        result: if at_gateway {
            format!("{}/v1/videos/{}/content", hub.addresses.gateway, task.id)
        } else {
            in_storage.clone()
        },
        stored: in_storage,
        upstream: stored(Video::Original),
    }
}

/// The video by way of the gateway.
fn content(hub: &Hub, id: &TaskId, headers: &HeaderMap) -> Answer {
    let faults = hub.faults(id);
    let now = hub.clock.elapsed();
    let url = hub.with_task(id, |task| {
        let moment = task.moment(now);
        body::has_video(task, moment).then(|| links(hub, task, moment, &faults).stored)
    });
    match url {
        None => refusal::unknown_task(),
        Some(None) => refusal::unfinished(),
        Some(Some(url)) if faults.contains(&Fault::GatewayUrlRedirect) => {
            Answer::text(302, "text/plain", String::new()).header(header::LOCATION, url)
        }
        Some(Some(_)) => storage::video(hub, &Hub::path(id, Video::Result), headers, true, &faults),
    }
}
