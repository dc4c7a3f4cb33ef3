//! A response with the file from its start: a new file, or one that resumes without ranges.

use std::time::SystemTime;

use http::{HeaderMap, header};
use url::Url;

use super::{
    arrival::Arrival,
    attempt_error::AttemptError,
    body::Body,
    checksum::AnnouncedChecksums,
    container::Container,
    content_encoding::ContentEncoding,
    error::DownloadError,
    receive::{BodyEnd, Span},
    resume_state::{ResumeState, identity},
    transfer::Transfer,
    validator::Validator,
    writer::Placement,
};

impl Transfer<'_> {
    /// Receives a response with the whole file.
    pub(super) async fn whole(
        &mut self,
        url: &Url,
        arrival: Arrival,
        was_range_asked: bool,
    ) -> Result<BodyEnd, AttemptError> {
        let headers = arrival.response.headers().clone();
        let encoding = ContentEncoding::of(&headers);
        if let ContentEncoding::Other(name) = &encoding {
            let message = format!(
                "{} sent a body with the Content-Encoding `{}`, which cannot be decoded",
                self.shown(&arrival.url),
                name.escape_default()
            );
            return Err(AttemptError::Refused(DownloadError::not_a_video(message)));
        }
        let length = arrival.response.content_length();
        let mut body = Body::new(arrival, &encoding, self.pacing());
        let announced = |body: &Body| length.filter(|_| !body.is_encoded());
        if let Some(length) = announced(&body) {
            self.check_size(length).map_err(AttemptError::Final)?;
        }
        // Nothing is written before the beginning shows that this is a video.
        let beginning = body.beginning().await?;
        // The beginning can show that nothing is encoded, whatever the header says.
        let total = announced(&body);
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
            body = self.begin_file(body, &beginning, state).await?;
            Placement::Append
        };
        let span = Span {
            start: 0,
            end: total,
            total,
            placement,
        };
        self.receive(body, beginning.into(), span).await?;
        Ok(match total {
            Some(_) => BodyEnd::Complete,
            None => BodyEnd::Unannounced,
        })
    }

    /// Starts the file over with a body that begins like this, if it can be a video.
    pub(super) async fn begin_file(
        &mut self,
        body: Body,
        beginning: &[u8],
        state: ResumeState,
    ) -> Result<Body, AttemptError> {
        if !self.is_acceptable(body.headers(), beginning) {
            let arrival = body.into_arrival();
            return Err(self.other_than_video(arrival, beginning.to_vec()).await);
        }
        self.resumed_from = 0;
        self.disk("written", |part| part.lock().begin(state))
            .await
            .map_err(AttemptError::Final)?;
        Ok(body)
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
}
