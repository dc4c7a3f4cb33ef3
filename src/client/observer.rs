//! Whoever wants to see each response.

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

use super::{error::Error, exchange::Exchange, response::QueryResponse};
use crate::{
    capture::{Capture, Recorder},
    model::TaskId,
    validate::Report,
};

/// Sees every exchange of a client that had a response, also those that end in an error.
///
/// It is called where the query is awaited, before the query returns, so it has to be quick. It
/// cannot change or stop a query. A closure is an observer, and so is a [`Recorder`], which keeps
/// each complete exchange as a file; why it could not is told by [`Recorder::last_error`].
///
/// # Examples
///
/// ```no_run
/// use seedance_query::{Client, capture::Recorder};
///
/// # fn run() -> Result<(), Box<dyn std::error::Error>> {
/// let recorder = Recorder::new("captures")?;
/// let client = Client::builder()
///     .base_url("https://gateway.example")
///     .api_key(std::fs::read_to_string("key.txt")?.trim())
///     .observer(recorder.clone())
///     .build()?;
/// # Ok(())
/// # }
/// ```
pub trait Observer: Send + Sync {
    /// An exchange that has ended.
    fn observe(&self, exchange: &ObservedExchange<'_>);
}

impl<F: Fn(&ObservedExchange<'_>) + Send + Sync> Observer for F {
    fn observe(&self, exchange: &ObservedExchange<'_>) {
        self(exchange);
    }
}

impl Observer for Recorder {
    fn observe(&self, exchange: &ObservedExchange<'_>) {
        // It keeps its errors: they are none of the query.
        let _ = exchange.record(self);
    }
}

/// A query and its response.
#[derive(Debug)]
pub struct ObservedExchange<'a> {
    task_id: &'a TaskId,
    exchange: &'a Exchange,
    report: Option<&'a Report>,
}

impl ObservedExchange<'_> {
    /// The task that was asked for.
    #[must_use]
    pub fn task_id(&self) -> &TaskId {
        self.task_id
    }

    /// The HTTP status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.exchange.status
    }

    /// The HTTP headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.exchange.headers
    }

    /// The body byte for byte, or as much of it as arrived.
    #[must_use]
    pub fn body(&self) -> &Bytes {
        &self.exchange.body
    }

    /// What was found; none if the body broke off or is too long, and so was not checked.
    #[must_use]
    pub fn report(&self) -> Option<&Report> {
        self.report
    }

    /// The exchange as text to be kept or shown: redacted, and without the key.
    #[must_use]
    pub fn capture(&self) -> Capture {
        self.exchange.capture()
    }

    /// Keeps the exchange as a file, if it is complete.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub fn record(&self, recorder: &Recorder) -> std::io::Result<()> {
        if self.report.is_some() {
            let capture = self.exchange.raw_capture();
            let secrets = &self.exchange.secrets;
            secrets.with(|secrets| recorder.record(&capture, secrets))?;
        }
        Ok(())
    }
}

/// Shows a query's end to an observer, if there was a response.
pub(super) fn show(
    observer: &dyn Observer,
    task_id: &TaskId,
    outcome: &Result<QueryResponse, Error>,
) {
    let seen = match outcome {
        Ok(response) => Some((response.exchange(), Some(response.report()))),
        Err(error) => error.exchange().map(|exchange| (exchange, error.report())),
    };
    if let Some((exchange, report)) = seen {
        observer.observe(&ObservedExchange {
            task_id,
            exchange,
            report,
        });
    }
}
