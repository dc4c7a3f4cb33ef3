//! One request of a download, and which kind of answer came.

use http::{HeaderMap, header};
use url::Url;

use super::{
    attempt_error::AttemptError, content_range::ContentRange, error::DownloadError,
    receive::BodyEnd, request::RangeRequest, resume_state::identity, transfer::Transfer,
    validator::Validator,
};

impl Transfer<'_> {
    /// Sends one GET, and processes its answer.
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
                self.partial_content(url, arrival, range.as_ref(), (first, last, total))
                    .await
            }
            (206, _) => Err(self.other_bytes("the server did not say which bytes it sent")),
            (200 | 203, _) => self.whole(url, arrival, range.is_some()).await,
            (416, _) => self.nothing_left(content_range),
            _ => Err(self.turned_away(arrival).await),
        }
    }

    /// The range to ask for, if there is something to resume from.
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
        // Without a validator, only a server that sends slices anyway is asked for the next one.
        (if_range.is_some() || self.gives_slices).then(|| RangeRequest {
            from: part.length(),
            if_range,
        })
    }

    /// HTTP 416: the file ends before the requested range.
    fn nothing_left(&mut self, range: Option<ContentRange>) -> Result<BodyEnd, AttemptError> {
        let length = self.part.lock().length();
        match range {
            Some(ContentRange::None { total }) if total == length && length > 0 => {
                self.report(length, Some(length));
                Ok(BodyEnd::Complete)
            }
            _ => {
                Err(self
                    .start_over("the video is shorter than the part already downloaded".to_owned()))
            }
        }
    }

    pub(super) fn start_over(&mut self, message: String) -> AttemptError {
        self.part.lock().forget();
        self.resumed_from = 0;
        AttemptError::Passing(DownloadError::interrupted(message), None)
    }

    /// Ranges do not help: the next request is for the whole file.
    pub(super) fn other_bytes(&mut self, message: &str) -> AttemptError {
        self.without_range = true;
        AttemptError::Passing(DownloadError::interrupted(message.to_owned()), None)
    }
}

fn is_multipart(headers: &HeaderMap) -> bool {
    let value = headers.get(header::CONTENT_TYPE);
    let value = value.map_or(&b""[..], |value| value.as_bytes());
    value
        .get(..b"multipart/".len())
        .is_some_and(|start| start.eq_ignore_ascii_case(b"multipart/"))
}
