//! An HTTP answer: announced length, sent bytes, pace, and how the connection ends.

use std::{sync::Arc, time::Duration};

use axum::{body::Body, response::Response};
use bytes::Bytes;
use futures_util::stream;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use seedance_query::model::TaskId;
use serde_json::Value;

use super::{
    clock::Clock,
    connection::{ConnectionEnd, Ending},
    request_log::Entry,
    video::File,
};

/// Maximum size of a chunk handed to a connection.
const CHUNK: u64 = 64 * 1024;
/// Interval between the chunks of a paced body.
const BEAT: Duration = Duration::from_millis(40);

/// Where the bytes of a body come from.
enum Source {
    Memory(Bytes),
    /// A file from this offset on.
    File(File, u64),
}

impl Source {
    fn read(&self, at: u64, length: u64) -> Bytes {
        match self {
            Self::Memory(bytes) => {
                let place = |at: u64| usize::try_from(at).unwrap_or(usize::MAX).min(bytes.len());
                bytes.slice(place(at)..place(at.saturating_add(length)))
            }
            Self::File(file, start) => file.read(start + at, length),
        }
    }
}

/// An answer before it is sent.
pub(super) struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    source: Source,
    /// The announced length; less is sent if the answer is cut off.
    promised: u64,
    break_off: Option<(u64, Ending)>,
    before_head: Option<Ending>,
    bytes_per_second: Option<u64>,
    /// Ends the connection when the clock shows this.
    cut: Option<(Arc<Clock>, Duration)>,
    /// The task that the answer is about, if the path does not tell.
    task: Option<TaskId>,
}

impl Answer {
    pub(super) fn json(status: u16, body: &Value) -> Self {
        Self::json_text(status, body.to_string())
    }

    /// A text with the content type of JSON.
    pub(super) fn json_text(status: u16, body: String) -> Self {
        Self::text(status, "application/json; charset=utf-8", body)
    }

    pub(super) fn text(status: u16, content_type: &'static str, body: String) -> Self {
        let bytes = Bytes::from(body);
        let length = bytes.len() as u64;
        Self::new(status, content_type, Source::Memory(bytes), length)
    }

    /// A part of a video: its bytes from one offset to before another.
    pub(super) fn video(status: u16, file: File, start: u64, end: u64) -> Self {
        let length = end.saturating_sub(start);
        Self::new(status, "video/mp4", Source::File(file, start), length)
    }

    fn new(status: u16, content_type: &'static str, source: Source, promised: u64) -> Self {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
        Self {
            status: StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
            headers,
            source,
            promised,
            break_off: None,
            before_head: None,
            bytes_per_second: None,
            cut: None,
            task: None,
        }
    }

    /// Neither a body nor a type of one.
    pub(super) fn empty(status: u16) -> Self {
        let mut answer = Self::text(status, "text/plain", String::new());
        answer.headers.clear();
        answer
    }

    /// Closes the connection without an answer.
    pub(super) fn none(ending: Ending) -> Self {
        let mut answer = Self::text(500, "text/plain", String::new());
        answer.before_head = Some(ending);
        answer
    }

    /// Adds a header; an invalid value is left out.
    pub(super) fn header(mut self, name: HeaderName, value: impl AsRef<str>) -> Self {
        if let Ok(value) = HeaderValue::from_str(value.as_ref()) {
            self.headers.insert(name, value);
        }
        self
    }

    /// Notes the task that the answer is about.
    pub(super) fn about(mut self, task: TaskId) -> Self {
        self.task = Some(task);
        self
    }

    /// The status; `None` if the connection is ended instead.
    pub(super) fn status(&self) -> Option<StatusCode> {
        self.before_head.is_none().then_some(self.status)
    }

    pub(super) fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The body as far as it is sent, unless it is a video.
    pub(super) fn text_sent(&self) -> Option<Bytes> {
        match &self.source {
            Source::Memory(_) => Some(self.source.read(0, self.end())),
            Source::File(..) => None,
        }
    }

    pub(super) fn is_cut_off(&self) -> bool {
        self.end() < self.promised
    }

    /// How much of the body is sent.
    fn end(&self) -> u64 {
        self.break_off.map_or(self.promised, |(end, _)| end)
    }

    /// The length of the body as it is now.
    pub(super) fn length(&self) -> u64 {
        self.promised
    }

    /// Closes the connection after this many bytes of the body.
    pub(super) fn break_off(mut self, after: u64, ending: Ending) -> Self {
        if after < self.promised && self.break_off.is_none_or(|(sooner, _)| after < sooner) {
            self.break_off = Some((after, ending));
        }
        self
    }

    /// Announces this many bytes more than are sent.
    pub(super) fn overpromise(mut self, more: u64) -> Self {
        let there = self.promised;
        self.promised = there.saturating_add(more);
        self.break_off(there, Ending::Close)
    }

    /// Sends the body no faster than this.
    pub(super) fn pace(mut self, bytes_per_second: u64) -> Self {
        let slower = self
            .bytes_per_second
            .unwrap_or(u64::MAX)
            .min(bytes_per_second);
        self.bytes_per_second = Some(slower.max(1));
        self
    }

    /// Closes the connection after this time, even in the middle of the body.
    pub(super) fn cut(mut self, clock: Arc<Clock>, after: Duration) -> Self {
        let at = clock.elapsed().saturating_add(after);
        self.cut = Some((clock, at));
        self
    }

    fn is_cut(&self) -> bool {
        let cut = self.cut.as_ref();
        cut.is_some_and(|(clock, at)| clock.elapsed() >= *at)
    }

    /// Sends the body over about a second.
    pub(super) fn trickle(self) -> Self {
        let length = self.promised;
        self.pace(length)
    }

    /// The response, which logs how much of it was sent.
    pub(super) fn send(
        self,
        entry: Entry,
        connection_end: ConnectionEnd,
        is_head: bool,
    ) -> Response {
        let Some(ending) = self.before_head else {
            return self.response(entry, connection_end, is_head);
        };
        connection_end.end_now(ending);
        Response::default()
    }

    fn response(mut self, entry: Entry, connection_end: ConnectionEnd, is_head: bool) -> Response {
        if let Some(task) = self.task.take() {
            entry.is_about(task);
        }
        let promised = if is_head { 0 } else { self.promised };
        entry.answered(self.status.as_u16(), promised);
        if self.status != StatusCode::NO_CONTENT {
            self.headers
                .insert(header::CONTENT_LENGTH, HeaderValue::from(self.promised));
        }
        let (status, headers) = (self.status, std::mem::take(&mut self.headers));
        let body = if promised == 0 {
            Body::empty()
        } else {
            self.body(entry, connection_end)
        };
        let mut response = Response::new(body);
        *response.status_mut() = status;
        *response.headers_mut() = headers;
        response
    }

    fn body(self, entry: Entry, connection_end: ConnectionEnd) -> Body {
        let (end, ending) = (self.end(), self.break_off.map(|(_, ending)| ending));
        let piece = match self.bytes_per_second {
            Some(pace) => per_beat(pace).min(CHUNK),
            None => CHUNK,
        };
        let is_paced = self.bytes_per_second.is_some();
        let state = (self, entry, connection_end, 0);
        let pieces = stream::unfold(
            state,
            move |(answer, entry, connection_end, at)| async move {
                if at == end {
                    let ending = ending?;
                    connection_end.end_after_flush(ending);
                    // The connection flushes what it has and then closes.
                    return std::future::pending().await;
                }
                if is_paced && at > 0 {
                    tokio::time::sleep(BEAT).await;
                }
                if answer.is_cut() {
                    connection_end.end_after_flush(Ending::Close);
                    return std::future::pending().await;
                }
                let bytes = answer.source.read(at, piece.min(end - at));
                let length = bytes.len() as u64;
                entry.handed_out(length, answer.promised);
                let state = (answer, entry, connection_end, at + length);
                Some((Ok::<_, std::convert::Infallible>(bytes), state))
            },
        );
        Body::from_stream(pieces)
    }
}

/// Bytes per chunk at this pace.
fn per_beat(bytes_per_second: u64) -> u64 {
    const BEATS: u64 = 25;
    bytes_per_second.div_ceil(BEATS).max(1)
}
