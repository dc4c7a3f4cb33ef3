//! Spans and events for `tracing`, if the crate's feature of that name is on.
//!
//! They hold what errors show: never a key or a signed URL.

use std::time::Duration;

use http::StatusCode;

use super::{error::DownloadError, outcome::Verification};
use crate::model::TaskId;

/// Runs a download in a span of its own.
pub(super) async fn in_download<F: Future>(task_id: &TaskId, download: F) -> F::Output {
    #[cfg(feature = "tracing")]
    let download = {
        use tracing::Instrument;
        download.instrument(tracing::info_span!("download", %task_id))
    };
    #[cfg(not(feature = "tracing"))]
    let _ = task_id;
    download.await
}

/// Bytes of an earlier download are there.
pub(super) fn resumes(task_id: &TaskId, bytes: u64) {
    #[cfg(feature = "tracing")]
    if bytes > 0 {
        tracing::info!(%task_id, bytes, "an earlier download is resumed");
    }
    #[cfg(not(feature = "tracing"))]
    let _ = (task_id, bytes);
}

/// A request is sent to a URL, which is shown without its signature.
pub(super) fn requested(task_id: &TaskId, shown: &str, number: u32, with_key: bool) {
    #[cfg(feature = "tracing")]
    tracing::debug!(%task_id, url = shown, number, with_key, "the video is requested");
    #[cfg(not(feature = "tracing"))]
    let _ = (task_id, shown, number, with_key);
}

/// The head of an answer came.
pub(super) fn answered(task_id: &TaskId, status: StatusCode, took: Duration) {
    #[cfg(feature = "tracing")]
    tracing::debug!(
        %task_id,
        http_status = status.as_u16(),
        took_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
        "the server answered"
    );
    #[cfg(not(feature = "tracing"))]
    let _ = (task_id, status, took);
}

/// The answer leads to another URL.
pub(super) fn redirected(task_id: &TaskId, status: StatusCode, shown: &str) {
    #[cfg(feature = "tracing")]
    tracing::debug!(
        %task_id,
        http_status = status.as_u16(),
        to = shown,
        "the server redirects"
    );
    #[cfg(not(feature = "tracing"))]
    let _ = (task_id, status, shown);
}

/// An attempt failed, and is followed by another one.
pub(super) fn tries_again(task_id: &TaskId, error: &DownloadError, bytes: u64, next_in: Duration) {
    #[cfg(feature = "tracing")]
    tracing::warn!(
        %task_id,
        %error,
        bytes,
        next_in_s = next_in.as_secs_f64(),
        "an attempt failed, and the download goes on"
    );
    #[cfg(not(feature = "tracing"))]
    let _ = (task_id, error, bytes, next_in);
}

/// A URL was given up, and another one is used.
pub(super) fn goes_on_with(task_id: &TaskId, shown: &str, why: &DownloadError) {
    #[cfg(feature = "tracing")]
    tracing::warn!(%task_id, url = shown, error = %why, "the download goes on with another URL");
    #[cfg(not(feature = "tracing"))]
    let _ = (task_id, shown, why);
}

/// All bytes are on the disk.
pub(super) fn completed(task_id: &TaskId, bytes: u64, verification: Verification, requests: u32) {
    #[cfg(feature = "tracing")]
    tracing::info!(%task_id, bytes, %verification, requests, "the video is complete");
    #[cfg(not(feature = "tracing"))]
    let _ = (task_id, bytes, verification, requests);
}

/// The download failed.
pub(super) fn failed(task_id: &TaskId, error: &DownloadError, requests: u32) {
    #[cfg(feature = "tracing")]
    tracing::error!(%task_id, %error, requests, is_retryable = error.is_retryable(), "the download failed");
    #[cfg(not(feature = "tracing"))]
    let _ = (task_id, error, requests);
}
