//! One request, and the way of its bytes to the file.

use std::time::SystemTime;

use bytes::Bytes;
use http::{HeaderMap, header};
use tokio::{sync::mpsc, time::Instant};
use url::Url;

use super::{
    attempt_error::AttemptError,
    body::Body,
    checksum::AnnouncedChecksums,
    container::Container,
    content_encoding::ContentEncoding,
    cut::Cut,
    error::DownloadError,
    range::ContentRange,
    request::{Arrival, RangeRequest},
    resume_state::{ResumeState, identity},
    transfer::{Transfer, joined, shown},
    validator::Validator,
    writer::{Placement, Written, write},
};

/// How many pieces of the body can wait for the disk; each has some 100 kB at most.
const QUEUE: usize = 16;

/// How the body of a response came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BodyEnd {
    /// The file has as many bytes as were announced.
    Complete,
    /// Nothing had been announced.
    Unannounced,
    /// With all bytes of a part that the server chose; there are more.
    Slice,
}

/// Where the bytes of a response belong.
struct Span {
    start: u64,
    /// Behind the last one, if that was announced.
    end: Option<u64>,
    total: Option<u64>,
    placement: Placement,
    sent: Instant,
}

impl Transfer<'_> {
    /// One GET with all that comes of it.
    pub(super) async fn attempt(&mut self, url: &Url) -> Result<BodyEnd, AttemptError> {
        let range = self.range_request(url);
        let arrival = self.get(url, range.as_ref()).await?;
        let headers = arrival.response.headers();
        let content_range = ContentRange::of(headers);
        match (arrival.response.status().as_u16(), content_range) {
            (200 | 203 | 206, _) if is_multipart(headers) => {
                self.origins.of(url).note_ignored_range();
                Err(self.other_bytes("the server answered with several ranges at once"))
            }
            // There are servers that mark a part with 200.
            (200 | 203 | 206, Some(ContentRange::Some { first, last, total })) => {
                self.part(url, arrival, range.as_ref(), (first, last, total))
                    .await
            }
            (206, _) => Err(self.other_bytes("the server did not say which bytes it gave")),
            (200 | 203, _) => self.whole(url, arrival, range.is_some()).await,
            (416, _) => self.nothing_left(content_range),
            _ => Err(self.turned_away(arrival).await),
        }
    }

    /// What to ask for, if there is something to go on from.
    fn range_request(&self, url: &Url) -> Option<RangeRequest> {
        if self.without_range || self.origins.of(url).ignores_ranges() {
            return None;
        }
        let part = self.part.lock();
        let state = part.state().filter(|_| part.length() > 0)?;
        if state.url_sha256 != identity(url) {
            return None;
        }
        let if_range = state.validator.as_ref().and_then(Validator::if_range);
        // Without a validator, only a server that gives slices anyway is asked for the next one.
        (if_range.is_some() || self.gives_slices).then(|| RangeRequest {
            from: part.length(),
            if_range,
        })
    }

    /// The response has the file from its start.
    async fn whole(
        &mut self,
        url: &Url,
        arrival: Arrival,
        was_range_asked: bool,
    ) -> Result<BodyEnd, AttemptError> {
        let headers = arrival.response.headers().clone();
        let encoding = ContentEncoding::of(&headers);
        if let ContentEncoding::Other(name) = &encoding {
            let message = format!(
                "{} gave a body with the Content-Encoding `{}`, which cannot be decoded",
                shown(&arrival.url),
                name.escape_default()
            );
            return Err(AttemptError::Refused(DownloadError::not_a_video(message)));
        }
        let length = arrival.response.content_length();
        let Arrival {
            response,
            url: from,
            with_key,
            sent,
        } = arrival;
        let mut body = Body::new(response, &encoding, self.pacing());
        if let Some(length) = length.filter(|_| !body.is_encoded()) {
            self.check_size(length).map_err(AttemptError::Final)?;
        }
        // Nothing is written before it is known that this is a video.
        let beginning = body.beginning().await?;
        let total = length.filter(|_| !body.is_encoded());
        let validator = Validator::of(&headers, SystemTime::now());
        let state = ResumeState::new(
            identity(url),
            validator.filter(|_| !body.is_encoded()),
            total,
            AnnouncedChecksums::of(&headers, true),
        );
        let placement = if let Some(is_same) = self.may_begin_alike(&headers, total) {
            if was_range_asked && is_same {
                self.origins.of(url).note_ignored_range();
            }
            self.resumed_from = 0;
            Placement::Compare(state)
        } else {
            if !self.is_acceptable(&headers, &beginning) {
                let response = body.into_response();
                let arrival = Arrival {
                    response,
                    url: from,
                    with_key,
                    sent,
                };
                return Err(self.other_than_video(arrival, beginning).await);
            }
            self.resumed_from = 0;
            self.disk("written", |part| part.lock().begin(state))
                .await
                .map_err(AttemptError::Final)?;
            Placement::Append
        };
        let span = Span {
            start: 0,
            end: total,
            total,
            placement,
            sent,
        };
        self.receive(body, beginning.into(), span).await?;
        Ok(match total {
            Some(_) => BodyEnd::Complete,
            None => BodyEnd::Unannounced,
        })
    }

    /// Whether a whole response can begin with what is there already; and then, whether it says so.
    fn may_begin_alike(&self, headers: &HeaderMap, total: Option<u64>) -> Option<bool> {
        let part = self.part.lock();
        let state = part.state().filter(|_| part.length() > 0)?;
        let validator = state.validator.as_ref();
        let is_same = validator.and_then(|validator| validator.is_same(headers));
        let is_same_length = match (state.total, total) {
            (Some(known), Some(total)) => known == total,
            (None, Some(total)) => part.length() <= total,
            _ => true,
        };
        (is_same != Some(false) && is_same_length).then_some(is_same == Some(true))
    }

    /// Whether a file that begins like this can be a video.
    fn is_acceptable(&self, headers: &HeaderMap, beginning: &[u8]) -> bool {
        if Container::of(beginning).is_some() {
            return true;
        }
        let is_control = |byte: &u8| byte.is_ascii_control() && !byte.is_ascii_whitespace();
        let is_binary = beginning.iter().any(is_control);
        let content_type = headers.get(header::CONTENT_TYPE);
        let is_called_video =
            content_type.is_some_and(|value| value.as_bytes().starts_with(b"video/"));
        is_binary && (is_called_video || !self.options.verify)
    }

    /// The response has some of the file, or says so.
    async fn part(
        &mut self,
        url: &Url,
        arrival: Arrival,
        range: Option<&RangeRequest>,
        (first, last, total): (u64, u64, Option<u64>),
    ) -> Result<BodyEnd, AttemptError> {
        let headers = arrival.response.headers();
        if ContentEncoding::of(headers) != ContentEncoding::Identity {
            return Err(self.other_bytes("the server gave encoded bytes of a range"));
        }
        let (there, known, is_same) = {
            let part = self.part.lock();
            let validator = part.state().and_then(|state| state.validator.as_ref());
            let is_same = validator.and_then(|validator| validator.is_same(headers));
            (part.length(), part.total(), is_same)
        };
        let is_same_length = known.is_none() || total.is_none() || total == known;
        if there > 0 && (is_same == Some(false) || !is_same_length) {
            return Err(self.start_over("the video has changed meanwhile".to_owned()));
        }
        if range.is_none() && first == 0 {
            // Nobody asked for a range, but this one begins where the file does.
            if total == Some(last + 1) {
                return self.whole(url, arrival, false).await;
            }
            self.gives_slices = true;
            return self.first_slice(url, arrival, last + 1, total).await;
        }
        if range.is_none() || first > there || last < there {
            return Err(self.other_bytes("the server gave other bytes than were asked for"));
        }
        let total = total.or(known);
        if let Some(total) = total {
            self.check_size(total).map_err(AttemptError::Final)?;
        }
        let state = Self::state_of(url, headers, total);
        self.disk("written", move |part| part.lock().proceed(state))
            .await
            .map_err(AttemptError::Final)?;
        let span = Span {
            start: first,
            end: Some(last + 1),
            total,
            placement: Placement::Append,
            sent: arrival.sent,
        };
        let body = Body::new(arrival.response, &ContentEncoding::Identity, self.pacing());
        self.receive(body, Bytes::new(), span).await?;
        Ok(Self::slice_end(last + 1, total))
    }

    /// The first part of a file that the server gives in parts only.
    async fn first_slice(
        &mut self,
        url: &Url,
        arrival: Arrival,
        end: u64,
        total: Option<u64>,
    ) -> Result<BodyEnd, AttemptError> {
        self.check_size(total.unwrap_or(end))
            .map_err(AttemptError::Final)?;
        let state = Self::state_of(url, arrival.response.headers(), total);
        let Arrival {
            response,
            url: from,
            with_key,
            sent,
        } = arrival;
        let headers = response.headers().clone();
        let mut body = Body::new(response, &ContentEncoding::Identity, self.pacing());
        let beginning = body.beginning().await?;
        if !self.is_acceptable(&headers, &beginning) {
            let response = body.into_response();
            let arrival = Arrival {
                response,
                url: from,
                with_key,
                sent,
            };
            return Err(self.other_than_video(arrival, beginning).await);
        }
        self.resumed_from = 0;
        self.disk("written", |part| part.lock().begin(state))
            .await
            .map_err(AttemptError::Final)?;
        let placement = Placement::Append;
        let span = Span {
            start: 0,
            end: Some(end),
            total,
            placement,
            sent,
        };
        self.receive(body, beginning.into(), span).await?;
        Ok(Self::slice_end(end, total))
    }

    fn state_of(url: &Url, headers: &HeaderMap, total: Option<u64>) -> ResumeState {
        let validator = Validator::of(headers, SystemTime::now());
        let checksums = AnnouncedChecksums::of(headers, false);
        ResumeState::new(identity(url), validator, total, checksums)
    }

    fn slice_end(end: u64, total: Option<u64>) -> BodyEnd {
        if total == Some(end) {
            BodyEnd::Complete
        } else {
            BodyEnd::Slice
        }
    }

    /// The server says that there is nothing behind what was asked for.
    fn nothing_left(&mut self, range: Option<ContentRange>) -> Result<BodyEnd, AttemptError> {
        let length = self.part.lock().length();
        match range {
            Some(ContentRange::None { total }) if total == length && length > 0 => {
                self.report(length, Some(length));
                Ok(BodyEnd::Complete)
            }
            _ => Err(self.start_over("the video is shorter than what is there of it".to_owned())),
        }
    }

    fn start_over(&mut self, message: String) -> AttemptError {
        self.part.lock().forget();
        self.resumed_from = 0;
        AttemptError::Passing(DownloadError::interrupted(message), None)
    }

    /// Ranges do not help here: the next request is for the whole file.
    fn other_bytes(&mut self, message: &str) -> AttemptError {
        self.without_range = true;
        AttemptError::Passing(DownloadError::interrupted(message.to_owned()), None)
    }

    /// Passes the body on to the thread that inspects and writes it.
    async fn receive(
        &mut self,
        mut body: Body,
        beginning: Bytes,
        span: Span,
    ) -> Result<(), AttemptError> {
        let Span {
            start,
            end,
            total,
            placement,
            sent,
        } = span;
        let there = self.part.lock().length();
        let mut skipped = match placement {
            Placement::Append => there - start,
            Placement::Compare(_) => 0,
        };
        let mut position = start;
        let (sender, chunks) = mpsc::channel(QUEUE);
        let part = self.part.clone();
        let writer = tokio::task::spawn_blocking(move || write(&part, placement, chunks));
        let mut chunk = Some(beginning).filter(|beginning| !beginning.is_empty());
        let outcome = loop {
            let next = match chunk.take() {
                Some(chunk) => Ok(Some(chunk)),
                None => body.next().await,
            };
            let mut chunk = match next {
                Ok(Some(chunk)) => chunk,
                Ok(None) => break Ok(()),
                Err(error) => break Err(error),
            };
            position += chunk.len() as u64;
            if end.is_some_and(|end| position > end) {
                let message = "the server gave more bytes than it had announced".to_owned();
                break Err(self.start_over(message));
            }
            if let Err(error) = self.check_size(position) {
                break Err(AttemptError::Final(error));
            }
            // What a shifted range brings once more.
            let again = usize::try_from(skipped).map_or(chunk.len(), |left| left.min(chunk.len()));
            drop(chunk.split_to(again));
            skipped -= again as u64;
            if !chunk.is_empty() && sender.send(chunk).await.is_err() {
                break Ok(()); // The writer tells why.
            }
            if position > there {
                self.report(position, total);
            }
        };
        drop(sender);
        let written = joined(writer.await).map_err(AttemptError::Final)?;
        match written.map_err(|error| AttemptError::Final(self.failed("written", error)))? {
            Written::OtherFile => {
                return Err(self.start_over("the video begins with other bytes now".to_owned()));
            }
            Written::All => {}
        }
        let cut_short = || match end {
            Some(end) if position != end => {
                let message = format!("the body ended after {position} of {end} bytes");
                Err(AttemptError::Passing(
                    DownloadError::interrupted(message),
                    None,
                ))
            }
            _ => Ok(()),
        };
        match outcome.and_then(|()| cut_short()) {
            Err(AttemptError::Passing(error, _)) if start == 0 && self.part.lock().length() > 0 => {
                let (after, received) = (sent.elapsed(), body.received());
                Err(AttemptError::Cut(
                    error,
                    Cut {
                        after,
                        received,
                        total,
                    },
                ))
            }
            outcome => outcome,
        }
    }
}

fn is_multipart(headers: &HeaderMap) -> bool {
    let value = headers.get(header::CONTENT_TYPE);
    let value = value.map_or(&b""[..], |value| value.as_bytes());
    value
        .get(..b"multipart/".len())
        .is_some_and(|start| start.eq_ignore_ascii_case(b"multipart/"))
}
