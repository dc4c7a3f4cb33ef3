//! Where a finished video is, what kind of URL that is, and when it expires.

use std::{
    fmt,
    time::{Duration, SystemTime},
};

use serde::Serialize;
use url::Url;

use super::{
    sensitive::SensitiveString,
    tables,
    url::{is_relative_url, is_url},
    url_signature::{UrlSignature, after},
};
use crate::redact::Redactor;

/// The URL of a finished video: what kind it is, and when it ends.
///
/// `Debug` and `Display` leave out its query, because whoever has the signature can download the video;
/// [`expose`](Self::expose) gives it whole.
///
/// # Examples
///
/// ```
/// use std::time::{Duration, SystemTime};
///
/// use seedance_query::{ExpirySource, ResultUrl, UrlKind};
///
/// let signed = "https://storage.example/v.mp4?X-Tos-Date=20260528T202910Z&X-Tos-Expires=86400\
///     &X-Tos-Signature=c0ffee";
/// let url = ResultUrl::new(Some(signed), "https://gateway.example", None);
/// assert_eq!(url.kind(), UrlKind::PreSigned);
/// assert_eq!(url.to_string(), "https://storage.example/v.mp4?REDACTED");
///
/// let expiry = url.expiry().ok_or("signed URLs expire")?;
/// assert_eq!(expiry.source, ExpirySource::Url);
/// let signed_at = SystemTime::UNIX_EPOCH + Duration::from_secs(1_780_000_150);
/// assert_eq!(url.expires_in(signed_at), Some(Duration::from_secs(86_400)));
/// assert!(!url.is_expired(signed_at));
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct ResultUrl {
    url: Option<SensitiveString>,
    kind: UrlKind,
    expiry: Option<Expiry>,
}

/// What kind of URL a video has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum UrlKind {
    /// Signed by the store it points at, and good for some time; it must not be sent a key.
    PreSigned,
    /// The gateway's own (same scheme, host and port as the base URL): it takes the API key.
    Gateway,
    /// Neither signed nor the gateway's, such as the URL of a CDN; nothing tells when it ends.
    Unsigned,
    /// Nothing that a video can be downloaded from.
    Unusable(Unusable),
}

/// Why a URL cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Unusable {
    /// The finished task has no URL.
    Missing,
    /// There is some other text where the URL belongs.
    NotHttp,
    /// The enhanced video has no URL, but the one before the enhancement has.
    OriginalOnly,
}

impl fmt::Display for Unusable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Missing => "the finished task has no URL",
            Self::NotHttp => "there is other text where the URL belongs",
            Self::OriginalOnly => {
                "the enhanced video has no URL; the original, before the enhancement, has one"
            }
        })
    }
}

/// When a URL stops working, and how that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Expiry {
    /// The moment, by the clock of whoever signed the URL or wrote the `finish_time`.
    pub at: SystemTime,
    /// Where it was read from.
    pub source: ExpirySource,
}

/// Where the expiry of a URL was read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ExpirySource {
    /// The URL's own parameters, such as `X-Tos-Date` and `X-Tos-Expires`.
    Url,
    /// The task's `finish_time` and the documented 24 hours: some tens of seconds late.
    FinishTime,
}

impl ResultUrl {
    /// Reads a URL, as the gateway at `base_url` gave it for a task that ended at `finish_time`
    /// (Unix seconds). One that is relative to the gateway is resolved against `base_url`.
    #[must_use]
    pub fn new(url: Option<&str>, base_url: &str, finish_time: Option<i64>) -> Self {
        let Some(text) = url.map(str::trim).filter(|url| !url.is_empty()) else {
            return Self::unusable(None, Unusable::Missing);
        };
        let resolved = is_relative_url(text).then(|| resolved(text, base_url));
        let text = resolved.as_deref().unwrap_or(text);
        let parsed = is_url(text).then(|| Url::parse(text).ok()).flatten();
        let Some(parsed) = parsed else {
            return Self::unusable(Some(text.into()), Unusable::NotHttp);
        };
        let signature = UrlSignature::of(&parsed);
        let kind = if signature.is_signed {
            UrlKind::PreSigned
        } else if is_same_origin(&parsed, base_url) {
            UrlKind::Gateway
        } else {
            UrlKind::Unsigned
        };
        let expiry = match (kind, signature.expires_at) {
            (_, Some(at)) => Some((at, ExpirySource::Url)),
            (UrlKind::PreSigned, None) => {
                let at = finish_time.and_then(|time| after(time, tables::VALID_FOR_SECONDS));
                at.map(|at| (at, ExpirySource::FinishTime))
            }
            _ => None,
        };
        Self {
            url: Some(text.into()),
            kind,
            expiry: expiry.map(|(at, source)| Expiry { at, source }),
        }
    }

    /// A finished super-resolution task whose enhanced video has no URL, while the original has.
    pub(crate) fn original_only() -> Self {
        Self::unusable(None, Unusable::OriginalOnly)
    }

    fn unusable(url: Option<SensitiveString>, why: Unusable) -> Self {
        Self {
            url,
            kind: UrlKind::Unusable(why),
            expiry: None,
        }
    }

    /// What kind of URL this is.
    #[must_use]
    pub fn kind(&self) -> UrlKind {
        self.kind
    }

    /// The URL whole, with its signature; none if it cannot be used.
    #[must_use]
    pub fn expose(&self) -> Option<&str> {
        match self.kind {
            UrlKind::Unusable(_) => None,
            _ => self.url.as_ref().map(SensitiveString::expose),
        }
    }

    /// When the URL stops working, if anything tells.
    #[must_use]
    pub fn expiry(&self) -> Option<Expiry> {
        self.expiry
    }

    /// How long the URL works from `now` on: zero once it has expired, none if nothing tells.
    #[must_use]
    pub fn expires_in(&self, now: SystemTime) -> Option<Duration> {
        let expiry = self.expiry?;
        Some(expiry.at.duration_since(now).unwrap_or_default())
    }

    /// Whether the URL has expired by the caller's clock. Only the store knows for sure: clocks
    /// differ, so an expired URL is worth a try where there is no fresh one.
    #[must_use]
    pub fn is_expired(&self, now: SystemTime) -> bool {
        self.expires_in(now) == Some(Duration::ZERO)
    }
}

impl ResultUrl {
    /// Hides what a redactor knows wherever the URL is shown, such as the key that a gateway repeats.
    pub(crate) fn hide(mut self, redactor: &Redactor) -> Self {
        if let Some(url) = &mut self.url {
            url.hide(redactor);
        }
        self
    }
}

impl fmt::Display for ResultUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.url, self.kind) {
            (_, UrlKind::Unusable(why)) => why.fmt(f),
            (Some(url), _) => url.fmt(f),
            (None, _) => Ok(()),
        }
    }
}

impl fmt::Debug for ResultUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResultUrl")
            .field("url", &self.url)
            .field("kind", &self.kind)
            .field("expiry", &self.expiry)
            .finish()
    }
}

/// A URL that is relative to the gateway, as a whole one. A gateway that is reached below a path
/// does not know of that path, so it is kept in front, as it is for a query.
fn resolved(url: &str, base_url: &str) -> String {
    let base_url = base_url.trim_end_matches('/');
    let path = Url::parse(base_url).map_or_else(|_| String::new(), |base| base.path().to_owned());
    let path = path.trim_end_matches('/');
    let rest = url.strip_prefix(path).filter(|rest| rest.starts_with('/'));
    format!("{base_url}{}", rest.unwrap_or(url))
}

/// Whether a URL has scheme, host and port of the gateway, so that the key may go there.
pub(crate) fn is_same_origin(url: &Url, base_url: &str) -> bool {
    Url::parse(base_url).is_ok_and(|base| base.origin() == url.origin())
}
