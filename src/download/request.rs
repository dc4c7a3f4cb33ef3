//! One GET for a video, through its redirects.

use http::{HeaderMap, HeaderValue, StatusCode, header};
use reqwest::Response;
use tokio::time::{Instant, timeout};
use url::Url;

use super::{
    arrival::Arrival,
    attempt_error::AttemptError,
    error::DownloadError,
    trace,
    transfer::{MAX_WAIT, Transfer, capped},
};
use crate::{
    client::{SendError, retry_after},
    model::{ResultUrl, UrlKind},
    redact::Redactor,
};

const MAX_REDIRECTS: usize = 10;

/// What to ask for: the bytes from here on, if the file is still the same.
pub(super) struct RangeRequest {
    pub from: u64,
    pub if_range: Option<HeaderValue>,
}

impl Transfer<'_> {
    /// Sends a GET for a video, and follows its redirects. Each step may take as long as the stall
    /// timeout, waits for the pace of its origin, and counts as a request.
    pub(super) async fn get(
        &mut self,
        start: &Url,
        range: Option<&RangeRequest>,
    ) -> Result<Arrival, AttemptError> {
        let headers = headers(range);
        let mut url = start.clone();
        let mut with_key = true;
        for _ in 0..=MAX_REDIRECTS {
            // The key goes to trusted origins only, and not even there after a redirect by another
            // host, which chose the URL then.
            let base_url = self.options.client.base_url();
            let kind = ResultUrl::new(Some(url.as_str()), base_url, None).kind();
            with_key &= kind != UrlKind::PreSigned && self.options.client.sends_key_to(&url);
            if !self.options.may_be_plain(&url) {
                let shown = self.shown(&url);
                let message = format!(
                    "{shown} is not requested: it is not encrypted (`allow_http` permits it)"
                );
                return Err(AttemptError::Refused(DownloadError::unusable_url(message)));
            }
            if self.asked.last() != Some(&url) {
                self.asked.push(url.clone());
            }
            let response = self.send(&url, headers.clone(), with_key).await?;
            if !is_redirect(response.0.status()) {
                let (response, sent) = response;
                return Ok(Arrival {
                    response,
                    url,
                    with_key,
                    sent,
                });
            }
            let response = response.0;
            let location = response.headers().get(header::LOCATION);
            url = next(&url, location, &self.options.client.redactor())
                .map_err(|error| AttemptError::Refused(error.with_status(response.status())))?;
            trace::redirected(self.task_id(), response.status(), &self.shown(&url));
        }
        let shown = self.shown(start);
        Err(AttemptError::Refused(DownloadError::unusable_url(format!(
            "{shown} redirects more than {MAX_REDIRECTS} times"
        ))))
    }

    /// Sends one request, when its turn has come.
    async fn send(
        &mut self,
        url: &Url,
        headers: HeaderMap,
        with_key: bool,
    ) -> Result<(Response, Instant), AttemptError> {
        let origin = self.origins.of(url);
        let shown = self.shown(url);
        let turn = origin.reserve();
        if !turn.is_zero() {
            let mut reason = format!("{} asks for fewer requests", url.authority());
            if let Some(asked) = origin.capped_wait() {
                reason.push_str(&format!(" ({})", capped(asked)));
            }
            self.sleep(turn, &reason).await;
        }
        self.requests += 1;
        trace::requested(self.task_id(), &shown, self.requests, with_key);
        let sent = Instant::now();
        let stall = self.options.stall_timeout;
        let any_address = self.options.allow_private;
        let client = &self.options.client;
        let request = client.get(url.clone(), headers, with_key, any_address);
        let response = match timeout(stall, request).await {
            Err(_) => {
                let message = format!("{shown} did not answer within {stall:?}");
                return Err(AttemptError::Passing(
                    DownloadError::interrupted(message),
                    None,
                ));
            }
            Ok(Err(SendError::Setup(error))) => {
                return Err(AttemptError::Passing(
                    DownloadError::interrupted(error.to_string()),
                    None,
                ));
            }
            Ok(Err(SendError::Forbidden(why))) => {
                let message =
                    format!("{shown} is not requested: {why} (`allow_private` permits it)");
                return Err(AttemptError::Refused(DownloadError::unusable_url(message)));
            }
            Ok(Err(SendError::Http(cause))) => {
                let is_unusable = cause.is_builder();
                let what = if cause.is_connect() {
                    "no connection to"
                } else {
                    "no answer from"
                };
                let error = DownloadError::http(format!("{what} {shown}"), cause);
                return Err(if is_unusable {
                    AttemptError::Refused(error)
                } else {
                    AttemptError::Passing(error, None)
                });
            }
            Ok(Ok(response)) => response,
        };
        trace::answered(self.task_id(), response.status(), sent.elapsed());
        if response.status() != StatusCode::TOO_MANY_REQUESTS {
            if response.status().is_success() {
                origin.recover();
            }
            return Ok((response, sent));
        }
        let pause = retry_after(response.headers()).unwrap_or(self.options.rate_limit_wait);
        origin.slow_down(sent, pause, MAX_WAIT);
        let mut message = format!("{shown} answered HTTP 429");
        if pause > MAX_WAIT {
            message.push_str(&format!("; {}", capped(pause)));
        }
        let error = DownloadError::interrupted(message).with_status(response.status());
        Err(AttemptError::RateLimited(error))
    }
}

fn headers(range: Option<&RangeRequest>) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(
        header::ACCEPT_ENCODING,
        HeaderValue::from_static("identity"),
    );
    if let Some(RangeRequest { from, if_range }) = range {
        let range = HeaderValue::try_from(format!("bytes={from}-"));
        headers.extend(range.ok().map(|range| (header::RANGE, range)));
        headers.extend(if_range.clone().map(|value| (header::IF_RANGE, value)));
    }
    headers
}

fn is_redirect(status: StatusCode) -> bool {
    matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308)
}

/// Where a redirect leads, if one may go there.
fn next(
    from: &Url,
    location: Option<&HeaderValue>,
    redactor: &Redactor,
) -> Result<Url, DownloadError> {
    let refused = |to: &str, why: &str| {
        let (from, to) = (redactor.text(from.as_str()), redactor.text(to));
        DownloadError::unusable_url(format!("the redirect from {from} to {to} {why}"))
    };
    let location = location.and_then(|location| location.to_str().ok());
    let Some(location) = location else {
        return Err(refused("nowhere", "cannot be followed"));
    };
    let Ok(to) = from.join(location) else {
        return Err(refused(location, "cannot be followed"));
    };
    match (from.scheme(), to.scheme()) {
        ("https", "http") => Err(refused(
            to.as_str(),
            "is not followed: it gives up encryption",
        )),
        (_, "http" | "https") => Ok(to),
        _ => Err(refused(to.as_str(), "cannot be followed")),
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::next;
    use crate::redact::Redactor;

    #[test]
    fn where_a_redirect_may_lead() {
        let follow = |from: &str, to: &'static str| {
            next(
                &from.parse().unwrap(),
                Some(&HeaderValue::from_static(to)),
                &Redactor::new(),
            )
        };
        let secure = "https://a.example/x/v?sign=c0ffee";
        for (from, to, url) in [
            (secure, "/w", "https://a.example/w"),
            (secure, "w?s=1", "https://a.example/x/w?s=1"),
            (secure, "//b.example/w", "https://b.example/w"),
            (secure, "https://b.example/w", "https://b.example/w"),
            (
                "http://a.example/v",
                "https://b.example/w",
                "https://b.example/w",
            ),
            (
                "http://a.example/v",
                "http://b.example/w",
                "http://b.example/w",
            ),
        ] {
            assert_eq!(follow(from, to).unwrap().as_str(), url);
        }
        for to in [
            "http://a.example/v?sign=c0ffee",
            "ftp://a.example/v?sign=c0ffee",
            "file:///etc/passwd?sign=c0ffee",
            "https://:0:0?sign=c0ffee",
        ] {
            let error = follow(secure, to).unwrap_err();
            assert!(error.is_unusable_url() && !error.is_retryable(), "{error}");
            assert!(!format!("{error} {error:?}").contains("c0ffee"), "{error}");
        }
        assert!(next(&secure.parse().unwrap(), None, &Redactor::new()).is_err());
    }
}
