//! A task as it was answered: typed, as bytes, and with what was found in it.

use std::{fmt, time::Duration};

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

use super::{error::retry_after, exchange::Exchange};
use crate::{
    capture::Capture,
    model::{ResultUrl, SensitiveString, Shape, types::Task},
    validate::{Report, usable_url},
};

/// The answer to a query: the typed task, the response as it came, and what the validator found.
#[derive(Clone)]
pub struct QueryResponse {
    task: Task,
    exchange: Exchange,
    report: Report,
}

impl QueryResponse {
    pub(super) fn new(task: Task, exchange: Exchange, report: Report) -> Self {
        Self {
            task,
            exchange,
            report,
        }
    }

    pub(super) fn exchange(&self) -> &Exchange {
        &self.exchange
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

    /// Where the finished video is, and for how long; none unless the task has succeeded.
    ///
    /// That is `data.result_url`, `data.fail_reason` where an older gateway puts it, or
    /// `data.data.content.video_url` of a normal task that has neither. A finished task without a
    /// URL has a [`ResultUrl`] all the same, which says what is wrong.
    #[must_use]
    pub fn result_url(&self) -> Option<ResultUrl> {
        let url = self.task.result_url().map(|url| url.expose().to_owned());
        let url = match self.task.shape() {
            // The upstream's video is not the one that was enhanced.
            Shape::SuperResolution => url,
            Shape::Normal => url.or_else(|| usable_url(&self.exchange.body)),
            _ => return None,
        };
        Some(self.locate(url.as_deref()))
    }

    /// Where the video of a super-resolution task is as it was before the enhancement
    /// (`data.original_result_url`, or `data.data.content.video_url`); none for other tasks.
    #[must_use]
    pub fn original_result_url(&self) -> Option<ResultUrl> {
        let url = self.task.original_result_url();
        (self.task.shape() == Shape::SuperResolution)
            .then(|| self.locate(url.map(SensitiveString::expose)))
    }

    fn locate(&self, url: Option<&str>) -> ResultUrl {
        ResultUrl::new(
            url,
            &self.exchange.settings.base_url,
            self.task.finish_time(),
        )
    }

    /// The HTTP status, 200 as far as documented.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.exchange.status
    }

    /// The HTTP headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.exchange.headers
    }

    /// How long the gateway asks to wait before the next request, from its `Retry-After`.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        retry_after(&self.exchange.headers)
    }

    /// The body byte for byte, with fields that the types do not know and with its signed URLs.
    #[must_use]
    pub fn body(&self) -> &Bytes {
        &self.exchange.body
    }

    /// The verdict on the response and all that was found.
    #[must_use]
    pub fn report(&self) -> &Report {
        &self.report
    }

    /// The exchange as text to be kept or shown: redacted, and without the key.
    ///
    /// What the request is recorded with is its path; its headers are the same every time.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # fn keep(response: &seedance_query::QueryResponse) -> std::io::Result<()> {
    /// response.capture().save("tests/captures/normal-4k.http".as_ref())?;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn capture(&self) -> Capture {
        self.exchange.capture()
    }
}

impl fmt::Debug for QueryResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("QueryResponse")
            .field("status", &self.exchange.status)
            .field("task", &self.task)
            .field("report", &self.report)
            .field("body", &format_args!("{} bytes", self.exchange.body.len()))
            .finish_non_exhaustive()
    }
}
