//! From a request to its answer: every request to every port comes through here.

use std::{sync::Arc, time::Instant};

use axum::{
    extract::{ConnectInfo, Request, State},
    response::Response,
};
use http::{Method, header};

use super::{
    answer::Answer,
    api,
    call::Call,
    clock::http_date,
    connection::Peer,
    cors,
    family::Family,
    request_log::Origin,
    state::{GatewayState, REQUEST_ID, VERSION},
    storage,
};

/// A port of the gateway.
#[derive(Clone)]
pub(super) struct Port {
    pub(super) state: Arc<GatewayState>,
    pub(super) origin: Origin,
}

pub(super) async fn serve(
    State(port): State<Port>,
    ConnectInfo(peer): ConnectInfo<Peer>,
    request: Request,
) -> Response {
    let (asked, hooks) = (Instant::now(), &port.state.settings.hooks);
    let (parts, body) = request.into_parts();
    if port.origin == Origin::Gateway
        && let Some(page) = hooks.page(&parts).await
    {
        return page;
    }
    let call = Call::new(&port.state, port.origin, &parts, peer.ip);
    let entry = call.log(&parts);
    let mut answer = match (call.method, call.origin) {
        (&Method::OPTIONS, _) => cors::preflight(call.headers),
        (_, Origin::Gateway) => api::answer(&call, body).await,
        (_, Origin::Storage | Origin::Elsewhere) => storage::answer(&call),
    };
    if call.origin == Origin::Gateway {
        answer = identified(&call, answer);
    }
    let date = http_date(port.state.clock.wall());
    let answer = cors::allow(answer).header(header::DATE, date);
    let is_head = call.is_head();
    hooks.observe(parts, &answer, asked.elapsed());
    answer.send(entry, peer.end, is_head)
}

/// The answer with what tells whose it is.
fn identified(call: &Call<'_>, mut answer: Answer) -> Answer {
    if call.state.settings.opaque_ids {
        answer = answer.header(REQUEST_ID, &call.request_id);
    }
    if call.state.settings.family == Family::NewApi {
        answer = answer.header(VERSION, "v0.0.0");
    }
    answer
}
