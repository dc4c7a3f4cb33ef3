//! Rows of the open-source gateway, which have members of their own and lack others: one fact, and
//! not one for each.

use serde_json::{Map, Value};

use super::{
    super::{documented::FIELDS, report::Finding, rule::Rule},
    outcome::Outcome,
};
use crate::model::is_present;

/// The number of the gateway's own members that tell its rows from others.
const MIN_MEMBERS: usize = 4;

/// Accepts what follows from where a row comes from.
pub(super) fn check(row: &Map<String, Value>, outcome: &mut Outcome) {
    if !is_gateway_row(row) {
        return;
    }
    // It names the request in a header, and white labels keep the upstream's answer to themselves.
    outcome.accepts(Rule::OmittedField, "/data/request_id");
    outcome.accepts(Rule::OmittedField, "/data/data");
    let id = row.get("task_id").and_then(Value::as_str);
    if id.is_some_and(|id| id.starts_with("task_")) {
        outcome.accepts(Rule::OddFormat, "/data/task_id");
    }
    let message = "this is a row of the open-source gateway, which lacks `request_id` and can keep \
                   the upstream's answer to itself";
    outcome.accepts_as(Finding::new(Rule::GatewayRow, "/data", message));
}

/// Whether a row has the members that only this gateway adds.
fn is_gateway_row(row: &Map<String, Value>) -> bool {
    let own = FIELDS.iter().filter(|field| {
        field.is_observed
            && field.path.len() == 2
            && is_present(row, &field.pointer["/data".len()..])
    });
    own.take(MIN_MEMBERS).count() == MIN_MEMBERS
}
