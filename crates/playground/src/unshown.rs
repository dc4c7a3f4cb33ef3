//! An exchange that no page has asked for yet.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::StatusCode;

use super::exchange_json::to_json;
use seedance_traffic::{
    Session,
    proxy::{ExchangeHead, ExchangeOutcome, ObservedExchange, SeenBody, SeenExchange},
};

/// About what is kept of an exchange besides its body, in bytes.
const HEAD: usize = 2000;

/// An exchange as it came. What a page is told of it is made when one asks, so that traffic that
/// nobody looks at costs next to nothing.
pub(super) enum Unshown {
    /// The proxy has validated it.
    Observed(ObservedExchange),
    /// The mock has answered it.
    Answered(Box<seedance_mock::Exchange>),
}

impl Unshown {
    /// About how many bytes it holds.
    pub fn size(&self) -> usize {
        let body = match self {
            Self::Observed(exchange) => match &exchange.outcome {
                ExchangeOutcome::Validated(response) => response.body().len(),
                _ => 0,
            },
            Self::Answered(exchange) => exchange.body.as_ref().map_or(0, Bytes::len),
        };
        HEAD + body
    }

    /// What a page is told; an answer of the mock is validated now, in this session.
    pub fn show(self, number: u64, session: &Arc<Mutex<Session>>) -> String {
        match self {
            Self::Observed(exchange) => to_json(number, &exchange),
            Self::Answered(exchange) => to_json(number, &seen(*exchange).validate(session, number)),
        }
    }
}

fn seen(exchange: seedance_mock::Exchange) -> SeenExchange {
    let body = match (exchange.status, exchange.body) {
        (None, _) => SeenBody::NoResponse("the mock has ended the connection, as it was told to"),
        (Some(_), Some(_)) if exchange.is_cut_off => SeenBody::CutOff,
        (Some(_), body) => SeenBody::Whole(body.unwrap_or_default()),
    };
    SeenExchange {
        head: ExchangeHead {
            method: exchange.method,
            target: exchange.target,
            request_headers: exchange.request_headers,
            status: exchange.status.unwrap_or(StatusCode::BAD_GATEWAY),
            headers: exchange.headers,
            time: exchange.time,
            elapsed: exchange.elapsed,
        },
        body,
    }
}
