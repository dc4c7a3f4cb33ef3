//! The answer to a query: what to act on, the typed task, the bytes, and the report.

use std::{borrow::Cow, fmt, sync::OnceLock, time::Duration};

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde_json::Value;

use super::{exchange::Exchange, retry_after::retry_after};
use crate::{
    capture::Capture,
    model::{ResultUrl, SensitiveString, TaskState, TaskView, pointers, types::Task},
    validate::{ParsedBody, Report},
};

/// The answer to a query: what to act on, the typed task, the response as it came, and the report.
#[derive(Clone)]
pub struct QueryResponse {
    view: TaskView,
    task: OnceLock<Option<Box<Task>>>,
    exchange: Exchange,
    report: Report,
    is_upstream_video: bool,
}

impl QueryResponse {
    pub(super) fn new(view: TaskView, exchange: Exchange, report: Report) -> Self {
        Self {
            view,
            task: OnceLock::new(),
            exchange,
            report,
            is_upstream_video: false,
        }
    }

    /// The same answer as that of a task that has succeeded, with the upstream's video.
    pub(crate) fn with_upstream_video(mut self) -> Self {
        self.view.state = TaskState::Succeeded;
        self.view.result_url = self.view.upstream.url.clone();
        self.is_upstream_video = true;
        self
    }

    /// Whether the gateway's own status is still pending and the video is the upstream's; only a wait
    /// returns such an answer.
    #[must_use]
    pub fn is_upstream_video(&self) -> bool {
        self.is_upstream_video
    }

    pub(super) fn exchange(&self) -> &Exchange {
        &self.exchange
    }

    /// What to act on: whether and how the task has ended, and where its video is. It is available
    /// whatever else is wrong with the answer.
    #[must_use]
    pub fn view(&self) -> &TaskView {
        &self.view
    }

    /// The task as its generated type, with all documented members; decoded on first use. None if
    /// the answer does not fit the type; what to act on is in the [`view`](Self::view) even then.
    #[must_use]
    pub fn task(&self) -> Option<&Task> {
        let decode = || {
            let parsed = ParsedBody::new(Some(self.exchange.status.as_u16()), &self.exchange.body);
            parsed.task().map(Box::new)
        };
        self.task.get_or_init(decode).as_deref()
    }

    /// The same, without the response.
    #[must_use]
    pub fn into_task(self) -> Option<Task> {
        let _ = self.task();
        self.task.into_inner().flatten().map(|task| *task)
    }

    /// The URL of the finished video, with its expiry; none while the task is pending or if it has
    /// failed.
    ///
    /// That is `data.result_url`, `data.fail_reason` where an older gateway puts it, or the
    /// upstream's URL of a normal task that has neither. For a finished task without a URL, the
    /// [`ResultUrl`] says what is wrong.
    #[must_use]
    pub fn result_url(&self) -> Option<ResultUrl> {
        let url = self.view.result_url.as_ref();
        let has_succeeded = self.view.state == TaskState::Succeeded;
        if has_succeeded && url.is_none() && self.view.original_result_url.is_some() {
            return Some(ResultUrl::original_only());
        }
        (has_succeeded || url.is_some()).then(|| self.locate(url.map(SensitiveString::expose)))
    }

    /// The URL of a super-resolution task's video before the enhancement
    /// (`data.original_result_url`, or `data.data.content.video_url`); none for other tasks.
    #[must_use]
    pub fn original_result_url(&self) -> Option<ResultUrl> {
        let has_one = self.view.is_super_resolution && self.view.state == TaskState::Succeeded;
        let url = self.view.original_result_url.as_ref();
        has_one.then(|| self.locate(url.map(SensitiveString::expose)))
    }

    /// The model that made the video, as the upstream names it.
    #[doc(hidden)]
    #[must_use]
    pub fn model(&self) -> Option<String> {
        let body: Value = serde_json::from_slice(&self.exchange.body).ok()?;
        let model = body.pointer(pointers::DATA_DATA_MODEL)?.as_str()?;
        Some(self.without_key(model))
    }

    fn locate(&self, url: Option<&str>) -> ResultUrl {
        let url = ResultUrl::new(url, &self.exchange.base_url, self.view.finish_time);
        url.hide(&self.exchange.secrets.redactor())
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

    /// The body byte for byte, with undocumented members and signed URLs.
    #[must_use]
    pub fn body(&self) -> &Bytes {
        &self.exchange.body
    }

    /// The body for printing: byte for byte except for the key, which a gateway can repeat.
    #[doc(hidden)]
    #[must_use]
    pub fn body_without_key(&self) -> Cow<'_, [u8]> {
        let redactor = self.exchange.secrets.redactor().detects(false);
        match redactor.bytes(&self.exchange.body) {
            Cow::Owned(body) => Cow::Owned(body),
            Cow::Borrowed(_) => Cow::Borrowed(&self.exchange.body),
        }
    }

    /// A text of the answer for printing: as it is except for the key.
    #[doc(hidden)]
    #[must_use]
    pub fn without_key(&self, text: &str) -> String {
        let redactor = self.exchange.secrets.redactor().detects(false);
        redactor.text(text).into_owned()
    }

    /// The verdict on the response, and the findings.
    #[must_use]
    pub fn report(&self) -> &Report {
        &self.report
    }

    /// The exchange as text, redacted and without the key.
    ///
    /// Of the request it has the path; the headers are the same every time.
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
            .field("view", &self.view)
            .field("report", &self.report)
            .field("body", &format_args!("{} bytes", self.exchange.body.len()))
            .finish_non_exhaustive()
    }
}
