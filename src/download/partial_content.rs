//! A response with a range of the file.

use std::time::SystemTime;

use bytes::Bytes;
use http::HeaderMap;
use url::Url;

use super::{
    arrival::Arrival,
    attempt_error::AttemptError,
    body::Body,
    checksum::AnnouncedChecksums,
    content_encoding::ContentEncoding,
    receive::{BodyEnd, Span},
    request::RangeRequest,
    resume_state::{ResumeState, identity},
    transfer::Transfer,
    validator::Validator,
    writer::Placement,
};

impl Transfer<'_> {
    /// Receives a response whose `Content-Range` names these bytes, the last one included.
    pub(super) async fn partial_content(
        &mut self,
        url: &Url,
        arrival: Arrival,
        range: Option<&RangeRequest>,
        (first, last, total): (u64, u64, Option<u64>),
    ) -> Result<BodyEnd, AttemptError> {
        let headers = arrival.response.headers();
        if ContentEncoding::of(headers) != ContentEncoding::Identity {
            return Err(self.other_bytes("the server sent encoded bytes of a range"));
        }
        let (there, known, is_same) = {
            let part = self.part.lock();
            let validator = part.state().and_then(|state| state.validator.as_ref());
            let is_same = validator.and_then(|validator| validator.is_same(headers));
            (part.length(), part.total(), is_same)
        };
        let is_same_length = known.is_none() || total.is_none() || total == known;
        if there > 0 && (is_same == Some(false) || !is_same_length) {
            return Err(
                self.start_over("the video has changed since the download began".to_owned())
            );
        }
        if range.is_none() && first == 0 {
            // No range was asked for, but this one begins where the file does.
            if total == Some(last + 1) {
                return self.whole(url, arrival, false).await;
            }
            self.gives_slices = true;
            return self.first_slice(url, arrival, last + 1, total).await;
        }
        if range.is_none() || first > there || last < there {
            return Err(self.other_bytes("the server sent another range than requested"));
        }
        let total = total.or(known);
        if let Some(total) = total {
            self.check_size(total).map_err(AttemptError::Final)?;
        }
        let state = Self::state_of(url, headers, total);
        self.disk("written", move |part| part.lock().proceed(state))
            .await
            .map_err(AttemptError::Final)?;
        let body = Body::new(arrival, &ContentEncoding::Identity, self.pacing());
        self.receive_slice(body, Bytes::new(), (first, last + 1), total)
            .await
    }

    /// The first slice of a file that the server sends in slices only.
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
        let mut body = Body::new(arrival, &ContentEncoding::Identity, self.pacing());
        let beginning = body.beginning().await?;
        let body = self.begin_file(body, &beginning, state).await?;
        self.receive_slice(body, beginning.into(), (0, end), total)
            .await
    }

    async fn receive_slice(
        &mut self,
        body: Body,
        beginning: Bytes,
        (start, end): (u64, u64),
        total: Option<u64>,
    ) -> Result<BodyEnd, AttemptError> {
        let span = Span {
            start,
            end: Some(end),
            total,
            placement: Placement::Append,
        };
        self.receive(body, beginning, span).await?;
        Ok(if total == Some(end) {
            BodyEnd::Complete
        } else {
            BodyEnd::Slice
        })
    }

    fn state_of(url: &Url, headers: &HeaderMap, total: Option<u64>) -> ResumeState {
        let validator = Validator::of(headers, SystemTime::now());
        let checksums = AnnouncedChecksums::of(headers, false);
        ResumeState::new(identity(url), validator, total, checksums)
    }
}
