//! How waiting ended, as JSON.

use std::io;

use seedance_query::{Outcome, QueryResponse, WaitError};
use serde_json::{Value, json};

use super::{error_text::chain, stream::print};

/// The last line, the only one with signed URLs.
pub(crate) fn print_outcome_json(outcome: &Result<Outcome, WaitError>) -> io::Result<()> {
    let body = |response: &QueryResponse| {
        serde_json::from_slice::<Value>(&response.body_without_key()).ok()
    };
    let line = match outcome {
        Ok(Outcome::Succeeded(task)) => json!({
            "event": "succeeded",
            "task_id": task.task_id(),
            "status": task.response().view().status,
            "shape": task.response().view().shape(),
            "polls": task.polls(),
            "elapsed": task.elapsed().as_secs_f64(),
            "result_url": task.result_url().expose().map(|url| task.response().without_key(url)),
            "expires_in": task.result_url()
                .expires_in(std::time::SystemTime::now())
                .map(|left| left.as_secs_f64()),
            "report": task.response().report(),
            "body": body(task.response()),
        }),
        Ok(Outcome::Failed(task)) => json!({
            "event": "failed",
            "task_id": task.task_id(),
            "status": task.response().view().status,
            "polls": task.polls(),
            "elapsed": task.elapsed().as_secs_f64(),
            "reason": task.reason().map(ToString::to_string),
            "code": task.code(),
            "is_refunded": true,
            "report": task.response().report(),
            "body": body(task.response()),
        }),
        Ok(Outcome::UpstreamEnded(task)) => json!({
            "event": "upstream_ended",
            "task_id": task.task_id(),
            "status": task.status(),
            "upstream_status": task.upstream_status(),
            "polls": task.polls(),
            "elapsed": task.elapsed().as_secs_f64(),
            "is_refunded": false,
            "problem": task.to_string(),
        }),
        Ok(Outcome::TimedOut(task)) => json!({
            "event": "timed_out",
            "task_id": task.task_id(),
            "status": task.last().and_then(seedance_query::Observation::status),
            "polls": task.polls(),
            "elapsed": task.elapsed().as_secs_f64(),
        }),
        Ok(_) => Value::Null,
        Err(error) => json!({
            "event": "given_up",
            "task_id": error.task_id(),
            "polls": error.polls(),
            "elapsed": error.elapsed().as_secs_f64(),
            "error": chain(error),
            "http_status": match error.answer() {
                Ok(response) => Some(response.status().as_u16()),
                Err(error) => error.status().map(|status| status.as_u16()),
            },
            "report": match error.answer() {
                Ok(response) => Some(response.report()),
                Err(error) => error.report(),
            },
            "result_url": error.result_url().and_then(|url| url.expose()).map(|url| {
                error.answer().map_or(url.to_owned(), |response| response.without_key(url))
            }),
        }),
    };
    print(&line)
}
