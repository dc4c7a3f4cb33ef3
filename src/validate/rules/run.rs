//! Which rules run on a body, and in which order.

use serde_json::{Map, Value};

use super::{
    super::{documented, facts::Facts, observer::Observer},
    failure, foreign, gateway_row,
    outcome::Outcome,
    pending, progress, status, success, super_resolution, time, tokens, url,
};
use crate::model::Shape;

/// Runs the rules that can find something in a body that is as documented.
pub(crate) fn check(task: &Facts<'_>, outcome: &mut Outcome) {
    success::result_url(task, outcome);
    success::original_result_url(task, outcome);
    super_resolution::check(task, outcome);
    failure::reason(task, outcome);
    failure::url_as_reason(task, outcome);
    pending::check(task, outcome);
    progress::check(task, outcome);
    url::check(task, outcome);
    time::check(task, outcome);
    status::check(task, outcome);
    tokens::check(task, outcome);
}

/// Runs every rule.
pub(crate) fn check_row(
    row: &Map<String, Value>,
    shape: Option<Shape>,
    outcome: &mut Outcome,
    observer: &mut impl Observer,
) {
    let is_seedance = foreign::check(row, outcome);
    gateway_row::check(row, outcome);
    let task = documented::Task::of_json(row);
    let facts = Facts::of_json(row, &task, shape, is_seedance);
    observer.task(&facts);
    check(&facts, outcome);
    success::structure(row, shape, outcome);
    failure::structure(row, shape, outcome);
}
