//! What tells one version of a file from another.

use std::time::{Duration, SystemTime};

use http::{HeaderMap, HeaderValue, header};
use serde::{Deserialize, Serialize};

/// A date is only exact if the file has not changed for this long (RFC 9110, 8.8.2.2): it counts
/// seconds, and a file can change twice in one.
const MIN_AGE: Duration = Duration::from_mins(1);

/// A strong validator: two responses that have the same one are about the same bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Validator {
    Etag(String),
    LastModified(String),
}

impl Validator {
    /// The strong `ETag` of a response that came `now`, or else its date, if that is old enough. A
    /// weak tag says nothing about bytes.
    pub fn of(headers: &HeaderMap, now: SystemTime) -> Option<Self> {
        let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
        let is_strong = |tag: &&str| tag.len() > 2 && tag.starts_with('"') && tag.ends_with('"');
        if let Some(tag) = text(header::ETAG).filter(is_strong) {
            return Some(Self::Etag(tag.to_owned()));
        }
        let date = text(header::LAST_MODIFIED)?;
        let modified = httpdate::parse_http_date(date).ok()?;
        let sent = text(header::DATE).and_then(|date| httpdate::parse_http_date(date).ok());
        let age = sent.unwrap_or(now).duration_since(modified).ok()?;
        (age >= MIN_AGE).then(|| Self::LastModified(date.to_owned()))
    }

    /// The value of the `If-Range` header.
    pub fn if_range(&self) -> Option<HeaderValue> {
        let (Self::Etag(text) | Self::LastModified(text)) = self;
        HeaderValue::from_str(text).ok()
    }

    /// Whether a response is about the same version; none if it does not tell.
    pub fn is_same(&self, headers: &HeaderMap) -> Option<bool> {
        let name = match self {
            Self::Etag(_) => header::ETAG,
            Self::LastModified(_) => header::LAST_MODIFIED,
        };
        let value = headers.get(name)?;
        Some(Some(value) == self.if_range().as_ref())
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use super::Validator;

    const DATE: &str = "Wed, 21 Oct 2015 07:28:00 GMT";

    fn headers(pairs: &[(&'static str, &'static str)]) -> http::HeaderMap {
        let parsed = |(name, value): &(&'static str, &'static str)| {
            (name.parse().unwrap(), value.parse().unwrap())
        };
        pairs.iter().map(parsed).collect()
    }

    fn of(pairs: &[(&'static str, &'static str)]) -> Option<Validator> {
        Validator::of(&headers(pairs), SystemTime::now())
    }

    #[test]
    fn weak_tags_and_young_dates_are_no_validators() {
        let strong = Some(Validator::Etag("\"a\"".into()));
        let dated = Some(Validator::LastModified(DATE.into()));
        let soon = ("date", "Wed, 21 Oct 2015 07:28:59 GMT");
        let later = ("date", "Wed, 21 Oct 2015 07:29:00 GMT");
        let modified = ("last-modified", DATE);
        for (pairs, expected) in [
            (&[("etag", "\"a\""), modified][..], strong.clone()),
            (&[("etag", "\"a\""), modified, soon], strong),
            (&[("etag", "W/\"a\""), modified], dated.clone()),
            (&[modified], dated.clone()),
            (&[modified, later], dated),
            (&[modified, soon], None),
            (&[("last-modified", "yesterday")], None),
            (&[("etag", "W/\"a\"")], None),
            (&[("etag", "a")], None),
            (&[("etag", "\"\"")], None),
            (&[], None),
        ] {
            assert_eq!(of(pairs), expected, "{pairs:?}");
        }
        let modified = httpdate::parse_http_date(DATE).unwrap();
        let of = |now| Validator::of(&headers(&[("last-modified", DATE)]), now);
        assert_eq!(of(modified + Duration::from_secs(59)), None);
        assert!(of(modified + Duration::from_mins(1)).is_some());
    }

    #[test]
    fn a_response_may_be_silent_but_not_contradict() {
        let tag = Validator::Etag("\"a\"".into());
        assert_eq!(tag.is_same(&headers(&[("etag", "\"a\"")])), Some(true));
        assert_eq!(tag.is_same(&headers(&[("last-modified", "x")])), None);
        assert_eq!(tag.is_same(&headers(&[("etag", "\"b\"")])), Some(false));
    }
}
