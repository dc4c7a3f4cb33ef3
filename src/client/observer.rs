//! Observers of all responses.

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

use super::{error::Error, exchange::Exchange, response::QueryResponse};
use crate::{
    capture::{Capture, Recorder},
    model::TaskId,
    validate::Report,
};

/// Called for every query of a client that had a response, including those that end in an error.
///
/// It runs before the query returns, on the thread of the task that awaits the query unless the body
/// is large, so it has to be quick. It cannot change or stop a query. A closure is an observer, and so is a [`Recorder`], which writes
/// each complete exchange to a file; [`Recorder::last_error`] has the reason if it could not.
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
    /// Called with a finished exchange.
    fn observe(&self, exchange: &ObservedExchange<'_>);
}

impl<F: Fn(&ObservedExchange<'_>) + Send + Sync> Observer for F {
    fn observe(&self, exchange: &ObservedExchange<'_>) {
        self(exchange);
    }
}

impl Observer for Recorder {
    fn observe(&self, exchange: &ObservedExchange<'_>) {
        // The recorder keeps its errors; they must not affect the query.
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
    /// The requested task.
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

    /// The report; none if the body is incomplete or too long, and so was not validated.
    #[must_use]
    pub fn report(&self) -> Option<&Report> {
        self.report
    }

    /// The exchange as text, redacted and without the key.
    #[must_use]
    pub fn capture(&self) -> Capture {
        self.exchange.capture()
    }

    /// Writes the exchange to a file, if it is complete.
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

/// Passes a finished query to an observer, if there was a response.
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
