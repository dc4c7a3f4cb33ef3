//! A task as it was answered: typed, as bytes, and with what was found in it.

use std::{fmt, sync::Arc};

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use secrecy::ExposeSecret;

use super::{Settings, hook::Exchange};
use crate::{
    capture::{Capture, Request},
    generated::types::Task,
    validate::Report,
};

/// The answer to a query: the typed task, the response as it came, and what the validator found.
#[derive(Clone)]
pub struct QueryResponse {
    task: Task,
    path: String,
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
    report: Report,
    /// For the key, which a gateway can repeat and no capture may.
    settings: Arc<Settings>,
}

impl QueryResponse {
    pub(super) fn new(
        task: Task,
        exchange: Exchange,
        report: Report,
        settings: Arc<Settings>,
    ) -> Self {
        Self {
            task,
            path: exchange.path,
            status: exchange.status,
            headers: exchange.headers,
            body: exchange.body,
            report,
            settings,
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
        let headers = self
            .headers
            .iter()
            .map(|(name, value)| (name.as_str().to_owned(), value.as_bytes().to_vec()));
        let mut capture = Capture::new(self.status, headers.collect(), self.body.to_vec());
        capture.label = Some("observed".to_owned());
        let writer = concat!(env!("CARGO_PKG_NAME"), " ", env!("CARGO_PKG_VERSION"));
        capture.note = Some(format!("Recorded by {writer}."));
        capture.request = Some(Request {
            method: "GET".to_owned(),
            target: self.path.clone(),
            headers: Vec::new(),
        });
        capture.redacted(&[self.settings.key.expose_secret()])
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
