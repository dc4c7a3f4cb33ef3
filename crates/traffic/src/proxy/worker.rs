//! The thread that validates and records, off the request path.

use std::{
    borrow::Cow,
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
        mpsc::Receiver,
    },
    thread,
    time::Duration,
};

use http::HeaderValue;

use super::{
    content_encoding::decoded,
    exchange_head::ExchangeHead,
    metrics::{Metrics, Unvalidated},
    observed::{ExchangeOutcome, ObservedExchange, Observer},
    queue::{Job, Message, Unjudged},
};
use crate::{
    input::{Decoded, read_http_exchange},
    limits::{MAX_BODY, beyond_limits},
    report::ValidatedResponse,
    validation::Session,
};
use seedance_query::{
    capture::{PreparedCapture, Recorder},
    model::{Place, Source},
};

/// How often the worker polls while there is traffic: waking it for each response would cost the
/// traffic more than the copy.
const PAUSE: Duration = Duration::from_millis(5);

/// What happened to a response after it was forwarded.
#[derive(Debug)]
#[non_exhaustive]
pub enum ProxyEvent<'a> {
    /// It was validated.
    Validated {
        /// The response and its findings.
        response: &'a ValidatedResponse,
        /// Where it was recorded, if it was.
        capture: Option<&'a Path>,
    },
    /// It could not be recorded, and why.
    NotRecorded(&'a str),
    /// The upstream takes no connection, and why; not repeated until it has answered a request.
    NoConnection(&'a str),
}

/// Called for each response.
pub(super) type Listener = Box<dyn FnMut(&ProxyEvent<'_>) + Send>;

pub(super) struct Worker {
    pub session: Arc<Mutex<Session>>,
    pub metrics: Arc<Metrics>,
    pub recorder: Option<Recorder>,
    pub listener: Option<Listener>,
    pub observer: Option<Observer>,
    pub number: u64,
    /// That of the upstream.
    pub host: HeaderValue,
    /// The number of jobs that are not done.
    pub waiting: Arc<AtomicUsize>,
}

impl Worker {
    /// Runs until it is told to stop, after all jobs before that.
    pub fn run(mut self, receiver: &Receiver<Message>) {
        while let Ok(message) = receiver.recv() {
            let mut next = Some(message);
            while let Some(message) = next {
                match message {
                    Message::Job(job) => {
                        let operation = job.operation.clone();
                        // A panic stops neither the traffic nor the worker.
                        if catch_unwind(AssertUnwindSafe(|| self.work(*job))).is_err() {
                            self.metrics.unvalidated(&operation, Unvalidated::Failed);
                        }
                        self.waiting.fetch_sub(1, Ordering::Relaxed);
                    }
                    Message::Unjudged(job, why) => self.unjudged(&job.head, why),
                    Message::NoConnection(why) => self.tell(&ProxyEvent::NoConnection(&why)),
                    Message::Stop => return self.flush(),
                }
                next = receiver.try_recv().ok();
                if next.is_none() {
                    thread::sleep(PAUSE);
                    next = receiver.try_recv().ok();
                }
            }
        }
        self.flush();
    }

    fn flush(&mut self) {
        if let Some(Err(error)) = self.recorder.as_ref().map(Recorder::flush) {
            self.metrics.recorded(false);
            self.tell(&ProxyEvent::NotRecorded(&error.to_string()));
        }
    }

    fn work(&mut self, job: Job) {
        let Job {
            operation,
            head,
            body,
            room: _room,
        } = job;
        let secrets = head.secrets();
        let secrets: Vec<&str> = secrets.iter().map(|secret| &**secret).collect();
        let body = match decoded(&head.headers, body, MAX_BODY) {
            Ok(body) if beyond_limits(&body).is_some() => Err(Unvalidated::TooLong),
            decoded => decoded,
        };
        let body = match body {
            Ok(body) => body,
            Err(why) => {
                self.metrics.unvalidated(&operation, why);
                let outcome = ExchangeOutcome::Unvalidated(why.name());
                return self.observe(&head, &secrets, outcome);
            }
        };
        let capture = head.capture("the proxy of ", &self.host, body);
        // What is judged is what is written, without the secrets, and it is read as a recording is:
        // so whoever validates the recording finds the same.
        let prepared = self
            .recorder
            .as_ref()
            .map(|recorder| recorder.prepare(&capture, &secrets));
        let bytes = match &prepared {
            Some(prepared) => Cow::Borrowed(&prepared.bytes),
            None => Cow::Owned(capture.redacted(&secrets).to_bytes()),
        };
        read_http_exchange(&bytes, |lines, read| match read {
            Decoded::Exchange { exchange, .. } => {
                let path = prepared.as_ref().and_then(|prepared| self.write(prepared));
                let source = self.source(path.as_deref(), lines + 1);
                let response = {
                    let mut session = self.session.lock().unwrap_or_else(PoisonError::into_inner);
                    session.validate_exchange(source, exchange)
                };
                self.metrics.validated(&operation, &response.report);
                self.tell(&ProxyEvent::Validated {
                    response: &response,
                    capture: path.as_deref(),
                });
                let outcome = ExchangeOutcome::Validated(Box::new(response));
                self.observe(&head, &secrets, outcome);
            }
            Decoded::Skipped(skip, _) => {
                self.metrics.skipped(&operation, skip.name());
                let outcome = ExchangeOutcome::Unvalidated(skip.name());
                self.observe(&head, &secrets, outcome);
            }
            Decoded::Unreadable(_) | Decoded::Refused(_) => {
                self.metrics
                    .unvalidated(&operation, Unvalidated::Unreadable);
                let outcome = ExchangeOutcome::Unvalidated(Unvalidated::Unreadable.name());
                self.observe(&head, &secrets, outcome);
            }
        });
    }

    fn unjudged(&mut self, head: &ExchangeHead, why: Unjudged) {
        let secrets = head.secrets();
        let secrets: Vec<&str> = secrets.iter().map(|secret| &**secret).collect();
        let outcome = match why {
            Unjudged::Unvalidated(reason) => ExchangeOutcome::Unvalidated(reason),
            Unjudged::NoResponse(why) => ExchangeOutcome::NoResponse(why),
        };
        self.observe(head, &secrets, outcome);
    }

    /// Tells the observer of an exchange, if there is an observer.
    fn observe(&mut self, head: &ExchangeHead, secrets: &[&str], outcome: ExchangeOutcome) {
        if let Some(observer) = &mut self.observer {
            observer(ObservedExchange::new(head, secrets, outcome, &self.session));
        }
    }

    fn write(&mut self, prepared: &PreparedCapture) -> Option<PathBuf> {
        let outcome = self.recorder.as_ref()?.write(prepared);
        self.metrics.recorded(outcome.is_ok());
        if let Err(error) = &outcome {
            self.tell(&ProxyEvent::NotRecorded(&error.to_string()));
        }
        outcome.ok()
    }

    /// The file, or else a number: an input per response would be kept for ever.
    fn source(&mut self, capture: Option<&Path>, line: u64) -> Source {
        self.number += 1;
        match capture {
            Some(path) => Source::at(path.display().to_string(), Place::Whole, line),
            None => Source::at("response", Place::Item(self.number), line),
        }
    }

    fn tell(&mut self, event: &ProxyEvent<'_>) {
        if let Some(listener) = &mut self.listener {
            listener(event);
        }
    }
}
