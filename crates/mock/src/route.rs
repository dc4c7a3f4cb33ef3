//! From a request to its answer: every request to every port comes through here.

use std::sync::Arc;

use axum::{
    extract::{ConnectInfo, Request, State},
    response::Response,
};
use http::Method;

use super::{
    api,
    call::Call,
    clock::http_date,
    connection::ConnectionEnd,
    cors,
    request_log::Origin,
    state::{GatewayState, REQUEST_ID},
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
    ConnectInfo(connection_end): ConnectInfo<ConnectionEnd>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let call = Call::new(&port.state, port.origin, &parts);
    let entry = call.log(&parts);
    let mut answer = match (call.method, call.origin) {
        (&Method::OPTIONS, _) => cors::preflight(call.headers),
        (_, Origin::Gateway) => api::answer(&call, body).await,
        (_, Origin::Storage | Origin::Elsewhere) => storage::answer(&call),
    };
    if call.origin == Origin::Gateway && port.state.settings.opaque_ids {
        answer = answer.header(REQUEST_ID, &call.request_id);
    }
    let date = http_date(port.state.clock.wall());
    cors::allow(answer).send(entry, connection_end, &date, call.is_head())
}
