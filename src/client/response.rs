//! A task as it was answered: typed, as bytes, and with what was found in it.

use std::fmt;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde_json::Value;

use super::hook::Exchange;
use crate::{
    generated::types::{Task, TaskQueryResponse},
    validate::{Report, parse},
};

/// The answer to a query: the typed task, the response as it came, and what the validator found.
#[derive(Clone)]
pub struct QueryResponse {
    task: Task,
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
    report: Report,
}

impl QueryResponse {
    pub(super) fn new(task: Task, exchange: Exchange, report: Report) -> Self {
        Self {
            task,
            status: exchange.status,
            headers: exchange.headers,
            body: exchange.body,
            report,
        }
    }

    /// The task.
    #[must_use]
    pub fn task(&self) -> &Task {
        &self.task
    }

    /// The task, without the response around it.
    #[must_use]
    pub fn into_task(self) -> Task {
        self.task
    }

    /// The HTTP status, 200 as far as documented.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The HTTP headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The body byte for byte, with fields that the types do not know and with its signed URLs.
    #[must_use]
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// The verdict on the response and all that was found.
    #[must_use]
    pub fn report(&self) -> &Report {
        &self.report
    }
}

impl fmt::Debug for QueryResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("QueryResponse")
            .field("status", &self.status)
            .field("task", &self.task)
            .field("report", &self.report)
            .field("body", &format_args!("{} bytes", self.body.len()))
            .finish_non_exhaustive()
    }
}

/// Decodes a body that the generated call could not, if its meaning is clear all the same.
///
/// To JSON Schema `1.0` is an integer and the last of two equal keys counts; serde disagrees on
/// both. Neither is a reason to withhold a video that was paid for.
pub(crate) fn decode(body: &[u8]) -> Option<TaskQueryResponse> {
    if let Ok(response) = serde_json::from_slice(body) {
        return Some(response);
    }
    let mut value = parse(body).ok()?.value;
    whole_floats_to_integers(&mut value);
    serde_json::from_value(value).ok()
}

fn whole_floats_to_integers(value: &mut Value) {
    match value {
        Value::Number(number) => {
            // Beyond 2^53 a float is not sure to be the integer that was meant.
            const EXACT: f64 = 9_007_199_254_740_992.0;
            if let Some(float) = number.as_f64().filter(|_| number.is_f64())
                && float.fract() == 0.0
                && float.abs() <= EXACT
            {
                #[allow(clippy::cast_possible_truncation)] // whole, and within 2^53
                let integer = float as i64;
                *value = integer.into();
            }
        }
        Value::Array(items) => items.iter_mut().for_each(whole_floats_to_integers),
        Value::Object(members) => members.values_mut().for_each(whole_floats_to_integers),
        _ => {}
    }
}
