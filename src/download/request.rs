//! One GET for a video, through its redirects.

use std::time::Duration;

use http::{HeaderMap, HeaderValue, StatusCode, header};
use reqwest::Response;
use tokio::time::timeout;
use url::Url;

use super::DownloadError;
use crate::{
    client::{Client, SendError},
    model::{ResultUrl, UrlKind},
    redact,
};

const MOST_REDIRECTS: usize = 10;

/// Why a request did not bring the download to its end.
pub(super) enum Fault {
    /// It can pass: try again, maybe not before some time.
    Passing(DownloadError, Option<Duration>),
    /// Another URL could help.
    Refused(DownloadError),
    /// Nothing helps.
    Final(DownloadError),
}

/// A response, and the URLs that led to it.
pub(super) struct Answer {
    pub response: Response,
    pub hops: Vec<Url>,
}

/// What to ask for: the bytes from here on, if the file is still the same.
pub(super) struct Rest {
    pub from: u64,
    pub if_range: HeaderValue,
}

/// Asks for a video; each step may take as long as `stall`, and counts as a request.
pub(super) async fn get(
    client: &Client,
    url: &Url,
    rest: Option<&Rest>,
    stall: Duration,
    requests: &mut u32,
) -> Result<Answer, Fault> {
    let mut headers = HeaderMap::new();
    headers.insert(
        header::ACCEPT_ENCODING,
        HeaderValue::from_static("identity"),
    );
    if let Some(rest) = rest {
        let range = HeaderValue::try_from(format!("bytes={}-", rest.from));
        headers.extend(range.ok().map(|range| (header::RANGE, range)));
        headers.insert(header::IF_RANGE, rest.if_range.clone());
    }
    let mut hops = vec![url.clone()];
    let mut url = url.clone();
    let mut with_key = true;
    while hops.len() <= MOST_REDIRECTS + 1 {
        // The key goes to the gateway only, and not even there once a redirect has left it: where
        // to go is another host's word then.
        let kind = ResultUrl::new(Some(url.as_str()), client.base_url(), None).kind();
        with_key &= kind != UrlKind::PreSigned && client.sends_key_to(&url);
        *requests += 1;
        let shown = redact::text(url.as_str());
        let sent = timeout(stall, client.get(url.clone(), headers.clone(), with_key)).await;
        let response = match sent {
            Err(_) => {
                let message = format!("{shown} did not answer within {stall:?}");
                return Err(Fault::Passing(DownloadError::interrupted(message), None));
            }
            Ok(Err(SendError::Setup(error))) => {
                return Err(Fault::Passing(
                    DownloadError::interrupted(error.to_string()),
                    None,
                ));
            }
            Ok(Err(SendError::Http(cause))) => {
                let is_final = cause.is_builder();
                let what = if cause.is_connect() {
                    "no connection to"
                } else {
                    "no answer from"
                };
                let error = DownloadError::http(format!("{what} {shown}"), cause);
                return Err(if is_final {
                    Fault::Final(error)
                } else {
                    Fault::Passing(error, None)
                });
            }
            Ok(Ok(response)) => response,
        };
        if !is_redirect(response.status()) {
            return Ok(Answer { response, hops });
        }
        let location = response.headers().get(header::LOCATION);
        url = next(&url, location)
            .map_err(|error| Fault::Final(error.with_status(response.status())))?;
        hops.push(url.clone());
    }
    let shown = redact::text(hops[0].as_str()).into_owned();
    Err(Fault::Final(DownloadError::unusable_url(format!(
        "{shown} redirects more than {MOST_REDIRECTS} times"
    ))))
}

fn is_redirect(status: StatusCode) -> bool {
    matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308)
}

/// Where a redirect leads, if one may go there.
fn next(from: &Url, location: Option<&HeaderValue>) -> Result<Url, DownloadError> {
    let refused = |to: &str, why: &str| {
        let (from, to) = (redact::text(from.as_str()), redact::text(to));
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

    #[test]
    fn where_a_redirect_may_lead() {
        let follow = |from: &str, to: &'static str| {
            next(&from.parse().unwrap(), Some(&HeaderValue::from_static(to)))
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
        assert!(next(&secure.parse().unwrap(), None).is_err());
    }
}
