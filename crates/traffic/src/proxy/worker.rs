//! The thread that checks and records, beside the traffic.

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
use memchr::memmem;

use super::{
    content::decoded,
    meter::{Meter, Unchecked},
    queue::{Job, Message},
};
use crate::{Checked, Session, unix_seconds};
use seedance_query::{
    capture::{Capture, Recorder, is_shown},
    model::{Place, Source},
    redact::Redactor,
};

/// A longer body is no task, and could be a bomb.
const LONGEST_BODY: usize = 32 << 20;

/// While there is traffic, the worker looks after it this often: to wake it for each response would
/// cost the traffic more than the copy.
const PAUSE: Duration = Duration::from_millis(5);

/// What came of a response, once it has gone by.
#[derive(Debug)]
#[non_exhaustive]
pub enum ProxyEvent<'a> {
    /// It was checked.
    Checked {
        /// The response and what was found.
        checked: &'a Checked,
        /// Where it was recorded, if it was.
        capture: Option<&'a Path>,
    },
    /// It was not recorded, and why.
    NotRecorded(&'a str),
}

/// Whoever is told of each response.
pub(super) type Listener = Box<dyn FnMut(&ProxyEvent<'_>) + Send>;

pub(super) struct Worker {
    pub session: Arc<Mutex<Session>>,
    pub meter: Arc<Meter>,
    pub recorder: Option<Recorder>,
    pub listener: Option<Listener>,
    pub number: u64,
    /// How many jobs are not done.
    pub waiting: Arc<AtomicUsize>,
}

impl Worker {
    /// Works until it is told to stop, and has done all before that.
    pub fn run(mut self, receiver: &Receiver<Message>) {
        while let Ok(message) = receiver.recv() {
            let mut next = Some(message);
            while let Some(message) = next {
                let Message::Job(job) = message else {
                    self.flush();
                    return;
                };
                // Whatever happens in here, the traffic goes on, and so does the worker.
                if catch_unwind(AssertUnwindSafe(|| self.work(*job))).is_err() {
                    self.meter.unchecked(Unchecked::Failed);
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
        let Some(body) = decoded(&headers, body, LONGEST_BODY) else {
            self.meter.unchecked(Unchecked::Encoding);
            return;
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
        // A gateway can repeat the key, and what is found repeats the gateway.
        let body = if may_hold(&body, &secrets) {
            let known = secrets
                .iter()
                .fold(Redactor::new(), |redactor, secret| redactor.secret(secret));
            Cow::Owned(known.detects(false).bytes(&body).into_owned())
        } else {
            Cow::Borrowed(&*body)
        };
        let checked = {
            let mut session = self.session.lock().unwrap_or_else(PoisonError::into_inner);
            session.check(source, Some(status.as_u16()), unix_seconds(time), &body)
        };
        drop(room);
        self.meter.checked(&checked.report);
        self.tell(&ProxyEvent::Checked {
            checked: &checked,
            capture: path.as_deref(),
        });
    }

    fn written(&mut self, outcome: io::Result<PathBuf>) -> Option<PathBuf> {
        self.meter.recorded(outcome.is_ok());
        if let Err(error) = &outcome {
            self.tell(&ProxyEvent::NotRecorded(&error.to_string()));
        }
        outcome.ok()
    }

    /// The file, or else a number: an input of its own for each task would be kept for ever.
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

/// What the client has shown that it is itself.
fn secrets(headers: &HeaderMap) -> Vec<Cow<'_, str>> {
    let mut secrets = Vec::new();
    for (name, value) in headers {
        // Most headers are of a few kinds.
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
        if is_harmless || is_shown(name.as_str()) {
            continue;
        }
        // With `Bearer` before it or without.
        let bytes = value.as_bytes();
        let bare = bytes.iter().position(|byte| *byte == b' ').unwrap_or(0);
        secrets.push(String::from_utf8_lossy(bytes[bare..].trim_ascii()));
    }
    secrets
}

/// Whether a secret can be in there: as it is, or escaped so that only a close look can tell.
///
/// What encoders escape in the URLs of most bodies, ampersands and slashes, is in few keys.
fn may_hold(body: &[u8], secrets: &[&str]) -> bool {
    secrets.iter().any(|secret| {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        !secret.bytes().all(is_plain) || memmem::find(body, secret.as_bytes()).is_some()
    }) || memmem::find_iter(body, b"\\u").any(|at| !body[at + 2..].starts_with(b"0026"))
}

#[cfg(test)]
mod tests {
    use super::may_hold;

    #[test]
    fn a_close_look_is_taken_where_it_could_matter() {
        let key = ["key-0123456789"];
        for body in [
            "x key-0123456789",
            r"key\u002d0123456789",
            r"\u006bey-0123456789",
        ] {
            assert!(may_hold(body.as_bytes(), &key), "{body}");
        }
        assert!(!may_hold(br"https:\/\/a.example?a=1\u0026b=2", &key));
        assert!(!may_hold(b"key-012345678", &key));
        assert!(may_hold(b"", &["with/slash"]));
    }
}
