//! Answers that are no video, and the one that can help: a fresh URL.

use std::time::SystemTime;

use http::StatusCode;
use reqwest::Response;
use url::Url;

use super::{
    DownloadError,
    error_page::Page,
    request::{Answer, Fault},
    transfer::{LONGEST_WAIT, Transfer, delays, usable},
};
use crate::{client::retry_after, redact};

/// So often is the gateway asked for a fresh URL, if it does not answer.
const QUERIES: usize = 4;
impl Transfer<'_> {
    /// A status that brings no bytes of a file.
    pub(super) async fn turned_away(&mut self, answer: Answer) -> Fault {
        let status = answer.response.status();
        if status.is_success() || status.is_informational() || status.is_redirection() {
            return self.other_than_video(answer, Vec::new()).await;
        }
        let Answer { response, hops } = answer;
        let wait = retry_after(response.headers());
        let shown = shown(&hops);
        let page = self.page(&hops, response, Vec::new()).await;
        let words = page.after(": ");
        let is_passing = status.is_server_error()
            || page.is_saturated
            || matches!(status.as_u16(), 408 | 425 | 429);
        if is_passing {
            let message = format!("{shown} answered HTTP {}{words}", status.as_u16());
            let error = DownloadError::interrupted(message).with_status(status);
            return Fault::Passing(error, wait);
        }
        let message = format!("{shown} refuses the video: HTTP {}{words}", status.as_u16());
        let is_gone = matches!(
            status,
            StatusCode::UNAUTHORIZED
                | StatusCode::FORBIDDEN
                | StatusCode::NOT_FOUND
                | StatusCode::GONE
        );
        let expired =
            page.says_expired() || (is_gone && self.download.url.is_expired(SystemTime::now()));
        Fault::Refused(DownloadError::refused(message, status, expired))
    }

    /// A body that is no video. It counts as a refusal: some hosts answer so when a URL has
    /// expired, and then a fresh one helps.
    pub(super) async fn other_than_video(&mut self, answer: Answer, beginning: Vec<u8>) -> Fault {
        let Answer { response, hops } = answer;
        let status = response.status();
        let shown = shown(&hops);
        let page = self.page(&hops, response, beginning).await;
        let message = format!("{shown} gave no video, but a body {}", page.describe());
        Fault::Refused(DownloadError::not_a_video(message).with_status(status))
    }

    async fn page(&mut self, hops: &[Url], response: Response, beginning: Vec<u8>) -> Page {
        let stall = self.download.stall_timeout;
        // A page may repeat any of these.
        let old = self.old_url.as_ref().and_then(usable);
        let urls: Vec<Url> = hops.iter().cloned().chain(old).collect();
        Page::read(&self.download.client, &urls, response, beginning, stall).await
    }

    /// Asks for the task again, once; `why` is the error if that does not help.
    pub(super) async fn fresh_url(&mut self, why: DownloadError) -> Result<Url, DownloadError> {
        if self.old_url.is_some() {
            return Err(why.and("a fresh URL of the task did not help"));
        }
        self.old_url = Some(self.download.url.clone());
        let download = &mut *self.download;
        let mut delays = delays(QUERIES);
        let response = loop {
            match download.client.query(&download.task_id).await {
                Ok(response) => break response,
                Err(error) => match delays.next().filter(|_| error.is_retryable()) {
                    Some(delay) => {
                        let at_least = error.retry_after().unwrap_or_default();
                        tokio::time::sleep(delay.max(at_least.min(LONGEST_WAIT))).await;
                    }
                    None => return Err(why.and_query(error)),
                },
            }
        };
        let fresh = if download.is_original {
            response.original_result_url()
        } else {
            response.result_url()
        };
        let Some(fresh) = fresh else {
            let which = if download.is_original {
                " before an enhancement"
            } else {
                ""
            };
            let state = response.view().state;
            return Err(why.and(&format!(
                "the task has no video{which} any more: it is {state}"
            )));
        };
        let Some(url) = usable(&fresh) else {
            return Err(why.and("asked again, the gateway gives no URL either"));
        };
        if usable(&download.url).as_ref() == Some(&url) {
            return Err(why.and("the task has the same URL still"));
        }
        download.url = fresh;
        Ok(url)
    }
}

/// Where a response came from.
fn shown(hops: &[Url]) -> String {
    hops.last()
        .map_or_else(String::new, |url| redact::text(url.as_str()).into_owned())
}
