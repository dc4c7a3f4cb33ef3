//! Spans and events for `tracing`, where the crate's feature of that name is on.
//!
//! They carry what errors, reports and statuses show: never a key or a signed URL.

use std::time::Duration;

use super::{error::Error, response::QueryResponse};
use crate::model::TaskId;

/// Runs a query in its own span.
#[cfg(feature = "tracing")]
pub(crate) async fn in_query<F: Future>(task_id: &TaskId, query: F) -> F::Output {
    use tracing::Instrument;
    let span = tracing::debug_span!("query", %task_id);
    query.instrument(span).await
}

/// A query has ended, with or without a response.
#[cfg(feature = "tracing")]
pub(crate) fn queried(outcome: &Result<QueryResponse, Error>, took: Duration) {
    let took_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    match outcome {
        Ok(response) => tracing::debug!(
            http_status = response.status().as_u16(),
            state = %response.view().state,
            status = response.view().status.as_deref(),
            verdict = %response.report().verdict(),
            took_ms,
            "the query returned the task"
        ),
        Err(error) => tracing::debug!(
            http_status = error.status().map(|status| status.as_u16()),
            %error,
            is_retryable = error.is_retryable(),
            took_ms,
            "the query failed"
        ),
    }
}

/// The status of a polled task has changed.
#[cfg(feature = "tracing")]
pub(crate) fn status_changed(task_id: &TaskId, from: Option<&str>, to: &str) {
    tracing::info!(%task_id, from, to, "the status has changed");
}

/// A query of a wait has failed; another one follows.
#[cfg(feature = "tracing")]
pub(crate) fn wait_goes_on(task_id: &TaskId, consecutive: u32, error: &Error, next_in: Duration) {
    let next_in_s = next_in.as_secs_f64();
    tracing::warn!(%task_id, consecutive, %error, next_in_s, "a query of the wait failed");
}

/// A wait has ended.
#[cfg(feature = "tracing")]
pub(crate) fn wait_ended(task_id: &TaskId, polls: u32, elapsed: Duration, outcome: &str) {
    let elapsed_s = elapsed.as_secs_f64();
    tracing::info!(%task_id, polls, elapsed_s, outcome, "the wait has ended");
}

/// The gateway has asked for a pause; it holds for all queries of a client.
#[cfg(feature = "tracing")]
pub(super) fn paused(asked: Duration, honoured: Duration) {
    let (asked_s, honoured_s) = (asked.as_secs(), honoured.as_secs());
    tracing::warn!(
        asked_s,
        honoured_s,
        "the gateway asks to wait before the next query"
    );
}

/// Runs a query without a span.
#[cfg(not(feature = "tracing"))]
pub(crate) async fn in_query<F: Future>(_: &TaskId, query: F) -> F::Output {
    query.await
}

/// No-op: the feature is off.
#[cfg(not(feature = "tracing"))]
pub(crate) fn queried(_: &Result<QueryResponse, Error>, _: Duration) {}

/// No-op: the feature is off.
#[cfg(not(feature = "tracing"))]
pub(super) fn paused(_: Duration, _: Duration) {}

/// No-op: the feature is off.
#[cfg(not(feature = "tracing"))]
pub(crate) fn status_changed(_: &TaskId, _: Option<&str>, _: &str) {}

/// No-op: the feature is off.
#[cfg(not(feature = "tracing"))]
pub(crate) fn wait_goes_on(_: &TaskId, _: u32, _: &Error, _: Duration) {}

/// No-op: the feature is off.
#[cfg(not(feature = "tracing"))]
pub(crate) fn wait_ended(_: &TaskId, _: u32, _: Duration, _: &str) {}
