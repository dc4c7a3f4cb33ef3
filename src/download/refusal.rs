//! Responses without bytes of a video.

use http::StatusCode;

use super::{
    arrival::Arrival, attempt_error::AttemptError, error::DownloadError, error_page::ErrorPage,
    transfer::Transfer,
};
use crate::{
    client::{retry_after, sent_at},
    model::{ResultUrl, UrlKind},
};

impl Transfer<'_> {
    /// A response whose status says that it has no bytes of the file.
    pub(super) async fn turned_away(&mut self, arrival: Arrival) -> AttemptError {
        let status = arrival.response.status();
        if status.is_success() || status.is_informational() || status.is_redirection() {
            return self.other_than_video(arrival, Vec::new()).await;
        }
        let headers = arrival.response.headers();
        let (wait, now) = (retry_after(headers), sent_at(headers));
        let shown = self.shown(&arrival.url);
        let is_unsigned = self.is_key_withheld(&arrival);
        let host = arrival.url.host_str().unwrap_or_default().to_owned();
        let page = self.page(arrival, Vec::new()).await;
        let words = page.after(": ");
        let code = status.as_u16();
        if status.is_server_error() || page.is_saturated || matches!(code, 408 | 425) {
            let message = format!("{shown} answered HTTP {code}{words}");
            let error = DownloadError::interrupted(message).with_status(status);
            return AttemptError::Passing(error, wait);
        }
        let mut message = format!("{shown} refuses the video: HTTP {code}{words}");
        if is_unsigned && matches!(code, 401 | 403) {
            message.push_str(&format!(
                "; the API key was withheld from {host}: it goes to the gateway only (if {host} \
                 belongs to it, name it as a trusted origin)"
            ));
        }
        let is_gone = matches!(
            status,
            StatusCode::UNAUTHORIZED
                | StatusCode::FORBIDDEN
                | StatusCode::NOT_FOUND
                | StatusCode::GONE
        );
        let is_over = is_gone && self.options.url.is_expired(now);
        let expired = page.says_expired() || is_over || status == StatusCode::GONE;
        AttemptError::Refused(DownloadError::refused(message, status, expired))
    }

    /// A body that is no video. It counts as a refusal: some hosts answer so when a URL has
    /// expired, and a fresh one helps.
    pub(super) async fn other_than_video(
        &mut self,
        arrival: Arrival,
        beginning: Vec<u8>,
    ) -> AttemptError {
        let status = arrival.response.status();
        let shown = self.shown(&arrival.url);
        let page = self.page(arrival, beginning).await;
        let message = format!("{shown} sent no video, but a body {}", page.describe());
        AttemptError::Refused(DownloadError::not_a_video(message).with_status(status))
    }

    /// Whether the request had neither a signature nor the key.
    fn is_key_withheld(&self, arrival: &Arrival) -> bool {
        let base_url = self.options.client.base_url();
        let kind = ResultUrl::new(Some(arrival.url.as_str()), base_url, None).kind();
        !arrival.with_key && kind == UrlKind::Unsigned
    }

    async fn page(&mut self, arrival: Arrival, beginning: Vec<u8>) -> ErrorPage {
        let stall = self.options.stall_timeout;
        let client = &self.options.client;
        ErrorPage::read(client, &self.asked, arrival.response, beginning, stall).await
    }
}
