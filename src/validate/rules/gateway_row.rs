//! Rows of the open-source gateway, which have members of their own and lack others: one fact, and
//! not one for each.

use serde_json::{Map, Value};

use super::{
    super::{documented::FIELDS, report::Finding, rule::Rule},
    outcome::Outcome,
};
use crate::model::{is_present, name, pointers};

/// The number of the gateway's own members that tell its rows from others.
const MIN_MEMBERS: usize = 4;

/// Accepts what follows from where a row comes from.
pub(super) fn check(row: &Map<String, Value>, outcome: &mut Outcome) {
    if !is_gateway_row(row) {
        return;
    }
    // It names the request in a header, and white labels keep the upstream's answer to themselves.
    outcome.accepts(Rule::OmittedField, pointers::DATA_REQUEST_ID);
    outcome.accepts(Rule::OmittedField, pointers::DATA_DATA);
    let id = row.get(name::TASK_ID).and_then(Value::as_str);
    if id.is_some_and(|id| id.starts_with("task_")) {
        outcome.accepts(Rule::OddFormat, pointers::DATA_TASK_ID);
    }
    let message = format!(
        "this is a row of the open-source gateway, which lacks `{}` and can keep the upstream's \
         answer to itself",
        name::REQUEST_ID
    );
    outcome.accepts_as(Finding::new(Rule::GatewayRow, pointers::DATA, message));
}

/// Whether a row has the members that only this gateway adds.
fn is_gateway_row(row: &Map<String, Value>) -> bool {
    let own = FIELDS.iter().filter(|field| {
        field.is_observed
            && field.path.len() == 2
            && is_present(row, &field.pointer[pointers::DATA.len()..])
    });
    own.take(MIN_MEMBERS).count() == MIN_MEMBERS
}
