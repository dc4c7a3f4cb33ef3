//! The thread that validates and records, off the request path.

use std::{
    borrow::Cow,
    io,
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

use http::{HeaderMap, header};

use super::{
    content_encoding::decoded,
    metrics::{Metrics, Unvalidated},
    queue::{Job, Message},
};
use crate::{
    input::unix_seconds,
    limits::{MAX_BODY, beyond_limits},
    report::ValidatedResponse,
    validation::Session,
};
use seedance_query::{
    capture::{Capture, Recorder},
    model::{Place, Source},
    redact::{Redactor, is_plain_header},
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
}

/// Called for each response.
pub(super) type Listener = Box<dyn FnMut(&ProxyEvent<'_>) + Send>;

pub(super) struct Worker {
    pub session: Arc<Mutex<Session>>,
    pub metrics: Arc<Metrics>,
    pub recorder: Option<Recorder>,
    pub listener: Option<Listener>,
    pub number: u64,
    /// The number of jobs that are not done.
    pub waiting: Arc<AtomicUsize>,
}

impl Worker {
    /// Runs until it is told to stop, after all jobs before that.
    pub fn run(mut self, receiver: &Receiver<Message>) {
        while let Ok(message) = receiver.recv() {
            let mut next = Some(message);
            while let Some(message) = next {
                let Message::Job(job) = message else {
                    self.flush();
                    return;
                };
                // A panic stops neither the traffic nor the worker.
                if catch_unwind(AssertUnwindSafe(|| self.work(*job))).is_err() {
                    self.metrics.unvalidated(Unvalidated::Failed);
                }
                self.waiting.fetch_sub(1, Ordering::Relaxed);
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
        let secrets = secrets(&job.request_headers);
        let secrets: Vec<&str> = secrets.iter().map(|secret| &**secret).collect();
        let Job {
            target,
            status,
            headers,
            body,
            time,
            room,
            ..
        } = job;
        let body = match decoded(&headers, body, MAX_BODY) {
            Ok(body) if beyond_limits(&body).is_some() => {
                self.metrics.unvalidated(Unvalidated::TooLong);
                return;
            }
            Ok(body) => body,
            Err(why) => {
                self.metrics.unvalidated(why);
                return;
            }
        };
        self.number += 1;
        let (path, body) = match &self.recorder {
            Some(recorder) => {
                let capture = Capture::observed("the proxy of ", target, status, &headers, body);
                let outcome = recorder.record(&capture, &secrets);
                (self.written(outcome), capture.body)
            }
            None => (None, body),
        };
        let source = self.source(path.as_deref());
        // A gateway can repeat the key, and findings quote the gateway.
        let known = secrets
            .iter()
            .fold(Redactor::new(), |redactor, secret| redactor.secret(secret));
        let known = known.detects(false);
        let body = known.bytes(&body);
        let response = {
            let mut session = self.session.lock().unwrap_or_else(PoisonError::into_inner);
            session.validate(source, Some(status.as_u16()), unix_seconds(time), &body)
        };
        drop(room);
        self.metrics.validated(&response.report);
        self.tell(&ProxyEvent::Validated {
            response: &response,
            capture: path.as_deref(),
        });
    }

    fn written(&mut self, outcome: io::Result<PathBuf>) -> Option<PathBuf> {
        self.metrics.recorded(outcome.is_ok());
        if let Err(error) = &outcome {
            self.tell(&ProxyEvent::NotRecorded(&error.to_string()));
        }
        outcome.ok()
    }

    /// The file, or else a number: an input per response would be kept for ever.
    fn source(&self, capture: Option<&Path>) -> Source {
        match capture {
            Some(path) => Source::whole(path.display().to_string()),
            None => Source::at("response", Place::Item(self.number), 1),
        }
    }

    fn tell(&mut self, event: &ProxyEvent<'_>) {
        if let Some(listener) = &mut self.listener {
            listener(event);
        }
    }
}

/// The credentials of the client.
fn secrets(headers: &HeaderMap) -> Vec<Cow<'_, str>> {
    const MIN_SECRET: usize = 8;
    let mut secrets = Vec::new();
    for (name, value) in headers {
        // Most headers are among a few.
        let is_harmless = matches!(
            *name,
            header::HOST
                | header::ACCEPT
                | header::ACCEPT_ENCODING
                | header::CONNECTION
                | header::CONTENT_LENGTH
                | header::CONTENT_TYPE
                | header::USER_AGENT
        );
        if is_harmless || is_plain_header(name.as_str()) {
            continue;
        }
        // With or without `Bearer` before it.
        let bytes = value.as_bytes();
        let bare = bytes.iter().position(|byte| *byte == b' ').unwrap_or(0);
        let secret = bytes[bare..].trim_ascii();
        // A short value of another header is a word or a number, which bodies have as well.
        if *name == header::AUTHORIZATION || secret.len() >= MIN_SECRET {
            secrets.push(String::from_utf8_lossy(secret));
        }
    }
    secrets
}
