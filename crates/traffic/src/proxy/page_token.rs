//! The token that the pages of the proxy ask for where others can reach them.

use std::net::SocketAddr;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use http::{HeaderMap, Uri, header};
use sha2::{Digest, Sha256};

/// The number of random bytes of a token.
const LENGTH: usize = 24;

/// A secret that is part of the pages' URL, or comes as `Authorization: Bearer`.
pub(super) struct PageToken(String);

impl PageToken {
    /// The given token; without one, a random token unless only this machine can reach the address.
    pub fn of(given: Option<String>, own: SocketAddr) -> Result<Option<Self>, getrandom::Error> {
        let given = given.filter(|token| !token.is_empty());
        if given.is_some() || own.ip().is_loopback() {
            return Ok(given.map(Self));
        }
        let mut random = [0; LENGTH];
        getrandom::fill(&mut random)?;
        Ok(Some(Self(BASE64_URL_SAFE_NO_PAD.encode(random))))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether a request has the token.
    pub fn is_in(&self, uri: &Uri, headers: &HeaderMap) -> bool {
        let query = uri.query().unwrap_or_default().as_bytes();
        let mut in_query = url::form_urlencoded::parse(query)
            .filter(|(name, _)| name == "token")
            .map(|(_, value)| value.into_owned());
        let in_header = headers.get(header::AUTHORIZATION).and_then(|value| {
            let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
            scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
        });
        in_header.is_some_and(|token| self.is_same(token))
            || in_query.any(|token| self.is_same(&token))
    }

    /// Compares hashes, so that the time taken tells nothing about the token.
    fn is_same(&self, other: &str) -> bool {
        Sha256::digest(self.0.as_bytes()) == Sha256::digest(other.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::{HeaderMap, PageToken, header};

    #[test]
    fn only_what_others_can_reach_has_a_token_by_itself() {
        let token = |given: Option<&str>, own: &str| {
            let token = PageToken::of(given.map(str::to_owned), own.parse().unwrap());
            token.unwrap().map(|token| token.as_str().to_owned())
        };
        for own in ["127.0.0.1:80", "[::1]:80"] {
            assert_eq!(token(None, own), None);
            assert_eq!(token(Some("t"), own).as_deref(), Some("t"));
        }
        for own in ["0.0.0.0:80", "[::]:80", "192.0.2.1:80"] {
            let (one, other) = (token(None, own).unwrap(), token(Some(""), own).unwrap());
            assert_eq!((one.len(), other.len()), (32, 32));
            assert_ne!(one, other);
            assert_eq!(token(Some("t"), own).as_deref(), Some("t"));
        }
    }

    #[test]
    fn the_token_comes_in_the_query_or_in_a_header() {
        let token = PageToken("a b".to_owned());
        let is_in = |uri: &str, authorization: Option<&str>| {
            let mut headers = HeaderMap::new();
            if let Some(value) = authorization {
                headers.insert(header::AUTHORIZATION, value.parse().unwrap());
            }
            token.is_in(&uri.parse().unwrap(), &headers)
        };
        assert!(is_in("/_report?token=a%20b", None));
        assert!(is_in("/_report?x=1&token=a+b", None));
        assert!(is_in("/_metrics", Some("bearer a b")));
        for (uri, authorization) in [
            ("/_report", None),
            ("/_report?token=", None),
            ("/_report?token=a", None),
            ("/_report?Token=a%20b", None),
            ("/_report", Some("Basic a b")),
            ("/_report", Some("Bearer")),
        ] {
            assert!(!is_in(uri, authorization), "{uri} {authorization:?}");
        }
    }
}
