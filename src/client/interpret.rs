//! What an answer comes to: a task, or an error.

use super::{error::Error, exchange::Exchange, response::QueryResponse};
use crate::{
    model::TaskId,
    validate::{ParsedBody, Report, Rule},
};

/// Reads an answer to a query of a task. `broken` is why not all of it arrived; `is_local` is
/// whether the gateway runs on this machine.
pub(super) fn interpret(
    exchange: Exchange,
    broken: Option<reqwest::Error>,
    task_id: &TaskId,
    is_local: bool,
) -> Result<QueryResponse, Error> {
    if let Some(cause) = broken {
        return Err(Error::interrupted(cause, exchange));
    }
    if exchange.is_cut_off {
        return Err(Error::too_large(exchange));
    }
    let (status, body) = (exchange.status, exchange.body.clone());
    let parsed = ParsedBody::new(Some(status.as_u16()), &body).asked_for(task_id.as_str());
    let report = report(&parsed, &exchange, is_local);
    let mut view = parsed.view();
    if let Some(view) = &mut view {
        view.hide(&exchange.secrets.redactor());
    }
    match view {
        Some(view) if parsed.other_task().is_some() => {
            Err(Error::other_task(exchange, report, view, task_id))
        }
        // A task is a task, whatever the HTTP status: some gateways answer 500 just as it ends.
        Some(view) => Ok(QueryResponse::new(view, exchange, report)),
        None if parsed.is_error() || !status.is_success() => {
            Err(Error::api(exchange, report, parsed.reason()))
        }
        None => Err(Error::not_understood(exchange, report)),
    }
}

/// A gateway can repeat the key, so findings are redacted.
fn report(parsed: &ParsedBody<'_>, exchange: &Exchange, is_local: bool) -> Report {
    let report = parsed.report().redacted(&exchange.secrets.redactor());
    if is_local {
        report.without_rule(Rule::LoopbackUrl)
    } else {
        report
    }
}
