//! The URLs of one video: the given one, a fresh one, the upstream's, and the gateway's own.

use std::collections::VecDeque;

use url::Url;

use super::{
    error::DownloadError,
    trace,
    transfer::{MAX_WAIT, Transfer, delays, usable},
};
use crate::{
    client::QueryResponse,
    model::{TaskId, TaskState, operation},
};

/// Maximum number of queries for a fresh URL.
const QUERIES: usize = 4;

/// The URLs to try, one after the other.
#[derive(Default)]
pub(super) struct Routes {
    tried: Vec<Url>,
    left: VecDeque<Route>,
    was_task_asked: bool,
    is_stand_in: bool,
    /// Why the first URL did not help. The outcome of the others is added to it.
    first_error: Option<DownloadError>,
}

struct Route {
    url: Url,
    /// Whether it is the task's own URL, and not one that stands in for it.
    is_own: bool,
}

impl Routes {
    /// The URL that was given, if it can be used.
    pub async fn first(&mut self, transfer: &mut Transfer<'_>) -> Result<Url, DownloadError> {
        let given = &transfer.options.url;
        if let Some(url) = usable(given) {
            let url = transfer.options.with_tls(url);
            self.tried.push(url.clone());
            return Ok(url);
        }
        let message = format!("the video cannot be downloaded: {given}");
        self.next(transfer, DownloadError::unusable_url(message))
            .await
    }

    /// Whether the current URL stands in for the task's own.
    pub fn is_stand_in(&self) -> bool {
        self.is_stand_in
    }

    /// The next URL; `why` is the outcome of the one before, and the error if there is no other.
    pub async fn next(
        &mut self,
        transfer: &mut Transfer<'_>,
        why: DownloadError,
    ) -> Result<Url, DownloadError> {
        let mut error = match self.first_error.take() {
            Some(first) => first.and(&why.to_string()),
            None => why,
        };
        if self.left.is_empty() && !self.was_task_asked {
            self.was_task_asked = true;
            error = self.ask(transfer, error).await?;
        }
        match self.left.pop_front() {
            Some(route) => {
                if route.is_own {
                    error = error.and("a fresh URL of the task did not help");
                }
                trace::goes_on_with(transfer.task_id(), &transfer.shown(&route.url), &error);
                self.is_stand_in = !route.is_own;
                self.tried.push(route.url.clone());
                self.first_error = Some(error);
                Ok(route.url)
            }
            None => Err(error),
        }
    }

    /// Queries the task again, and notes the URLs in the answer.
    async fn ask(
        &mut self,
        transfer: &mut Transfer<'_>,
        why: DownloadError,
    ) -> Result<DownloadError, DownloadError> {
        let mut delays = delays(QUERIES);
        let response = loop {
            let options = &transfer.options;
            match options.client.query(&options.task_id).await {
                Ok(response) => break response,
                Err(error) => match delays.next().filter(|_| error.is_retryable()) {
                    Some(delay) => {
                        let at_least = error.retry_after().unwrap_or_default().min(MAX_WAIT);
                        let reason = error.to_string();
                        transfer.sleep(delay.max(at_least), &reason).await;
                    }
                    None => return Err(why.and_query(error)),
                },
            }
        };
        let is_original = transfer.options.is_original;
        let fresh = if is_original {
            response.original_result_url()
        } else {
            response.result_url()
        };
        let mut error = why;
        if response.view().state == TaskState::Pending {
            let message = format!("{error}; the task has not ended yet");
            return Err(DownloadError::not_ready(message));
        }
        match fresh {
            None => {
                let which = if is_original {
                    " before an enhancement"
                } else {
                    ""
                };
                let state = response.view().state;
                let message = format!("the task has no video{which} any more: it is {state}");
                return Err(error.and(&message));
            }
            Some(fresh) => match usable(&fresh).map(|url| transfer.options.with_tls(url)) {
                None => error = error.and("queried again, the task has no URL either"),
                Some(url) if self.tried.contains(&url) => {
                    error = error.and("the task has the same URL still");
                }
                Some(url) => {
                    transfer.options.url = fresh;
                    self.left.push_back(Route { url, is_own: true });
                }
            },
        }
        if transfer.options.alternatives && !is_original {
            self.add_stand_ins(transfer, &response);
        }
        Ok(error)
    }

    /// Adds the upstream's own URL, and the gateway's content address. For an enhanced task, the first
    /// is the video before the enhancement, and which one the second serves is not known.
    fn add_stand_ins(&mut self, transfer: &Transfer<'_>, response: &QueryResponse) {
        if response.view().is_super_resolution {
            return;
        }
        let options = &transfer.options;
        let upstream = response.view().upstream.url.as_ref();
        let upstream = upstream.and_then(|url| Url::parse(url.expose().trim()).ok());
        let upstream = upstream.filter(|url| matches!(url.scheme(), "http" | "https"));
        let content = content_url(options.client.base_url(), &options.task_id);
        let upstream = upstream.map(|url| options.with_tls(url));
        for url in upstream.into_iter().chain(content) {
            let is_known = self.tried.contains(&url);
            if !is_known && self.left.iter().all(|route| route.url != url) {
                self.left.push_back(Route { url, is_own: false });
            }
        }
    }
}

/// The gateway's own address of a task's video, which takes the key.
fn content_url(base_url: &str, task_id: &TaskId) -> Option<Url> {
    let path = operation::CONTENT.path_for(task_id);
    format!("{}{path}", base_url.trim_end_matches('/'))
        .parse()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::content_url;

    #[test]
    fn the_content_address_is_below_the_base_url() {
        for (base, id, expected) in [
            (
                "https://a.example",
                "t",
                "https://a.example/v1/videos/t/content",
            ),
            (
                "https://a.example/x",
                "t",
                "https://a.example/x/v1/videos/t/content",
            ),
            (
                "https://a.example/x/",
                "a/b?",
                "https://a.example/x/v1/videos/a%2Fb%3F/content",
            ),
        ] {
            let url = content_url(base, &id.parse().unwrap());
            assert_eq!(url.unwrap().as_str(), expected);
        }
    }
}
