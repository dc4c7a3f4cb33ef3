//! The state that the attempts of one download share.

use std::{io, time::Duration};

use backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder};
use url::Url;

use super::{
    error::DownloadError,
    options::Options,
    outcome::{DownloadProgress, DownloadWait},
    pace::Origins,
    pacing::Pacing,
    partial_file::SharedPart,
    size::Size,
};
use crate::model::{ResultUrl, TaskId};

/// Maximum time that a server can ask to wait.
pub(super) const MAX_WAIT: Duration = Duration::from_mins(10);
/// Shorter waits are not reported.
const MIN_REPORTED_WAIT: Duration = Duration::from_millis(500);

pub(super) struct Transfer<'a> {
    pub options: &'a mut Options,
    pub part: SharedPart,
    pub origins: Origins,
    pub requests: u32,
    pub resumed_from: u64,
    /// The URLs that were requested, whose signatures an error page may repeat.
    pub asked: Vec<Url>,
    /// The server gives slices of the file of its own accord.
    pub gives_slices: bool,
    /// The next request asks for the whole file.
    pub without_range: bool,
}

impl<'a> Transfer<'a> {
    pub fn new(options: &'a mut Options, part: SharedPart) -> Self {
        Self {
            origins: options.client.shared(),
            options,
            part,
            requests: 0,
            resumed_from: 0,
            asked: Vec::new(),
            gives_slices: false,
            without_range: false,
        }
    }

    pub fn task_id(&self) -> &TaskId {
        &self.options.task_id
    }

    pub fn pacing(&self) -> Pacing {
        Pacing {
            stall_timeout: self.options.stall_timeout,
            min_speed: self.options.min_speed,
        }
    }

    pub fn check_size(&self, size: u64) -> Result<(), DownloadError> {
        let max = self.options.max_bytes;
        if size <= max {
            return Ok(());
        }
        Err(DownloadError::too_large(format!(
            "the video has at least {}, more than the allowed {}",
            Size(size),
            Size(max)
        )))
    }

    pub fn report(&mut self, bytes: u64, total: Option<u64>) {
        if let Some(on_progress) = &mut self.options.on_progress {
            on_progress(DownloadProgress {
                bytes,
                total,
                resumed_from: self.resumed_from,
            });
        }
    }

    /// Sleeps, and reports why if it takes long.
    pub async fn sleep(&mut self, delay: Duration, reason: &str) {
        if delay.is_zero() {
            return;
        }
        if delay >= MIN_REPORTED_WAIT
            && let Some(on_wait) = &mut self.options.on_wait
        {
            let reason = reason.to_owned();
            on_wait(DownloadWait { delay, reason });
        }
        tokio::time::sleep(delay).await;
    }

    /// Works on the file on a thread for that.
    pub async fn disk<R: Send + 'static>(
        &mut self,
        what: &str,
        work: impl FnOnce(&SharedPart) -> io::Result<R> + Send + 'static,
    ) -> Result<R, DownloadError> {
        let part = self.part.clone();
        let done = joined(tokio::task::spawn_blocking(move || work(&part)).await)?;
        done.map_err(|error| self.failed(what, error))
    }

    pub fn failed(&self, what: &str, error: io::Error) -> DownloadError {
        DownloadError::io(what, self.part.lock().path(), error)
    }
}

/// What a thread returned; nothing only if the runtime shuts down.
pub(super) fn joined<R>(outcome: Result<R, tokio::task::JoinError>) -> Result<R, DownloadError> {
    outcome.map_err(|error| match error.try_into_panic() {
        Ok(panic) => std::panic::resume_unwind(panic),
        Err(_) => DownloadError::interrupted("the runtime is shutting down".to_owned()),
    })
}

/// What is said of a wait that a server asks for and that is longer than [`MAX_WAIT`].
pub(super) fn capped(asked: Duration) -> String {
    format!(
        "it asks to wait {} s; {} s are honoured",
        asked.as_secs(),
        MAX_WAIT.as_secs()
    )
}

pub(super) fn usable(url: &ResultUrl) -> Option<Url> {
    url.expose()?.parse().ok()
}

impl Transfer<'_> {
    /// A URL as it may be shown: without its query, and without the key that can be repeated in it.
    pub(super) fn shown(&self, url: &Url) -> String {
        self.options
            .client
            .redactor()
            .text(url.as_str())
            .into_owned()
    }
}

/// The delays between so many tries; some 25 seconds in all by default.
pub(super) fn delays(tries: usize) -> ExponentialBackoff {
    ExponentialBuilder::new()
        .with_min_delay(Duration::from_millis(100))
        .with_factor(3.0)
        .with_max_delay(Duration::from_secs(30))
        .with_max_times(tries.saturating_sub(1))
        .with_jitter()
        .build()
}
